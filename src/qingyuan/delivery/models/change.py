"""A change of the baseline: asked with a reason, decided with an opinion."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.delivery.baseline import KINDS
from qingyuan.delivery.models.project import Baseline, Project
from qingyuan.kernel.models import Aggregate, Upload


class ChangeRequest(Aggregate):
    """变更申请: one line of the baseline, as it was when asked and as it shall be."""

    class Stage(models.TextChoices):
        ASKED = "asked", _("待审批")
        APPROVED = "approved", _("已同意")
        REFUSED = "refused", _("未同意")
        WITHDRAWN = "withdrawn", _("已撤回")

    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.ASKED)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="changes")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=list(KINDS.items()))
    item = models.CharField(max_length=40)
    was = models.CharField(max_length=300, blank=True)
    """The line as it stood, in words."""
    becomes = models.CharField(max_length=300, blank=True)
    reason = models.TextField(max_length=2000)
    evidence = models.ForeignKey(Upload, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    opinion = models.CharField(max_length=1000, blank=True)
    made = models.OneToOneField(Baseline, null=True, on_delete=models.PROTECT, related_name="change")
    """The baseline that came of it."""

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="one_change_of_a_number"),
            models.CheckConstraint(
                condition=~models.Q(stage__in=["approved", "refused"]) | models.Q(decided_at__isnull=False),
                name="decided_change_has_its_instant",
            ),
            models.CheckConstraint(
                condition=~models.Q(stage="refused") | ~models.Q(opinion=""), name="refused_change_says_why"
            ),
            models.CheckConstraint(
                condition=models.Q(stage="approved") ^ models.Q(made__isnull=True),
                name="approved_change_made_a_baseline",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}变更 {self.number}"

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("delivery:change", args=[self.pk])
