"""When the pilot does what, and what comes out of it."""

from __future__ import annotations

from django.db import models

from qingyuan.pilots.models.pilot import Pilot


class Milestone(models.Model):
    """A step of the implementation plan. Both days belong to it."""

    pilot = models.ForeignKey(Pilot, on_delete=models.CASCADE, related_name="milestones")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=80)
    starts = models.DateField()
    ends = models.DateField()
    outputs = models.CharField(max_length=300, blank=True)
    responsible = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["pilot", "position"], name="one_milestone_in_a_place"),
            models.CheckConstraint(
                condition=models.Q(ends__gte=models.F("starts")), name="milestone_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Output(models.Model):
    """A result the pilot will hand over, with its benefit; tied to a target by the target's key."""

    pilot = models.ForeignKey(Pilot, on_delete=models.CASCADE, related_name="outputs")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=80)
    benefit = models.CharField(max_length=300, blank=True)
    target_key = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["pilot", "position"], name="one_output_in_a_place")]

    def __str__(self) -> str:
        return self.title
