"""What the State's round receives: a bundle per province, and the files of cases that came without an application."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.catalogue import regions
from qingyuan.kernel.models import Upload
from qingyuan.review.models.round import Case, Round


class Bundle(models.Model):
    """推荐材料: what one province handed to the State's round, either its own round here or an imported list."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="bundles")
    source = models.ForeignKey(Round, null=True, on_delete=models.PROTECT, related_name="sent_bundles")
    """The province's round, where the province uses the product; without one the bundle was imported."""
    region_code = models.CharField(max_length=6)
    sender = models.CharField(max_length=160)
    """The departments that recommend, as they sign."""
    document_number = models.CharField(max_length=60, blank=True)
    received_at = models.DateTimeField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    workbook = models.ForeignKey(Upload, null=True, on_delete=models.PROTECT, related_name="+")
    letter = models.ForeignKey(Upload, null=True, on_delete=models.PROTECT, related_name="+")
    cases = models.ManyToManyField(Case, related_name="bundles")

    class Meta:
        ordering = ["region_code", "received_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "source"],
                condition=models.Q(source__isnull=False),
                name="one_bundle_of_a_provinces_round",
            ),
            models.CheckConstraint(
                condition=models.Q(source__isnull=False) ^ models.Q(workbook__isnull=False),
                name="bundle_comes_from_a_round_or_a_workbook",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.province} {self.sender}"

    @property
    def province(self) -> str:
        known = regions.regions().get(self.region_code)
        return known.name if known else self.region_code

    @property
    def is_imported(self) -> bool:
        return self.source_id is None


class CaseFile(models.Model):
    """A file of an imported case, as it came from its province."""

    class Kind(models.TextChoices):
        PLAN = "plan", _("实施方案")
        LETTER = "letter", _("推荐函")
        REPORT = "report", _("验收报告")
        OTHER = "other", _("其他材料")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="files")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["kind", "at"]
        constraints = [
            models.UniqueConstraint(fields=["case", "upload"], name="a_file_once_in_a_case"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.upload}"
