"""The ledger's rows. Written by `kernel.ledger` alone; triggers in both databases refuse change and removal."""

from __future__ import annotations

from typing import Any

from django.db import models


class LedgerHead(models.Model):
    """One row: where the chain ends. Its lock orders concurrent writers and is always taken last."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_ledger_head")]

    def __str__(self) -> str:
        return f"{self.seq} {self.hash}"


class LedgerEntry(models.Model):
    """One act: `body` is the canonical JSON that was hashed, kept as the very text."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    verb = models.CharField(max_length=80)
    subject_type = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=40)
    actor_ref = models.CharField(max_length=40)
    """The acting user's reference (a UUID), never a name: the chain holds nothing personal."""
    body = models.TextField()
    body_sha256 = models.CharField(max_length=64)
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["seq"]
        indexes = [models.Index(fields=["subject_type", "subject_id", "seq"], name="ledger_by_subject")]

    def __str__(self) -> str:
        return f"#{self.seq} {self.verb}"

    @property
    def content(self) -> dict[str, Any]:
        """The body as data."""
        import json

        return json.loads(self.body)
