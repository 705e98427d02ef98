"""Where the assessment shows up elsewhere: a case's tab, a round's door, and what waits for whom."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.kernel import todos
from qingyuan.kernel.todos import ToDo
from qingyuan.review import panels, tabs
from qingyuan.review.models import Assignment, Case, PanelSummary, Round
from qingyuan.review.queries import panel as queries
from qingyuan.review.rules import assessment as rules
from qingyuan.review.rules import ground

tabs.register(
    tabs.Tab(
        "assessment", gettext_lazy("专家评审"), "review:panel", ground.sees_case_as_officer.test, order=40
    )
)


def ranking_door(user: Any, round_: Round) -> panels.Panel | None:
    """The ranking, with how many reviews are still to come (one query)."""
    if round_.stage == Round.Stage.PREPARING or not ground.sees_round.test(user, round_):
        return None
    waiting = queries.waiting_count(round_)
    state = _("还有 %d 份评分未提交") % waiting if waiting else _("没有未提交的评分")
    return panels.Panel(
        title=_("评分汇总"),
        url=reverse("review:ranking", args=[round_.pk]),
        state=state,
        icon="stars",
        order=50,
    )


panels.register(ranking_door)


def _unsubmitted(user: Any) -> QuerySet[Assignment] | None:
    if not user.is_expert:
        return None
    return (
        Assignment.objects.filter(
            appointment__expert__user=user,
            case__stage=Case.Stage.ASSESSMENT,
            is_reserve=False,
            stage__in=[Assignment.Stage.ASSIGNED, Assignment.Stage.STARTED],
        )
        .select_related("case__round__call__joint_body", "appointment__expert")
        .order_by("due_at")
    )


def sheets_to_fill(user: Any, unsubmitted: QuerySet[Assignment]) -> Iterator[ToDo]:
    """The expert's own sheets that are not submitted (one query and the gate)."""
    for one in unsubmitted:
        if rules.assesses.test(user, one):
            yield ToDo(
                _("评分：%s") % one.case.title, reverse("review:assess", args=[one.pk]), one.due_at, _("评审")
            )


def _owed(user: Any) -> QuerySet[PanelSummary] | None:
    if not user.is_expert:
        return None
    return PanelSummary.objects.filter(
        chair__appointment__expert__user=user,
        stage=PanelSummary.Stage.NAMED,
        case__stage=Case.Stage.ASSESSMENT,
    ).select_related("case__round__call__joint_body", "chair__appointment__expert", "chair__case")


def opinions_to_write(user: Any, owed: QuerySet[PanelSummary]) -> Iterator[ToDo]:
    """Opinions that a chair owes, once all have scored (one query, one a case and the gate)."""
    for summary in owed:
        if not queries.waiting_on(summary.case) and rules.chairs.test(user, summary):
            yield ToDo(
                _("写专家组意见：%s") % summary.case.title,
                reverse("review:panel-summary", args=[summary.pk]),
                None,
                _("评审"),
            )


todos.register(sheets_to_fill, among=_unsubmitted)
todos.register(opinions_to_write, among=_owed)
