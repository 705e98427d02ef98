"""公示: what the departments agreed on lies open for a time before it takes effect, where the call asks for that."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.kernel.models import Aggregate, Upload
from qingyuan.review.models.decision import Decision
from qingyuan.review.models.round import Case


class Publicity(Aggregate):
    """One period for one agreed content. A decision that is changed afterwards needs a period of its own."""

    class Stage(models.TextChoices):
        OPEN = "open", _("公示中")
        CLOSED = "closed", _("公示结束")
        STOPPED = "stopped", _("公示终止")

    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.OPEN)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="publicities")
    content_sha256 = models.CharField(max_length=64)
    """Of the decision's content that lies open."""
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    """The first instant after the period: an objection at this very instant is too late."""
    contact = models.CharField(max_length=300)
    """Where objections are sent on paper: an office, never a person's own number."""
    answer_days = models.PositiveSmallIntegerField()
    """Within how many days an objection is answered, counted from its receipt."""
    ended_at = models.DateTimeField(null=True)
    """When it was closed or stopped."""
    stopped_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-starts_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["decision"],
                condition=~models.Q(stage="stopped"),
                name="one_standing_publicity_of_a_decision",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="publicity_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=models.Q(stage="open", ended_at__isnull=True)
                | (~models.Q(stage="open") & models.Q(ended_at__isnull=False)),
                name="ended_publicity_has_its_instant",
            ),
            models.CheckConstraint(
                condition=~models.Q(stage="closed") | models.Q(ended_at__gte=models.F("ends_at")),
                name="publicity_closes_after_its_period",
            ),
            models.CheckConstraint(
                condition=~models.Q(stage="stopped") | ~models.Q(stopped_reason=""),
                name="stopped_publicity_says_why",
            ),
            models.CheckConstraint(
                condition=models.Q(answer_days__gte=1, answer_days__lte=60),
                name="publicity_answers_within_one_to_sixty_days",
            ),
        ]

    def __str__(self) -> str:
        if self.decision.round.is_acceptance:
            return f"{self.decision.round.notice.programme} {_('拟通过评估验收项目公示')}"
        word = _("拟同意开展项目公示") if self.decision.round.is_state else _("拟推荐项目公示")
        return f"{self.decision.round.notice.programme} {word}"

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("review:publicity", args=[self.pk])

    def get_public_url(self) -> str:
        from django.urls import reverse

        return reverse("review:public-publicity", args=[self.pk])

    @property
    def answers_within(self) -> timedelta:
        return timedelta(days=self.answer_days)


class Objection(Aggregate):
    """异议. Who objected is known to the host's handlers only: neither the ledger nor the public nor mails name them."""

    class Stage(models.TextChoices):
        REGISTERED = "registered", _("待办理")
        SETTLED = "settled", _("已办结")

    class Channel(models.TextChoices):
        WEB = "web", _("公示页面")
        LETTER = "letter", _("来信")
        VISIT = "visit", _("当面递交")
        OTHER = "other", _("其他")

    class Outcome(models.TextChoices):
        UPHELD = "upheld", _("异议成立，须改变结论")
        NOTED = "noted", _("意见采纳，结论不变")
        DISMISSED = "dismissed", _("异议不成立")
        WITHDRAWN = "withdrawn", _("异议人撤回")

    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.REGISTERED)
    publicity = models.ForeignKey(Publicity, on_delete=models.PROTECT, related_name="objections")
    number = models.PositiveIntegerField()
    """Within the publicity; no gaps."""
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="objections")
    """The project it is about; none for an objection to the whole."""
    channel = models.CharField(max_length=10, choices=Channel.choices)
    objector = models.CharField(max_length=120)
    objector_contact = models.CharField(max_length=200)
    text = models.TextField(max_length=5000)
    upload = models.ForeignKey(Upload, null=True, on_delete=models.PROTECT, related_name="+")
    """The letter, where it came on paper."""
    code = models.CharField(max_length=40, unique=True)
    """查询码: whoever holds it reads how the objection was settled. Never in the ledger."""
    received_at = models.DateTimeField()
    due_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    answer = models.TextField(max_length=5000, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["publicity", "number"], name="objection_numbers_are_unique"),
            models.CheckConstraint(
                condition=models.Q(stage="registered", outcome="", settled_at__isnull=True)
                | (
                    models.Q(stage="settled", settled_at__isnull=False, settled_by__isnull=False)
                    & ~models.Q(outcome="")
                    & ~models.Q(answer="")
                ),
                name="settled_objection_has_its_answer",
            ),
        ]

    def __str__(self) -> str:
        return f"{_('异议')} {self.number:03d}"

    def get_absolute_url(self) -> str:
        return self.publicity.get_absolute_url()
