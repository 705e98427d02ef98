"""Random draws of a round: experts (随机抽取) and sites (随机抽查), by commitment and reveal."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.kernel import clock
from qingyuan.kernel.draws import SECOND_BODY
from qingyuan.kernel.models import Aggregate
from qingyuan.review.models.round import Case, Round


class Draw(Aggregate):
    """One draw. Its terms never change; what is known of the secrets before they are revealed are hashes."""

    class Stage(models.TextChoices):
        ANNOUNCED = "announced", _("待会签单位承诺")
        COMMITTED = "committed", _("待揭示公开值")
        REVEALED = "revealed", _("待主办单位揭示")
        DRAWN = "drawn", _("已抽取")
        VOID = "void", _("已作废")

    class Kind(models.TextChoices):
        EXPERTS = "experts", _("抽取专家")
        SITES = "sites", _("抽取现场")

    class Party(models.TextChoices):
        ORGANISER = "organiser", _("主办单位未揭示")
        SECOND = "second", _("会签单位未承诺或未揭示")
        OTHER = "other", _("其他原因")

    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.ANNOUNCED)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="draws")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="draws")
    """The case for which experts are drawn; empty: for the whole round."""
    attempt = models.PositiveSmallIntegerField()
    """Counts the draws of this kind in the round (of experts for a case: for that case), void ones included."""
    reason = models.CharField(max_length=300, blank=True)
    """Why there is a draw again; empty for the first."""
    terms = models.JSONField()
    terms_sha256 = models.CharField(max_length=64)
    organiser_commitment = models.CharField(max_length=64)
    second_commitment = models.CharField(max_length=64, blank=True)
    public_at = models.DateTimeField()
    """Before this instant nobody may know the public value."""
    reveal_by = models.DateTimeField()
    """From this instant on, a draw that is not done can only be void."""
    supervisor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    supervisor_body = models.CharField(max_length=120)
    supervisor_role = models.CharField(max_length=60)
    supervised_at = models.DateTimeField(null=True)
    public_value = models.CharField(max_length=200, blank=True)
    organiser_secret = models.CharField(max_length=64, blank=True)
    seed = models.CharField(max_length=64, blank=True)
    outcome = models.JSONField(null=True)
    announced_at = models.DateTimeField()
    announced_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField(null=True)
    void_party = models.CharField(max_length=10, choices=Party.choices, blank=True)
    void_reason = models.CharField(max_length=300, blank=True)
    is_demo = models.BooleanField(default=False)

    class Meta:
        ordering = ["round_id", "kind", "attempt"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "kind", "attempt"],
                condition=models.Q(case__isnull=True),
                name="draws_of_a_round_are_counted",
            ),
            models.UniqueConstraint(
                fields=["case", "kind", "attempt"],
                condition=models.Q(case__isnull=False),
                name="draws_for_a_case_are_counted",
            ),
            models.CheckConstraint(
                condition=models.Q(case__isnull=True) | models.Q(kind="experts"),
                name="only_experts_are_drawn_for_a_case",
            ),
            models.CheckConstraint(
                condition=models.Q(reveal_by__gt=models.F("public_at")),
                name="draw_is_revealed_after_the_value",
            ),
            models.CheckConstraint(
                condition=~models.Q(stage="drawn") | models.Q(outcome__isnull=False),
                name="drawn_has_an_outcome",
            ),
            models.CheckConstraint(
                condition=~models.Q(stage="void") | (~models.Q(void_reason="") & ~models.Q(void_party="")),
                name="void_draw_says_why",
            ),
        ]

    def __str__(self) -> str:
        label = f"{self.case_label}，" if self.case_label else ""
        return f"{self.get_kind_display()}（{label}{_('第 %d 次') % self.attempt}）"

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("review:draw", args=[self.pk])

    @property
    def has_second(self) -> bool:
        """Does the public value come from a second body's secret? (Else from outside.)"""
        return bool(self.terms["public_value"]["kind"] == SECOND_BODY)

    @property
    def case_label(self) -> str:
        """The number of the case for which experts are drawn, as the terms name it; empty: for the whole round."""
        return str(self.terms["more"].get("case", ""))

    @property
    def is_overdue(self) -> bool:
        return self.stage not in {self.Stage.DRAWN, self.Stage.VOID} and clock.now() >= self.reveal_by

    @property
    def is_public(self) -> bool:
        """Together with the results of the round, and nobody has to press anything for it."""
        return self.round.stage in {Round.Stage.PUBLISHED, Round.Stage.ARCHIVED}

    @property
    def selected(self) -> list[str]:
        """Codes of who was drawn, in the order of the draw."""
        return self._codes("selected")

    @property
    def reserves(self) -> list[str]:
        return self._codes("reserves")

    def _codes(self, part: str) -> list[str]:
        found: dict[str, Any] = self.outcome or {}
        return list(found.get(part, []))
