"""THE GATE: what an expert may see of a review. Everything an expert reads passes here: pages, lists, searches, counts,
exports, the API.

An expert sees a case when all of this holds at this moment: an assignment that stands and is no reserve; the appointment
accepted with its promises; the interests declared for the round; the case under assessment or later in a round that is
at work; and no conflict, whether it was known when the case was assigned or came to light since.
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from qingyuan.kernel.permission import is_operator, is_signed_in, predicate
from qingyuan.review.conflicts import conflicts
from qingyuan.review.models import Appointment, Assignment, Case, Round
from qingyuan.review.rules import ground

OPEN_ROUNDS = (Round.Stage.REVIEWING, Round.Stage.DECIDING)
SHOWN_CASES = (
    Case.Stage.ASSESSMENT,
    Case.Stage.DECISION,
    Case.Stage.RECOMMENDED,
    Case.Stage.APPROVED,
    Case.Stage.NOT_SELECTED,
)


def assignments_of(user: Any) -> QuerySet[Assignment]:
    """The own assignments that stand and whose paper is in order; conflicts are not asked about yet."""
    return Assignment.standing().filter(
        is_reserve=False,
        appointment__expert__user=user,
        appointment__stage=Appointment.Stage.ACCEPTED,
        appointment__declared_at__isnull=False,
        case__stage__in=SHOWN_CASES,
        case__round__stage__in=OPEN_ROUNDS,
    )


def open_assignments(user: Any) -> list[Assignment]:
    """The same, past the gate: without those whose case has come into conflict (a fixed number of queries a round)."""
    if not is_signed_in.test(user):
        return []
    found = list(
        assignments_of(user).select_related(
            "case__round__call__joint_body", "case__submission", "appointment__expert"
        )
    )
    by_round: dict[Any, list[Assignment]] = {}
    for one in found:
        by_round.setdefault(one.case.round_id, []).append(one)
    barred = {
        pair
        for ones in by_round.values()
        for pair in conflicts(ones[0].case.round, [one.case for one in ones], [ones[0].appointment.expert])
    }
    return [one for one in found if (one.case_id, one.appointment.expert_id) not in barred]


def visible_cases_for_expert(user: Any) -> QuerySet[Case]:
    """The cases that pass the gate, as a queryset to search, count and page in."""
    return Case.objects.filter(pk__in=[one.case_id for one in open_assignments(user)])


@predicate(_("须为分派给本项目的评审专家"))
def is_assigned(user: Any, case: Case) -> bool:
    return is_signed_in.test(user) and (
        Assignment.standing().filter(case=case, is_reserve=False, appointment__expert__user=user).exists()
    )


@predicate(_("须已接受聘请并作出保密、廉洁、回避承诺"))
def has_promised(user: Any, case: Case) -> bool:
    return is_signed_in.test(user) and (
        Appointment.objects.filter(
            round=case.round_id, expert__user=user, stage=Appointment.Stage.ACCEPTED
        ).exists()
    )


@predicate(_("须已为本轮评审申报利益关系"))
def has_declared(user: Any, case: Case) -> bool:
    return is_signed_in.test(user) and (
        Appointment.objects.filter(round=case.round_id, expert__user=user, declared_at__isnull=False).exists()
    )


@predicate(_("须与本项目没有应当回避的关系"))
def is_free_of_conflict(user: Any, case: Case) -> bool:
    expert = getattr(user, "expert", None) if is_signed_in.test(user) else None
    return expert is not None and not conflicts(case.round, [case], [expert])


@predicate(_("项目须已进入专家评审，且评审未结束"))
def is_under_assessment(_user: Any, case: Case) -> bool:
    return case.stage in SHOWN_CASES and case.round.stage in OPEN_ROUNDS


reviews_case_as_expert = is_assigned & has_promised & has_declared & is_under_assessment & is_free_of_conflict


# --- the own appointment, the own assignment


@predicate(_("须为受邀专家本人"))
def is_invited(user: Any, appointment: Appointment) -> bool:
    return is_signed_in.test(user) and appointment.expert.user_id == user.pk


@predicate(_("须为主办单位的经办人或牵头负责人"))
def handles_appointment(user: Any, appointment: Appointment) -> bool:
    return ground.handles_round.test(user, appointment.round)


@predicate(_("仅组织评审的联合单位可见"))
def sees_appointment_as_officer(user: Any, appointment: Appointment) -> bool:
    return ground.sees_round.test(user, appointment.round)


sees_appointment = is_invited | sees_appointment_as_officer


@predicate(_("须为承担本项目的专家本人，且通过评审门槛（聘请、承诺、申报、回避）"))
def works_on(user: Any, assignment: Assignment) -> bool:
    return (
        is_signed_in.test(user)
        and assignment.is_standing
        and not assignment.is_reserve
        and assignment.appointment.expert.user_id == user.pk
        and reviews_case_as_expert.test(user, assignment.case)
    )


@predicate(_("须为承担本任务的专家本人"))
def holds_assignment(user: Any, assignment: Assignment) -> bool:
    return is_signed_in.test(user) and assignment.appointment.expert.user_id == user.pk


@predicate(_("须为主办单位的经办人或牵头负责人"))
def handles_assignment(user: Any, assignment: Assignment) -> bool:
    return ground.handles_case.test(user, assignment.case)


@predicate(_("仅组织评审的联合单位可见"))
def sees_assignment_as_officer(user: Any, assignment: Assignment) -> bool:
    return ground.sees_case_as_officer.test(user, assignment.case)


sees_assignment = works_on | sees_assignment_as_officer
explains_access = is_operator
"""Who may ask why somebody sees something."""
