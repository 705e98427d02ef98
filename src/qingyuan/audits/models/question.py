"""核查问题: a question on one figure, its answer, and how it was settled."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.audits.models.dataset import Dataset, DatasetRow
from qingyuan.kernel.models import Aggregate
from qingyuan.registry.models import Enterprise


class FigureQuestion(Aggregate):
    """One question on one cell. Open until whoever asked accepts the answer or the corrected figure."""

    class Stage(models.TextChoices):
        OPEN = "open", _("待答复")
        ANSWERED = "answered", _("已答复待确认")
        SETTLED = "settled", _("已了结")

    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.OPEN)
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="questions")
    enterprise = models.ForeignKey(Enterprise, null=True, on_delete=models.PROTECT, related_name="+")
    """Who is asked; none: the applicant's own table."""
    row = models.ForeignKey(DatasetRow, null=True, on_delete=models.SET_NULL, related_name="questions")
    table = models.CharField(max_length=40)
    column = models.CharField(max_length=120)
    place = models.CharField(max_length=300)
    """Row and column in words, as they stood."""
    rule = models.CharField(max_length=12, blank=True)
    """Of the check that led to it; blank: asked by a person's own doubt."""
    text = models.CharField(max_length=500)
    value = models.CharField(max_length=200, blank=True)
    """The figure when it was asked."""
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=1000, blank=True)
    answered_value = models.CharField(max_length=200, blank=True)
    """The figure when it was answered."""
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-asked_at", "pk"]
        indexes = [models.Index(fields=["dataset", "stage"], name="figure_question_by_stage")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(stage="answered") | models.Q(answered_at__isnull=False),
                name="answered_question_has_its_instant",
            ),
            models.CheckConstraint(
                condition=~models.Q(stage="settled") | models.Q(settled_at__isnull=False),
                name="settled_question_has_its_instant",
            ),
        ]

    def __str__(self) -> str:
        return self.place
