"""Where the object lies: the boundary of a park, the prefectures of a region, the reaches and sections of a basin."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.kernel.models import Upload
from qingyuan.pilots.models.content import Attachment
from qingyuan.pilots.models.pilot import Pilot


class Boundary(models.Model):
    """The boundary of a park or cluster as the applicant states it; areas are worked out once, when it is saved."""

    pilot = models.OneToOneField(Pilot, on_delete=models.CASCADE, related_name="boundary")
    parcels = models.JSONField(default=list)
    """As `workbooks.polygons.as_data` gives them: whole 1e-7 degrees on CGCS2000."""
    area_m2 = models.BigIntegerField()
    declared_km2 = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    """面积 as the approving document states it."""
    basis = models.CharField(max_length=300, blank=True)
    """The document that sets the boundary, with its number."""
    prefectures = models.JSONField(default=list)
    """Codes of the prefectures in which the applicant says the park lies; no map is asked."""
    counties = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=1000, blank=True)
    """Why it lies in more than one prefecture."""
    upload = models.ForeignKey(Upload, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    """The GeoJSON from which the coordinates were taken; none where they were typed."""

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(area_m2__gt=0), name="boundary_holds_ground"),
        ]

    def __str__(self) -> str:
        return f"{self.area_m2} m²"


class RegionPlace(models.Model):
    """A prefecture that takes part in a regional pilot."""

    pilot = models.ForeignKey(Pilot, on_delete=models.CASCADE, related_name="places")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=6)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["pilot", "code"], name="a_place_once_in_a_region"),
        ]

    def __str__(self) -> str:
        return self.code


class WaterClass(models.TextChoices):
    """Classes of surface water by GB 3838."""

    I = "1", _("Ⅰ类")  # noqa: E741 (the standard's own names)
    II = "2", _("Ⅱ类")
    III = "3", _("Ⅲ类")
    IV = "4", _("Ⅳ类")
    V = "5", _("Ⅴ类")
    WORSE = "6", _("劣Ⅴ类")


class Reach(models.Model):
    """河段: a piece of a river, in the order of the flow."""

    pilot = models.ForeignKey(Pilot, on_delete=models.CASCADE, related_name="reaches")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=80)
    river = models.CharField(max_length=60)
    starts_at = models.CharField(max_length=80, blank=True)
    ends_at = models.CharField(max_length=80, blank=True)
    length_km = models.DecimalField(max_digits=8, decimal_places=3, null=True, blank=True)
    target = models.CharField(max_length=1, choices=WaterClass.choices[:-1], blank=True)
    """水功能区水质目标."""

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["pilot", "river", "name"], name="a_reach_once_in_a_river"),
            models.CheckConstraint(
                condition=models.Q(length_km__isnull=True) | models.Q(length_km__gt=0),
                name="reach_has_length",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Section(models.Model):
    """断面: where the water of a river is measured."""

    class Level(models.TextChoices):
        NATIONAL = "national", _("国控")
        PROVINCIAL = "provincial", _("省控")
        CITY = "city", _("市控")

    pilot = models.ForeignKey(Pilot, on_delete=models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=80)
    river = models.CharField(max_length=60)
    level = models.CharField(max_length=10, choices=Level.choices, blank=True)
    code = models.CharField(max_length=30, blank=True)
    km = models.DecimalField(max_digits=8, decimal_places=3, null=True, blank=True)
    """Kilometres below the start of the river's first reach."""
    target = models.CharField(max_length=1, choices=WaterClass.choices[:-1], blank=True)
    present = models.CharField(max_length=1, choices=WaterClass.choices, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["pilot", "river", "name"], name="a_section_once_in_a_river"),
            models.CheckConstraint(
                condition=models.Q(km__isnull=True) | models.Q(km__gte=0), name="section_lies_downstream"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class KeyTask(models.Model):
    """That the reduction of a self-chosen pollutant stands in a local key task: where it is written (N5.4)."""

    pilot = models.ForeignKey(Pilot, on_delete=models.CASCADE, related_name="key_tasks")
    pollutant = models.CharField(max_length=60)
    document = models.CharField(max_length=200)
    number = models.CharField(max_length=80)
    """文号."""
    issuer = models.CharField(max_length=120)
    issued_on = models.DateField()
    page = models.CharField(max_length=60)
    """Page and item of the document, as 第 12 页第（三）项."""
    attachment = models.ForeignKey(Attachment, null=True, on_delete=models.SET_NULL, related_name="key_tasks")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["pilot", "pollutant", "document"], name="a_document_once_for_a_pollutant"
            )
        ]

    def __str__(self) -> str:
        return self.document
