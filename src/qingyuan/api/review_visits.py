"""Site visits over HTTP: each side reads what its page shows; the applicant learns of a visit by the notice only."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Path, Query, Router, Schema
from pydantic import Field, StringConstraints

from qingyuan.api.limits import VerbRate
from qingyuan.api.people import router as me_router
from qingyuan.api.problems import answers
from qingyuan.api.reading import Page, Slice, page
from qingyuan.api.review_draws import draws_router, sees_draw
from qingyuan.api.review_experts import rounds_router, sees_round
from qingyuan.api.review_rounds import cases_router, sees_case
from qingyuan.api.shapes import Sent
from qingyuan.api.verbs import KEY, Found, expose
from qingyuan.kernel.actions import Invalid, Problem
from qingyuan.papers.canonical import sha256_hex
from qingyuan.review import actions, fieldwork
from qingyuan.review.actions.visits import Member
from qingyuan.review.models import Draw, Round, Visit, VisitItem
from qingyuan.review.queries import visits as queries
from qingyuan.review.rules import visits as rules

TAG = "现场调查"
visits_router = Router(tags=[TAG])
OVER = (Visit.Stage.DONE, Visit.Stage.REPLIED, Visit.Stage.SIGNED)
Text = Annotated[str, StringConstraints(max_length=4000)]
Why = Annotated[str, StringConstraints(max_length=300)]
DAY = "2022-07-06"

sees_visit = Found(Visit, by=rules.sees_visit, arg="visit", related=queries.RELATED)
works_on_visit = Found(Visit, by=rules.works_on_visit, arg="visit", related=queries.RELATED)


class VisitLine(Schema):
    id: UUID
    revision: int
    stage: str = Field(examples=["planned", "notified"])
    case: UUID
    case_label: str
    title: str
    applicant: str
    day: date | None
    position: int
    address: str
    is_drawn: bool


class VisitMemberOut(Schema):
    """An officer by name, an expert by code."""

    name: str
    code: str
    is_lead: bool


class VisitItemOut(Schema):
    position: int
    group: str
    claim: str
    answer: str = Field(examples=["consistent", "inconsistent", "unverifiable", ""])
    note: str
    revision: int


class VisitOut(VisitLine):
    """The applicant has no reason, no place and, of the checklist, only what it has to reply to, once the visit is over."""

    reason: str
    latitude: str | None
    longitude: str | None
    team: list[VisitMemberOut]
    items: list[VisitItemOut]
    notified_at: datetime | None
    done_at: datetime | None
    conclusion: str
    other_matters: str
    reply: str
    replied_at: datetime | None
    content_sha256: str
    team_signed_at: datetime | None
    applicant_signed_at: datetime | None
    cancel_reason: str


class VisitAnswerOut(Schema):
    answer: str
    note: str
    revision: int
    by: str


class VisitPlaceIn(Schema):
    """Degrees; used for the order of travel alone."""

    latitude: Decimal = Field(ge=-90, le=90, max_digits=8, decimal_places=6, examples=["34.6197"])
    longitude: Decimal = Field(ge=-180, le=180, max_digits=9, decimal_places=6, examples=["112.454"])


class VisitPlanIn(Sent):
    reason: Why = Field(examples=["专家建议核实"])


class VisitArrangeIn(Sent):
    days: list[date] = Field(max_length=200, examples=[[DAY]])
    start: VisitPlaceIn | None = None


class VisitScheduleIn(Sent):
    day: date = Field(examples=[DAY])
    position: int = Field(1, ge=1, le=50)
    address: Annotated[str, StringConstraints(max_length=200)] = Field(examples=["演示路 1 号"])
    place: VisitPlaceIn | None = None


class VisitTeamIn(Sent):
    officers: list[Annotated[str, StringConstraints(max_length=254)]] = Field(
        [], max_length=50, description="组织单位人员账号的邮箱"
    )
    experts: list[Annotated[str, StringConstraints(max_length=12)]] = Field(
        [], max_length=50, description="专家代码"
    )
    lead: Annotated[str, StringConstraints(max_length=254)] = Field(description="组长的邮箱或专家代码")


class VisitAnswerIn(Sent):
    answer: Annotated[str, StringConstraints(max_length=12)] = Field(examples=["consistent"])
    note: Text = ""
    base: int = Field(ge=0, le=2**31 - 1, description="您读到的这一条的版本号；他人已改过则以 409 拒绝")


class VisitConcludeIn(Sent):
    conclusion: Text = Field(examples=["现场情况与申报内容总体相符"])
    other_matters: Text = ""


class VisitReplyIn(Sent):
    reply: Text = Field(examples=["无意见"])


class VisitCancelIn(Sent):
    reason: Why = Field(examples=["因天气改期"])


def visit_line(one: Visit, _request: HttpRequest | None = None) -> dict[str, Any]:
    case = one.case
    return {
        **{name: getattr(one, name) for name in ("id", "revision", "stage", "day", "position", "address")},
        "case": case.pk,
        "case_label": case.label,
        "title": case.title,
        "applicant": case.applicant_name,
        "is_drawn": one.draw_id is not None,
    }


def visit_out(one: Visit, request: HttpRequest) -> dict[str, Any]:
    """As the page: who works on the visit reads all of it, the applicant its notice and what was found in the end."""
    visit = Visit.objects.select_related(*queries.RELATED).get(pk=one.pk)
    works, is_over = rules.works_on_visit.test(request.user, visit), visit.stage in OVER
    items = list(visit.items.all()) if works or is_over else []
    shown = items if works else queries.findings(items)
    later = ("done_at", "conclusion", "other_matters", "reply", "replied_at", "content_sha256")
    signed = ("team_signed_at", "applicant_signed_at", "notified_at", "cancel_reason")
    return {
        **visit_line(visit),
        **{name: getattr(visit, name) for name in (*later, *signed)},
        "reason": visit.reason if works else "",
        "latitude": _degrees(visit.latitude) if works else None,
        "longitude": _degrees(visit.longitude) if works else None,
        "team": [
            {
                "name": "" if member.expert else str(member.user),
                "code": member.expert.code if member.expert else "",
                "is_lead": member.is_lead,
            }
            for member in visit.team.select_related("user", "expert")
        ],
        "items": [_item(item) for item in shown],
    }


def change_key(given: str) -> str:
    """The key under which a change is kept: as given, or its hash where it is longer than a device's own."""
    return given if len(given) <= 64 else sha256_hex(given.encode())


def _degrees(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _item(item: VisitItem) -> dict[str, Any]:
    return {name: getattr(item, name) for name in VisitItemOut.model_fields}


@rounds_router.get(
    "/{round}/visits",
    response=answers(Page[VisitLine]),
    operation_id="round_visits",
    summary="本轮评审的现场调查",
    tags=[TAG],
)
def visits_of_round(request: HttpRequest, round: UUID, part: Query[Slice]) -> Any:  # noqa: A002
    """按行程次序；组织评审的联合单位可见。"""
    return page(queries.visits_of(sees_round(request, round)), part, visit_line)


@me_router.get(
    "/visits",
    response=answers(list[VisitLine]),
    operation_id="me_visits",
    summary="与我有关的现场调查",
    tags=[TAG],
)
def my_visits(request: HttpRequest) -> Any:
    """进行中的：本单位组织的、本人参加的、已通知本单位的。须回避的专家和未收到通知的申报单位看不到。"""
    return [visit_line(one) for one in queries.my_visits(request.user)]


@visits_router.get(
    "/{visit}", response=answers(VisitOut), operation_id="visits_detail", summary="一次现场调查"
)
def visit(request: HttpRequest, visit: UUID) -> Any:
    """组织单位和调查组见全部；申报单位在通知之后可见安排，结束之后可见结论和须答复之处。"""
    return visit_out(sees_visit(request, visit), request)


@visits_router.put(
    "/{visit}/items/{item}",
    response=answers(VisitAnswerOut, limited=True),
    throttle=VerbRate(),
    operation_id="visits_answer",
    summary="填写核对单的一条",
)
def answer(
    request: HttpRequest,
    *,
    visit: UUID,
    item: Annotated[int, Path(..., ge=1, le=99_999, description="核对单的条号")],
    body: VisitAnswerIn,
    idempotency_key: str = KEY,
) -> Any:
    """调查组成员在通知之后、结束之前填写；他人其间改过的以 409 拒绝，两份内容一并返回，不会覆盖。"""
    key = change_key(idempotency_key)
    writing = fieldwork.Writing(answer=body.answer, note=body.note, base=body.base, key=key)
    return fieldwork.answer(works_on_visit(request, visit), item, writing, by=request.user)


def _place(given: VisitPlaceIn | None) -> tuple[Decimal, Decimal] | None:
    return (given.latitude, given.longitude) if given else None


def _arrange(_round: Round, body: VisitArrangeIn, _request: HttpRequest) -> dict[str, Any]:
    return {"days": body.days, "start": _place(body.start)}


def _schedule(_visit: Visit, body: VisitScheduleIn, _request: HttpRequest) -> dict[str, Any]:
    return {
        "day": body.day,
        "position": body.position,
        "address": body.address,
        "place": _place(body.place),
    }


def _team(visit: Visit, body: VisitTeamIn, request: HttpRequest) -> dict[str, Any]:
    """Names become people for those who set the team; for everybody else the verb says first that they may not."""
    if not rules.handles_visit.test(request.user, visit):
        return {"members": [], "lead": request.user}
    round_ = visit.case.round
    officers = {one.email.lower(): Member(one) for one in queries.officers(round_) if one.email}
    experts = {one.code: Member(one.user, one) for one in queries.experts(round_)}
    problems = [
        Problem(_("组织单位中没有邮箱为 %s 的人员") % email, where="officers")
        for email in body.officers
        if email.lower() not in officers
    ]
    problems += [
        Problem(_("没有代码为 %s 的可用专家") % code, where="experts")
        for code in body.experts
        if code not in experts
    ]
    lead = officers.get(body.lead.lower()) or experts.get(body.lead)
    if lead is None:
        problems.append(Problem(_("组长须在调查组之内"), where="lead"))
    if problems or lead is None:
        raise Invalid(problems)
    members = [officers[email.lower()] for email in body.officers]
    return {"members": [*members, *(experts[code] for code in body.experts)], "lead": lead.user}


def _of_draw(draw: Draw, _request: HttpRequest) -> list[dict[str, Any]]:
    rows = draw.visits.select_related(*queries.RELATED).order_by("case__number")
    return [visit_line(one) for one in rows]


def _of_round(round_: Round, _request: HttpRequest) -> list[dict[str, Any]]:
    return [visit_line(one) for one in queries.visits_of(round_)]


expose(
    cases_router,
    actions.plan_visit,
    "/{case}/visits",
    found=sees_case,
    body=VisitPlanIn,
    shape=VisitOut,
    present=visit_out,
    status=201,
    tag=TAG,
)
expose(
    draws_router,
    actions.plan_drawn,
    "/{draw}/visits",
    found=sees_draw,
    shape=list[VisitLine],
    present=_of_draw,
    tag=TAG,
)
expose(
    rounds_router,
    actions.arrange_visits,
    "/{round}/visits/arrange",
    found=sees_round,
    body=VisitArrangeIn,
    kwargs=_arrange,
    shape=list[VisitLine],
    present=_of_round,
    tag=TAG,
)
for verb, path, body, kwargs in (
    (actions.schedule_visit, "/{visit}/schedule", VisitScheduleIn, _schedule),
    (actions.set_team, "/{visit}/team", VisitTeamIn, _team),
    (actions.notify_visit, "/{visit}/notify", None, None),
    (actions.conclude_visit, "/{visit}/conclude", VisitConcludeIn, None),
    (actions.reply_to_visit, "/{visit}/reply", VisitReplyIn, None),
    (actions.sign_team, "/{visit}/sign-team", None, None),
    (actions.sign_applicant, "/{visit}/sign-applicant", None, None),
    (actions.cancel_visit, "/{visit}/cancel", VisitCancelIn, None),
):
    expose(
        visits_router,
        verb,
        path,
        found=sees_visit,
        body=body,
        kwargs=kwargs,  # type: ignore[arg-type]
        shape=VisitOut,
        present=visit_out,
    )
