"""What the experts' side of a review puts into menus, on homes, on a case and on the round's page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.kernel import todos
from qingyuan.kernel.todos import ToDo
from qingyuan.people.navigation import may_be_expert
from qingyuan.review import panels, tabs
from qingyuan.review.models import Appointment, Round
from qingyuan.review.queries import experts as queries
from qingyuan.review.queries import ground as rounds
from qingyuan.review.rules import ground
from qingyuan.ui import navigation


def _unanswered_or_undeclared(user: Any) -> QuerySet[Appointment] | None:
    if not user.is_expert:
        return None
    return Appointment.objects.filter(
        Q(stage=Appointment.Stage.INVITED) | Q(stage=Appointment.Stage.ACCEPTED, declared_at=None),
        expert__user=user,
        round__stage__in=[Round.Stage.PREPARING, Round.Stage.REVIEWING],
    ).select_related("round__call")


def waits_for_the_expert(_user: Any, mine: QuerySet[Appointment]) -> Iterator[ToDo]:
    """Invitations to answer and declarations to make; the tasks themselves are told by the assessment."""
    for one in mine:
        if one.stage == Appointment.Stage.INVITED:
            title, due = _("答复评审聘请：%s") % one.round.call.title, one.reply_due_at
        else:
            title, due = _("申报本轮利益关系：%s") % one.round.call.title, None
        yield ToDo(title, one.get_absolute_url(), due, _("评审"))


def _under_review(user: Any) -> QuerySet[Round] | None:
    return rounds.at(user, Round.Stage.REVIEWING) if ground.is_officer(user) else None


def cases_without_experts(user: Any, under_review: QuerySet[Round]) -> Iterator[ToDo]:
    """The host hears when somebody has stood back and nobody stepped in (two queries, and one a round)."""
    for round_ in under_review:
        if ground.handles_round.test(user, round_) and (short := queries.short_of_experts(round_)):
            yield ToDo(
                _("%d 个项目的评审专家不足") % short,
                reverse("review:experts", args=[round_.pk]),
                None,
                _("评审"),
                round_.call.title,
            )


def door(user: Any, round_: Round) -> panels.Panel | None:
    if not ground.sees_round.test(user, round_):
        return None
    asked = Appointment.objects.filter(round=round_)
    accepted = asked.filter(stage=Appointment.Stage.ACCEPTED).count()
    return panels.Panel(
        title=_("评审专家"),
        url=reverse("review:experts", args=[round_.pk]),
        state=_("%d 位已接受") % accepted,
        icon="school",
        order=20,
    )


todos.register(waits_for_the_expert, among=_unanswered_or_undeclared)
todos.register(cases_without_experts, among=_under_review)
panels.register(door)
tabs.register(
    tabs.Tab(
        "experts", gettext_lazy("专家"), "review:case-experts", ground.sees_case_as_officer.test, order=30
    )
)
navigation.register(
    navigation.Item(
        gettext_lazy("我的评审"),
        "review:my",
        "clipboard-check",
        visible=may_be_expert,
        group=gettext_lazy("评审"),
        order=61,
    )
)
