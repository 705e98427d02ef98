"""What the evaluation and acceptance of a pilot ended with (N11): passed or failed, and who of its scope is left out."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.delivery.models.project import Project, ScopeEnterprise
from qingyuan.kernel.models import Upload
from qingyuan.review.models import DecisionItem


class Conclusion(models.Model):
    """The word of the State on a pilot as such. A passed one stands on 《清洁生产审核创新试点项目名单》."""

    class Outcome(models.TextChoices):
        PASSED = "passed", _("通过评估验收")
        FAILED = "failed", _("未通过评估验收")

    class Source(models.TextChoices):
        RECORDED = "recorded", _("据本平台之外公布的结果登记")
        DECIDED = "decided", _("据本平台的评估验收决定")

    project = models.OneToOneField(Project, on_delete=models.PROTECT, related_name="conclusion")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    listed_on = models.DateField(db_index=True)
    """成文日期 of the passed list; of a failed pilot, of the paper that says so."""
    document_number = models.CharField(max_length=60, blank=True)
    """发文字号, as the office system gave it."""
    source = models.CharField(max_length=10, choices=Source.choices)
    reason = models.CharField(max_length=2000, blank=True)
    """Why it failed; of a passed pilot what else was said."""
    evidence = models.ForeignKey(Upload, null=True, on_delete=models.PROTECT, related_name="+")
    """The published list or the paper, where the State does not use the product."""
    item = models.OneToOneField(DecisionItem, null=True, on_delete=models.PROTECT, related_name="conclusion")
    """The line of the released decision, where it was taken here."""
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-listed_on", "project__region_code", "project__title"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome="passed") | ~models.Q(reason=""), name="failed_pilot_says_why"
            ),
            models.CheckConstraint(
                condition=models.Q(source="decided")
                | (models.Q(evidence__isnull=False) & ~models.Q(document_number="")),
                name="recorded_conclusion_has_its_paper",
            ),
            models.CheckConstraint(
                condition=models.Q(source="decided") ^ models.Q(item__isnull=True),
                name="decided_conclusion_has_its_line",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.get_outcome_display()}"

    @property
    def passed(self) -> bool:
        return self.outcome == self.Outcome.PASSED


class ConclusionExclusion(models.Model):
    """An enterprise of the scope that the conclusion of a passed pilot leaves out: its audit does not count by it."""

    conclusion = models.ForeignKey(Conclusion, on_delete=models.PROTECT, related_name="exclusions")
    scope_enterprise = models.ForeignKey(ScopeEnterprise, on_delete=models.PROTECT, related_name="exclusions")
    reason = models.CharField(max_length=500)

    class Meta:
        ordering = ["scope_enterprise__enterprise__credit_code"]
        constraints = [
            models.UniqueConstraint(
                fields=["conclusion", "scope_enterprise"], name="an_enterprise_excluded_once"
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="excluded_enterprise_has_its_reason"),
        ]

    def __str__(self) -> str:
        return str(self.scope_enterprise)
