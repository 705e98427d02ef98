"""Where 征求意见 and the register of paper stand in others' pages: a tab, the asked body's menu entry, what waits for whom."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.kernel import clock, todos
from qingyuan.kernel.todos import ToDo
from qingyuan.people.models import Role
from qingyuan.people.models.organisation import AUTHORITIES, PREFECTURE_BUREAUS, Kind
from qingyuan.pilots import envelopes
from qingyuan.review import consultation_mails, tabs
from qingyuan.review.actions import arrival as paper
from qingyuan.review.actions import consultation
from qingyuan.review.models import Consultation
from qingyuan.review.queries import arrival
from qingyuan.review.rules import consultation as rules
from qingyuan.review.rules import ground
from qingyuan.ui import navigation

assert consultation_mails.__doc__, "imported so that the reminders are registered"
assert consultation.ask, "imported so that the verbs are declared"
assert paper.register


def is_asked(user: Any) -> bool:
    """Works for a body that departments ask; others find a question through their to-dos. Asks no database."""
    return bool(user.standing.in_kinds({Kind.DESK, *AUTHORITIES, *PREFECTURE_BUREAUS}))


def _unanswered(user: Any) -> QuerySet[Consultation] | None:
    if not user.standing.organisation_ids:
        return None
    found = Consultation.objects.filter(rules.asked_of(user), stage=Consultation.Stage.SENT)
    return found.select_related("case")


def waiting(user: Any, unanswered: QuerySet[Consultation]) -> Iterator[ToDo]:
    """Questions to the user's bodies without an answer (one query)."""
    for one in unanswered:
        if user.standing.holds(one.organisation_id, Role.HANDLER, Role.LEAD):
            yield ToDo(
                _("答复征求意见：《%s》") % one.case.title,
                one.get_absolute_url(),
                one.due_at,
                _("征求意见"),
                one.case.applicant_name,
            )


def _past_their_day(user: Any) -> QuerySet[Consultation] | None:
    if not ground.is_officer(user):
        return None
    return (
        Consultation.objects.filter(
            stage=Consultation.Stage.SENT,
            due_on__lt=clock.local(clock.now()).date(),
            case__round__call__joint_body__parts__organisation__in=user.standing.organisation_ids,
        )
        .select_related("case__round__call__joint_body")
        .prefetch_related("case__round__call__joint_body__parts")
        .distinct()
    )


def overdue(user: Any, late: QuerySet[Consultation]) -> Iterator[ToDo]:
    """Questions of the user's departments that are past their day without an answer (one query)."""
    for one in late:
        if ground.handles_case.test(user, one.case):
            yield ToDo(
                _("%(body)s逾期未答复：《%(title)s》") % {"body": one.body_name, "title": one.case.title},
                reverse("review:consultation", args=[one.pk]),
                one.due_at,
                _("征求意见"),
            )


tabs.register(
    tabs.Tab(
        "consultations",
        gettext_lazy("征求意见"),
        "review:consultations",
        ground.sees_case_as_officer.test,
        order=26,
    )
)
navigation.register(
    navigation.Item(
        gettext_lazy("征求意见"),
        "review:desk",
        "messages",
        visible=is_asked,
        group=gettext_lazy("评审"),
        order=64,
    )
)
todos.register(waiting, among=_unanswered)
todos.register(overdue, among=_past_their_day)
envelopes.register(envelopes.Paper(arrival.copies_of_pilot, arrival.said, "review:arrivals"))
