"""What waits for whom: schemes whose day has come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qingyuan.audits.models.scheme import Scheme
from qingyuan.kernel import clock, todos
from qingyuan.kernel.todos import ToDo
from qingyuan.people.models import Authorisation, Role
from qingyuan.pilots.models import Pilot

SOON = timedelta(days=14)


def kept_applicants(user: Any) -> list[UUID]:
    """The bodies whose schemes this person keeps (no query)."""
    standing = user.standing
    mine = [pk for pk in standing.organisation_ids if standing.holds(pk, Role.HANDLER, Role.LEAD)]
    return [*mine, *(pk for pk, scopes in standing.authorised.items() if Authorisation.Scope.DRAFT in scopes)]


def _with_schemes_due(user: Any) -> QuerySet[Pilot] | None:
    mine = kept_applicants(user)
    if not mine:
        return None
    limit = clock.local(clock.now()).date() + SOON
    waiting = Q(schemes__stage__in=[Scheme.Stage.CONFIRMED, Scheme.Stage.RUNNING], schemes__due_on__lte=limit)
    return (
        Pilot.objects.filter(applicant__in=mine)
        .exclude(stage=Pilot.Stage.WITHDRAWN)
        .annotate(due=Count("schemes", filter=waiting), first=Min("schemes__due_on", filter=waiting))
        .filter(due__gt=0)
    )


def schemes_due(_user: Any, pilots: QuerySet[Any]) -> Iterator[ToDo]:
    """Pilots with schemes that are late or nearly so, for who keeps schemes (one query)."""
    for pilot in pilots:
        day = datetime.combine(pilot.first, time(23, 59), tzinfo=clock.local(clock.now()).tzinfo)
        yield ToDo(
            _("方案到期：%s") % pilot.name,
            reverse("audits:schemes", args=[pilot.pk]),
            day,
            _("实施"),
            ngettext("%d 个方案", "%d 个方案", pilot.due) % pilot.due,
        )


todos.register(schemes_due, among=_with_schemes_due)
