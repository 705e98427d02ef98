"""Verbs on assignments. All of them take the round's lock, so that two officers never overfill an expert together."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.kernel.actions import Act, Invalid, Problem, action
from qingyuan.kernel.fields import misfits
from qingyuan.kernel.record_language import in_record_language
from qingyuan.people.models import Expert
from qingyuan.review.conflicts import conflicts
from qingyuan.review.mails import experts as mails
from qingyuan.review.models import Appointment, Assignment, Case, Round
from qingyuan.review.rules import experts as rules
from qingyuan.review.rules import ground

Pair = tuple[uuid.UUID, uuid.UUID]
"""Case id, appointment id."""


def unfit(
    round_: Round, case: Case, appointment: Appointment, *, load: int, barred: Iterable[Any] = ()
) -> list[str]:
    """Why this expert cannot be given this case; conflicts first: they cannot be overridden."""
    reasons = [_("应当回避：%s") % conflict.reason for conflict in barred]
    if appointment.stage != Appointment.Stage.ACCEPTED:
        reasons.append(_("尚未接受聘请"))
    elif appointment.declared_at is None:
        reasons.append(_("尚未为本轮申报利益关系"))
    if appointment.expert.stage != Expert.Stage.ACTIVE:
        reasons.append(_("已暂停"))
    if case.round_id != round_.pk or appointment.round_id != round_.pk:
        reasons.append(_("不属于本轮评审"))
    if case.stage not in Case.ASSIGNABLE:
        reasons.append(_("项目状态为“%s”，不再分派") % case.get_stage_display())
    if load >= round_.cap_per_expert:
        reasons.append(_("已达到每位专家 %d 项的上限") % round_.cap_per_expert)
    return reasons


def loads(round_: Round) -> Counter[uuid.UUID]:
    """Standing assignments per appointment, reserves not counted."""
    rows = Assignment.standing().filter(appointment__round=round_, is_reserve=False)
    return Counter(rows.values_list("appointment_id", flat=True))


def _refuse_unfit(round_: Round, case: Case, appointment: Appointment, *, where: str) -> None:
    barred = conflicts(round_, [case], [appointment.expert]).get((case.pk, appointment.expert_id), [])
    reasons = unfit(round_, case, appointment, load=loads(round_)[appointment.pk], barred=barred)
    if Assignment.standing().filter(case=case, appointment=appointment).exists():
        reasons.append(_("已经分派过本项目"))
    if reasons:
        raise Invalid(
            [
                Problem(
                    _("%(code)s：%(why)s") % {"code": appointment.expert.code, "why": reason}, where=where
                )
                for reason in reasons
            ]
        )


def _fresh(appointment: Appointment) -> Appointment:
    return Appointment.objects.select_related("expert__user", "expert__employer").get(pk=appointment.pk)


def _due_problem(act: Act, due_at: datetime) -> list[Problem]:
    if due_at > act.now:
        return []
    return [Problem(_("完成期限已经过去"), where="due_at", expected=_("晚于现在的时间"))]


@action(
    "round.assign",
    title=gettext_lazy("分派专家"),
    on=Round,
    may=ground.handles_round,
    stages=("reviewing",),
    creates=Assignment,
    creates_in=("assigned",),
    clauses=("H3", "N9"),
    idempotent=True,
)
def assign(
    round_: Round,
    act: Act,
    *,
    case: Case,
    appointment: Appointment,
    due_at: datetime,
    is_reserve: bool = False,
) -> Assignment:
    """把一个项目分派给一位专家，或指定为该项目的候补专家；应当回避的不能分派。"""
    if problems := _due_problem(act, due_at):
        raise Invalid(problems)
    case = Case.objects.select_related("round__call__joint_body").get(pk=case.pk)
    appointment = _fresh(appointment)
    _refuse_unfit(round_, case, appointment, where="appointment")
    made = Assignment.objects.create(
        case=case, appointment=appointment, is_reserve=is_reserve, due_at=due_at, assigned_at=act.now
    )
    act.note(case=str(case.pk), expert=appointment.expert.code, reserve=is_reserve)
    for draft in mails.work(round_, [made]):
        act.mail(draft)
    return made


def _moving(round_: Round, *, pairs: Sequence[Pair] = (), **_rest: Any) -> Iterable[models.Model]:
    """The assignments that the plan takes away: locked before the round, as by the verbs on one of them."""
    return [one for one in movable(round_) if (one.case_id, one.appointment_id) not in set(pairs)]


def movable(round_: Round) -> models.QuerySet[Assignment]:
    """Assigned and not yet started: what a new plan may take away."""
    return Assignment.objects.filter(
        appointment__round=round_, stage=Assignment.Stage.ASSIGNED, is_reserve=False
    )


@action(
    "round.assign_all",
    title=gettext_lazy("按方案分派"),
    on=Round,
    may=ground.handles_round,
    stages=("reviewing",),
    clauses=("H3", "N9"),
    idempotent=True,
    locks=_moving,
)
def assign_all(round_: Round, act: Act, *, pairs: Sequence[Pair], due_at: datetime) -> int:
    """按试算的方案一次分派全部项目：已开始的任务不动，未开始而不在方案中的任务收回。返回新分派的数目。"""
    problems = _due_problem(act, due_at)
    cases = {
        case.pk: case
        for case in Case.objects.filter(pk__in={case for case, _one in pairs}).select_related(
            "round__call__joint_body"
        )
    }
    appointments = {
        one.pk: one
        for one in Appointment.objects.filter(pk__in={one for _case, one in pairs}).select_related(
            "expert__user", "expert__employer"
        )
    }
    missing = [pair for pair in pairs if pair[0] not in cases or pair[1] not in appointments]
    if missing:
        raise Invalid([Problem(_("方案中有 %d 项已不存在，请重新试算") % len(missing), where="pairs")])
    standing = {
        (one.case_id, one.appointment_id): one
        for one in Assignment.standing().filter(appointment__round=round_)
    }
    wanted = set(pairs)
    dropped = [
        one
        for pair, one in standing.items()
        if pair not in wanted and one.stage == Assignment.Stage.ASSIGNED and not one.is_reserve
    ]
    new = sorted(wanted - standing.keys(), key=lambda pair: (cases[pair[0]].number, str(pair[1])))
    load = loads(round_)
    load.subtract(one.appointment_id for one in dropped)
    barred = conflicts(round_, list(cases.values()), [one.expert for one in appointments.values()])
    for case_id, appointment_id in new:
        case, appointment = cases[case_id], appointments[appointment_id]
        why = unfit(
            round_,
            case,
            appointment,
            load=load[appointment_id],
            barred=barred.get((case_id, appointment.expert_id), ()),
        )
        problems += [
            Problem(f"{case.label} {appointment.expert.code}：{reason}", where="pairs") for reason in why
        ]
        load[appointment_id] += 1
    if problems:
        raise Invalid(problems, _("试算之后情况有变，没有分派任何一项，请重新试算"))
    with in_record_language():
        why_dropped = _("按新的分派方案收回")
    for one in dropped:
        one.ended_at, one.reason = act.now, why_dropped
        one.save(update_fields=["ended_at", "reason"])
        act.move(one, Assignment.Stage.REPLACED)
    made = Assignment.objects.bulk_create(
        Assignment(
            case=cases[case_id], appointment=appointments[appointment_id], due_at=due_at, assigned_at=act.now
        )
        for case_id, appointment_id in new
    )
    act.items([[cases[case].number, appointments[one].expert.code] for case, one in new])
    act.note(withdrawn=len(dropped))
    for draft in mails.work(round_, made):
        act.mail(draft)
    return len(made)


def _round_of(assignment: Assignment, **_rest: Any) -> Iterable[models.Model]:
    return [assignment.case.round]


@action(
    "assignment.recuse",
    title=gettext_lazy("提出回避"),
    on=Assignment,
    may=rules.holds_assignment,
    stages=("assigned", "started"),
    to=("recused",),
    clauses=("H3", "N9"),
    locks=_round_of,
)
def recuse(assignment: Assignment, act: Act, *, reason: str) -> Assignment:
    """发现应当回避的情形立即提出，任务随即终止，不能恢复；有候补专家的，由候补专家接替。"""
    _end(assignment, act, reason)
    act.move(assignment, Assignment.Stage.RECUSED)
    round_ = Round.objects.select_related("call__joint_body").get(pk=assignment.case.round_id)
    reserve = _reserve_for(round_, assignment) if not assignment.is_reserve else None
    if reserve is not None:
        _step_in(round_, act, reserve, assignment)
    return assignment


@action(
    "assignment.replace",
    title=gettext_lazy("更换专家"),
    on=Assignment,
    may=rules.handles_assignment,
    stages=("assigned", "started"),
    to=("replaced",),
    clauses=("H3", "N9"),
    locks=_round_of,
)
def replace(
    assignment: Assignment, act: Act, *, reason: str, by_appointment: Appointment | None
) -> Assignment:
    """收回一项任务，由候补专家或另一位专家接替；应当回避的不能接替。"""
    _end(assignment, act, reason)
    act.move(assignment, Assignment.Stage.REPLACED)
    if by_appointment is None:
        return assignment
    round_ = Round.objects.select_related("call__joint_body").get(pk=assignment.case.round_id)
    reserve = (
        Assignment.standing()
        .filter(case=assignment.case_id, appointment=by_appointment, is_reserve=True)
        .select_related("appointment__expert__user")
        .first()
    )
    if reserve is None:
        appointment = _fresh(by_appointment)
        _refuse_unfit(round_, assignment.case, appointment, where="by_appointment")
        reserve = Assignment(
            case=assignment.case, appointment=appointment, assigned_at=act.now, due_at=assignment.due_at
        )
    elif conflicts(round_, [assignment.case], [reserve.appointment.expert]):
        raise Invalid([Problem(_("候补专家应当回避，请另选一位"), where="by_appointment")])
    _step_in(round_, act, reserve, assignment)
    return assignment


def _end(assignment: Assignment, act: Act, reason: str) -> None:
    reason = reason.strip()
    problems = misfits(Assignment, reason=reason)
    if not reason:
        problems.append(Problem(_("请写明原因"), where="reason"))
    if problems:
        raise Invalid(problems)
    assignment.ended_at, assignment.reason = act.now, reason
    assignment.save(update_fields=["ended_at", "reason"])
    act.note(case=str(assignment.case_id), expert=assignment.appointment.expert.code)


def _reserve_for(round_: Round, assignment: Assignment) -> Assignment | None:
    """The first reserve of the case who is ready and free of conflict."""
    reserves = list(
        Assignment.standing()
        .filter(case=assignment.case_id, is_reserve=True)
        .select_related("appointment__expert__user", "appointment__expert__employer")
    )
    barred = conflicts(round_, [assignment.case], [one.appointment.expert for one in reserves])
    return next(
        (
            one
            for one in reserves
            if one.appointment.is_ready and (one.case_id, one.appointment.expert_id) not in barred
        ),
        None,
    )


def _step_in(round_: Round, act: Act, one: Assignment, before: Assignment) -> None:
    one.is_reserve, one.follows = False, before
    one.due_at = max(before.due_at, act.now)
    one.save()
    act.note(stepped_in=one.appointment.expert.code)
    for draft in mails.work(round_, [one]):
        act.mail(draft)
