"""Schemes 方案 of the enterprises in a pilot's scope, with what they were to bring and what was measured."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.kernel.models import Aggregate, Upload
from qingyuan.pilots.models import Pilot
from qingyuan.registry.models import Enterprise


class Scheme(Aggregate):
    """One scheme of one enterprise; WD1, WD2 … without or at low cost, ZG1, ZG2 … at medium or high cost."""

    class Stage(models.TextChoices):
        PROPOSED = "proposed", _("提出")
        FEASIBLE = "feasible", _("可行")
        CONFIRMED = "confirmed", _("已确定")
        RUNNING = "running", _("实施中")
        DONE = "done", _("已完成")
        DROPPED = "dropped", _("不实施")

    class Kind(models.TextChoices):
        LOW = "low", _("无/低费")
        HIGH = "high", _("中/高费")

    PREFIX = {"low": "WD", "high": "ZG"}

    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.PROPOSED)
    pilot = models.ForeignKey(Pilot, on_delete=models.PROTECT, related_name="schemes")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="schemes")
    kind = models.CharField(max_length=4, choices=Kind.choices)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    content = models.CharField(max_length=2000, blank=True)
    owner = models.CharField(max_length=80, blank=True)
    """责任部门: a department or post, never a person's name."""
    due_on = models.DateField(null=True)
    started_on = models.DateField(null=True)
    finished_on = models.DateField(null=True)
    dropped_reason = models.CharField(max_length=500, blank=True)
    feasibility = models.CharField(max_length=1000, blank=True)
    """技术、环境、经济可行性: why it was found feasible."""
    evidence = models.ForeignKey(Upload, null=True, on_delete=models.PROTECT, related_name="+")
    """What shows that it was carried out."""
    run = models.ForeignKey("audits.Run", null=True, on_delete=models.PROTECT, related_name="schemes")
    """The computation whose portfolio it was taken from."""
    finding = models.ForeignKey("audits.Finding", null=True, on_delete=models.PROTECT, related_name="+")
    run_measure = models.CharField(max_length=200, blank=True)
    """What the computation calls it: the same measure of an enterprise becomes one scheme, whatever its title now is."""
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["enterprise__credit_code", "-kind", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["pilot", "enterprise", "kind", "number"], name="one_scheme_of_a_code"
            ),
            models.UniqueConstraint(
                fields=["pilot", "enterprise", "run_measure"],
                condition=~models.Q(run_measure=""),
                name="one_scheme_of_a_chosen_measure",
            ),
            models.CheckConstraint(
                condition=models.Q(run__isnull=True) ^ ~models.Q(run_measure=""),
                name="scheme_of_a_run_names_its_measure",
            ),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="scheme_numbers_begin_at_one"),
            models.CheckConstraint(
                condition=models.Q(stage="dropped") ^ models.Q(dropped_reason=""),
                name="dropped_scheme_says_why",
            ),
            models.CheckConstraint(
                condition=~models.Q(stage="done") | models.Q(finished_on__isnull=False),
                name="done_scheme_has_its_day",
            ),
            models.CheckConstraint(
                condition=~models.Q(stage__in=["running", "done"]) | models.Q(started_on__isnull=False),
                name="running_scheme_has_its_day",
            ),
        ]
        indexes = [models.Index(fields=["pilot", "stage"], name="scheme_by_pilot_and_stage")]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def code(self) -> str:
        return f"{self.PREFIX[self.kind]}{self.number}"

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("audits:scheme", args=[self.pk])


def _quantity() -> models.DecimalField[Decimal | None, Decimal | None]:
    return models.DecimalField(max_digits=18, decimal_places=6, null=True)


class SchemeFigures(models.Model):
    """What a scheme costs and brings in a year, planned or measured. None: not stated; its name in `na`: does not apply."""

    class Basis(models.TextChoices):
        PLANNED = "planned", _("预期")
        MEASURED = "measured", _("实测")

    scheme = models.ForeignKey(Scheme, on_delete=models.CASCADE, related_name="figures")
    basis = models.CharField(max_length=8, choices=Basis.choices)
    invest_wan_cny = _quantity()
    benefit_wan_cny = _quantity()
    electricity_wan_kwh = _quantity()
    coal_tce = _quantity()
    co2_t = _quantity()
    materials_t = _quantity()
    water_t = _quantity()
    cod_t = _quantity()
    nh3n_t = _quantity()
    smoke_t = _quantity()
    dust_t = _quantity()
    so2_t = _quantity()
    nox_t = _quantity()
    voc_t = _quantity()
    solid_waste_t = _quantity()
    liquid_waste_t = _quantity()
    heavy_metals_t = _quantity()
    other = models.CharField(max_length=300, blank=True)
    na = models.JSONField(default=list)
    """Names of the quantities that do not apply."""
    om_wan_cny = _quantity()
    """Yearly running cost; `benefit_wan_cny` is before it where it is stated."""
    life_years = models.DecimalField(max_digits=6, decimal_places=2, null=True)

    class Meta:
        ordering = ["scheme_id", "-basis"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "basis"], name="figures_of_a_scheme_once_a_basis"),
            models.CheckConstraint(
                condition=models.Q(invest_wan_cny__isnull=True) | models.Q(invest_wan_cny__gte=0),
                name="investment_is_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme_id} {self.basis}"


class SchemeEvent(models.Model):
    """What happened to a scheme: kept for good."""

    scheme = models.ForeignKey(Scheme, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=40)
    """The verb, as it is called."""
    stage = models.CharField(max_length=10, choices=Scheme.Stage.choices)
    """Where the scheme stood afterwards."""
    reason = models.CharField(max_length=1000, blank=True)
    changes = models.JSONField(default=dict)
    """Field by field what it was and what it became, as texts."""

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.scheme_id} {self.what}"


class SchemeImport(models.Model):
    """A sheet or a chosen portfolio as it was taken in."""

    class Origin(models.TextChoices):
        SHEET = "sheet", _("绩效表")
        PORTFOLIO = "portfolio", _("选定的方案组合")
        RUN = "run", _("计算结果")

    pilot = models.ForeignKey(Pilot, on_delete=models.PROTECT, related_name="scheme_imports")
    origin = models.CharField(max_length=10, choices=Origin.choices)
    basis = models.CharField(max_length=8, choices=SchemeFigures.Basis.choices)
    layout_id = models.CharField(max_length=60, blank=True)
    upload = models.ForeignKey(Upload, null=True, on_delete=models.PROTECT, related_name="+")
    run = models.ForeignKey("audits.Run", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    rows = models.PositiveIntegerField()
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_origin_display()} {self.rows}"
