"""What waits for whom: sheets of an enterprise's people, answers that the applicant's staff have to settle."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.audits import blockers
from qingyuan.audits.models import Dataset, EnterpriseSheet
from qingyuan.audits.queries import sheet
from qingyuan.audits.queries.question import unsettled
from qingyuan.kernel import todos
from qingyuan.kernel.todos import ToDo
from qingyuan.people.models import Kind
from qingyuan.people.models.organisation import APPLICANTS, PREFECTURE_BUREAUS

MOST = 20


def _invited(user: Any) -> QuerySet[EnterpriseSheet] | None:
    if not user.standing.in_kinds({Kind.ENTERPRISE}):
        return None
    return sheet.own(user).filter(stage=EnterpriseSheet.Stage.INVITED)[:MOST]


def sheets_to_fill(_user: Any, invited: QuerySet[EnterpriseSheet]) -> Iterator[ToDo]:
    """For people of enterprises (one query)."""
    for one in invited:
        yield ToDo(
            _("填报审核数据：%s") % one.dataset.pilot.name,
            one.get_absolute_url(),
            None,
            _("审核数据"),
            one.name,
        )


def _answered(user: Any) -> QuerySet[Dataset] | None:
    standing = user.standing
    bodies = [body.pk for body in standing.in_kinds(APPLICANTS | PREFECTURE_BUREAUS | {Kind.SERVICE})]
    if not bodies:
        return None
    named = Dataset.objects.filter(accesses__user=user, accesses__ended_at=None) | Dataset.objects.filter(
        accesses__organisation__in=bodies, accesses__ended_at=None
    )
    return (
        Dataset.objects.filter(pk__in=named.values("pk"), questions__stage="answered")
        .filter(pilot__applicant__in=[*standing.organisation_ids, *standing.authorised])
        .annotate(answered=Count("questions"))
        .select_related("pilot")[:MOST]
    )


def answers_to_settle(_user: Any, answered: QuerySet[Any]) -> Iterator[ToDo]:
    """For people of applicants and their support units (one query)."""
    for one in answered:
        yield ToDo(
            _("确认 %(number)d 个核查答复：%(title)s") % {"number": one.answered, "title": one.title},
            reverse("audits:questions", args=[one.pk]) + "?stage=answered",
            None,
            _("审核数据"),
            one.pilot.name,
        )


blockers.register(unsettled)
todos.register(sheets_to_fill, among=_invited)
todos.register(answers_to_settle, among=_answered)
