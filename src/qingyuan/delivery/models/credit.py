"""Credits of a passed pilot: each run that entered or revoked audit records. The records stand in the registry."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.db import models
from django.utils.translation import pgettext_lazy

from qingyuan.delivery.models.project import Project
from qingyuan.registry.models import AuditRecord


class CreditBatch(models.Model):
    """One run over a project's enterprises. Never edited; `left` says how many still waited when it was done."""

    class Kind(models.TextChoices):
        CREDIT = "credit", pgettext_lazy("entered", "计入")
        REVOKE = "revoke", pgettext_lazy("entered", "撤销")
        AGAIN = "again", pgettext_lazy("entered", "重新计入")

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="credit_batches")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    count = models.PositiveIntegerField()
    left = models.PositiveIntegerField()
    reason = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    records: Sequence[AuditRecord] = ()
    """What the run wrote or revoked, in the hands of who made it; not kept: the registry has them by reference."""

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="one_credit_batch_of_a_number"),
            models.CheckConstraint(
                condition=models.Q(kind="credit") | ~models.Q(reason=""), name="revoked_credits_say_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.number}"
