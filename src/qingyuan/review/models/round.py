"""A round of review and its cases: the ground on which every step of the review stands."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.calls.models import Call
from qingyuan.catalogue import regions
from qingyuan.kernel import clock
from qingyuan.kernel.models import Aggregate
from qingyuan.people.models import JointBody, Organisation
from qingyuan.pilots.models import Pilot, Submission

if TYPE_CHECKING:
    from qingyuan.catalogue.notices.model import Notice
    from qingyuan.catalogue.notices.parts import Category


class Round(Aggregate):
    """The review of one call at the level of its joint body: a province's before it recommends, or the State's.

    A round of kind `acceptance` evaluates and accepts the pilots that the call's selection approved (N11), with the same
    panel, visits and joint decision: in one sitting, or in two of which each is a round (as the score sheet says).
    """

    class Kind(models.TextChoices):
        SELECTION = "selection", _("评审")
        ACCEPTANCE = "acceptance", _("评估验收")

    class Sitting(models.TextChoices):
        WHOLE = "whole", _("评估验收")
        EVALUATION = "evaluation", _("评估")
        ACCEPTANCE = "acceptance", _("验收")

    class Stage(models.TextChoices):
        PREPARING = "preparing", _("筹备中")
        REVIEWING = "reviewing", _("评审中")
        DECIDING = "deciding", _("会同决定中")
        PUBLISHED = "published", _("结果已公布")
        ARCHIVED = "archived", _("已归档")

    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.PREPARING)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.SELECTION)
    sitting = models.CharField(max_length=10, choices=Sitting.choices, blank=True)
    """Of a round of acceptance: both in one, or which of two; blank for a selection."""
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="rounds")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sheet_id = models.CharField(max_length=60, blank=True)
    """The score sheet of the catalogue by which experts assess."""
    experts_per_case = models.PositiveSmallIntegerField(default=3)
    cap_per_expert = models.PositiveSmallIntegerField(default=12)
    """The most cases that one expert is given."""
    avoids_own_region = models.BooleanField(default=True)
    """Experts of the applicant's prefecture (at the State: of its province) are not assigned to it (回避)."""
    case_last = models.PositiveIntegerField(default=0)
    """The last number given to a case; numbers have no gaps."""
    is_demo = models.BooleanField(default=False)

    class Meta:
        ordering = ["-opened_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "kind", "sitting"], name="one_round_of_a_kind_and_sitting_in_a_call"
            ),
            models.CheckConstraint(
                condition=models.Q(kind="acceptance") ^ models.Q(sitting=""),
                name="round_of_acceptance_says_its_sitting",
            ),
            models.CheckConstraint(
                condition=models.Q(experts_per_case__gte=1, experts_per_case__lte=15),
                name="round_asks_for_one_to_fifteen_experts",
            ),
            models.CheckConstraint(
                condition=models.Q(cap_per_expert__gte=1), name="round_caps_experts_at_one_or_more"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.call.title} {self.level_title}"

    @property
    def joint_body(self) -> JointBody:
        return self.call.joint_body

    @property
    def notice(self) -> Notice:
        return self.call.notice

    @property
    def level(self) -> str:
        """`province` or `state`: JointBody.Level."""
        return self.joint_body.level

    @property
    def is_state(self) -> bool:
        return self.level == JointBody.Level.STATE

    @property
    def is_acceptance(self) -> bool:
        return self.kind == self.Kind.ACCEPTANCE

    @property
    def is_evaluation(self) -> bool:
        """The first of two sittings: who passes it goes on to the second, and stands on no list yet."""
        return self.sitting == self.Sitting.EVALUATION

    @property
    def level_title(self) -> str:
        if self.is_acceptance:
            level = _("国家%s") if self.is_state else _("省级%s")
            return str(level % self.get_sitting_display())
        return str(_("国家评审") if self.is_state else _("省级评审"))


class Case(Aggregate):
    """One application under review. Everything that a review finds hangs on the case, never on the pilot itself.

    A State case of a province that uses the product points to that province's case by `origin`; one that was
    imported has neither pilot nor submission, only what its bundle said.
    """

    class Stage(models.TextChoices):
        FORM_CHECK = "form_check", _("形式校核")
        RETURNED = "returned", _("退回补充完善")
        ASSESSMENT = "assessment", _("专家评审")
        DECISION = "decision", _("待会同决定")
        RECOMMENDED = "recommended", _("予以推荐")
        APPROVED = "approved", _("同意开展")
        NOT_SELECTED = "not_selected", _("未入选")
        REJECTED = "rejected", _("形式校核未通过")
        WITHDRAWN = "withdrawn", _("已撤回申报")
        RECTIFYING = "rectifying", _("限期整改")
        EVALUATED = "evaluated", _("通过评估")
        PASSED = "passed", _("通过评估验收")
        FAILED = "failed", _("未通过评估验收")

    ASSIGNABLE = (Stage.FORM_CHECK, Stage.ASSESSMENT)
    """Experts are found and named from the form check on, until the assessment is concluded."""

    stage = models.CharField(max_length=12, choices=Stage.choices, default=Stage.FORM_CHECK)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="cases")
    pilot = models.ForeignKey(Pilot, null=True, on_delete=models.PROTECT, related_name="cases")
    submission = models.ForeignKey(Submission, null=True, on_delete=models.PROTECT, related_name="cases")
    """The sealed version under review."""
    origin = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="onward")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    applicant = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    applicant_name = models.CharField(max_length=160)
    region_code = models.CharField(max_length=6, blank=True, db_index=True)
    """Prefecture of the object, as sealed; for an imported case possibly its province only."""
    category_id = models.CharField(max_length=40)
    received_at = models.DateTimeField()
    withdrawn_reason = models.CharField(max_length=500, blank=True)
    stated = models.JSONField(default=dict)
    """For an imported case: what its row of the province's list said, column by column."""
    content = models.JSONField(default=dict)
    """In a round of acceptance: what the applicant handed in for it, as sealed (`review.handed_in`)."""
    content_sha256 = models.CharField(max_length=64, blank=True)
    rectified = models.PositiveSmallIntegerField(default=0)
    """How often a rectification that was asked for has ended."""

    class Meta:
        ordering = ["round_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="case_numbers_are_unique"),
            models.UniqueConstraint(
                fields=["round", "pilot"],
                condition=models.Q(pilot__isnull=False),
                name="one_case_of_a_pilot_in_a_round",
            ),
            models.CheckConstraint(
                condition=models.Q(pilot__isnull=True) | models.Q(submission__isnull=False),
                name="case_of_a_pilot_has_its_sealed_version",
            ),
        ]
        indexes = [models.Index(fields=["round", "stage"], name="case_by_round_and_stage")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("review:case", args=[self.pk])

    @property
    def label(self) -> str:
        """项目编号 within the round: the year of opening, then three digits."""
        return f"{clock.local(self.round.opened_at).year}-{self.number:03d}"

    @cached_property
    def category(self) -> Category:
        return self.round.notice.category(self.category_id)

    @property
    def place(self) -> str:
        """The prefecture by name; the code where the catalogue does not know it."""
        known = regions.regions().get(self.region_code)
        return known.name if known else self.region_code

    @cached_property
    def onward_bodies(self) -> frozenset[UUID]:
        """The departments whose round took this case in: they read its records, and change nothing (one query)."""
        return frozenset(
            Organisation.objects.filter(
                joint_parts__joint_body__calls__rounds__cases__origin=self
            ).values_list("pk", flat=True)
        )

    @property
    def snapshot(self) -> dict[str, Any]:
        """What was sealed, in the present schema; empty for an imported case."""
        from qingyuan.pilots.snapshot import upcast

        return upcast(self.submission.snapshot) if self.submission else {}

    @property
    def is_imported(self) -> bool:
        """Did it come on a list of a province that does not use the product? Then it has no application here."""
        return self.submission_id is None

    @property
    def is_open(self) -> bool:
        """Whether the review still works on it."""
        return self.stage in {
            self.Stage.FORM_CHECK,
            self.Stage.RETURNED,
            self.Stage.ASSESSMENT,
            self.Stage.DECISION,
            self.Stage.RECTIFYING,
        }
