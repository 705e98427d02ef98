"""公示 over HTTP: for the departments that decide; what lies open also without a token, and an objection with any."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import AwareDatetime, Field, StringConstraints

from qingyuan.api.problems import answers
from qingyuan.api.public import router as public_router
from qingyuan.api.review_decisions import decisions_router, sees_decision
from qingyuan.api.shapes import Sent
from qingyuan.api.verbs import Found, expose
from qingyuan.kernel.actions import Invalid, Problem
from qingyuan.review import actions
from qingyuan.review.models import Case, Objection, Publicity
from qingyuan.review.publicity import LONGEST_ANSWER
from qingyuan.review.queries import publicity as queries
from qingyuan.review.rules import publicity as rules

TAG = "公示"
publicities_router = Router(tags=[TAG])
objections_router = Router(tags=[TAG])
MOST_SHOWN = 50

sees_publicity = Found(Publicity, by=rules.sees_publicity, arg="publicity", related=queries.RELATED)
anybodys_publicity = Found(Publicity, by=rules.anybody, arg="publicity", related=queries.RELATED)
sees_objection = Found(
    Objection,
    by=rules.sees_objection,
    arg="objection",
    related=("case", *(f"publicity__{name}" for name in queries.RELATED)),
)
Text = Annotated[str, StringConstraints(min_length=1, max_length=5000)]


class PubliciseIn(Sent):
    ends_at: AwareDatetime
    contact: Annotated[str, StringConstraints(min_length=1, max_length=300)]
    answer_days: int = Field(ge=1, le=LONGEST_ANSWER)


class ObjectionIn(Sent):
    case: UUID | None = Field(None, description="针对的项目；不填为整份名单")
    text: Text
    objector: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    objector_contact: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class RegisteredIn(ObjectionIn):
    channel: str = Field(examples=["letter", "visit"], max_length=10)
    received_at: AwareDatetime


class SettleIn(Sent):
    outcome: str = Field(examples=["dismissed", "upheld"], max_length=10)
    answer: Text


class StopIn(Sent):
    reason: Annotated[str, StringConstraints(min_length=1, max_length=500)]


class LineOut(Schema):
    number: int
    title: str
    applicant: str
    category: str
    place: str


class PublicOut(Schema):
    id: UUID
    stage: str
    title: str
    call: str
    bodies: list[str]
    starts_at: datetime
    ends_at: datetime
    contact: str
    answer_days: int
    takes_objections: bool
    projects: list[LineOut]


class ReceiptOut(Schema):
    """What an objector gets: the code under which the outcome can be read."""

    code: str
    received_at: datetime
    due_at: datetime


class ObjectionOut(Schema):
    """`objector` and `objector_contact` are empty for those who do not handle it."""

    id: UUID
    revision: int
    stage: str
    number: int
    case: UUID | None
    channel: str
    text: str
    objector: str
    objector_contact: str
    received_at: datetime
    due_at: datetime
    outcome: str
    answer: str
    settled_at: datetime | None


class PublicityOut(Schema):
    id: UUID
    revision: int
    stage: str
    decision: UUID
    content_sha256: str
    starts_at: datetime
    ends_at: datetime
    ended_at: datetime | None
    contact: str
    answer_days: int
    stopped_reason: str
    objections: list[ObjectionOut]


def objection_line(one: Objection, request: HttpRequest) -> dict[str, Any]:
    may_know = rules.handles_objection.test(request.user, one)
    return {
        "id": one.pk,
        "revision": one.revision,
        "stage": one.stage,
        "number": one.number,
        "case": one.case_id,
        "channel": one.channel,
        "text": one.text,
        "objector": one.objector if may_know else "",
        "objector_contact": one.objector_contact if may_know else "",
        "received_at": one.received_at,
        "due_at": one.due_at,
        "outcome": one.outcome,
        "answer": one.answer,
        "settled_at": one.settled_at,
    }


def publicity_line(one: Publicity, request: HttpRequest) -> dict[str, Any]:
    one = Publicity.objects.select_related(*queries.RELATED).get(pk=one.pk)
    objections = queries.objections(one)
    for objection in objections:
        objection.publicity = one
    return {
        **{
            name: getattr(one, name)
            for name in (
                "revision",
                "stage",
                "content_sha256",
                "starts_at",
                "ends_at",
                "ended_at",
                "contact",
                "answer_days",
                "stopped_reason",
            )
        },
        "id": one.pk,
        "decision": one.decision_id,
        "objections": [objection_line(objection, request) for objection in objections],
    }


@public_router.get(
    "/publicities",
    response=answers(list[PublicOut], public=True),
    operation_id="publicities",
    summary="公示名单",
    tags=[TAG],
)
def publicities(request: HttpRequest) -> Any:  # noqa: ARG001
    """最近的公示，新的在前；终止的不再列出名单。不需要令牌。"""
    return [queries.as_public_data(queries.shown(one)) for one in queries.public()[:MOST_SHOWN]]


@publicities_router.get(
    "/{publicity}", response=answers(PublicityOut), operation_id="publicity", summary="公示和异议"
)
def publicity(request: HttpRequest, publicity: UUID) -> Any:
    """公示期和收到的异议；仅会同的各单位可见，异议人只有主办单位的经办人和牵头负责人可见。"""
    return publicity_line(sees_publicity(request, publicity), request)


def _objection(publicity: Publicity, body: ObjectionIn, _request: HttpRequest) -> dict[str, Any]:
    """A project is one of the list: any other id is answered like one that does not exist."""
    arguments = {name: getattr(body, name) for name in type(body).model_fields}
    case: Case | None = None
    if body.case is not None:
        case = queries.listed_cases(publicity).filter(pk=body.case).first()
        if case is None:
            raise Invalid([Problem(_("不是公示名单中的项目"), where="case")])
    return {**arguments, "case": case}


expose(
    decisions_router,
    actions.publicise,
    "/{decision}/publicise",
    found=sees_decision,
    body=PubliciseIn,
    shape=PublicityOut,
    present=publicity_line,
    status=201,
    tag=TAG,
)
expose(
    publicities_router,
    actions.lodge_objection,
    "/{publicity}/objections",
    found=anybodys_publicity,
    body=ObjectionIn,
    kwargs=_objection,
    shape=ReceiptOut,
    present=lambda one, _request: {
        "code": one.code,
        "received_at": one.received_at,
        "due_at": one.due_at,
    },
    status=201,
)
expose(
    publicities_router,
    actions.register_objection,
    "/{publicity}/register",
    found=sees_publicity,
    body=RegisteredIn,
    kwargs=_objection,
    shape=ObjectionOut,
    present=objection_line,
    status=201,
)
for verb, path, body in (
    (actions.close_publicity, "/{publicity}/close", None),
    (actions.stop_publicity, "/{publicity}/stop", StopIn),
):
    expose(
        publicities_router,
        verb,
        path,
        found=sees_publicity,
        body=body,
        shape=PublicityOut,
        present=publicity_line,
    )
expose(
    objections_router,
    actions.settle_objection,
    "/{objection}/settle",
    found=sees_objection,
    body=SettleIn,
    shape=ObjectionOut,
    present=objection_line,
)
