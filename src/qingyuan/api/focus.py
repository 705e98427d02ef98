"""The focus of audits over HTTP."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Schema
from pydantic import Field, StringConstraints

from qingyuan.api.pilots import router as pilots_router
from qingyuan.api.problems import answers
from qingyuan.api.reading import Page, Slice, page
from qingyuan.api.schemes import found_pilot
from qingyuan.api.shapes import Sent
from qingyuan.api.verbs import OBJECT, expose
from qingyuan.audits.actions.focus import MOST_CANDIDATES, Candidate, score_focus
from qingyuan.audits.models import FocusSheet
from qingyuan.pilots.models import Pilot

TAG = "审核重点"
FocusName = Annotated[str, StringConstraints(min_length=1, max_length=120)]
FocusScore = Annotated[Decimal, Field(ge=0, max_digits=6, decimal_places=2)]


class FocusCandidateIn(Sent):
    name: FocusName
    scores: dict[str, FocusScore] = Field(description="因素的编号到得分，每个因素都要打分", max_length=50)


class FocusIn(Sent):
    title: FocusName = Field(description="为谁确定审核重点")
    candidates: list[FocusCandidateIn] = Field(max_length=MOST_CANDIDATES)


class FocusOut(Schema):
    """`ranking`：备选、加权得分（次序同 `factors`）、总分、名次、是否并列，首位在前。"""

    id: int
    number: int
    title: str
    method_id: str
    factors: list[dict[str, str]]
    scores: list[dict[str, Any]]
    ranking: list[dict[str, Any]]
    made_at: datetime


def focus_line(one: FocusSheet, _request: HttpRequest | None = None) -> dict[str, Any]:
    return {name: getattr(one, name) for name in FocusOut.model_fields}


@pilots_router.get(
    "/{pilot}/focus", response=answers(Page[FocusOut]), operation_id="focus", summary="审核重点", tags=[TAG]
)
def all_focus(request: HttpRequest, pilot: OBJECT, part: Query[Slice]) -> Any:  # type: ignore[valid-type]
    """历次打分和排序，新的在前。"""
    return page(found_pilot(request, pilot).focus_sheets.all(), part, focus_line)


def _arguments(_pilot: Pilot, body: FocusIn, _request: HttpRequest) -> dict[str, Any]:
    candidates = [Candidate(name=" ".join(one.name.split()), scores=one.scores) for one in body.candidates]
    return {"title": body.title, "candidates": candidates}


expose(
    pilots_router, score_focus, "/{pilot}/focus",
    found=found_pilot, body=FocusIn, kwargs=_arguments, shape=FocusOut, present=focus_line, status=201, tag=TAG,
)  # fmt: skip
