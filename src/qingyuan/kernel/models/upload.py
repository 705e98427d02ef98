"""Files that came through the gate."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.kernel.models.aggregate import Aggregate


class Upload(Aggregate):
    """One received file. Its bytes are stored under their SHA-256 and are readable only while `clean`."""

    class Stage(models.TextChoices):
        PENDING = "pending", _("待查毒")
        CLEAN = "clean", _("已通过")
        REFUSED = "refused", _("已拒收")

    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.PENDING)
    reason = models.CharField(max_length=500, blank=True)
    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=10)
    media_type = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    """Bytes."""
    sha256 = models.CharField(max_length=64, db_index=True)
    crc32 = models.PositiveBigIntegerField()
    """What packing compares: a zip computes it anyway."""
    warnings = models.JSONField(default=list)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(stage="refused") | ~models.Q(reason=""), name="refused_upload_says_why"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def fingerprint(self) -> str:
        """The same bytes sent twice are the same argument of a verb."""
        return self.sha256

    @property
    def is_readable(self) -> bool:
        return self.stage == self.Stage.CLEAN
