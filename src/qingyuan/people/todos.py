"""What waits for whom in this room."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.kernel import clock, todos
from qingyuan.kernel.models import Mail
from qingyuan.kernel.todos import ToDo
from qingyuan.people.models import Authorisation, Expert, Role

ENDS_SOON = timedelta(days=30)


def _where(user: Any, *roles: str) -> list[Any]:
    return [pk for pk in user.standing.organisation_ids if user.standing.holds(pk, *roles)]


def _unsent_mail(user: Any) -> QuerySet[Mail] | None:
    bodies = _where(user, Role.HANDLER, Role.LEAD)
    if not bodies:
        return None
    return Mail.objects.filter(sender_id__in=bodies, stage__in=[Mail.Stage.DRAFT, Mail.Stage.FAILED])


def mail_to_release(user: Any, waiting: QuerySet[Mail]) -> Iterator[ToDo]:
    """Drafts in the name of a body wait for its handlers."""
    titles = {
        Mail.Stage.DRAFT.value: _("审发 %d 封待发邮件"),
        Mail.Stage.FAILED.value: _("处理 %d 封没有送达的邮件"),
    }
    for row in waiting.order_by().values("sender_id", "stage").annotate(count=Count("pk")):
        yield ToDo(
            title=titles[row["stage"]] % row["count"],
            url=f"{reverse('people:outbox')}?stage={row['stage']}",
            kind=_("邮件"),
            detail=user.standing.organisations[row["sender_id"]].name,
        )


def _ending_authorisations(user: Any) -> QuerySet[Authorisation] | None:
    bodies = _where(user, Role.LEAD, Role.SIGNER)
    if not bodies:
        return None
    today = clock.local(clock.now()).date()
    return Authorisation.objects.filter(
        applicant__in=bodies,
        stage=Authorisation.Stage.ACTIVE,
        valid_until__gte=today,
        valid_until__lte=today + ENDS_SOON,
    ).select_related("applicant", "service_body")


def authorisations_that_end(_user: Any, ending: QuerySet[Authorisation]) -> Iterator[ToDo]:
    """An authorisation that runs out takes the service body's hands off the pilot: the applicant hears before."""
    for one in ending:
        yield ToDo(
            title=_("对%s的授权即将到期") % one.service_body,
            url=reverse("people:organisation", args=[one.applicant_id]) + "#authorisations",
            due=datetime.combine(one.valid_until + timedelta(days=1), time(), tzinfo=clock.SHANGHAI),
            kind=_("授权"),
            detail=_("如需继续，请重新授权"),
        )


def _undeclared(user: Any) -> QuerySet[Expert] | None:
    if not user.is_expert:
        return None
    return Expert.objects.filter(user=user, stage=Expert.Stage.ACTIVE, declared_at=None)


def interests_to_declare(_user: Any, _undeclared: QuerySet[Expert]) -> Iterator[ToDo]:
    """An expert declares before any file is assigned (no query: that the row is there says all)."""
    yield ToDo(
        title=_("申报利益关系"),
        url=reverse("people:interests"),
        kind=_("专家"),
        detail=_("没有利益关系的，也请确认一次"),
    )


todos.register(mail_to_release, among=_unsent_mail)
todos.register(authorisations_that_end, among=_ending_authorisations)
todos.register(interests_to_declare, among=_undeclared)
