"""What the process asks of whom: statutory days of the enterprises, reports to write and to read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.delivery.models import ProgressReport, Project
from qingyuan.delivery.queries import process as queries
from qingyuan.delivery.queries import report as reports
from qingyuan.kernel import clock, todos
from qingyuan.kernel.todos import ToDo
from qingyuan.people.models import Role
from qingyuan.people.models.organisation import APPLICANTS, AUTHORITIES


def handled(user: Any) -> QuerySet[Project] | None:
    """Pilots under way that this person handles."""
    if not user.standing.in_kinds(APPLICANTS):
        return None
    mine = [pk for pk in user.standing.organisation_ids if user.standing.holds(pk, Role.HANDLER, Role.LEAD)]
    if not mine:
        return None
    found = Project.objects.filter(applicant__in=mine, stage=Project.Stage.RUNNING)
    return found.select_related("applicant", "pilot__call")


def end_of(day: Any) -> datetime:
    """The last instant of a day in Asia/Shanghai, for sorting by deadline."""
    return datetime.combine(day, time.max, tzinfo=clock.SHANGHAI)


def statutory_days(_user: Any, projects: QuerySet[Project]) -> Iterator[ToDo]:
    """One to-do a pilot: the enterprises whose statutory day has passed or is near, the nearest day."""
    urgent = queries.urgent(projects, on=queries.today())
    for project in projects:
        if (found := urgent.get(project.pk)) is None:
            continue
        state = "overdue" if found.late else "soon"
        yield ToDo(
            _("督促企业按期审核：%s") % project.title,
            f"{reverse('delivery:process', args=[project.pk])}?state={state}",
            end_of(found.first),
            _("实施"),
            _("法定期限已过 %(late)d 家，即将到期 %(soon)d 家") % {"late": found.late, "soon": found.soon},
        )


def reports_to_write(_user: Any, projects: QuerySet[Project]) -> Iterator[ToDo]:
    """Of each pilot the oldest report that is due or went back (two queries beside the pilots)."""
    day = queries.today()
    for project, slots in zip(projects, reports.calendars(projects).values(), strict=True):
        wanted = [slot for slot in slots if slot.state(day) in {"due", "late", "returned"}]
        if not wanted:
            continue
        slot = wanted[0]
        said = {"title": project.title, "period": slot.period.title}
        titles = {
            "due": _("报送进展报告：%(title)s，%(period)s"),
            "late": _("进展报告逾期未报：%(title)s，%(period)s"),
            "returned": _("进展报告退回补充：%(title)s，%(period)s"),
        }
        url = (
            slot.report.get_absolute_url() if slot.report else reverse("delivery:reports", args=[project.pk])
        )
        yield ToDo(titles[slot.state(day)] % said, url, end_of(slot.period.due), _("实施"))


def _handed_in(user: Any) -> QuerySet[ProgressReport] | None:
    if not user.standing.in_kinds(AUTHORITIES):
        return None
    waiting = ProgressReport.objects.filter(
        stage=ProgressReport.Stage.HANDED_IN, project__in=reports.supervised(user)
    )
    return waiting.select_related("project").defer("content").order_by("due")


def reports_to_read(_user: Any, handed_in: QuerySet[ProgressReport]) -> Iterator[ToDo]:
    """Reports that wait for the host of their call (one query)."""
    for report in handed_in:
        said = {"title": report.project.title, "period": report.period.title}
        yield ToDo(
            _("审阅进展报告：%(title)s，%(period)s") % said, report.get_absolute_url(), None, _("实施")
        )


todos.register(statutory_days, among=handled)
todos.register(reports_to_write, among=handled)
todos.register(reports_to_read, among=_handed_in)
