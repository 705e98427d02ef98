"""Evaluation and acceptance of the enterprises' audits over HTTP."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field, StringConstraints

from qingyuan.api.pilots import router as pilots_router
from qingyuan.api.problems import answers
from qingyuan.api.reading import Page, Slice, page
from qingyuan.api.schemes import found_pilot, own_file
from qingyuan.api.shapes import Sent
from qingyuan.api.verbs import OBJECT, Found, expose, refuse_early
from qingyuan.audits.actions import audit_review as actions
from qingyuan.audits.figures import plain
from qingyuan.audits.models import AuditReview
from qingyuan.audits.queries import audit_review as queries
from qingyuan.audits.rules import audit_review as rules
from qingyuan.audits.sittings import Sitting
from qingyuan.catalogue import credit_code
from qingyuan.pilots.models import Pilot

TAG = "评估验收（企业审核）"
router = Router(tags=[TAG])
found_review = Found(AuditReview, rules.sees_review, "review", queries.RELATED)
Score = Annotated[Decimal, Field(ge=0, le=100, max_digits=5, decimal_places=2)]
ItemId = Annotated[str, StringConstraints(max_length=60)]


class AuditReviewOut(Schema):
    id: UUID
    revision: int
    stage: str = Field(description="asked、passed、rectify、failed、withdrawn、revoked")
    pilot: UUID
    enterprise_name: str
    credit_code: str
    kind: str = Field(description="evaluate 评估、accept 验收")
    round: int
    sheet: str = Field(description="评分表的编号")
    statement: str
    asked_at: datetime
    held_on: date | None
    organised_by: str
    scores: dict[str, str]
    vetoes: list[str]
    total: str | None
    opinion: str
    rectify_by: date | None
    revoked_reason: str


class AskReviewIn(Sent):
    credit_code: Annotated[str, StringConstraints(min_length=1, max_length=30)]
    kind: Literal["evaluate", "accept"]
    statement: Annotated[str, StringConstraints(max_length=2000)] = Field(
        "", description="上一次没有通过的，写明整改情况"
    )


class RecordReviewIn(Sent):
    held_on: date
    scores: dict[ItemId, Score] = Field(description="评分表各项的得分", max_length=200)
    vetoes: list[ItemId] = Field([], max_length=50)
    opinion: Annotated[str, StringConstraints(max_length=2000)]
    conclusion: Literal["", "passed", "rectify", "failed"] = Field(
        "", description="不写为按评分表得出；可以从严"
    )
    rectify_by: date | None = None
    evidence: UUID | None = Field(None, description="本人上传的文件的编号")


class SittingIn(RecordReviewIn):
    credit_code: Annotated[str, StringConstraints(min_length=1, max_length=30)]


class SittingsIn(Sent):
    sheet: Annotated[str, StringConstraints(min_length=1, max_length=60)] = Field(description="评分表的编号")
    rows: list[SittingIn] = Field(min_length=1, max_length=actions.MOST_ROWS)


class RevokeReviewIn(Sent):
    reason: Annotated[str, StringConstraints(max_length=500)]


def line(one: AuditReview, _request: HttpRequest | None = None) -> dict[str, Any]:
    names = (
        "revision", "stage", "kind", "round", "statement", "asked_at", "held_on", "scores", "vetoes", "opinion",
        "rectify_by", "revoked_reason",
    )  # fmt: skip
    return {
        **{name: getattr(one, name) for name in names},
        "id": one.pk,
        "pilot": one.pilot_id,
        "enterprise_name": one.enterprise.name,
        "credit_code": one.enterprise.credit_code,
        "sheet": one.sheet_id,
        "organised_by": one.organised_by.name if one.organised_by else "",
        "total": None if one.total is None else plain(one.total),
    }


@pilots_router.get(
    "/{pilot}/audit-reviews",
    response=answers(Page[AuditReviewOut]),
    operation_id="audit_reviews",
    summary="企业审核的评估验收",
    tags=[TAG],
)
def reviews(request: HttpRequest, pilot: OBJECT, part: Query[Slice]) -> Any:  # type: ignore[valid-type]
    """一个试点各企业历次评估和验收。"""
    return page(queries.reviews(found_pilot(request, pilot)), part, line)


@router.get(
    "/{review}", response=answers(AuditReviewOut), operation_id="audit_review", summary="一次评估或验收"
)
def review(request: HttpRequest, review: OBJECT) -> Any:  # type: ignore[valid-type]
    """申请、得分和结论。"""
    return line(found_review(request, review))


def _ask(_pilot: Pilot, body: AskReviewIn, _request: HttpRequest) -> dict[str, Any]:
    code = credit_code.normalise(body.credit_code)
    return {"credit_code": code, "kind": body.kind, "statement": body.statement}


def _record(review: AuditReview, body: RecordReviewIn, request: HttpRequest) -> dict[str, Any]:
    refuse_early(actions.record, request, review)
    names = ("held_on", "scores", "vetoes", "opinion", "conclusion", "rectify_by")
    return {**{name: getattr(body, name) for name in names}, "evidence": own_file(request, body.evidence)}


def _record_many(pilot: Pilot, body: SittingsIn, request: HttpRequest) -> dict[str, Any]:
    refuse_early(actions.record_many, request, pilot)
    names = ("held_on", "scores", "vetoes", "opinion", "conclusion", "rectify_by")
    rows = [
        Sitting(
            credit_code=credit_code.normalise(row.credit_code),
            **{name: getattr(row, name) for name in names},
            evidence=own_file(request, row.evidence),
        )
        for row in body.rows
    ]
    return {"sheet": body.sheet, "rows": rows}


class RecordedReviewsOut(Schema):
    """各家的结果见评估验收的列表。"""

    pilot: UUID
    revision: int


def recorded(pilot: Pilot, _request: HttpRequest | None = None) -> dict[str, Any]:
    return {"pilot": pilot.pk, "revision": pilot.revision}


expose(
    pilots_router, actions.record_many, "/{pilot}/audit-reviews/record-many",
    found=found_pilot, body=SittingsIn, kwargs=_record_many, shape=RecordedReviewsOut, present=recorded, tag=TAG,
)  # fmt: skip
expose(
    pilots_router, actions.ask, "/{pilot}/audit-reviews",
    found=found_pilot, body=AskReviewIn, kwargs=_ask, shape=AuditReviewOut, present=line, status=201, tag=TAG,
)  # fmt: skip
for verb, path, shape, make in (
    (actions.record, "record", RecordReviewIn, _record),
    (actions.withdraw, "withdraw", None, None),
    (actions.revoke, "revoke", RevokeReviewIn, None),
):
    expose(
        router, verb, "/{review}/" + path,
        found=found_review, body=shape, kwargs=make, shape=AuditReviewOut, present=line, tag=TAG,
    )  # fmt: skip
