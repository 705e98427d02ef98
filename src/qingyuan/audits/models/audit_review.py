"""评估 and 验收 of the audit of one enterprise inside a pilot: asked for, held, judged by a sheet, round after round."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.kernel.models import Aggregate, Upload
from qingyuan.people.models import Organisation
from qingyuan.pilots.models import Pilot
from qingyuan.registry.models import Enterprise


class AuditReview(Aggregate):
    """One sitting on one enterprise. `stage` is its conclusion once it was held."""

    class Stage(models.TextChoices):
        ASKED = "asked", _("待组织")
        PASSED = "passed", _("通过")
        RECTIFY = "rectify", _("须整改")
        FAILED = "failed", _("不通过")
        WITHDRAWN = "withdrawn", _("已撤回")
        REVOKED = "revoked", _("已撤销")

    class Kind(models.TextChoices):
        EVALUATE = "evaluate", _("评估")
        ACCEPT = "accept", _("验收")

    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.ASKED)
    pilot = models.ForeignKey(Pilot, on_delete=models.PROTECT, related_name="audit_reviews")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="audit_reviews")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    round = models.PositiveSmallIntegerField(default=1)
    sheet_id = models.CharField(max_length=60)
    """Id of the evaluation sheet that held on the day of asking."""
    statement = models.CharField(max_length=2000, blank=True)
    """What the applicant says with it: from the second round on, what was rectified."""
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    held_on = models.DateField(null=True)
    organised_by = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    scores = models.JSONField(default=dict)
    """Points by item, as decimal texts."""
    vetoes = models.JSONField(default=list)
    total = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    opinion = models.CharField(max_length=2000, blank=True)
    rectify_by = models.DateField(null=True)
    evidence = models.ForeignKey(Upload, null=True, on_delete=models.PROTECT, related_name="+")
    """The signed opinion."""
    recorded_at = models.DateTimeField(null=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    revoked_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["enterprise__credit_code", "-kind", "-round"]
        constraints = [
            models.UniqueConstraint(
                fields=["pilot", "enterprise", "kind", "round"], name="one_audit_review_of_a_round"
            ),
            models.UniqueConstraint(
                fields=["pilot", "enterprise", "kind"],
                condition=models.Q(stage="asked"),
                name="one_open_audit_review",
            ),
            models.CheckConstraint(
                condition=~models.Q(stage__in=["passed", "rectify", "failed", "revoked"])
                | models.Q(
                    held_on__isnull=False,
                    total__isnull=False,
                    recorded_at__isnull=False,
                    organised_by__isnull=False,
                ),
                name="held_audit_review_is_complete",
            ),
            models.CheckConstraint(
                condition=models.Q(stage="revoked") ^ models.Q(revoked_reason=""),
                name="revoked_audit_review_says_why",
            ),
            models.CheckConstraint(
                condition=~models.Q(stage="rectify") | models.Q(rectify_by__isnull=False),
                name="audit_to_be_rectified_has_its_day",
            ),
        ]
        indexes = [models.Index(fields=["pilot", "kind", "stage"], name="audit_review_by_stage")]

    def __str__(self) -> str:
        return f"{self.enterprise} {self.get_kind_display()}（第 {self.round} 次）"

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("audits:review", args=[self.pk])
