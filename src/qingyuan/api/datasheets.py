"""Enterprises' own sheets over HTTP: who was asked, and for an enterprise's account its own rows."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field, StringConstraints

from qingyuan.api.datasets import (
    TAG,
    DatasetOut,
    DatasetRowOut,
    dataset_line,
    reads_raw,
    router,
    row_line,
    sees_dataset,
)
from qingyuan.api.problems import answers
from qingyuan.api.reading import Page, Slice, page
from qingyuan.api.shapes import Sent
from qingyuan.api.verbs import Exposed, Found, expose
from qingyuan.audits import actions, links, reads
from qingyuan.audits.actions.firm_sheet import MOST_INVITED, Invitation
from qingyuan.audits.actions.question import MOST_ASKED, Asked
from qingyuan.audits.models import Dataset, EnterpriseSheet, FigureQuestion
from qingyuan.audits.queries import question as question_queries
from qingyuan.audits.queries import sheet as queries
from qingyuan.audits.rules import question as question_rules
from qingyuan.audits.rules import sheet as rules

sheets_router = Router(tags=[TAG])
known = rules.reads_sheet | rules.fills_sheet
sees_sheet = Found(EnterpriseSheet, by=known, arg="sheet", related=links.RELATED)
own_sheet = Found(EnterpriseSheet, by=rules.fills_sheet, arg="sheet", related=links.RELATED)
Exposed.pages_only |= {
    "sheet.hand_over_link": "the link stands on one answer to one click of a person who then hands it over",
}


class FirmSheetOut(Schema):
    """How far an enterprise is; no figure."""

    id: UUID
    revision: int
    stage: str
    dataset: UUID
    enterprise: str = Field(description="企业名称")
    credit_code: str
    due_on: date | None
    reminded_at: datetime | None
    signed_at: datetime | None
    signed_via: str
    signed_sha256: str


class InvitationIn(Sent):
    credit_code: Annotated[str, StringConstraints(max_length=18)]
    address: Annotated[str, StringConstraints(max_length=254)] = ""


class FirmInviteIn(Sent):
    invitations: list[InvitationIn] = Field(min_length=1, max_length=MOST_INVITED)
    due_on: date | None = None


class RenewIn(Sent):
    address: Annotated[str, StringConstraints(max_length=254)] = Field(examples=["env@example.org"])


class FirmReopenIn(Sent):
    reason: Annotated[str, StringConstraints(max_length=500)]


class FirmSignIn(Sent):
    declared: bool = Field(description="声明所填数据真实、完整")


def sheet_line(one: EnterpriseSheet, _request: HttpRequest | None = None) -> dict[str, Any]:
    names = ("revision", "stage", "due_on", "reminded_at", "signed_at", "signed_via", "signed_sha256")
    return {
        **{name: getattr(one, name) for name in names},
        "id": one.pk,
        "dataset": one.dataset_id,
        "enterprise": one.name,
        "credit_code": one.enterprise.credit_code,
    }


@router.get(
    "/{dataset}/sheets",
    response=answers(Page[FirmSheetOut]),
    operation_id="dataset_sheets",
    summary="企业填报进度",
)
def sheets(request: HttpRequest, dataset: UUID, part: Query[Slice]) -> Any:
    """谁还没有签署；不含企业的数值。"""
    return page(queries.of_dataset(sees_dataset(request, dataset)), part, sheet_line)


@sheets_router.get("", response=answers(Page[FirmSheetOut]), operation_id="own_sheets", summary="本企业填报")
def own_sheets(request: HttpRequest, part: Query[Slice]) -> Any:
    """请本企业填报的各份数据。"""
    return page(queries.own(request.user).select_related("enterprise"), part, sheet_line)


@sheets_router.get(
    "/{sheet}/rows", response=answers(Page[DatasetRowOut]), operation_id="sheet_rows", summary="本企业的各行"
)
def sheet_rows(request: HttpRequest, sheet: UUID, part: Query[Slice]) -> Any:
    """只有企业自己的账号；每次查阅都有记录。"""
    found = own_sheet(request, sheet)
    reads.note(
        found.dataset,
        by=request.user,
        what="企业查看本单位数据",
        way=reads.Way.API,
        enterprises=[found.enterprise_id],
    )
    mine = found.dataset.rows.filter(enterprise=found.enterprise_id).order_by("table", "position")
    return page(mine, part, row_line)


def invitations_of(_obj: Dataset, body: FirmInviteIn, _request: HttpRequest) -> dict[str, Any]:
    wanted = [Invitation(one.credit_code, one.address) for one in body.invitations]
    return {"invitations": wanted, "due_on": body.due_on}


expose(
    router, actions.invite, "/{dataset}/invite",
    found=reads_raw, body=FirmInviteIn, kwargs=invitations_of, shape=DatasetOut, present=dataset_line, tag=TAG,
)  # fmt: skip
expose(
    router, actions.remind, "/{dataset}/remind",
    found=reads_raw, shape=DatasetOut, present=dataset_line, tag=TAG,
)  # fmt: skip
for _verb, _path, _body in (
    (actions.renew_link, "/{sheet}/link/renew", RenewIn),
    (actions.revoke_link, "/{sheet}/link/revoke", None),
    (actions.reopen, "/{sheet}/reopen", FirmReopenIn),
    (actions.sign, "/{sheet}/sign", FirmSignIn),
):
    expose(
        sheets_router,
        _verb,
        _path,
        found=sees_sheet,
        body=_body,
        shape=FirmSheetOut,
        present=sheet_line,
        tag=TAG,
    )


# --- questions about figures


class AskedIn(Sent):
    row: int = Field(ge=1, le=2**62)
    column: Annotated[str, StringConstraints(max_length=120)]
    text: Annotated[str, StringConstraints(max_length=500)]


class AskIn(Sent):
    questions: list[AskedIn] = Field(min_length=1, max_length=MOST_ASKED)


class FigureAnswerIn(Sent):
    answer: Annotated[str, StringConstraints(max_length=1000)]


class InsistIn(Sent):
    text: Annotated[str, StringConstraints(max_length=300)]


class FigureQuestionOut(Schema):
    """`value` is the figure when it was asked, `answered_value` when it was answered."""

    id: UUID
    revision: int
    stage: str
    dataset: UUID
    place: str
    rule: str
    text: str
    value: str
    answer: str
    answered_value: str
    asked_at: datetime
    answered_at: datetime | None
    settled_at: datetime | None


def question_line(one: FigureQuestion, _request: HttpRequest | None = None) -> dict[str, Any]:
    names = (
        "revision", "stage", "place", "rule", "text", "value", "answer", "answered_value", "asked_at",
        "answered_at", "settled_at",
    )  # fmt: skip
    return {**{name: getattr(one, name) for name in names}, "id": one.pk, "dataset": one.dataset_id}


def asked_of(_obj: Dataset, body: AskIn, _request: HttpRequest) -> dict[str, Any]:
    return {"questions": [Asked(one.row, one.column, one.text) for one in body.questions]}


questions_router = Router(tags=[TAG])
sees_question = Found(
    FigureQuestion,
    by=question_rules.reads_question | question_rules.is_asked,
    arg="question",
    related=question_queries.RELATED,
)


@router.get(
    "/{dataset}/questions",
    response=answers(Page[FigureQuestionOut]),
    operation_id="dataset_questions",
    summary="核查问题",
)
def questions(request: HttpRequest, dataset: UUID, part: Query[Slice]) -> Any:
    """仅指定的人员和单位；每次查阅都有记录。"""
    found = reads_raw(request, dataset)
    reads.note(found, by=request.user, what="核查问题", way=reads.Way.API)
    return page(question_queries.questions_of(found), part, question_line)


expose(
    router, actions.ask, "/{dataset}/ask",
    found=reads_raw, body=AskIn, kwargs=asked_of, shape=DatasetOut, present=dataset_line, tag=TAG,
)  # fmt: skip
for _act, _way, _sent in (
    (actions.answer, "/{question}/answer", FigureAnswerIn),
    (actions.settle, "/{question}/settle", None),
    (actions.insist, "/{question}/insist", InsistIn),
):
    expose(
        questions_router,
        _act,
        _way,
        found=sees_question,
        body=_sent,
        shape=FigureQuestionOut,
        present=question_line,
        tag=TAG,
    )
