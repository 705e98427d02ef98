"""What waits for whom in this room."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.kernel import clock, todos
from qingyuan.kernel.models import Mail
from qingyuan.kernel.todos import ToDo
from qingyuan.people.models import Authorisation, Expert, Role

ENDS_SOON = timedelta(days=30)


def _where(user: Any, *roles: str) -> list[Any]:
    return [pk for pk in user.standing.organisation_ids if user.standing.holds(pk, *roles)]


def mail_to_release(user: Any) -> Iterator[ToDo]:
    """Drafts in the name of a body wait for its handlers."""
    bodies = _where(user, Role.HANDLER, Role.LEAD)
    if not bodies:
        return
    titles = {
        Mail.Stage.DRAFT.value: _("审发 %d 封待发邮件"),
        Mail.Stage.FAILED.value: _("处理 %d 封没有送达的邮件"),
    }
    waiting = Mail.objects.filter(sender_id__in=bodies, stage__in=titles)
    for row in waiting.order_by().values("sender_id", "stage").annotate(count=Count("pk")):
        yield ToDo(
            title=titles[row["stage"]] % row["count"],
            url=f"{reverse('people:outbox')}?stage={row['stage']}",
            kind=_("邮件"),
            detail=user.standing.organisations[row["sender_id"]].name,
        )


def authorisations_that_end(user: Any) -> Iterator[ToDo]:
    """An authorisation that runs out takes the service body's hands off the pilot: the applicant hears before."""
    bodies = _where(user, Role.LEAD, Role.SIGNER)
    if not bodies:
        return
    today = clock.local(clock.now()).date()
    ending = Authorisation.objects.filter(
        applicant__in=bodies,
        stage=Authorisation.Stage.ACTIVE,
        valid_until__gte=today,
        valid_until__lte=today + ENDS_SOON,
    )
    for one in ending.select_related("applicant", "service_body"):
        yield ToDo(
            title=_("对%s的授权即将到期") % one.service_body,
            url=reverse("people:organisation", args=[one.applicant_id]) + "#authorisations",
            due=datetime.combine(one.valid_until + timedelta(days=1), time(), tzinfo=clock.SHANGHAI),
            kind=_("授权"),
            detail=_("如需继续，请重新授权"),
        )


def interests_to_declare(user: Any) -> Iterator[ToDo]:
    """An expert declares before any file is assigned."""
    if (
        user.is_expert
        and Expert.objects.filter(user=user, stage=Expert.Stage.ACTIVE, declared_at=None).exists()
    ):
        yield ToDo(
            title=_("申报利益关系"),
            url=reverse("people:interests"),
            kind=_("专家"),
            detail=_("没有利益关系的，也请确认一次"),
        )


todos.register(mail_to_release)
todos.register(authorisations_that_end)
todos.register(interests_to_declare)
