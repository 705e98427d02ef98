"""What each expert of a case finds, what the panel says to each other, and what its chair makes of it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.catalogue.scoresheets import scoresheets
from qingyuan.kernel.models import Aggregate
from qingyuan.review.models.experts import Assignment
from qingyuan.review.models.round import Case, Round

if TYPE_CHECKING:
    from qingyuan.catalogue.scoresheets import ScoreSheet


class Assessment(Aggregate):
    """One expert's score sheet on one case: a draft that saves itself, then sealed.

    `scores` {dimension: score}, `comments` {dimension: text}, `evidence` {dimension: [place]}, `criteria`
    {criterion: level}. Nobody else reads any of it before it is submitted.
    """

    class Stage(models.TextChoices):
        DRAFT = "draft", _("评分中")
        SUBMITTED = "submitted", _("已提交")

    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.DRAFT)
    assignment = models.OneToOneField(Assignment, on_delete=models.PROTECT, related_name="assessment")
    sheet_id = models.CharField(max_length=60)
    scores = models.JSONField(default=dict)
    comments = models.JSONField(default=dict)
    evidence = models.JSONField(default=dict)
    criteria = models.JSONField(default=dict)
    confidence = models.CharField(max_length=20, blank=True)
    overall = models.CharField(max_length=20, blank=True)
    opinion = models.TextField(blank=True)
    draft_revision = models.PositiveIntegerField(default=0)
    """Grows with every save of the draft; who saves on top of an older one is told (409)."""
    saved_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    """Of the sealed content, as the ledger has it; empty while it is a draft."""

    class Meta:
        ordering = ["opened_at"]
        constraints = [
            models.CheckConstraint(
                condition=(models.Q(stage="draft", submitted_at__isnull=True, sha256=""))
                | (models.Q(stage="submitted", submitted_at__isnull=False) & ~models.Q(sha256="")),
                name="assessment_is_sealed_when_submitted",
            )
        ]

    def __str__(self) -> str:
        return str(self.assignment.case)

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("review:assess", args=[self.assignment_id])

    @cached_property
    def sheet(self) -> ScoreSheet:
        return scoresheets()[self.sheet_id]

    @property
    def case(self) -> Case:
        return self.assignment.case

    @property
    def code(self) -> str:
        """The expert as a code: members of a panel and papers never need the name."""
        return self.assignment.appointment.expert.code


class SealedAssessment(models.Model):
    """What was sealed, word for word; a reopened sheet adds the next number and takes nothing away."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="seals")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    """With a random salt: few possible scores must not be found from the public hash by trying all."""
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "number"], name="seals_of_an_assessment_are_numbered"
            )
        ]

    def __str__(self) -> str:
        return self.sha256


class PanelPost(models.Model):
    """A word in the panel's discussion, of those who have submitted."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="panel_posts")
    author = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="posts")
    answers = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="replies")
    text = models.TextField()
    at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.text[:40]


class PanelPostEdit(models.Model):
    """What a post said before it was edited."""

    post = models.ForeignKey(PanelPost, on_delete=models.PROTECT, related_name="edits")
    text = models.TextField()
    until = models.DateTimeField()

    class Meta:
        ordering = ["until", "pk"]

    def __str__(self) -> str:
        return self.text[:40]


class PanelSummary(Aggregate):
    """The panel's opinion on a case, written by its chair (组长) once all members have submitted."""

    class Stage(models.TextChoices):
        NAMED = "named", _("组长已指定")
        SUBMITTED = "submitted", _("组长意见已提交")

    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.NAMED)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="panel_summary")
    chair = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="chaired")
    overall = models.CharField(max_length=20, blank=True)
    text = models.TextField(blank=True)
    submitted_at = models.DateTimeField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return str(self.case)

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("review:panel", args=[self.case_id])


class ScoreRelease(models.Model):
    """启封评分: the moment from which the departments read the scores of a round."""

    round = models.OneToOneField(Round, on_delete=models.PROTECT, related_name="score_release")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500, blank=True)
    """Why although some had not submitted; empty where all had."""

    def __str__(self) -> str:
        return str(self.round)
