"""The account of the innovation over HTTP: the log, the assumptions, the result, what was stated, the public totals."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field, StringConstraints

from qingyuan.api.delivery import TAG, ProjectOut, projects_router, sees_project
from qingyuan.api.delivery import project_line as project_out
from qingyuan.api.problems import answers
from qingyuan.api.reading import Page, Slice, page
from qingyuan.api.shapes import Sent
from qingyuan.api.verbs import Found, expose
from qingyuan.catalogue import credit_code, innovation
from qingyuan.delivery import account_table
from qingyuan.delivery.actions import account as verbs
from qingyuan.delivery.efforts import AMOUNTS, EffortRow
from qingyuan.delivery.models import AccountStatement, EffortEntry
from qingyuan.delivery.queries import account as queries
from qingyuan.delivery.queries import workbench
from qingyuan.delivery.rules import account as rules

efforts_router = Router(tags=[TAG])
statements_router = Router(tags=[TAG])
public_router = Router(tags=["公开"], auth=None)
sees_effort = Found(EffortEntry, by=rules.sees_effort, arg="effort", related=queries.EFFORT_RELATED)
sees_statement = Found(
    AccountStatement, by=rules.sees_statement, arg="statement", related=queries.EFFORT_RELATED
)
MOST_ROWS = 1000
Amount = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=2, examples=["12.5"])] | None
Usual = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=2, examples=["80"])]
Figure = Annotated[Decimal, Field(ge=0, max_digits=20, decimal_places=4, examples=["36.5"])] | None
Code = Annotated[str, StringConstraints(min_length=1, max_length=30)]
Reason = Annotated[str, StringConstraints(max_length=300)]


class EffortIn(Sent):
    day: date
    kind: str = Field(max_length=20, examples=list(innovation.kinds()))
    enterprises: Annotated[list[Code], Field(max_length=5000)] = Field(
        default_factory=list, description="所涉企业的统一社会信用代码；空为公共工作"
    )
    days: Amount = None
    person_days: Amount = None
    money: Amount = Field(None, description="元")
    documents: Annotated[int, Field(ge=0, le=99_999_999)] | None = None
    done_by: Annotated[str, StringConstraints(max_length=120, strip_whitespace=True)] = ""
    note: Annotated[str, StringConstraints(max_length=300, strip_whitespace=True)] = ""


class EffortsIn(Sent):
    rows: Annotated[list[EffortIn], Field(min_length=1, max_length=MOST_ROWS)]


class EffortOut(Schema):
    id: UUID
    revision: int
    stage: str
    number: int
    day: date
    kind: str
    enterprises: int = Field(description="所涉企业数；0 为公共工作")
    days: str | None
    person_days: str | None
    money: str | None
    documents: str | None
    done_by: str
    note: str
    voided_reason: str


class EffortVoidIn(Sent):
    reason: Reason


class AssumeIn(Sent):
    measure: str = Field(max_length=20, examples=list(innovation.assumptions()))
    low: Usual
    mid: Usual
    high: Usual
    source: Annotated[str, StringConstraints(max_length=300)]


class CoverageIn(Sent):
    quantity: Annotated[str, StringConstraints(max_length=60)] = Field(examples=["工业总产值"])
    unit: Annotated[str, StringConstraints(max_length=30)] = Field(examples=["亿元"])
    year: Annotated[int, Field(ge=1990, le=2200)]
    covered: Figure = None
    total: Figure = None
    source: Annotated[str, StringConstraints(max_length=300)]


class LogDeclareIn(Sent):
    measures: Annotated[list[Annotated[str, StringConstraints(max_length=20)]], Field(max_length=20)] = Field(
        description="记录已经齐全的项目；没有列出的撤回声明"
    )


class AccountOut(Schema):
    """As stated: fractions as text, three of them for a range (low, mid, high); null is not stated."""

    content: dict[str, Any]


class WorkbenchEstimate(Schema):
    value: str
    source: str


class WorkbenchLine(Schema):
    """One thing that happened; figures as text (fractions where days do not divide), null is not known."""

    id: str
    title: str
    unit: str
    actual: str | None
    of: int | None = Field(description="总数；实际是其中的几份（个）")
    is_partial: bool = Field(description="有企业没有数据，不与估算比较")
    why: str = Field(description="没有数或不能比较的原因")
    estimate: WorkbenchEstimate | None
    difference: str | None = Field(description="实际减估算")
    percent: str | None = Field(description="相差占估算的百分比，一位小数")


class StatementOut(Schema):
    id: UUID
    revision: int
    stage: str
    project: UUID
    number: int
    content_sha256: str
    made_at: datetime
    retracted_reason: str
    content: dict[str, Any]


class StatementRetractIn(Sent):
    reason: Reason


class InnovationTotal(Schema):
    measure: str
    title: str
    pilots: int
    actual: str
    per_enterprise: str
    confirmed: str
    percent: str
    stated: str = Field(description="有数据的企业 / 范围内企业")


class InnovationTotals(Schema):
    """Sums over the pilots whose statements the departments released."""

    pilots: int
    enterprises: int
    until: datetime | None
    totals: list[InnovationTotal]


def row_of(body: EffortIn) -> EffortRow:
    return EffortRow(
        day=body.day,
        kind=body.kind,
        enterprises=tuple(credit_code.normalise(code) for code in body.enterprises),
        days=body.days,
        person_days=body.person_days,
        money=body.money,
        documents=None if body.documents is None else Decimal(body.documents),
        done_by=body.done_by,
        note=body.note,
    )


def effort_line(one: EffortEntry, _request: HttpRequest | None = None) -> dict[str, Any]:
    names = ("revision", "stage", "number", "day", "kind", "done_by", "note", "voided_reason")
    return {
        "id": one.pk,
        **{name: getattr(one, name) for name in names},
        **{name: None if (value := getattr(one, name)) is None else str(value) for name in AMOUNTS},
        "enterprises": len(one.enterprises.all()),
    }


def workbench_line(one: workbench.Line) -> dict[str, Any]:
    names = ("id", "title", "unit", "of", "is_partial", "why")
    return {
        **{name: getattr(one, name) for name in names},
        **{
            name: None if (value := getattr(one, name)) is None else str(value)
            for name in ("actual", "difference")
        },
        "percent": None if one.percent is None else f"{float(one.percent):.1f}",
        "estimate": {"value": str(one.estimate.value), "source": one.estimate.source}
        if one.estimate
        else None,
    }


def statement_line(one: AccountStatement, _request: HttpRequest | None = None) -> dict[str, Any]:
    names = ("revision", "stage", "number", "content_sha256", "made_at", "retracted_reason", "content")
    return {"id": one.pk, "project": one.project_id, **{name: getattr(one, name) for name in names}}


@projects_router.get(
    "/{project}/account", response=answers(AccountOut), operation_id="project_account", summary="创新账"
)
def account(request: HttpRequest, project: UUID) -> Any:
    """与传统逐家审核相比的时间、人日、费用、现场次数和材料份数，连同假设、覆盖范围、句子和需要核对的事项。"""
    return {"content": queries.content_of(queries.book(sees_project(request, project)))}


@projects_router.get(
    "/{project}/account/workbench",
    response=answers(list[WorkbenchLine]),
    operation_id="project_workbench",
    summary="平台上实际发生的与估算",
)
def happened(request: HttpRequest, project: UUID) -> Any:
    """数据采集历时、算出结果历时、企业签署、核查问题、现场次数、人日和费用，旁边是引擎或实施方案的估算；没有发生的为 null，不算零。"""
    found = sees_project(request, project)
    return [workbench_line(one) for one in workbench.happened(found, queries.book(found))]


@projects_router.get(
    "/{project}/efforts",
    response=answers(Page[EffortOut]),
    operation_id="project_efforts",
    summary="工作量记录",
)
def efforts(request: HttpRequest, project: UUID, part: Query[Slice]) -> Any:
    """新的在前；作废的也列出。"""
    return page(queries.efforts(sees_project(request, project)), part, effort_line)


@projects_router.get(
    "/{project}/account-statements",
    response=answers(list[StatementOut]),
    operation_id="project_account_statements",
    summary="创新账的历次报数",
)
def statements(request: HttpRequest, project: UUID) -> Any:
    """新的在前。"""
    return [statement_line(one) for one in sees_project(request, project).account_statements.all()]


@public_router.get(
    "/statistics/innovation",
    response=answers(InnovationTotals),
    operation_id="public_innovation",
    summary="审核创新的成效汇总",
)
def public_totals(request: HttpRequest) -> Any:
    """各试点报数、主办单位同意后的合计；不列单个试点和企业。"""
    del request
    found = account_table.public_totals(queries.public_statements())
    return {
        **{name: found[name] for name in ("pilots", "enterprises", "until")},
        "totals": [
            {
                "measure": line.id,
                "title": line.title,
                "pilots": count,
                "actual": line.actual,
                "per_enterprise": line.each,
                "confirmed": line.confirmed,
                "percent": line.percent,
                "stated": line.stated,
            }
            for line, count in found["totals"]
        ],
    }


expose(
    projects_router, verbs.log_effort, "/{project}/efforts",
    found=sees_project, body=EffortIn, kwargs=lambda _project, body, _request: {"row": row_of(body)},
    shape=EffortOut, present=effort_line, status=201, tag=TAG,
)  # fmt: skip
expose(
    projects_router, verbs.import_efforts, "/{project}/efforts/batch",
    found=sees_project, body=EffortsIn,
    kwargs=lambda _project, body, _request: {"rows": [row_of(one) for one in body.rows]},
    shape=ProjectOut, present=project_out, tag=TAG,
)  # fmt: skip
expose(
    efforts_router, verbs.void, "/{effort}/void",
    found=sees_effort, body=EffortVoidIn, shape=EffortOut, present=effort_line, tag=TAG,
)  # fmt: skip
for verb, path, body in (
    (verbs.assume, "/{project}/account/assumptions", AssumeIn),
    (verbs.state_coverage, "/{project}/account/coverage", CoverageIn),
    (verbs.declare_log, "/{project}/account/declaration", LogDeclareIn),
):
    expose(
        projects_router,
        verb,
        path,
        found=sees_project,
        body=body,
        shape=ProjectOut,
        present=project_out,
        tag=TAG,
    )
expose(
    projects_router, verbs.state_account, "/{project}/account-statements",
    found=sees_project, shape=StatementOut, present=statement_line, status=201, tag=TAG,
)  # fmt: skip
expose(
    statements_router, verbs.release, "/{statement}/release",
    found=sees_statement, shape=StatementOut, present=statement_line, tag=TAG,
)  # fmt: skip
expose(
    statements_router, verbs.retract, "/{statement}/retract",
    found=sees_statement, body=StatementRetractIn, shape=StatementOut, present=statement_line, tag=TAG,
)  # fmt: skip
