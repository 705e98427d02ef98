"""Calls: what is open, what a call asks, and (for its departments) what was received."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Path, Query, Router, Schema
from pydantic import Field

from qingyuan.api.problems import answers
from qingyuan.api.reading import Page, Slice, page
from qingyuan.api.verbs import Found
from qingyuan.calls import rules
from qingyuan.calls.models import Call
from qingyuan.catalogue.notices.model import Notice
from qingyuan.kernel import clock
from qingyuan.kernel.permission import is_signed_in
from qingyuan.pilots import received

router = Router(tags=["申报通知"])
RELATED = ("joint_body",)
seen = Found(Call, rules.can_see_call, "call", RELATED)
received_by = Found(Call, rules.receives_for_call, "call", RELATED)
CallId = Annotated[UUID, Path(..., description="申报通知的编号（UUID）")]


class Choice(Schema):
    id: str
    title: str


class CallLine(Schema):
    """A call in a list. Instants are UTC; applications are taken from `opens_at` until just before `closes_at`."""

    id: UUID
    title: str
    document_number: str
    stage: str
    issued_by: str
    notice: str = Field(description="通知数据的编号，内容见 /calls/{id}/notice")
    opens_at: datetime
    closes_at: datetime
    is_open: bool
    revision: int


class CallDetail(CallLine):
    mailbox: str
    options: dict[str, bool]
    submission_route: str = Field(examples=["direct", "through_prefecture"])
    forward_closes_at: datetime | None
    forward_jointly: bool
    categories: list[Choice]
    sectors: list[str]
    package_max_bytes: int
    mail_subject_pattern: str
    receives: bool = Field(description="您是否属于受理单位，可以查看收件登记")


class ReceivedFilters(Slice):
    """The filters of the received list; the same as on its page."""

    category: str = Field("", max_length=40, description="类别编号")
    prefecture: str = Field("", max_length=6, description="所在地代码（地级）；“-”为其他")
    state: str = Field("", max_length=12, description="received 已收到、unfinished 未完成、withdrawn 已撤回")
    sector: str = Field("", max_length=40, description="行业编号")
    forwarding: str = Field(
        "",
        max_length=12,
        description="经所在市转报的通知：waiting 待转报、forwarded 已转报、returned 市级退回、lapsed 逾期未转报、direct 直接报送",
    )
    q: str = Field("", max_length=received.LONGEST_SEARCH, description="项目名称或申报单位")
    sort: str = Field("", max_length=20, description="排序的列，前加“-”为倒序：" + "、".join(received.SORTS))


class ReceivedLine(Schema):
    """One application in the register; of unfinished ones nothing of their content is told."""

    pilot: UUID
    submission: UUID | None
    number: str
    name: str
    applicant: str
    prefecture: str
    category: str
    sectors: str
    state: str
    detail: str
    received_at: datetime | None
    version: int | None


class ReceivedCounts(Schema):
    states: dict[str, int]
    prefectures: dict[str, dict[str, int]]


def line(call: Call) -> dict[str, Any]:
    return {
        "id": call.pk,
        "title": call.title,
        "document_number": call.document_number,
        "stage": call.stage,
        "issued_by": call.joint_body.name,
        "notice": call.notice_id,
        "opens_at": call.opens_at,
        "closes_at": call.closes_at,
        "is_open": call.accepts_at(clock.now()),
        "revision": call.revision,
    }


@router.get("", response=answers(Page[CallLine]), operation_id="calls_list", summary="申报通知列表")
def calls(request: HttpRequest, part: Query[Slice]) -> Any:
    """已发布的申报通知；联合发文单位还能看到自己的草稿。"""
    assert is_signed_in.test(request.user)
    rows = Call.objects.filter(rules.visible_calls(request.user)).select_related(*RELATED).distinct()
    return page(rows.order_by("-opens_at", "pk"), part, line)


@router.get("/{call}", response=answers(CallDetail), operation_id="calls_detail", summary="一份申报通知")
def call(request: HttpRequest, call: CallId) -> Any:
    """起止时间、类别、材料包的要求。"""
    return detail(seen(request, call), request)


def detail(found: Call, request: HttpRequest) -> dict[str, Any]:
    notice = found.notice
    return {
        **line(found),
        "mailbox": found.mailbox,
        "options": found.options,
        "submission_route": found.submission_route,
        "forward_closes_at": found.forward_closes_at,
        "forward_jointly": found.forward_jointly,
        "categories": [{"id": category.id, "title": category.title} for category in notice.categories],
        "sectors": list(notice.sectors.ids),
        "package_max_bytes": notice.package.size.max_bytes,
        "mail_subject_pattern": notice.package.mail_subject.pattern,
        "receives": rules.receives_for_call.test(request.user, found),
    }


@router.get("/{call}/notice", response=answers(Notice), operation_id="calls_notice", summary="通知的数据")
def notice(request: HttpRequest, call: CallId) -> Any:
    """通知的全部内容：类别、申报条件及其问题、大纲、目标、日程、材料包规则，每一项注明条款和原文。"""
    return seen(request, call).notice


@router.get(
    "/{call}/received", response=answers(Page[ReceivedLine]), operation_id="received_list", summary="收件登记"
)
def received_list(request: HttpRequest, call: CallId, asked: Query[ReceivedFilters]) -> Any:
    """仅受理单位可见。未完成的申报只列单位、名称、类别、状态和填写进度。"""
    found = received_by(request, call)
    rows = received.register(found, received.Filters.read(found, asked.dict(exclude={"limit", "offset"})))
    lines = received.rows(found, rows[asked.offset : asked.offset + asked.limit])
    items = [
        {
            **{
                name: getattr(row, name)
                for name in ReceivedLine.model_fields
                if name not in {"pilot", "submission"}
            },
            "pilot": row.pilot_id,
            "submission": row.submission_id,
        }
        for row in lines
    ]
    return {"items": items, "count": rows.count(), "limit": asked.limit, "offset": asked.offset}


@router.get(
    "/{call}/received/counts",
    response=answers(ReceivedCounts),
    operation_id="received_counts",
    summary="收件统计",
)
def received_counts(request: HttpRequest, call: CallId) -> Any:
    """按状态和所在地（地级代码）的申报数，不受筛选影响。"""
    found = received.counts(received_by(request, call))
    return {
        "states": dict(found.states),
        "prefectures": {code: dict(of) for code, of in found.prefectures.items()},
    }
