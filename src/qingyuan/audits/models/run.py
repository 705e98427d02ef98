"""A computation of a dataset's version by the engine: asked for, taken by a worker under a lease, ended once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.audits.models.dataset import Dataset, DatasetVersion
from qingyuan.kernel.models import Aggregate


class Run(Aggregate):
    """One computation. What it computed from never changes, so that it can be repeated."""

    class Stage(models.TextChoices):
        QUEUED = "queued", _("排队中")
        RUNNING = "running", _("计算中")
        DONE = "done", _("已完成")
        FAILED = "failed", _("未能完成")
        CANCELLED = "cancelled", _("已取消")

    OPEN = (Stage.QUEUED, Stage.RUNNING)

    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.QUEUED)
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="runs")
    version = models.ForeignKey(DatasetVersion, on_delete=models.PROTECT, related_name="runs")
    number = models.PositiveIntegerField()
    command = models.CharField(max_length=20)
    """The terminal's command that computes it; its result is to the letter what the terminal gives."""
    engine = models.JSONField(default=dict)
    """Versions of the product and of the libraries that compute, as they were when it was asked for."""
    input_sha256 = models.CharField(max_length=64)
    """Of command, data and engine: two runs of one hash have one result."""
    note = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    same_as = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="taken_over_by")
    """The run whose result this one took over, because it was of the same hash."""
    repeats = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="repetitions")
    """The run that this one computes once more, to show that it gives the same."""
    same_result = models.BooleanField(null=True)
    """For a repetition: is its result bit for bit the first one's?"""

    token = models.PositiveIntegerField(default=0)
    """Fencing: grows each time that a worker takes the run; who holds an older one changes nothing any more."""
    worker = models.CharField(max_length=80, blank=True)
    leased_until = models.DateTimeField(null=True)
    """By the machine's clock: a demo's shifted or a test's stopped one must not hold a run back."""
    step = models.PositiveSmallIntegerField(default=0)
    steps = models.PositiveSmallIntegerField(default=0)
    doing = models.CharField(max_length=80, blank=True)

    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    cpu_ms = models.PositiveBigIntegerField(null=True)
    """CPU time of the computation itself."""
    exit_code = models.SmallIntegerField(null=True)
    repeatable = models.BooleanField(null=True)
    """False where time ended a part of it: another machine may come to another answer."""
    result_sha256 = models.CharField(max_length=64, blank=True)
    problems = models.JSONField(default=list)
    """What kept it from a result, as the command said it."""

    class Meta:
        ordering = ["-number"]
        indexes = [
            models.Index(fields=["stage", "leased_until"], name="run_by_stage_and_lease"),
            models.Index(fields=["input_sha256"], name="run_by_input"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["dataset", "number"], name="one_run_of_a_number"),
            models.CheckConstraint(
                condition=models.Q(stage="done") ^ models.Q(result_sha256=""), name="done_run_has_its_result"
            ),
            models.CheckConstraint(
                condition=~models.Q(stage="running") | models.Q(leased_until__isnull=False, token__gte=1),
                name="running_run_is_leased",
            ),
            models.CheckConstraint(
                condition=models.Q(stage__in=["queued", "running"]) ^ models.Q(ended_at__isnull=False),
                name="ended_run_has_its_instant",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dataset} · {_('计算')} {self.number}"

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("audits:run", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.stage in self.OPEN

    def is_free(self, now: datetime) -> bool:
        """May a worker take it: nobody has, or whoever had it was not heard of for a lease?"""
        return self.stage == self.Stage.QUEUED or (
            self.stage == self.Stage.RUNNING and self.leased_until is not None and self.leased_until < now
        )

    @property
    def holder_id(self) -> UUID:
        """Whose files are its result: its own, or those of the run that it took over."""
        return self.same_as_id or self.pk

    @property
    def percent(self) -> int:
        """How far, in whole percent; 0 before anything is known, 100 only when it is done."""
        if self.stage == self.Stage.DONE:
            return 100
        return min(99, 100 * self.step // self.steps) if self.steps else 0


class RunFile(models.Model):
    """A file of a run's result, by its bytes."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["run", "name"], name="one_file_of_a_name_in_a_run")]

    def __str__(self) -> str:
        return self.name

    @property
    def kind(self) -> str:
        return self.name.rpartition(".")[2].upper()


class Finding(models.Model):
    """A figure that a run found of the whole, as others quote it; `code` is the same in every run of the dataset."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="findings")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=8)
    key = models.CharField(max_length=200)
    group = models.CharField(max_length=40)
    title = models.CharField(max_length=300)
    value = models.CharField(max_length=40)
    """As it was computed, every digit."""
    shown = models.CharField(max_length=40)
    """As a text says it, without unit."""
    unit = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["position"]
        indexes = [models.Index(fields=["code"], name="finding_by_code")]
        constraints = [models.UniqueConstraint(fields=["run", "code"], name="one_finding_of_a_code_in_a_run")]

    def __str__(self) -> str:
        return self.title

    @property
    def text(self) -> str:
        """With its unit; a percent sign stands close."""
        return f"{self.shown}{'' if self.unit in {'', '%'} else ' '}{self.unit}"
