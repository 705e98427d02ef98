"""What waits for whom at the end of a pilot."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.delivery.queries import acceptance as queries
from qingyuan.kernel import clock, todos
from qingyuan.kernel.permission import is_signed_in
from qingyuan.kernel.todos import ToDo
from qingyuan.people.models.organisation import APPLICANTS, AUTHORITIES


def results_to_record(user: Any) -> Iterator[ToDo]:
    """Pilots past their term on which the State decides outside the product (one query for departments)."""
    if not is_signed_in.test(user) or not user.standing.in_kinds(AUTHORITIES):
        return
    for project in queries.to_record(user):
        yield ToDo(
            _("登记评估验收结果：%s") % project.title,
            reverse("delivery:conclude", args=[project.pk]),
            None,
            _("实施"),
            _("期限已到；国家公布结果后登记"),
        )


def at_the_applicant(user: Any) -> Iterator[ToDo]:
    """Pilots past their term that are not handed in, and rectifications to answer (two queries for applicants)."""
    if not is_signed_in.test(user) or not user.standing.in_kinds(APPLICANTS):
        return
    for project in queries.to_hand_in(user):
        yield ToDo(
            _("提交验收材料：%s") % project.title,
            reverse("delivery:hand-in", args=[project.pk]),
            None,
            _("实施"),
            _("实施期限已到"),
        )
    for one in queries.rectifications_of(user):
        yield ToDo(
            _("整改：%s") % one.project.title,
            one.get_absolute_url(),
            _end_of(one.due_on),
            _("实施"),
            _("第 %d 次整改") % one.number,
        )


def at_the_organiser(user: Any) -> Iterator[ToDo]:
    """Filings to take in, rectifications to verify (two queries for departments)."""
    if not is_signed_in.test(user) or not user.standing.in_kinds(AUTHORITIES):
        return
    for filing in queries.filings_waiting(user):
        yield ToDo(
            _("接收验收材料：%s") % filing.project.title,
            reverse("delivery:filing", args=[filing.pk]),
            None,
            _("实施"),
        )
    for one in queries.rectifications_to_verify(user):
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


todos.register(results_to_record)
todos.register(at_the_applicant)
todos.register(at_the_organiser)
