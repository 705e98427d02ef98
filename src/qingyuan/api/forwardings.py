"""经所在市转报 over HTTP: a bureau's own register, and its word on one version."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Path, Query, Router, Schema
from pydantic import Field, StringConstraints

from qingyuan.api.problems import answers
from qingyuan.api.reading import Page, Slice, page
from qingyuan.api.shapes import Sent
from qingyuan.api.verbs import Found, expose
from qingyuan.kernel import clock
from qingyuan.pilots import actions
from qingyuan.pilots import forwarding as ways
from qingyuan.pilots.models import PrefectureForwarding

router = Router(tags=["往来"])
ForwardingId = Annotated[UUID, Path(..., description="转报的编号（UUID）")]
found = Found(
    PrefectureForwarding,
    ways.can_see_forwarding,
    "forwarding",
    ("pilot__applicant", "call__joint_body", "organisation"),
)


class OpinionOut(Schema):
    organisation: str
    word: str = Field(examples=["agree", "dissent", "return", ""])
    text: str
    at: datetime | None


class ForwardingLine(Schema):
    """One version on its way. It counts from `arrived_at`, whatever becomes of the forwarding."""

    id: UUID
    revision: int
    stage: str = Field(examples=["waiting", "forwarded", "returned", "lapsed", "void"])
    state: str = Field(description="状态的说明", examples=["待转报：演示市生态环境局，2022年7月5日 18:00 前"])
    pilot: UUID
    name: str
    applicant: str
    submission: UUID
    organisation: str
    number: str = Field(description="转报登记号", examples=["转〔2022〕0001号", ""])
    arrived_at: datetime
    due_at: datetime | None
    closed_at: datetime | None


class ForwardingDetail(ForwardingLine):
    opinions: list[OpinionOut]


class GiveIn(Sent):
    agree: bool = Field(description="同意转报为 true；false 为附不同意见转报", examples=[True])
    text: Annotated[str, StringConstraints(max_length=2000)] = Field(
        "", description="不同意的必须写明理由", examples=["材料齐全，同意转报。"]
    )


class SendBackIn(Sent):
    text: Annotated[str, StringConstraints(min_length=1, max_length=1000)] = Field(
        examples=["请补充园区边界图后再次提交。"]
    )


def line(one: PrefectureForwarding) -> dict[str, Any]:
    return {
        "id": one.pk,
        "revision": one.revision,
        "stage": one.stage,
        "state": ways.state_of(one, clock.now()),
        "pilot": one.pilot_id,
        "name": one.pilot.name,
        "applicant": one.pilot.applicant.name,
        "submission": one.submission_id,
        "organisation": one.organisation.name,
        "number": one.label,
        "arrived_at": one.arrived_at,
        "due_at": one.call.forward_closes_at,
        "closed_at": one.closed_at,
    }


def detail(one: PrefectureForwarding, _request: HttpRequest) -> dict[str, Any]:
    opinions = one.opinions.select_related("organisation").all()
    return {
        **line(one),
        "opinions": [
            {
                "organisation": opinion.organisation.name,
                "word": opinion.word,
                "text": opinion.text,
                "at": opinion.at,
            }
            for opinion in opinions
        ],
    }


def after(one: PrefectureForwarding, request: HttpRequest) -> dict[str, Any]:
    return detail(PrefectureForwarding.objects.select_related(*found.related).get(pk=one.pk), request)


@router.get(
    "",
    response=answers(Page[ForwardingLine]),
    operation_id="forwardings_list",
    summary="经本单位转报的申报",
)
def forwardings(request: HttpRequest, part: Query[Slice]) -> Any:
    """经您所在的市级生态环境局、发展改革委转报的申报，新的在前；其他单位为空。"""
    return page(ways.queue(request.user), part, line)


@router.get(
    "/{forwarding}",
    response=answers(ForwardingDetail),
    operation_id="forwardings_detail",
    summary="一次转报及其意见",
)
def forwarding(request: HttpRequest, forwarding: ForwardingId) -> Any:
    """转报单位、申报单位和受理单位都可以读。"""
    return detail(found(request, forwarding), request)


for verb, path, body in (
    (actions.give_forwarding, "/{forwarding}/give", GiveIn),
    (actions.send_back, "/{forwarding}/return", SendBackIn),
    (actions.lapse_forwarding, "/{forwarding}/lapse", None),
):
    expose(router, verb, path, found=found, body=body, shape=ForwardingDetail, present=after, tag="往来")
