"""The pilot under way: the ground on which every step of the delivery stands."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingyuan.catalogue import regions
from qingyuan.kernel.models import Aggregate
from qingyuan.people.models import JointBody, Organisation
from qingyuan.pilots.models import Pilot
from qingyuan.registry.models import Enterprise
from qingyuan.review.models import Case

if TYPE_CHECKING:
    from qingyuan.catalogue.notices.model import Notice
    from qingyuan.catalogue.notices.parts import Category


class Project(Aggregate):
    """One approved pilot from its start to the archive. The sealed plan is its first baseline."""

    class Stage(models.TextChoices):
        RUNNING = "running", _("实施中")
        EVALUATING = "evaluating", _("评估验收中")
        RECTIFYING = "rectifying", _("限期整改")
        PASSED = "passed", _("已通过评估验收")
        FAILED = "failed", _("未通过评估验收")
        STOPPED = "stopped", _("终止实施")
        ARCHIVED = "archived", _("已归档")

    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.RUNNING)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="project")
    """Where the pilot was approved: the State's case, or a province's whose State does not use the product."""
    pilot = models.OneToOneField(Pilot, on_delete=models.PROTECT, related_name="project")
    applicant = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="projects")
    title = models.CharField(max_length=120)
    category_id = models.CharField(max_length=40)
    region_code = models.CharField(max_length=6, blank=True, db_index=True)
    approved_on = models.DateField()
    """成文日期 of the approved list."""
    approval_number = models.CharField(max_length=60, blank=True)
    """发文字号 of the approved list, as the office system gave it."""
    started_on = models.DateField()
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    term_end = models.DateField()
    """Last day of the work by the baseline in force."""
    stopped_reason = models.CharField(max_length=500, blank=True)
    is_demo = models.BooleanField(default=False)

    class Meta:
        ordering = ["-started_on", "title"]
        indexes = [models.Index(fields=["stage", "term_end"], name="project_by_stage_and_end")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(term_end__gte=models.F("started_on")), name="project_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=~models.Q(stage="stopped") | ~models.Q(stopped_reason=""),
                name="stopped_project_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("delivery:project", args=[self.pk])

    @property
    def notice(self) -> Notice:
        return self.pilot.notice

    @cached_property
    def category(self) -> Category:
        return self.notice.category(self.category_id)

    @property
    def supervisor(self) -> JointBody:
        """The departments that follow the work: those of the call under which it was applied for."""
        return self.pilot.call.joint_body

    @property
    def place(self) -> str:
        known = regions.regions().get(self.region_code)
        return known.name if known else self.region_code

    @cached_property
    def baseline(self) -> Baseline:
        """The one in force (one query)."""
        return self.baselines.order_by("-number")[:1].get()

    def days_left(self, today: date) -> int:
        return (self.term_end - today).days


class Baseline(models.Model):
    """What the work is measured by: the sealed plan's (number 1), and one after every approved change. Never edited."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="baselines")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    content_sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="one_baseline_of_a_number"),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.number}"


class ScopeEnterprise(models.Model):
    """An enterprise in the scope of the work, and how far its own audit is."""

    class Phase(models.IntegerChoices):
        """The seven phases of an audit (《清洁生产审核办法》 and the audit manuals)."""

        NONE = 0, pgettext_lazy("phase", "未开始")
        PREPARATION = 1, _("审核准备")
        PRE_AUDIT = 2, _("预审核")
        AUDIT = 3, pgettext_lazy("phase", "审核")
        GENERATION = 4, _("方案产生和筛选")
        CONFIRMATION = 5, _("方案确定")
        IMPLEMENTATION = 6, _("方案实施")
        CONTINUOUS = 7, _("持续清洁生产")

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="scope")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="in_projects")
    name = models.CharField(max_length=120)
    """As the plan names it."""
    sector_code = models.CharField(max_length=8, blank=True)
    phase = models.PositiveSmallIntegerField(choices=Phase.choices, default=Phase.NONE)
    phase_on = models.DateField(null=True)
    dropped_on = models.DateField(null=True)
    """When an approved change took it out of the scope."""

    class Meta:
        ordering = ["project_id", "enterprise__credit_code"]
        constraints = [
            models.UniqueConstraint(fields=["project", "enterprise"], name="an_enterprise_once_in_a_project"),
            models.CheckConstraint(
                condition=models.Q(phase__gte=0, phase__lte=7), name="audit_phase_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(phase=0) | models.Q(phase_on__isnull=False), name="audit_phase_has_its_day"
            ),
        ]

    def __str__(self) -> str:
        return self.name
