"""Evaluation and acceptance of a pilot as such: what was handed in, and what had to be mended."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.delivery.models.project import Project
from qingyuan.kernel.models import Aggregate, Upload
from qingyuan.review.models import Case, Round


class AcceptanceFiling(Aggregate):
    """验收材料: sealed when handed in; the State's round of acceptance takes it in as a case, or it goes back with a reason."""

    class Stage(models.TextChoices):
        HANDED_IN = "handed_in", _("待接收")
        TAKEN_IN = "taken_in", _("已接收")
        RETURNED = "returned", _("已退回")

    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.HANDED_IN)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="filings")
    sitting = models.CharField(max_length=10, choices=Round.Sitting.choices, default=Round.Sitting.WHOLE)
    """What it is handed in for: 评估 and 验收 in one, or the first or second of two sittings."""
    number = models.PositiveIntegerField()
    content = models.JSONField()
    """As `review.handed_in` describes it."""
    content_sha256 = models.CharField(max_length=64)
    report = models.ForeignKey(Upload, null=True, on_delete=models.PROTECT, related_name="+")
    """A report of the applicant's own making; without one the report is written from the content."""
    handed_in_at = models.DateTimeField()
    handed_in_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    case = models.OneToOneField(Case, null=True, on_delete=models.PROTECT, related_name="filing")
    returned_reason = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="one_filing_of_a_number"),
            models.UniqueConstraint(
                fields=["project", "sitting"],
                condition=~models.Q(stage="returned"),
                name="one_standing_filing_of_a_sitting",
            ),
            models.CheckConstraint(
                condition=models.Q(stage="taken_in") ^ models.Q(case__isnull=True),
                name="taken_filing_has_its_case",
            ),
            models.CheckConstraint(
                condition=~models.Q(stage="returned") | ~models.Q(returned_reason=""),
                name="returned_filing_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.title} {self.number}"

    @property
    def title(self) -> str:
        """评估材料 or 验收材料."""
        return str(_("评估材料") if self.sitting == Round.Sitting.EVALUATION else _("验收材料"))


class Rectification(Aggregate):
    """整改: what a released decision asks to be mended, item by item, by a day; answered with evidence, then accepted."""

    class Stage(models.TextChoices):
        ASKED = "asked", _("待整改")
        ANSWERED = "answered", _("待核实")
        ACCEPTED = "accepted", _("整改到位")
        LAPSED = "lapsed", _("逾期未完成")

    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.ASKED)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="rectifications")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="rectifications")
    number = models.PositiveIntegerField()
    asked_at = models.DateTimeField()
    due_on = models.DateField()
    """The last day on which an answer is in time."""
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    content_sha256 = models.CharField(max_length=64, blank=True)
    """Of items, answers and the hashes of the evidence, as answered last."""
    sent_back = models.PositiveSmallIntegerField(default=0)
    remark = models.CharField(max_length=1000, blank=True)
    """The last word of who verifies."""
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="one_rectification_of_a_number"),
            models.UniqueConstraint(
                fields=["project"],
                condition=models.Q(stage__in=["asked", "answered"]),
                name="one_rectification_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(stage__in=["asked", "lapsed"])
                | (models.Q(answered_at__isnull=False) & ~models.Q(content_sha256="")),
                name="answered_rectification_has_its_hash",
            ),
            models.CheckConstraint(
                condition=models.Q(stage__in=["asked", "answered"]) | models.Q(ended_at__isnull=False),
                name="ended_rectification_has_its_instant",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project} {_('整改')} {self.number}"

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("delivery:rectification", args=[self.pk])

    def is_late(self, today: date) -> bool:
        return today > self.due_on


class RectificationItem(models.Model):
    """One thing to mend, and what was done about it."""

    rectification = models.ForeignKey(Rectification, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    requirement = models.CharField(max_length=1000)
    answer = models.CharField(max_length=4000, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["rectification", "position"], name="rectification_items_numbered")
        ]

    def __str__(self) -> str:
        return self.requirement


class RectificationEvidence(models.Model):
    """A file that shows what was done about an item."""

    item = models.ForeignKey(RectificationItem, on_delete=models.CASCADE, related_name="evidence")
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["item", "upload"], name="evidence_once_for_an_item")]

    def __str__(self) -> str:
        return str(self.upload)
