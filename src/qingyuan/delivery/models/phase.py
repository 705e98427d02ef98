"""How far the audit of each enterprise is, change by change."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from qingyuan.delivery.models.project import ScopeEnterprise


class PhaseChange(models.Model):
    """One step of an enterprise's audit from one phase into another. Never edited: a slip is mended by a further one."""

    scope_enterprise = models.ForeignKey(
        ScopeEnterprise, on_delete=models.PROTECT, related_name="phase_changes"
    )
    was = models.PositiveSmallIntegerField(choices=ScopeEnterprise.Phase.choices)
    phase = models.PositiveSmallIntegerField(choices=ScopeEnterprise.Phase.choices)
    on = models.DateField()
    """The day on which the enterprise came into the phase."""
    note = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(was__lte=7) & models.Q(phase__lte=7), name="phase_change_is_between_phases"
            ),
            models.CheckConstraint(
                condition=models.Q(phase__gte=models.F("was")) | ~models.Q(note=""),
                name="step_back_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scope_enterprise} {self.get_phase_display()} {self.on}"
