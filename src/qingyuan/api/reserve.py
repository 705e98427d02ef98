"""The financing reserve over HTTP."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field, StringConstraints

from qingyuan.api.problems import answers
from qingyuan.api.reading import Page, Slice, page
from qingyuan.api.registry import found_enterprise
from qingyuan.api.registry import router as enterprises_router
from qingyuan.api.schemes import found_scheme
from qingyuan.api.schemes import router as schemes_router
from qingyuan.api.shapes import Sent
from qingyuan.api.verbs import OBJECT, Found, expose
from qingyuan.audits.actions.reserve import nominate as nominate_scheme
from qingyuan.audits.figures import plain
from qingyuan.registry import queries_reserve as queries
from qingyuan.registry import rules_reserve as rules
from qingyuan.registry.actions import reserve as actions
from qingyuan.registry.models import ReserveProject

TAG = "金融支持储备库"
router = Router(tags=[TAG])
found_project = Found(ReserveProject, rules.sees_project, "project", queries.RELATED)
WanCny = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=6)]
State = Literal["", "not_needed", "pending", "obtained"]


class ReserveGapOut(Schema):
    field: str
    message: str


class ReserveProjectOut(Schema):
    """Money in 万元, as decimal texts; what is not stated is null."""

    id: UUID
    revision: int
    stage: str = Field(description="nominated、admitted、financed、withdrawn")
    enterprise: UUID
    enterprise_name: str
    credit_code: str
    source_scheme: UUID | None
    source_title: str
    nominated_by: UUID
    nominated_at: datetime
    title: str
    content: str
    investment_code: str
    total_invest_wan_cny: str | None
    own_funds_wan_cny: str | None
    benefit_wan_cny: str | None
    om_wan_cny: str | None
    life_years: str | None
    environmental_benefit: str
    eia: str
    land: str
    permit: str
    approvals: str
    contact_body: str
    admitted_on: date | None
    financed_on: date | None
    financed_wan_cny: str | None
    financed_by: str
    withdrawn_reason: str
    gap_wan_cny: str | None
    payback_years: str | None
    npv_wan_cny: str | None
    irr_pct: str | None
    gaps: list[ReserveGapOut] = Field(description="入库还缺什么；已入库的为空")


class ReserveFilters(Schema):
    text: Annotated[str, StringConstraints(max_length=60)] = ""
    stage: Literal["", "nominated", "admitted", "financed", "withdrawn"] = ""
    region: Annotated[str, StringConstraints(pattern="^([0-9]{6})?$")] = ""


class ReserveIn(Sent):
    title: Annotated[str, StringConstraints(max_length=120)]
    content: Annotated[str, StringConstraints(max_length=2000)] = ""
    investment_code: Annotated[str, StringConstraints(max_length=24)] = Field(
        "", examples=["2017-410300-26-03-001234"]
    )
    total_invest_wan_cny: WanCny | None = None
    own_funds_wan_cny: WanCny | None = None
    benefit_wan_cny: WanCny | None = Field(None, description="年经济效益，税前、未扣运行费")
    om_wan_cny: WanCny | None = None
    life_years: Annotated[Decimal, Field(gt=0, max_digits=6, decimal_places=2)] | None = None
    environmental_benefit: Annotated[str, StringConstraints(max_length=1000)] = ""
    eia: State = ""
    land: State = ""
    permit: State = ""
    approvals: Annotated[str, StringConstraints(max_length=500)] = ""
    contact_body: Annotated[str, StringConstraints(max_length=120)] = Field("", description="单位，不填个人")


class AdmitReserveIn(Sent):
    admitted_on: date


class FinanceReserveIn(Sent):
    financed_on: date
    financed_wan_cny: Annotated[Decimal, Field(gt=0, max_digits=18, decimal_places=6)]
    financed_by: Annotated[str, StringConstraints(max_length=120)]


class WithdrawReserveIn(Sent):
    reason: Annotated[str, StringConstraints(max_length=500)]


def line(one: ReserveProject, _request: HttpRequest | None = None) -> dict[str, Any]:
    ((_one, figures, gaps),) = queries.lines([one])
    numbers = (
        "total_invest_wan_cny", "own_funds_wan_cny", "benefit_wan_cny", "om_wan_cny", "life_years", "financed_wan_cny",
    )  # fmt: skip
    names = (
        "revision", "stage", "source_scheme", "source_title", "nominated_at", "title", "content", "investment_code",
        "environmental_benefit", "eia", "land", "permit", "approvals", "contact_body", "admitted_on", "financed_on",
        "financed_by", "withdrawn_reason",
    )  # fmt: skip
    economics = ("gap_wan_cny", "payback_years", "npv_wan_cny", "irr_pct")
    return {
        **{name: getattr(one, name) for name in names},
        **{name: _text(getattr(one, name)) for name in numbers},
        **{name: _text(getattr(figures, name)) for name in economics},
        "id": one.pk,
        "enterprise": one.enterprise_id,
        "enterprise_name": one.enterprise.name,
        "credit_code": one.enterprise.credit_code,
        "nominated_by": one.nominated_by_id,
        "gaps": [{"field": gap.field, "message": gap.message} for gap in gaps],
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)


@router.get("", response=answers(Page[ReserveProjectOut]), operation_id="reserve", summary="金融支持储备库")
def reserve(request: HttpRequest, asked: Query[ReserveFilters], part: Query[Slice]) -> Any:
    """本单位推荐的、本省或全国的储备项目，新的在前。"""
    return page(queries.projects(request.user, **asked.model_dump()), part, line)


@router.get(
    "/{project}", response=answers(ReserveProjectOut), operation_id="reserve_project", summary="一个储备项目"
)
def project(request: HttpRequest, project: OBJECT) -> Any:  # type: ignore[valid-type]
    """投资和效益、手续、入库还缺什么。"""
    return line(found_project(request, project))


expose(
    enterprises_router, actions.nominate, "/{enterprise}/reserve",
    found=found_enterprise, body=ReserveIn, shape=ReserveProjectOut, present=line, status=201, tag=TAG,
)  # fmt: skip
expose(
    schemes_router, nominate_scheme, "/{scheme}/nominate",
    found=found_scheme, shape=ReserveProjectOut, present=line, status=201, tag=TAG,
)  # fmt: skip
for verb, path, shape in (
    (actions.revise, "revise", ReserveIn),
    (actions.admit, "admit", AdmitReserveIn),
    (actions.finance, "finance", FinanceReserveIn),
    (actions.withdraw, "withdraw", WithdrawReserveIn),
):
    expose(
        router, verb, "/{project}/" + path,
        found=found_project, body=shape, shape=ReserveProjectOut, present=line, tag=TAG,
    )  # fmt: skip
