"""Promotion activities and support over HTTP; files are added on the pages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field, StringConstraints

from qingyuan.api.delivery import projects_router, sees_project
from qingyuan.api.organisations import router as organisations_router
from qingyuan.api.problems import answers
from qingyuan.api.reading import Page, Slice, page
from qingyuan.api.shapes import Sent
from qingyuan.api.verbs import Found, expose
from qingyuan.delivery.actions import promotion as actions
from qingyuan.delivery.models import Promotion, Support
from qingyuan.delivery.queries import promotion as queries
from qingyuan.delivery.rules import promotion as rules
from qingyuan.people.models import Organisation
from qingyuan.people.rules import is_member

TAG = "推广与支持"
promotions_router = Router(tags=[TAG])
supports_router = Router(tags=[TAG])
sees_promotion = Found(Promotion, by=rules.sees_promotion, arg="promotion", related=queries.WITHIN)
sees_support = Found(Support, by=rules.sees_support, arg="support", related=queries.SUPPORT_WITHIN)
own_body = Found(Organisation, by=is_member, arg="organisation")
Number = Annotated[int, Field(ge=0, le=1_000_000)]


class PromotionOut(Schema):
    id: UUID
    revision: int
    stage: str
    organiser: UUID
    project: UUID | None
    title: str
    kind: str
    held_on: date
    place: str
    bodies: int = Field(description="参加单位数")
    people: int = Field(description="参加人数")
    cases: list[UUID]
    note: str
    struck_reason: str


class PromotionIn(Sent):
    title: Annotated[str, StringConstraints(max_length=120)]
    kind: str = Field(examples=["training"], max_length=10)
    held_on: date
    place: Annotated[str, StringConstraints(max_length=120)]
    bodies: Number
    people: Number
    project: UUID | None = None
    cases: Annotated[list[UUID], Field(max_length=100)] = []
    note: Annotated[str, StringConstraints(max_length=1000)] = ""


class SupportOut(Schema):
    id: UUID
    revision: int
    stage: str
    project: UUID
    kind: str
    amount: str = Field(description="万元；不是资金的为空")
    basis: str
    given_by: str
    given_on: date
    note: str
    struck_reason: str


class SupportIn(Sent):
    kind: str = Field(examples=["reward"], max_length=10)
    amount: Annotated[Decimal, Field(max_digits=14, decimal_places=4)] | None = Field(
        None, description="万元", examples=["50"]
    )
    basis: Annotated[str, StringConstraints(max_length=200)]
    given_by: Annotated[str, StringConstraints(max_length=120)]
    given_on: date
    note: Annotated[str, StringConstraints(max_length=500)] = ""


class StrikeReasonIn(Sent):
    reason: Annotated[str, StringConstraints(max_length=500)]


def promotion_line(one: Promotion, _request: HttpRequest | None = None) -> dict[str, Any]:
    names = ("revision", "stage", "title", "kind", "held_on", "place", "bodies", "people", "note")
    return {
        **{name: getattr(one, name) for name in (*names, "struck_reason")},
        "id": one.pk,
        "organiser": one.organiser_id,
        "project": one.project_id,
        "cases": [case.pk for case in one.cases.all()],
    }


def support_line(one: Support, _request: HttpRequest | None = None) -> dict[str, Any]:
    names = ("revision", "stage", "kind", "basis", "given_by", "given_on", "note", "struck_reason")
    return {
        **{name: getattr(one, name) for name in names},
        "id": one.pk,
        "project": one.project_id,
        "amount": format(one.amount.normalize(), "f") if one.amount is not None else "",
    }


@promotions_router.get(
    "", response=answers(Page[PromotionOut]), operation_id="promotions", summary="推广活动"
)
def promotions(request: HttpRequest, part: Query[Slice]) -> Any:
    """本单位主办的，和所见试点的，新的在前。"""
    return page(queries.promotions(request.user).prefetch_related("cases"), part, promotion_line)


@supports_router.get("", response=answers(Page[SupportOut]), operation_id="supports", summary="奖励支持")
def supports(request: HttpRequest, part: Query[Slice]) -> Any:
    """所见试点得到的奖励和支持，新的在前。"""
    return page(queries.supports(request.user), part, support_line)


expose(
    organisations_router, actions.record, "/{organisation}/promotions",
    found=own_body, body=PromotionIn, shape=PromotionOut, present=promotion_line, status=201, tag=TAG,
)  # fmt: skip
expose(
    promotions_router, actions.strike, "/{promotion}/strike",
    found=sees_promotion, body=StrikeReasonIn, shape=PromotionOut, present=promotion_line, tag=TAG,
)  # fmt: skip
expose(
    projects_router, actions.record_support, "/{project}/supports",
    found=sees_project, body=SupportIn, shape=SupportOut, present=support_line, status=201, tag=TAG,
)  # fmt: skip
expose(
    supports_router, actions.strike_support, "/{support}/strike",
    found=sees_support, body=StrikeReasonIn, shape=SupportOut, present=support_line, tag=TAG,
)  # fmt: skip
