"""The field log of a dataset: talks, measurements to be made, what was seen; written on the spot, with photos."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.audits.models.dataset import Dataset
from qingyuan.kernel.models import Upload

COLUMNS = {
    "spot": _("测点（位置）"),
    "item": _("项目"),
    "method": _("方法"),
    "frequency": _("频次"),
    "time": _("时间"),
}
"""Of a measurement to be made; its remark is the entry's text."""


def planned(plan: Mapping[str, str]) -> str:
    """The columns of a measurement in a line, for where there is no table."""
    return "，".join(filter(None, (plan.get(name, "") for name in COLUMNS)))


class FieldEntry(models.Model):
    """One entry. `place` is a number that the device's page had in reserve: two devices never make the same one."""

    class Kind(models.TextChoices):
        TALK = "talk", _("访谈")
        MEASUREMENT = "measurement", _("实测计划")
        SEEN = "seen", _("现场所见")

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="field_entries")
    place = models.BigIntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    text = models.TextField(blank=True)
    plan = models.JSONField(default=dict)
    """Of a measurement to be made: its columns (`COLUMNS`) as texts; `text` is then the remark. Empty for entries
    written before there were columns: their text says everything."""
    revision = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["made_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["dataset", "place"], name="one_field_entry_of_a_place"),
            models.CheckConstraint(condition=models.Q(place__gt=0), name="field_places_are_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.text[:40]}"

    @property
    def planned(self) -> str:
        return planned(self.plan)


class FieldVersion(models.Model):
    """A version of an entry that came when another stood already: kept beside it until a person has decided, and after."""

    entry = models.ForeignKey(FieldEntry, on_delete=models.CASCADE, related_name="versions")
    kind = models.CharField(max_length=12, choices=FieldEntry.Kind.choices)
    text = models.TextField(blank=True)
    plan = models.JSONField(default=dict)
    base = models.IntegerField()
    """On which revision it had been written."""
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=64)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "by", "key"], name="one_field_version_of_a_change")
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.at:%Y-%m-%d %H:%M}"

    @property
    def planned(self) -> str:
        return planned(self.plan)


class FieldPhoto(models.Model):
    """A photo of an entry. Its place is kept only with the photographer's consent."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="field_photos")
    entry = models.ForeignKey(FieldEntry, on_delete=models.CASCADE, related_name="photos")
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(null=True)
    place_consent = models.BooleanField(default=False)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["added_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(place_consent=True)
                | models.Q(latitude__isnull=True, longitude__isnull=True),
                name="no_field_place_without_consent",
            )
        ]

    def __str__(self) -> str:
        return str(self.upload)


class FieldSync(models.Model):
    """A change that arrived from a device: the same key again gets the same answer and changes nothing."""

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="field_syncs")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=64)
    """Made by the device: a random 128-bit number."""
    content_sha256 = models.CharField(max_length=64)
    answer = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dataset", "user", "key"], name="one_arrival_of_a_field_change")
        ]

    def __str__(self) -> str:
        return self.key
