"""征求意见: what another body is asked about a case, and what it answered."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.kernel import clock
from qingyuan.kernel.models import Aggregate, Upload
from qingyuan.people.models import Organisation
from qingyuan.review.models.round import Case


class Consultation(Aggregate):
    """One question to one body. The body sees the question and the files that it names, nothing else of the review."""

    class Stage(models.TextChoices):
        SENT = "sent", _("待答复")
        ANSWERED = "answered", _("已答复")
        DECLINED = "declined", _("不予答复")
        WITHDRAWN = "withdrawn", _("已撤回")

    class Word(models.TextChoices):
        AGREES = "agrees", _("无不同意见")
        REMARKS = "remarks", _("有意见建议")
        OPPOSES = "opposes", _("不同意")

    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.SENT)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="consultations")
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="consultations"
    )
    """A body of the register, which answers here itself; None: a body without account, whose letter the host files."""
    body_name = models.CharField(max_length=120)
    question = models.CharField(max_length=2000)
    files = models.JSONField(default=list)
    """What was shown with the question: title, name, sha256, size of sealed files."""
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    """The last day on which an answer is in time."""
    word = models.CharField(max_length=10, choices=Word.choices, blank=True)
    answer = models.CharField(max_length=4000, blank=True)
    """The opinion; of a declined or withdrawn one the reason."""
    upload = models.ForeignKey(Upload, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(stage="sent", closed_at__isnull=True)
                | (~models.Q(stage="sent") & models.Q(closed_at__isnull=False)),
                name="closed_consultation_has_its_instant",
            ),
            models.CheckConstraint(
                condition=(models.Q(stage="answered") & ~models.Q(word=""))
                | (~models.Q(stage="answered") & models.Q(word="")),
                name="answered_consultation_has_its_word",
            ),
        ]

    def __str__(self) -> str:
        return self.body_name

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("review:consultation", args=[self.pk])

    @property
    def due_at(self) -> datetime:
        """The first instant that is too late: midnight after the day, Asia/Shanghai."""
        return datetime.combine(self.due_on + timedelta(days=1), time.min, tzinfo=clock.SHANGHAI)

    @property
    def is_late(self) -> bool:
        """Answered after its day, or still without an answer then?"""
        if self.stage in {self.Stage.DECLINED, self.Stage.WITHDRAWN}:
            return False
        return (self.closed_at or clock.now()) >= self.due_at
