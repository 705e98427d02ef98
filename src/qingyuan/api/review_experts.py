"""Experts of a round over HTTP: the officers' verbs, and the expert's own appointments and tasks, past the gate."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field, StringConstraints

from qingyuan.api.organisations import BodyName
from qingyuan.api.people import router as me_router
from qingyuan.api.problems import answers
from qingyuan.api.reading import Page, Slice, page
from qingyuan.api.shapes import Sent
from qingyuan.api.verbs import Found, expose
from qingyuan.kernel.actions import Invalid, Problem
from qingyuan.people.models import Expert
from qingyuan.people.pool.rules import visible_experts
from qingyuan.review import actions
from qingyuan.review.models import Appointment, Assignment, Case, Round
from qingyuan.review.rules import experts as rules
from qingyuan.review.rules import ground

rounds_router = Router(tags=["评审专家"])
appointments_router = Router(tags=["评审专家"])
assignments_router = Router(tags=["评审专家"])
Reason = Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)]


class AppointmentOut(Schema):
    id: UUID
    revision: int
    round: UUID
    code: str
    stage: str
    is_reserve: bool
    reply_due_at: datetime
    promises_sha256: str
    declared_at: datetime | None


class AssignmentOut(Schema):
    """For officers and for the expert alike; the project's name only past the gate."""

    id: UUID
    revision: int
    stage: str
    code: str
    case: UUID
    case_label: str
    title: str
    is_reserve: bool
    due_at: datetime


class RoundDone(Schema):
    id: UUID
    revision: int
    stage: str
    standing_assignments: int


class InviteIn(Sent):
    codes: list[Annotated[str, StringConstraints(max_length=12)]] = Field(min_length=1, max_length=500)
    reply_due_at: datetime
    is_reserve: bool = False


class AssignIn(Sent):
    case: UUID
    appointment: UUID
    due_at: datetime
    is_reserve: bool = False


class PairIn(Schema):
    case: UUID
    appointment: UUID


class AssignAllIn(Sent):
    pairs: list[PairIn] = Field(min_length=1, max_length=20000)
    due_at: datetime


class AcceptIn(Sent):
    promises_sha256: Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")] = Field(
        description="承诺文本的指纹：证明读的就是现行文本"
    )


class WhyIn(Sent):
    reason: Reason


class DeclaredIn(Schema):
    body_name: BodyName
    relation: Literal["employed", "consulting", "cooperation", "kin", "other"]


class DeclareIn(Sent):
    interests: list[DeclaredIn] = Field(max_length=200)


class ReplaceIn(Sent):
    reason: Reason
    by_appointment: UUID | None = None


def appointment_line(one: Appointment, _request: HttpRequest | None = None) -> dict[str, Any]:
    return {
        "id": one.pk,
        "revision": one.revision,
        "round": one.round_id,
        "code": one.expert.code,
        "stage": one.stage,
        "is_reserve": one.is_reserve,
        "reply_due_at": one.reply_due_at,
        "promises_sha256": one.promises_sha256,
        "declared_at": one.declared_at,
    }


def assignment_line(one: Assignment, _request: HttpRequest | None = None) -> dict[str, Any]:
    return {
        "id": one.pk,
        "revision": one.revision,
        "stage": one.stage,
        "code": one.appointment.expert.code,
        "case": one.case_id,
        "case_label": one.case.label,
        "title": one.case.title,
        "is_reserve": one.is_reserve,
        "due_at": one.due_at,
    }


def ended_line(one: Assignment, request: HttpRequest) -> dict[str, Any]:
    """After a recusal nothing of the case is left for the expert."""
    shown = assignment_line(one, request)
    if not ground.sees_case_as_officer.test(request.user, one.case):
        shown |= {"title": "", "case_label": ""}
    return shown


def round_done(round_: Any, _request: HttpRequest) -> dict[str, Any]:
    return {
        "id": round_.pk,
        "revision": round_.revision,
        "stage": round_.stage,
        "standing_assignments": Assignment.standing().filter(appointment__round=round_).count(),
    }


sees_round = Found(Round, by=ground.sees_round, arg="round", related=("call__joint_body",))
sees_appointment = Found(
    Appointment,
    by=rules.sees_appointment,
    arg="appointment",
    related=("expert__user", "round__call__joint_body"),
)
sees_assignment = Found(
    Assignment,
    by=rules.sees_assignment,
    arg="assignment",
    related=("case__round__call__joint_body", "case__submission", "appointment__expert__user"),
)


@rounds_router.get(
    "/{round}/appointments",
    response=answers(Page[AppointmentOut]),
    operation_id="round_appointments",
    summary="评审专家名单",
)
def appointments(request: HttpRequest, round: UUID, part: Query[Slice]) -> Any:  # noqa: A002
    """组织评审的联合单位可见。"""
    found = sees_round(request, round)
    rows = Appointment.objects.filter(round=found).select_related("expert").order_by("expert__code")
    return page(rows, part, appointment_line)


@me_router.get(
    "/assignments",
    response=answers(list[AssignmentOut]),
    operation_id="me_assignments",
    summary="我的评审任务",
    tags=["评审专家"],
)
def my_assignments(request: HttpRequest) -> Any:
    """通过评审门槛（聘请、承诺、申报、回避）的任务；其余的不存在。"""
    return [assignment_line(one) for one in rules.open_assignments(request.user)]


@me_router.get(
    "/appointments",
    response=answers(list[AppointmentOut]),
    operation_id="me_appointments",
    summary="我的评审聘请",
    tags=["评审专家"],
)
def my_appointments(request: HttpRequest) -> Any:
    """本人的聘请。"""
    user: Any = request.user
    return [
        appointment_line(one)
        for one in Appointment.objects.filter(expert__user=user)
        .select_related("expert")
        .order_by("-invited_at")
    ]


def _invite(_round: Round, body: InviteIn, request: HttpRequest) -> dict[str, Any]:
    known = {
        expert.code: expert
        for expert in Expert.objects.filter(
            visible_experts(request.user), code__in=body.codes
        ).select_related("user")
    }
    if missing := [code for code in body.codes if code not in known]:
        raise Invalid([Problem(_("没有代码为 %s 的可用专家") % code, where="codes") for code in missing])
    return {
        "experts": [known[code] for code in dict.fromkeys(body.codes)],
        "reply_due_at": body.reply_due_at,
        "is_reserve": body.is_reserve,
    }


def _one_of(round_: Round, model: Any, pk: UUID, where: str) -> Any:
    found = model.objects.filter(round=round_, pk=pk).first()
    if found is None:
        raise Invalid([Problem(_("不属于本轮评审"), where=where)])
    return found


def _assign(round_: Round, body: AssignIn, _request: HttpRequest) -> dict[str, Any]:
    return {
        "case": _one_of(round_, Case, body.case, "case"),
        "appointment": _one_of(round_, Appointment, body.appointment, "appointment"),
        "due_at": body.due_at,
        "is_reserve": body.is_reserve,
    }


def _assign_all(_round: Round, body: AssignAllIn, _request: HttpRequest) -> dict[str, Any]:
    return {"pairs": [(pair.case, pair.appointment) for pair in body.pairs], "due_at": body.due_at}


def _declare(_appointment: Appointment, body: DeclareIn, _request: HttpRequest) -> dict[str, Any]:
    return {"interests": [{"body_name": row.body_name, "relation": row.relation} for row in body.interests]}


def _replace(assignment: Assignment, body: ReplaceIn, _request: HttpRequest) -> dict[str, Any]:
    by = body.by_appointment
    return {
        "reason": body.reason,
        "by_appointment": _one_of(assignment.case.round, Appointment, by, "by_appointment") if by else None,
    }


expose(
    rounds_router,
    actions.invite_experts,
    "/{round}/appointments",
    found=sees_round,
    body=InviteIn,
    kwargs=_invite,
    shape=list[AppointmentOut],
    present=lambda made, _request: [appointment_line(one) for one in made] if isinstance(made, list) else [],
    status=201,
)
expose(
    rounds_router,
    actions.assign,
    "/{round}/assignments",
    found=sees_round,
    body=AssignIn,
    kwargs=_assign,
    shape=AssignmentOut,
    present=assignment_line,
    status=201,
)
expose(
    rounds_router,
    actions.assign_all,
    "/{round}/assignments/plan",
    found=sees_round,
    body=AssignAllIn,
    kwargs=_assign_all,
    shape=dict[str, int],
    present=lambda made, _request: {"assigned": made if isinstance(made, int) else 0},
)
for verb, path, body, kwargs in (
    (actions.accept, "/{appointment}/accept", AcceptIn, None),
    (actions.decline, "/{appointment}/decline", WhyIn, None),
    (actions.declare, "/{appointment}/declare", DeclareIn, _declare),
    (actions.release_expert, "/{appointment}/release", WhyIn, None),
):
    expose(
        appointments_router,
        verb,  # type: ignore[arg-type]
        path,
        found=sees_appointment,
        body=body,
        kwargs=kwargs,  # type: ignore[arg-type]
        shape=AppointmentOut,
        present=appointment_line,
    )
expose(
    assignments_router,
    actions.recuse,
    "/{assignment}/recuse",
    found=sees_assignment,
    body=WhyIn,
    shape=AssignmentOut,
    present=ended_line,
)
expose(
    assignments_router,
    actions.replace,
    "/{assignment}/replace",
    found=sees_assignment,
    body=ReplaceIn,
    kwargs=_replace,
    shape=AssignmentOut,
    present=ended_line,
)
