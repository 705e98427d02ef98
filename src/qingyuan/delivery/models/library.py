"""典型案例: what one pilot did that others can do, and what of it everybody may read."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.delivery.models.project import Project
from qingyuan.kernel.models import Aggregate


class Practice(Aggregate):
    """One case of the library. The working columns are for the body and its departments; everybody reads `content` alone,
    which is made when the case is handed in and holds nothing that was marked as a business secret.
    """

    class Stage(models.TextChoices):
        DRAFT = "draft", _("编写中")
        HANDED_IN = "handed_in", _("待发布")
        PUBLISHED = "published", _("已发布")
        WITHDRAWN = "withdrawn", _("已撤下")

    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.DRAFT)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="practices")
    title = models.CharField(max_length=80)
    sectors = models.JSONField(default=list)
    """Ids of catalogue.sectors."""
    pollutants = models.JSONField(default=list)
    measures = models.JSONField(default=list)
    """Ids of catalogue.experience."""
    background = models.TextField(max_length=4000, blank=True)
    done = models.TextField(max_length=8000, blank=True)
    """做法: what was done."""
    replicability = models.TextField(max_length=4000, blank=True)
    """可复制性: what others can take over."""
    conditions = models.TextField(max_length=4000, blank=True)
    """适用条件."""
    facts = models.JSONField(default=list)
    """Names of the quoted facts (delivery.facts), in their order."""
    secrets = models.JSONField(default=dict)
    """商业秘密: field (`background`, `fact:NAME`, ...) -> reason. What stands here is never shown outside."""
    office = models.CharField(max_length=60, blank=True)
    """The office of the body that answers questions; never a person."""
    phone = models.CharField(max_length=30, blank=True)
    """That office's telephone."""
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    content = models.JSONField(default=dict)
    """What becomes public, sealed when handed in."""
    content_sha256 = models.CharField(max_length=64, blank=True)
    handed_in_at = models.DateTimeField(null=True)
    returned_remark = models.CharField(max_length=1000, blank=True)
    published_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=500, blank=True)
    category_id = models.CharField(max_length=40)
    region_code = models.CharField(max_length=6, blank=True)
    search_text = models.TextField(blank=True)
    """Everything readable of `content`, for words; made when published."""

    class Meta:
        ordering = ["-written_at"]
        indexes = [
            models.Index(fields=["stage", "-published_at"], name="practice_by_publication"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(stage="draft") | ~models.Q(content_sha256=""),
                name="handed_in_practice_is_sealed",
            ),
            models.CheckConstraint(
                condition=~models.Q(stage="published") | models.Q(published_at__isnull=False),
                name="published_practice_has_its_instant",
            ),
            models.CheckConstraint(
                condition=~models.Q(stage="withdrawn")
                | (models.Q(withdrawn_at__isnull=False) & ~models.Q(withdrawn_reason="")),
                name="withdrawn_practice_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("delivery:practice", args=[self.pk])

    @property
    def public_url(self) -> str:
        from django.urls import reverse

        return reverse("delivery:published-case", args=[self.pk])

    @property
    def fields(self) -> dict[str, Any]:
        """The texts by name."""
        return {name: getattr(self, name) for name in TEXTS}


TEXTS = {
    "background": _("背景"),
    "done": _("做法"),
    "replicability": _("可复制性"),
    "conditions": _("适用条件"),
}
"""The texts of a case: name -> title."""


class PracticeTag(models.Model):
    """By what a published case is found: a sector, pollutant or measure of its public content."""

    class Kind(models.TextChoices):
        SECTOR = "sector", _("行业")
        POLLUTANT = "pollutant", _("污染物")
        MEASURE = "measure", _("措施")

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="tags")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    value = models.CharField(max_length=40)

    class Meta:
        ordering = ["kind", "value"]
        constraints = [
            models.UniqueConstraint(fields=["practice", "kind", "value"], name="a_tag_once_on_a_practice"),
        ]
        indexes = [models.Index(fields=["kind", "value"], name="practice_tag_by_value")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.value}"
