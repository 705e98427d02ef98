"""协同审核的组织: governments that carry out a pilot together (N3c). One body still applies and implements (N4)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.people.models import Organisation
from qingyuan.pilots.models.pilot import Pilot


class JointParty(models.Model):
    """A lead or taking-part government with its share of the work; named by the register or only by its name."""

    class Part(models.TextChoices):
        LEAD = "lead", _("牵头")
        PARTNER = "partner", _("参与")

    pilot = models.ForeignKey(Pilot, on_delete=models.CASCADE, related_name="parties")
    position = models.PositiveSmallIntegerField()
    part = models.CharField(max_length=10, choices=Part.choices)
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    duties = models.CharField(max_length=1000)
    """分工."""

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["pilot", "position"], name="one_party_in_a_place"),
            models.UniqueConstraint(fields=["pilot", "name"], name="a_party_once_in_a_pilot"),
            models.UniqueConstraint(
                fields=["pilot"], condition=models.Q(part="lead"), name="one_lead_of_a_pilot"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class JointMeeting(models.Model):
    """A meeting of the parties."""

    pilot = models.ForeignKey(Pilot, on_delete=models.CASCADE, related_name="meetings")
    position = models.PositiveSmallIntegerField()
    held_on = models.DateField()
    topic = models.CharField(max_length=200)
    outcome = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["held_on", "position"]
        constraints = [models.UniqueConstraint(fields=["pilot", "position"], name="one_meeting_in_a_place")]

    def __str__(self) -> str:
        return self.topic
