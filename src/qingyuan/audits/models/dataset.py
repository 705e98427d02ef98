"""A pilot's data: the rows that are being filled in, the versions that were fixed, who may read them and who did."""

from __future__ import annotations

from functools import cached_property

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.kernel.models import Aggregate, Upload
from qingyuan.people.models import Organisation
from qingyuan.pilots.models import Pilot
from qingyuan.registry.models import Enterprise


class Dataset(Aggregate):
    """One 审核数据采集表 of a pilot. Its rows change while it is collecting; a fixed version never does."""

    class Stage(models.TextChoices):
        COLLECTING = "collecting", _("填报中")
        READY = "ready", _("已定版")

    class Template(models.TextChoices):
        INDUSTRY = "industry", _("行业审核数据采集表")
        PARK = "park", _("园区审核数据采集表")
        REGION = "region", _("区域流域审核数据采集表")

    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.COLLECTING)
    pilot = models.ForeignKey(Pilot, on_delete=models.PROTECT, related_name="datasets")
    template = models.CharField(max_length=10, choices=Template.choices)
    title = models.CharField(max_length=120)
    year = models.PositiveSmallIntegerField()
    """Of which year the figures are."""
    columns = models.JSONField(default=dict)
    """Columns of families (`emission:COD`) and of indicators that the tables have, by table, in their order."""
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["pilot", "title"], name="one_dataset_of_a_title_per_pilot"),
            models.CheckConstraint(
                condition=models.Q(year__gte=1990, year__lte=2100), name="dataset_year_is_plausible"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("audits:dataset", args=[self.pk])

    @cached_property
    def named(self) -> list[RawAccess]:
        """Who is named to read the raw data (one query)."""
        return list(self.accesses.filter(ended_at=None))


class DatasetRow(models.Model):
    """A row of a table while it is filled in. `revision` guards against overwriting what another wrote (409)."""

    class Origin(models.TextChoices):
        UPLOAD = "upload", _("工作簿导入")
        GRID = "grid", _("在线填写")
        SCOPE = "scope", _("试点范围带入")
        VERSION = "version", _("取自已定版本")
        ENTERPRISE = "enterprise", _("企业填报")
        FILING = "filing", _("取自已有报表")

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="rows")
    table = models.CharField(max_length=40)
    position = models.PositiveIntegerField()
    enterprise = models.ForeignKey(Enterprise, null=True, on_delete=models.PROTECT, related_name="+")
    """Whose figures they are, where the row names an enterprise of the pilot's scope."""
    values = models.JSONField(default=dict)
    """Canonical texts by column; what is blank does not stand here."""
    origin = models.CharField(max_length=10, choices=Origin.choices)
    upload = models.ForeignKey(Upload, null=True, on_delete=models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["table", "position"]
        indexes = [
            models.Index(fields=["dataset", "table", "position"], name="dataset_row_by_table"),
            models.Index(fields=["dataset", "enterprise"], name="dataset_row_by_enterprise"),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.position}"


class DatasetVersion(models.Model):
    """The tables as they stood when somebody fixed them. Never edited; runs and findings refer to it."""

    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    schema = models.PositiveSmallIntegerField()
    content_sha256 = models.CharField(max_length=64)
    """Of schema, template and the hash of every table (workbooks.collected)."""
    reason = models.CharField(max_length=500, blank=True)
    """Why it was fixed although questions were open."""
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["dataset", "number"], name="one_dataset_version_of_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.dataset} {self.number}"


class VersionTable(models.Model):
    """One table of a version: its columns and rows as canonical texts, and what is known of single figures."""

    version = models.ForeignKey(DatasetVersion, on_delete=models.PROTECT, related_name="tables")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=40)
    row_count = models.PositiveIntegerField()
    columns = models.JSONField()
    rows = models.JSONField()
    notes = models.JSONField(default=list)
    """What was said of single figures: row (from 0), column, source, method, hash of the proof, secret, when."""
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["version_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "name"], name="one_table_of_a_name_in_a_version")
        ]

    def __str__(self) -> str:
        return self.name


class RawAccess(models.Model):
    """Who is named to read the raw data: a person of the applicant, or a support unit at work for it."""

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="accesses")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField()
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["named_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(user__isnull=True) ^ models.Q(organisation__isnull=True),
                name="raw_access_names_one",
            ),
            models.UniqueConstraint(
                fields=["dataset", "user"],
                condition=models.Q(ended_at__isnull=True, user__isnull=False),
                name="a_person_named_once_for_a_dataset",
            ),
            models.UniqueConstraint(
                fields=["dataset", "organisation"],
                condition=models.Q(ended_at__isnull=True, organisation__isnull=False),
                name="a_unit_named_once_for_a_dataset",
            ),
        ]

    def __str__(self) -> str:
        return str(self.user or self.organisation)


class RawRead(models.Model):
    """查阅记录: one reading of raw figures. Whose they were stands in `enterprises`, or they were everybody's."""

    class Way(models.TextChoices):
        PAGE = "page", _("网页")
        FILE = "file", _("下载")
        API = "api", _("接口")

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="reads")
    way = models.CharField(max_length=6, choices=Way.choices)
    what = models.CharField(max_length=120)
    """Which table, row or file."""
    everybody = models.BooleanField(default=False)
    enterprises = models.ManyToManyField(Enterprise, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["dataset", "at"], name="raw_read_by_dataset")]

    def __str__(self) -> str:
        return f"{self.what} {self.at:%Y-%m-%d %H:%M}"
