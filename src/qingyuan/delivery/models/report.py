"""Progress reports 定期调度: how often, and each one from its draft to the word of the department."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.calls.models import Call
from qingyuan.delivery.models.project import Baseline, Project
from qingyuan.kernel.models import Aggregate, Upload

if TYPE_CHECKING:
    from qingyuan.delivery.calendar import Period


class ReportingRhythm(models.Model):
    """How often the pilots of a call report, for periods that begin on or after a day. Never edited."""

    class Rhythm(models.TextChoices):
        MONTHLY = "monthly", _("每月")
        QUARTERLY = "quarterly", _("每季度")

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="reporting_rhythms")
    rhythm = models.CharField(max_length=10, choices=Rhythm.choices)
    due_days = models.PositiveSmallIntegerField()
    """A report is due so many days after the last day of its period."""
    from_on = models.DateField()
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["from_on", "pk"]

    def __str__(self) -> str:
        return f"{self.call} {self.get_rhythm_display()}"


class ProgressReport(Aggregate):
    """One period of one pilot. The draft lives here; what was handed in stands sealed in its versions."""

    class Stage(models.TextChoices):
        DRAFT = "draft", _("填报中")
        HANDED_IN = "handed_in", _("已报送")
        RETURNED = "returned", _("退回补充")
        ACCEPTED = "accepted", _("已审阅")

    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.DRAFT)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="reports")
    starts = models.DateField()
    ends = models.DateField()
    due = models.DateField()
    content = models.JSONField(default=dict)
    """The draft, see `delivery.report`."""
    draft_revision = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    returns = models.PositiveSmallIntegerField(default=0)
    """How often it went back."""
    first_handed_in_on = models.DateField(null=True)
    """By this day it is judged whether it came in time."""

    class Meta:
        ordering = ["-starts"]
        constraints = [
            models.UniqueConstraint(fields=["project", "starts"], name="one_report_of_a_period"),
            models.CheckConstraint(
                condition=models.Q(ends__gte=models.F("starts")) & models.Q(due__gte=models.F("ends")),
                name="report_is_due_after_its_period",
            ),
            models.CheckConstraint(
                condition=models.Q(stage="draft") ^ models.Q(first_handed_in_on__isnull=False),
                name="report_beyond_its_draft_was_handed_in",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.period.title}"

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("delivery:report", args=[self.pk])

    @property
    def period(self) -> Period:
        from qingyuan.delivery.calendar import Period

        return Period(self.starts, self.ends, self.due)

    @property
    def is_open(self) -> bool:
        """May the body that reports still write?"""
        return self.stage in {self.Stage.DRAFT, self.Stage.RETURNED}


class ReportVersion(models.Model):
    """What was handed in, sealed. Never edited; a further hand-in is a further version."""

    report = models.ForeignKey(ProgressReport, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    baseline = models.ForeignKey(Baseline, on_delete=models.PROTECT, related_name="+")
    """By which it was measured."""
    content = models.JSONField()
    content_sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="one_version_of_a_report_of_a_number"),
        ]

    def __str__(self) -> str:
        return f"{self.report} {self.number}"


class ReportDecision(models.Model):
    """The department's word on a version; an accepted one may go back later all the same. Never edited."""

    version = models.ForeignKey(ReportVersion, on_delete=models.PROTECT, related_name="decisions")
    accepted = models.BooleanField()
    opinion = models.CharField(max_length=1000, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(accepted=True) | ~models.Q(opinion=""),
                name="report_goes_back_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.accepted}"


class ReportEvidence(models.Model):
    """A file that proves a figure of a report. Taken out, it stays for the versions that show it."""

    report = models.ForeignKey(ProgressReport, on_delete=models.PROTECT, related_name="evidence")
    target_key = models.CharField(max_length=40)
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    is_out = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "target_key", "upload"], name="a_file_proves_a_figure_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report} {self.target_key}"
