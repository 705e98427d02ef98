"""形式校核: what the rule set found on the sealed version, and what the officer made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.kernel.models import Aggregate
from qingyuan.pilots.models import Submission, SupplementRequest
from qingyuan.review.models.round import Case

if TYPE_CHECKING:
    from qingyuan.catalogue.notices.parts import Dimension


class FormCheck(Aggregate):
    """One check of one sealed version. The findings stay as they were made, under their hash; officers judge beside them."""

    class Stage(models.TextChoices):
        OPEN = "open", _("校核中")
        PASSED = "passed", _("校核通过")
        SENT_BACK = "sent_back", _("已退回补充完善")
        FAILING = "failing", _("拟不予通过")

    class Word(models.TextChoices):
        """Of a dimension of the notice."""

        MEETS = "meets", _("符合")
        PARTLY = "partly", _("基本符合")
        FAILS = "fails", _("不符合")

    class OnFinding(models.TextChoices):
        """What the officer says of a finding."""

        CONFIRMED = "confirmed", _("成立")
        OVERRIDDEN = "overridden", _("不成立")

    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.OPEN)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="form_checks")
    submission = models.ForeignKey(
        Submission, null=True, on_delete=models.PROTECT, related_name="form_checks"
    )
    """The version that was checked; none for an imported case."""
    rule_set = models.CharField(max_length=80, blank=True)
    findings = models.JSONField(default=list)
    """As the rule set gave them: id, rule, severity, clause, message, mend, excerpt."""
    findings_sha256 = models.CharField(max_length=64)
    """Of the canonical JSON of `findings`, with the sealed version's own hash: nothing was added or left out since."""
    on_dimensions = models.JSONField(default=dict)
    """Dimension id -> {word, note}."""
    on_findings = models.JSONField(default=dict)
    """Finding id -> {word, note}."""
    opinion = models.CharField(max_length=2000, blank=True)
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    concluded_at = models.DateTimeField(null=True)
    concluded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    request = models.ForeignKey(
        SupplementRequest, null=True, on_delete=models.PROTECT, related_name="form_checks"
    )
    """What was asked of the applicant, where the check sent it back."""

    class Meta:
        ordering = ["case_id", "-begun_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(stage__in=["open", "failing"]),
                name="one_unfinished_form_check_of_a_case",
            ),
            models.CheckConstraint(
                condition=models.Q(stage="open", concluded_at__isnull=True)
                | (~models.Q(stage="open") & models.Q(concluded_at__isnull=False)),
                name="concluded_form_check_has_its_instant",
            ),
            models.CheckConstraint(
                condition=~models.Q(stage="sent_back") | models.Q(request__isnull=False),
                name="form_check_sent_back_names_its_request",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.get_stage_display()}"

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """What the notice of the round asks a form check to look at."""
        return dimensions_of(self.case)

    @property
    def unjudged(self) -> tuple[list[Dimension], list[dict[str, Any]]]:
        """Dimensions and findings without a word."""
        return (
            [one for one in self.dimensions if one.id not in self.on_dimensions],
            [one for one in self.findings if one["id"] not in self.on_findings],
        )

    @property
    def left(self) -> int:
        """How many dimensions and findings have no word yet."""
        dimensions, findings = self.unjudged
        return len(dimensions) + len(findings)

    @property
    def confirmed_errors(self) -> list[dict[str, Any]]:
        """What has to be mended by the rule set and by the officer's word."""
        return [
            one
            for one in self.findings
            if one["severity"] == "error"
            and self.on_findings.get(one["id"], {}).get("word") == self.OnFinding.CONFIRMED
        ]

    @property
    def failed_dimensions(self) -> list[Dimension]:
        return [
            one
            for one in self.dimensions
            if self.on_dimensions.get(one.id, {}).get("word") == self.Word.FAILS
        ]


def dimensions_of(case: Case) -> tuple[Dimension, ...]:
    """The dimensions of the notice's own step `form`."""
    step = next((step for step in case.round.notice.review.steps if step.id == "form"), None)
    return step.dimensions if step else ()
