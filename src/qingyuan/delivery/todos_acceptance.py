"""What waits for whom at the end of a pilot."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.delivery.models import AcceptanceFiling, Project, Rectification
from qingyuan.delivery.queries import acceptance as queries
from qingyuan.kernel import clock, todos
from qingyuan.kernel.todos import ToDo
from qingyuan.people.models.organisation import APPLICANTS, AUTHORITIES


def _without_result(user: Any) -> QuerySet[Project] | None:
    return queries.to_record(user) if user.standing.in_kinds(AUTHORITIES) else None


def results_to_record(_user: Any, without_result: QuerySet[Project]) -> Iterator[ToDo]:
    """Pilots past their term on which the State decides outside the product, for departments (one query)."""
    for project in without_result:
        yield ToDo(
            _("登记评估验收结果：%s") % project.title,
            reverse("delivery:conclude", args=[project.pk]),
            None,
            _("实施"),
            _("期限已到；国家公布结果后登记"),
        )


def _not_handed_in(user: Any) -> QuerySet[Project] | None:
    return queries.to_hand_in(user) if user.standing.in_kinds(APPLICANTS) else None


def pilots_to_hand_in(_user: Any, not_handed_in: QuerySet[Project]) -> Iterator[ToDo]:
    """Pilots past their term that are not handed in, for applicants (one query)."""
    for project in not_handed_in:
        yield ToDo(
            _("提交验收材料：%s") % project.title,
            reverse("delivery:hand-in", args=[project.pk]),
            None,
            _("实施"),
            _("实施期限已到"),
        )


def _to_mend(user: Any) -> QuerySet[Rectification] | None:
    return queries.rectifications_of(user) if user.standing.in_kinds(APPLICANTS) else None


def rectifications_to_answer(_user: Any, asked: QuerySet[Rectification]) -> Iterator[ToDo]:
    """For applicants (one query)."""
    for one in asked:
        yield ToDo(
            _("整改：%s") % one.project.title,
            one.get_absolute_url(),
            _end_of(one.due_on),
            _("实施"),
            _("第 %d 次整改") % one.number,
        )


def _not_taken_in(user: Any) -> QuerySet[AcceptanceFiling] | None:
    return queries.filings_waiting(user) if user.standing.in_kinds(AUTHORITIES) else None


def filings_to_take_in(_user: Any, filings: QuerySet[AcceptanceFiling]) -> Iterator[ToDo]:
    """For departments (one query)."""
    for filing in filings:
        yield ToDo(
            _("接收验收材料：%s") % filing.project.title,
            reverse("delivery:filing", args=[filing.pk]),
            None,
            _("实施"),
        )


def _to_verify(user: Any) -> QuerySet[Rectification] | None:
    return queries.rectifications_to_verify(user) if user.standing.in_kinds(AUTHORITIES) else None


def rectifications_to_verify(_user: Any, answered: QuerySet[Rectification]) -> Iterator[ToDo]:
    """For departments (one query)."""
    for one in answered:
        yield ToDo(
            _("核实整改：%s") % one.project.title,
            one.get_absolute_url(),
            None,
            _("实施"),
            str(one.get_stage_display()),
        )


def _end_of(day: date) -> datetime:
    """The first instant after the day, Asia/Shanghai."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=clock.SHANGHAI)


todos.register(results_to_record, among=_without_result)
todos.register(pilots_to_hand_in, among=_not_handed_in)
todos.register(rectifications_to_answer, among=_to_mend)
todos.register(filings_to_take_in, among=_not_taken_in)
todos.register(rectifications_to_verify, among=_to_verify)
