"""Rounds of review and their cases over HTTP, for the departments that hold them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field, StringConstraints

from qingyuan.api.calls import received_by
from qingyuan.api.calls import router as calls_router
from qingyuan.api.problems import answers
from qingyuan.api.reading import Page, Slice, page
from qingyuan.api.review_experts import rounds_router, sees_round
from qingyuan.api.shapes import Sent
from qingyuan.api.verbs import Found, expose
from qingyuan.review import actions
from qingyuan.review.models import Case, CosignCheck, Round
from qingyuan.review.queries import ground as queries
from qingyuan.review.rules import ground

TAG = "评审"
cases_router = Router(tags=[TAG])
Reason = Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)]

sees_case = Found(
    Case, by=ground.sees_case_as_officer, arg="case", related=("round__call__joint_body", "submission")
)


class RoundOut(Schema):
    id: UUID
    revision: int
    stage: str = Field(examples=["reviewing"])
    kind: str = Field(examples=["selection", "acceptance"])
    sitting: str = Field(
        examples=Round.Sitting.values,
        description="评估验收的一轮：whole 一次进行；evaluation、acceptance 分两次进行的评估、验收；评审留空",
    )
    call: UUID
    level: str = Field(examples=["province", "state"])
    opened_at: datetime
    sheet_id: str
    experts_per_case: int
    cap_per_expert: int
    avoids_own_region: bool
    cases: int


class CaseOut(Schema):
    id: UUID
    revision: int
    label: str = Field(examples=["2022-117"])
    stage: str = Field(examples=["form_check"])
    title: str
    applicant: str
    region: str
    category: str
    received_at: datetime
    submission: UUID | None


class CaseFilters(Slice):
    category: str = Field("", max_length=40)
    prefecture: str = Field("", max_length=6)
    stage: str = Field("", max_length=12)
    q: str = Field("", max_length=queries.LONGEST_SEARCH)


class ConfigureIn(Sent):
    sheet_id: Annotated[str, StringConstraints(max_length=60)] = ""
    experts_per_case: int = Field(3, examples=[3])
    cap_per_expert: int = Field(12, examples=[12])
    avoids_own_region: bool = True


class WithdrawalIn(Sent):
    reason: Reason


class CosignCheckIn(Sent):
    topic: str = Field(examples=["policy", "energy"], max_length=10)
    result: str = Field(examples=["fits", "does_not", "not_applicable"], max_length=16)
    note: Annotated[str, StringConstraints(max_length=500)] = ""


class CosignCheckOut(Schema):
    case: UUID
    topic: str
    result: str
    note: str
    organisation: UUID
    at: datetime


def round_line(one: Round, _request: HttpRequest | None = None) -> dict[str, Any]:
    return {
        "id": one.pk,
        "revision": one.revision,
        "stage": one.stage,
        "kind": one.kind,
        "sitting": one.sitting,
        "call": one.call_id,
        "level": one.level,
        "opened_at": one.opened_at,
        "sheet_id": one.sheet_id,
        "experts_per_case": one.experts_per_case,
        "cap_per_expert": one.cap_per_expert,
        "avoids_own_region": one.avoids_own_region,
        "cases": one.case_last,
    }


def case_line(one: Case, _request: HttpRequest | None = None) -> dict[str, Any]:
    return {
        "id": one.pk,
        "revision": one.revision,
        "label": one.label,
        "stage": one.stage,
        "title": one.title,
        "applicant": one.applicant_name,
        "region": one.region_code,
        "category": one.category_id,
        "received_at": one.received_at,
        "submission": one.submission_id,
    }


def check_line(one: CosignCheck, _request: HttpRequest | None = None) -> dict[str, Any]:
    return {
        "case": one.case_id,
        "topic": one.topic,
        "result": one.result,
        "note": one.note,
        "organisation": one.organisation_id,
        "at": one.at,
    }


@rounds_router.get("", response=answers(list[RoundOut]), operation_id="rounds", summary="评审", tags=[TAG])
def rounds(request: HttpRequest) -> Any:
    """本单位组织的评审。"""
    return [round_line(one) for one in queries.rounds(request.user)]


@rounds_router.get(
    "/{round}/cases",
    response=answers(Page[CaseOut]),
    operation_id="round_cases",
    summary="评审项目",
    tags=[TAG],
)
def cases(request: HttpRequest, round: UUID, part: Query[CaseFilters]) -> Any:  # noqa: A002
    """按编号排列；筛选条件与页面相同。"""
    found = sees_round(request, round)
    filters = queries.Filters.read(found, {name: str(value) for name, value in part.dict().items()})
    return page(queries.cases(found, filters).select_related("round"), part, case_line)


expose(
    calls_router, actions.open_acceptance, "/{call}/acceptance",
    found=received_by, shape=RoundOut, present=round_line, status=201, tag=TAG,
)  # fmt: skip
expose(
    rounds_router, actions.finish_acceptance, "/{round}/finish",
    found=sees_round, shape=RoundOut, present=round_line, tag=TAG,
)  # fmt: skip
expose(
    calls_router,
    actions.open_round,
    "/{call}/review",
    found=received_by,
    shape=RoundOut,
    present=round_line,
    status=201,
    tag=TAG,
)
for verb, path, body in (
    (actions.configure, "/{round}/configure", ConfigureIn),
    (actions.start, "/{round}/start", None),
):
    expose(
        rounds_router, verb, path, found=sees_round, body=body, shape=RoundOut, present=round_line, tag=TAG
    )
expose(
    cases_router,
    actions.note_withdrawal,
    "/{case}/withdrawal",
    found=sees_case,
    body=WithdrawalIn,
    shape=CaseOut,
    present=case_line,
)
expose(
    cases_router,
    actions.note_cosign_check,
    "/{case}/cosign-check",
    found=sees_case,
    body=CosignCheckIn,
    shape=CosignCheckOut,
    present=check_line,
)
