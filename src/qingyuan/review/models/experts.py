"""Experts of a round: the appointment with its promises, the declaration before any file, the work assigned."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.kernel.models import Aggregate
from qingyuan.people.models import Expert, Interest
from qingyuan.review.models.round import Case, Round


class Appointment(Aggregate):
    """An expert is asked for a round, accepts or declines, and promises secrecy, integrity and avoidance."""

    class Stage(models.TextChoices):
        INVITED = "invited", _("已邀请")
        ACCEPTED = "accepted", _("已接受")
        DECLINED = "declined", _("已谢绝")
        RELEASED = "released", _("已解除")

    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.INVITED)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="appointments")
    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="appointments")
    is_reserve = models.BooleanField(default=False)
    """候补专家: gets no work of the automatic assignment, steps in where another one leaves."""
    invited_at = models.DateTimeField()
    reply_due_at = models.DateTimeField()
    replied_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    """Why declined or released; not in the ledger."""
    promises_id = models.CharField(max_length=40, blank=True)
    promises_sha256 = models.CharField(max_length=64, blank=True)
    """Hash of the texts that were promised, see catalogue.promises."""
    declared_at = models.DateTimeField(null=True)
    """When the interests were declared for this round: the gate before any file."""

    class Meta:
        ordering = ["round_id", "expert_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "expert"], name="one_appointment_of_an_expert_in_a_round"
            ),
            models.CheckConstraint(
                condition=~models.Q(stage="accepted")
                | (~models.Q(promises_sha256="") & models.Q(replied_at__isnull=False)),
                name="accepted_appointment_has_its_promises",
            ),
        ]

    def __str__(self) -> str:
        return str(_("评审聘请"))

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("review:appointment", args=[self.pk])

    @property
    def is_ready(self) -> bool:
        """Accepted, promised and declared: may be given work and see it."""
        return self.stage == self.Stage.ACCEPTED and self.declared_at is not None


class DeclaredInterest(models.Model):
    """A relation to a party of this round, declared by the expert for this round."""

    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="declared")
    body_name = models.CharField(max_length=160)
    relation = models.CharField(max_length=12, choices=Interest.Relation.choices)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["appointment", "body_name", "relation"], name="a_relation_is_declared_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.body_name} {self.get_relation_display()}"


class Assignment(Aggregate):
    """One case given to one appointed expert. Its end other than by submission is 回避 or replacement, never removal."""

    class Stage(models.TextChoices):
        ASSIGNED = "assigned", _("已分派")
        STARTED = "started", _("评审中")
        SUBMITTED = "submitted", _("已提交")
        RECUSED = "recused", _("已回避")
        REPLACED = "replaced", _("已更换")

    ENDED = (Stage.RECUSED, Stage.REPLACED)

    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.ASSIGNED)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="assignments")
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="assignments")
    is_reserve = models.BooleanField(default=False)
    """候补: named for this case, sees nothing of it until stepping in."""
    due_at = models.DateTimeField()
    assigned_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    """Why recused or replaced; not in the ledger."""
    follows = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="followed_by")
    """The assignment in whose place this one stands."""

    class Meta:
        ordering = ["case_id", "is_reserve", "assigned_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "appointment"],
                condition=~models.Q(stage__in=["recused", "replaced"]),
                name="one_standing_assignment_of_an_expert_to_a_case",
            ),
            models.CheckConstraint(
                condition=models.Q(is_reserve=False)
                | models.Q(stage__in=["assigned", "recused", "replaced"]),
                name="reserves_do_not_work",
            ),
        ]
        indexes = [models.Index(fields=["appointment", "stage"], name="assignment_by_expert_and_stage")]

    def __str__(self) -> str:
        return str(self.case)

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("review:assignment", args=[self.pk])

    @property
    def is_standing(self) -> bool:
        return self.stage not in self.ENDED

    @classmethod
    def standing(cls) -> Any:
        """The assignments that hold, reserves among them."""
        return cls.objects.exclude(stage__in=cls.ENDED)
