"""意见 of prefecture bureaus on applications of their area."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from qingyuan.people.models import Organisation
from qingyuan.pilots.models.submission import Submission


class PrefectureComment(models.Model):
    """What one bureau says about one received version; it stands beside the version and is never changed."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="comments")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.CharField(max_length=2000)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "organisation"], name="one_comment_of_a_bureau_on_a_version"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.at:%Y-%m-%d}"
