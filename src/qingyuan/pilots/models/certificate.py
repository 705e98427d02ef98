"""证明函: letters in which another body is asked to certify a condition, and what became of them."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.kernel import clock
from qingyuan.kernel.models import Aggregate
from qingyuan.people.models import Organisation
from qingyuan.pilots.models.content import Attachment
from qingyuan.pilots.models.pilot import Pilot


class CertificateRequest(Aggregate):
    """One request to one body about one question of a condition, e.g. to the finance office about the money (N5.2)."""

    class Stage(models.TextChoices):
        SENT = "sent", _("已发出")
        RECEIVED = "received", _("已收到")
        REFUSED = "refused", _("已拒绝")

    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.SENT)
    pilot = models.ForeignKey(Pilot, on_delete=models.PROTECT, related_name="certificates")
    condition_id = models.CharField(max_length=40)
    question_id = models.CharField(max_length=60)
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="certificates_asked"
    )
    """A body of the register, which then answers here itself; None: an outside body, written to on paper."""
    body_name = models.CharField(max_length=120)
    text = models.CharField(max_length=2000)
    sent_at = models.DateTimeField()
    due_on = models.DateField(null=True)
    """The last day on which the answer is in time; None where the letter names none."""
    answered_on = models.DateField(null=True)
    """The date that the answer bears."""
    answered_at = models.DateTimeField(null=True)
    remark = models.CharField(max_length=1000, blank=True)
    attachment = models.ForeignKey(
        Attachment, null=True, on_delete=models.SET_NULL, related_name="certificates"
    )

    class Meta:
        ordering = ["-sent_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(stage="sent", answered_at__isnull=True)
                | (~models.Q(stage="sent") & models.Q(answered_at__isnull=False)),
                name="answered_certificate_has_its_instant",
            )
        ]

    def __str__(self) -> str:
        return self.body_name

    @property
    def due_at(self) -> datetime | None:
        """The first instant that is too late: midnight after the day, Asia/Shanghai."""
        if self.due_on is None:
            return None
        return datetime.combine(self.due_on + timedelta(days=1), time.min, tzinfo=clock.SHANGHAI)

    @property
    def is_late(self) -> bool:
        """Still without an answer after its day?"""
        return self.stage == self.Stage.SENT and self.due_at is not None and clock.now() >= self.due_at
