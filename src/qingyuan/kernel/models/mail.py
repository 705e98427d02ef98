"""The outbox: mail that can be read before it leaves."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.kernel.models.aggregate import Aggregate


class Mail(Aggregate):
    """One mail to one person. `draft` waits for a release, `queued` for the worker."""

    class Stage(models.TextChoices):
        DRAFT = "draft", _("待审发")
        QUEUED = "queued", _("待发送")
        SENT = "sent", _("已发送")
        FAILED = "failed", _("发送失败")
        DISCARDED = "discarded", _("不予发送")

    stage = models.CharField(max_length=12, choices=Stage.choices, default=Stage.QUEUED, db_index=True)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    address = models.EmailField(max_length=254)
    subject = models.CharField(max_length=300)
    body = models.TextField()
    sender_id = models.UUIDField(null=True, db_index=True)
    """The organisation in whose name the mail goes; its people may read and release it."""
    verb = models.CharField(max_length=80)
    ledger_seq = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    next_try_at = models.DateTimeField(null=True)
    """Not before this instant (machine time): a pause after a failure, or the lease of the worker that sends it now."""
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(stage="sent", sent_at__isnull=False) | ~models.Q(stage="sent"),
                name="sent_mail_has_its_instant",
            )
        ]

    def __str__(self) -> str:
        return self.subject
