"""An enterprise's own part of a dataset: the invitation, its link, its signature, and what is said of single figures."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.audits.models.dataset import Dataset, DatasetRow
from qingyuan.kernel.models import Aggregate, Upload
from qingyuan.registry.models import Enterprise


class EnterpriseSheet(Aggregate):
    """What one enterprise fills in. It sees its own rows only and signs them; signed rows stay as they are."""

    class Stage(models.TextChoices):
        INVITED = "invited", _("待企业填报")
        SIGNED = "signed", _("已签署")

    class Via(models.TextChoices):
        ACCOUNT = "account", _("企业账号")
        LINK = "link", _("专用链接（发至企业邮箱）")
        HANDED = "handed", _("专用链接（由申报单位转交）")

    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.INVITED)
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="sheets")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="sheets")
    name = models.CharField(max_length=120)
    """As the pilot's scope names it."""
    address = models.EmailField(blank=True)
    """The enterprise's mailbox for this; empty: it comes by its account or a link handed over."""
    due_on = models.DateField(null=True)
    guest = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    """Who has come by the link, for records: it cannot sign in and holds no role."""
    link_number = models.PositiveIntegerField(default=0)
    """Grows with every new link: the former ones end."""
    link_digest = models.CharField(max_length=64, blank=True, db_index=True)
    """SHA-256 of the link's secret; empty when there is none or it was revoked."""
    link_expires_at = models.DateTimeField(null=True)
    handed_over_at = models.DateTimeField(null=True)
    """When the applicant took the present link to hand it over itself."""
    invited_at = models.DateTimeField()
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reminded_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    signed_via = models.CharField(max_length=8, choices=Via.choices, blank=True)
    signed_sha256 = models.CharField(max_length=64, blank=True)
    """Of the rows and what is said of them, as they were signed."""
    reopened_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["dataset_id", "name"]
        constraints = [
            models.UniqueConstraint(fields=["dataset", "enterprise"], name="one_sheet_of_an_enterprise"),
            models.UniqueConstraint(
                fields=["link_digest"], condition=~models.Q(link_digest=""), name="one_sheet_of_a_link"
            ),
            models.CheckConstraint(
                condition=~models.Q(stage="signed")
                | (models.Q(signed_at__isnull=False) & ~models.Q(signed_sha256="")),
                name="signed_sheet_is_bound",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("audits:firm", args=[self.pk])


class FigureNote(models.Model):
    """What is known of one figure: where it comes from, how it was got, the proof, who said so, and whether it is secret."""

    class Source(models.TextChoices):
        MEASURED = "measured", _("实测")
        ACCOUNTED = "accounted", _("核算")
        STATISTICS = "statistics", _("统计")
        PERMIT = "permit", _("排污许可执行报告")
        ENERGY = "energy", _("能源报表")
        LEDGER = "ledger", _("台账、票据")
        DESIGN = "design", _("设计资料")
        ESTIMATE = "estimate", _("估算")

    row = models.ForeignKey(DatasetRow, on_delete=models.CASCADE, related_name="notes")
    column = models.CharField(max_length=120)
    source = models.CharField(max_length=12, choices=Source.choices, blank=True)
    method = models.CharField(max_length=300, blank=True)
    evidence = models.ForeignKey(Upload, null=True, on_delete=models.PROTECT, related_name="+")
    is_secret = models.BooleanField(default=False)
    secret_reason = models.CharField(max_length=300, blank=True)
    """商业秘密: why."""
    stated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    stated_at = models.DateTimeField()

    class Meta:
        ordering = ["row_id", "column"]
        constraints = [
            models.UniqueConstraint(fields=["row", "column"], name="one_note_of_a_figure"),
            models.CheckConstraint(
                condition=models.Q(is_secret=False) | ~models.Q(secret_reason=""),
                name="secret_figure_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.row_id}.{self.column}"
