"""退回补充完善: what the receiving side asks to be supplemented, until when."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.kernel.models import Aggregate
from qingyuan.people.models import Organisation
from qingyuan.pilots.models.pilot import Pilot
from qingyuan.pilots.models.submission import Submission


class SupplementRequest(Aggregate):
    """Named chapters and parts of one received version, open for the applicant until their own deadline."""

    class Stage(models.TextChoices):
        OPEN = "open", _("待补充")
        ANSWERED = "answered", _("已补充")
        LAPSED = "lapsed", _("逾期未补充")
        CANCELLED = "cancelled", _("已取消")

    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.OPEN)
    pilot = models.ForeignKey(Pilot, on_delete=models.PROTECT, related_name="supplement_requests")
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="supplement_requests")
    """The version that was read; what is not named must stay as it stands there."""
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    chapters = models.JSONField(default=list)
    """Ids of the outline's chapters."""
    parts = models.JSONField(default=list)
    """Keys of `returned.PARTS`."""
    reason = models.CharField(max_length=1000)
    due_at = models.DateTimeField()
    """The first instant that is too late."""
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answered_with = models.ForeignKey(
        Submission, null=True, on_delete=models.PROTECT, related_name="answers_request"
    )
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["pilot"], condition=models.Q(stage="open"), name="one_open_request_of_a_pilot"
            ),
            models.CheckConstraint(
                condition=models.Q(due_at__gt=models.F("asked_at")), name="request_is_due_after_it_was_made"
            ),
            models.CheckConstraint(
                condition=(models.Q(stage="answered") & models.Q(answered_with__isnull=False))
                | (~models.Q(stage="answered") & models.Q(answered_with__isnull=True)),
                name="answered_request_names_its_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pilot} {self.get_stage_display()}"
