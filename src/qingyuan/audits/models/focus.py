"""Where an audit puts its weight 审核重点: candidates scored by factors, ranked once and kept as they were."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from qingyuan.pilots.models import Pilot


class FocusSheet(models.Model):
    """One scoring. Never edited: a further one of the same title stands beside it with a higher number."""

    pilot = models.ForeignKey(Pilot, on_delete=models.PROTECT, related_name="focus_sheets")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    """Of what the focus is chosen: the park, an enterprise, a sector."""
    method_id = models.CharField(max_length=60)
    factors = models.JSONField()
    """Id, title and weight as they held, in their order."""
    score_most = models.CharField(max_length=20)
    scores = models.JSONField()
    """Candidates in the order given: name, and score by factor, as texts."""
    ranking = models.JSONField()
    """Candidate, weighted scores, total, rank and whether it is shared, best first."""
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["pilot", "number"], name="one_focus_sheet_of_a_number")
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("audits:focus-sheet", args=[self.pilot_id, self.number])
