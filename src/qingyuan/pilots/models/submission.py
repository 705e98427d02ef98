"""What was sealed and received."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from qingyuan.calls.models import Call
from qingyuan.kernel import clock
from qingyuan.kernel.models import Aggregate
from qingyuan.pilots.models.pilot import Pilot


class Submission(Aggregate):
    """An immutable version of an application: snapshot, package, receipt. Never changed but for `is_current`."""

    pilot = models.ForeignKey(Pilot, on_delete=models.PROTECT, related_name="submissions")
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="submissions")
    version = models.PositiveSmallIntegerField()
    register_number = models.PositiveIntegerField()
    """收件登记号 within the call, without gaps."""
    is_current = models.BooleanField(default=True)
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    snapshot = models.JSONField()
    snapshot_sha256 = models.CharField(max_length=64)
    package_name = models.CharField(max_length=255)
    package_sha256 = models.CharField(max_length=64)
    package_size = models.PositiveBigIntegerField()
    """Bytes of the zip."""
    plan_sha256 = models.CharField(max_length=64)
    manifest = models.JSONField()
    mail_subject = models.CharField(max_length=300)
    ledger_seq = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["-submitted_at"]
        constraints = [
            models.UniqueConstraint(fields=["pilot", "version"], name="one_submission_of_a_version"),
            models.UniqueConstraint(fields=["call", "register_number"], name="register_numbers_are_unique"),
            models.UniqueConstraint(
                fields=["pilot"], condition=models.Q(is_current=True), name="one_current_submission"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pilot_id} v{self.version}"

    @property
    def register_label(self) -> str:
        """As the register shows it: the year of arrival in Asia/Shanghai, then four digits."""
        return f"收〔{clock.local(self.submitted_at).year}〕{self.register_number:04d}号"
