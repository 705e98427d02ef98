"""创新账: what really happened, what the traditional way is assumed to take, and what the scope makes up of the area."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.catalogue import innovation
from qingyuan.delivery.models.project import Project, ScopeEnterprise
from qingyuan.kernel.models import Aggregate, Upload


class EffortEntry(Aggregate):
    """工作量记录: one thing that took time, people or money. Blank is "not stated", 0 is zero."""

    class Stage(models.TextChoices):
        VALID = "valid", _("有效")
        VOIDED = "voided", _("已作废")

    stage = models.CharField(max_length=8, choices=Stage.choices, default=Stage.VALID)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="efforts")
    number = models.PositiveIntegerField()
    day = models.DateField()
    kind = models.CharField(max_length=20)
    """Id of a kind of the catalogue."""
    enterprises = models.ManyToManyField(ScopeEnterprise, related_name="efforts")
    """Whom it was about; none: common work."""
    days = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    person_days = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    money = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    """CNY."""
    documents = models.DecimalField(max_digits=8, decimal_places=0, null=True)
    done_by = models.CharField(max_length=120, blank=True)
    """Which unit; no person's name."""
    note = models.CharField(max_length=300, blank=True)
    evidence = models.ForeignKey(Upload, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    voided_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-day", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="one_effort_of_a_number"),
            models.CheckConstraint(
                condition=models.Q(stage="valid") | ~models.Q(voided_reason=""),
                name="voided_effort_says_why",
            ),
            *(
                models.CheckConstraint(
                    condition=models.Q(**{f"{name}__isnull": True}) | models.Q(**{f"{name}__gte": 0}),
                    name=f"effort_{name}_not_negative",
                )
                for name in ("days", "person_days", "money", "documents")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind_title} {self.day}"

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("delivery:account", args=[self.project_id])

    @property
    def kind_title(self) -> str:
        known = innovation.kinds().get(self.kind)
        return known.title if known else self.kind


class Assumption(models.Model):
    """What the pilot assumes the traditional way to take, with its source; where there is none, the catalogue's default holds."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="assumptions")
    measure = models.CharField(max_length=20)
    low = models.DecimalField(max_digits=14, decimal_places=2)
    mid = models.DecimalField(max_digits=14, decimal_places=2)
    high = models.DecimalField(max_digits=14, decimal_places=2)
    source = models.CharField(max_length=300)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "measure"], name="one_assumption_of_a_measure"),
            models.CheckConstraint(
                condition=models.Q(low__gte=0, mid__gte=models.F("low"), high__gte=models.F("mid")),
                name="assumption_rises",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.mid}"


class LogDeclaration(models.Model):
    """记录齐全: that the log holds everything about a measure, so that no entry means nothing was spent."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="log_declarations")
    measure = models.CharField(max_length=20)
    declared_at = models.DateTimeField()
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "measure"], name="one_declaration_of_a_measure"),
        ]

    def __str__(self) -> str:
        return self.measure


class CoverageFigure(models.Model):
    """How much of the area's output value or load the enterprises in scope make up."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="coverage_figures")
    quantity = models.CharField(max_length=60)
    unit = models.CharField(max_length=30)
    year = models.PositiveSmallIntegerField()
    covered = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    total = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    source = models.CharField(max_length=300)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["quantity"]
        constraints = [
            models.UniqueConstraint(fields=["project", "quantity"], name="one_figure_of_a_quantity"),
            models.CheckConstraint(
                condition=models.Q(covered__isnull=True)
                | models.Q(covered__gte=0, total__isnull=True)
                | models.Q(covered__gte=0, covered__lte=models.F("total")),
                name="covered_is_part_of_the_total",
            ),
        ]

    def __str__(self) -> str:
        return self.quantity


class AccountStatement(Aggregate):
    """报数: the account as it stood when it was stated, with the sentences; the departments may release it for the public totals."""

    class Stage(models.TextChoices):
        STATED = "stated", _("已报数")
        PUBLIC = "public", _("计入公开汇总")
        RETRACTED = "retracted", _("已撤下")

    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.STATED)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="account_statements")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    content_sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    retracted_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="one_statement_of_a_number"),
            models.CheckConstraint(
                condition=~models.Q(stage="retracted") | ~models.Q(retracted_reason=""),
                name="retracted_statement_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.number}"

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("delivery:account", args=[self.project_id])
