"""经验总结报告: what a pilot leaves in words, chapter by chapter, with its figures quoted from the record (N12)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.delivery.models.project import Project
from qingyuan.kernel.models import Aggregate


class Summary(Aggregate):
    """The report of one project. What is handed in is sealed: the texts with the figures of that moment, and the Word file."""

    class Stage(models.TextChoices):
        WRITING = "writing", _("编写中")
        HANDED_IN = "handed_in", _("待接收")
        ACCEPTED = "accepted", _("已接收")

    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.WRITING)
    project = models.OneToOneField(Project, on_delete=models.PROTECT, related_name="summary")
    begun_at = models.DateTimeField()
    content = models.JSONField(default=dict)
    """The sealed chapters and the facts that they quote; empty while it is written."""
    content_sha256 = models.CharField(max_length=64, blank=True)
    document_sha256 = models.CharField(max_length=64, blank=True)
    """The sealed Word file."""
    handed_in_at = models.DateTimeField(null=True)
    returned_remark = models.CharField(max_length=1000, blank=True)
    accepted_at = models.DateTimeField(null=True)
    opinion = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["-begun_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(stage="writing")
                | (~models.Q(content_sha256="") & ~models.Q(document_sha256="")),
                name="handed_in_summary_is_sealed",
            ),
            models.CheckConstraint(
                condition=~models.Q(stage="accepted") | models.Q(accepted_at__isnull=False),
                name="accepted_summary_has_its_instant",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project} 经验总结报告"

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("delivery:summary", args=[self.project_id])


class SummaryChapter(models.Model):
    """The text of one heading of the outline. `revision` guards against overwriting what another wrote (409)."""

    summary = models.ForeignKey(Summary, on_delete=models.CASCADE, related_name="chapters")
    outline_id = models.CharField(max_length=40)
    html = models.TextField(blank=True)
    """Clean HTML (papers.richtext); quoted figures stand in it as empty elements."""
    words = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["summary", "outline_id"], name="one_text_of_a_summary_chapter")
        ]

    def __str__(self) -> str:
        return self.outline_id
