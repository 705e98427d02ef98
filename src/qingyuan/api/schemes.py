"""Schemes of a pilot's enterprises over HTTP: read, propose, carry out, take in a sheet."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field, StringConstraints

from qingyuan.api.pilots import router as pilots_router
from qingyuan.api.problems import answers
from qingyuan.api.reading import Page, Slice, page
from qingyuan.api.shapes import Sent
from qingyuan.api.verbs import OBJECT, Found, expose, refuse_early
from qingyuan.audits.actions import scheme as actions
from qingyuan.audits.actions.sheet import take_in
from qingyuan.audits.figures import NUMBERS, said, values_of
from qingyuan.audits.layouts import layout_of
from qingyuan.audits.models import Scheme, SchemeImport
from qingyuan.audits.queries import scheme as queries
from qingyuan.audits.rules import scheme as rules
from qingyuan.catalogue import credit_code
from qingyuan.kernel.actions import Invalid, Problem
from qingyuan.kernel.models import Upload
from qingyuan.pilots.models import Pilot
from qingyuan.workbooks.performance import SchemeRow
from qingyuan.workbooks.schema import NA

TAG = "清洁生产方案"
router = Router(tags=[TAG])
found_pilot = Found(Pilot, rules.sees_audits, "pilot", queries.RELATED)
found_scheme = Found(
    Scheme, rules.sees_scheme, "scheme", ("enterprise", *(f"pilot__{name}" for name in queries.RELATED))
)
MOST_ROWS = 5_000

Code = Annotated[str, StringConstraints(min_length=1, max_length=30)]
SchemeTitle = Annotated[str, StringConstraints(max_length=120)]
Content = Annotated[str, StringConstraints(max_length=2000)]
Owner = Annotated[str, StringConstraints(max_length=80)]
Value = Annotated[Decimal, Field(max_digits=18, decimal_places=6)] | Literal["na"] | None
Figures = Annotated[
    dict[str, Value],
    Field(
        description="量的名称（单位在名称中）到数值；null 没有数据，na 不适用，0 为零；没有写到的量不改动",
        examples=[{"invest_wan_cny": "2.5", "water_t": "na"}],
        max_length=len(NUMBERS),
    ),
]
OtherText = Annotated[str | None, Field(max_length=300, description="表中没有列的效果")]


class FiguresOut(Schema):
    """`values` as decimal texts: empty where not stated, `na` where it does not apply."""

    values: dict[str, str]
    other: str


class SchemeLine(Schema):
    id: UUID
    revision: int
    stage: str = Field(description="proposed、feasible、confirmed、running、done、dropped")
    pilot: UUID
    enterprise: UUID
    enterprise_name: str
    credit_code: str
    code: str = Field(examples=["WD1"])
    kind: str = Field(description="low 无/低费、high 中/高费")
    title: str
    content: str
    owner: str
    due_on: date | None
    started_on: date | None
    finished_on: date | None
    dropped_reason: str
    planned: FiguresOut
    measured: FiguresOut


class SchemeEventOut(Schema):
    at: datetime
    what: str
    stage: str
    reason: str
    changes: dict[str, list[str]]


class SchemeOut(SchemeLine):
    feasibility: str
    events: list[SchemeEventOut]


class SchemeImportOut(Schema):
    id: int
    at: datetime
    origin: str
    basis: str
    rows: int
    added: int
    changed: int


class SchemeFilters(Schema):
    text: Annotated[str, StringConstraints(max_length=60)] = ""
    kind: Literal["", "low", "high"] = ""
    stage: Literal["", "proposed", "feasible", "confirmed", "running", "done", "dropped"] = ""
    enterprise: Annotated[str, StringConstraints(max_length=18)] = Field("", description="信用代码")


class SchemeProposeIn(Sent):
    credit_code: Code
    title: SchemeTitle = Field(examples=["更换照明灯具"])
    kind: Literal["", "low", "high"] = Field("", description="不写的按预期投资额划分")
    content: Content = ""
    owner: Owner = Field("", description="部门或岗位，不填个人姓名")
    due_on: date | None = None
    figures: Figures = {}
    other: OtherText = None


class ReviseSchemeIn(Sent):
    title: SchemeTitle
    content: Content = ""
    owner: Owner = ""
    due_on: date | None = None
    figures: Figures = {}
    other: OtherText = None
    reason: Annotated[str, StringConstraints(max_length=1000)] = Field("", description="确定之后修改须写明")


class ScreenIn(Sent):
    feasibility: Annotated[str, StringConstraints(max_length=1000)]


class ConfirmSchemeIn(Sent):
    owner: Owner = ""
    due_on: date | None = None


class StartSchemeIn(Sent):
    started_on: date | None = Field(None, description="不写为今天")


class FinishSchemeIn(Sent):
    finished_on: date | None = Field(None, description="不写为今天")
    figures: Figures = {}
    other: OtherText = None
    evidence: UUID | None = Field(None, description="本人上传的文件的编号")


class MeasureSchemeIn(Sent):
    figures: Figures
    other: OtherText = None
    evidence: UUID | None = Field(None, description="本人上传的文件的编号")


class DropSchemeIn(Sent):
    reason: Annotated[str, StringConstraints(max_length=500)]


class SchemeRowIn(Sent):
    """`number` null: matched by title, else numbered on. `kind` blank: by the investment."""

    credit_code: Code
    kind: Literal["", "low", "high"] = ""
    number: Annotated[int, Field(ge=1, le=99_999)] | None = None
    title: SchemeTitle
    content: Content = ""
    other: Annotated[str, StringConstraints(max_length=300)] = ""
    figures: Figures = {}


class SheetIn(Sent):
    basis: Literal["planned", "measured"]
    origin: Literal["sheet", "portfolio"] = "sheet"
    rows: list[SchemeRowIn] = Field(min_length=1, max_length=MOST_ROWS)


def figures_out(one: Any, basis: str) -> dict[str, Any]:
    row = queries.basis_of(one, basis)
    return {
        "values": {name: said(value) for name, value in values_of(row).items()},
        "other": row.other if row else "",
    }


def line(one: Any) -> dict[str, Any]:
    names = (
        "revision", "stage", "code", "kind", "title", "content", "owner", "due_on", "started_on", "finished_on",
        "dropped_reason",
    )  # fmt: skip
    return {
        **{name: getattr(one, name) for name in names},
        "id": one.pk,
        "pilot": one.pilot_id,
        "enterprise": one.enterprise_id,
        "enterprise_name": one.enterprise.name,
        "credit_code": one.enterprise.credit_code,
        "planned": figures_out(one, "planned"),
        "measured": figures_out(one, "measured"),
    }


def detail(one: Any, _request: HttpRequest) -> dict[str, Any]:
    one.all_figures = list(one.figures.all())
    return {
        **line(one),
        "feasibility": one.feasibility,
        "events": [
            {name: getattr(event, name) for name in SchemeEventOut.model_fields} for event in one.events.all()
        ],
    }


def import_line(one: SchemeImport, _request: HttpRequest) -> dict[str, Any]:
    return {name: getattr(one, name) for name in SchemeImportOut.model_fields}


@pilots_router.get(
    "/{pilot}/schemes",
    response=answers(Page[SchemeLine]),
    operation_id="schemes",
    summary="清洁生产方案",
    tags=[TAG],
)
def schemes(request: HttpRequest, pilot: OBJECT, asked: Query[SchemeFilters], part: Query[Slice]) -> Any:  # type: ignore[valid-type]
    """一个试点各企业的方案及其预期和实测效果，按企业和编号排序。"""
    return page(queries.schemes(found_pilot(request, pilot), **asked.model_dump()), part, line)


@router.get("/{scheme}", response=answers(SchemeOut), operation_id="scheme", summary="一个方案")
def scheme(request: HttpRequest, scheme: OBJECT) -> Any:  # type: ignore[valid-type]
    """内容、效果和全部记录。"""
    return detail(found_scheme(request, scheme), request)


def stated(body: Any) -> dict[str, Any]:
    """Figures as the verbs take them."""
    found: dict[str, Any] = {name: NA if value == "na" else value for name, value in body.figures.items()}
    if body.other is not None:
        found["other"] = body.other
    return found


def _propose(_pilot: Pilot, body: SchemeProposeIn, _request: HttpRequest) -> dict[str, Any]:
    names = ("title", "kind", "content", "owner", "due_on")
    return {
        **{name: getattr(body, name) for name in names},
        "credit_code": credit_code.normalise(body.credit_code),
        "figures": stated(body),
    }


def _revise(_scheme: Scheme, body: ReviseSchemeIn, _request: HttpRequest) -> dict[str, Any]:
    names = ("title", "content", "owner", "due_on", "reason")
    return {**{name: getattr(body, name) for name in names}, "figures": stated(body)}


def own_file(request: HttpRequest, pk: UUID | None) -> Upload | None:
    if pk is None:
        return None
    found = Upload.objects.filter(pk=pk, uploaded_by_id=request.user.pk).first()
    if found is None or not found.is_readable:
        raise Invalid([Problem(_("没有这个文件，或还没有查毒"), where="evidence")])
    return found


def _finish(scheme: Scheme, body: FinishSchemeIn, request: HttpRequest) -> dict[str, Any]:
    refuse_early(actions.finish, request, scheme)
    return {
        "finished_on": body.finished_on,
        "figures": stated(body),
        "evidence": own_file(request, body.evidence),
    }


def _measure(scheme: Scheme, body: MeasureSchemeIn, request: HttpRequest) -> dict[str, Any]:
    refuse_early(actions.measure, request, scheme)
    return {"figures": stated(body), "evidence": own_file(request, body.evidence)}


def _rows(pilot: Pilot, body: SheetIn, _request: HttpRequest) -> dict[str, Any]:
    classes = layout_of(pilot).cost_classes

    def kind_of(row: SchemeRowIn) -> str:
        invest = row.figures.get("invest_wan_cny")
        return row.kind or (classes.kind_of(invest) if isinstance(invest, Decimal) else "")

    rows = [
        SchemeRow(
            enterprise_code=credit_code.normalise(row.credit_code),
            kind=kind_of(row),
            number=row.number,
            title=" ".join(row.title.split()),
            content=row.content.strip(),
            other=row.other.strip(),
            figures={name: NA if value == "na" else value for name, value in row.figures.items()},
        )
        for row in body.rows
    ]
    return {"rows": rows, "basis": body.basis, "origin": body.origin}


expose(
    pilots_router, actions.propose, "/{pilot}/schemes",
    found=found_pilot, body=SchemeProposeIn, kwargs=_propose, shape=SchemeOut, present=detail, status=201, tag=TAG,
)  # fmt: skip
expose(
    pilots_router, take_in, "/{pilot}/schemes/sheet",
    found=found_pilot, body=SheetIn, kwargs=_rows, shape=SchemeImportOut, present=import_line, status=201, tag=TAG,
)  # fmt: skip
for verb, path, shape, make in (
    (actions.revise, "revise", ReviseSchemeIn, _revise),
    (actions.screen, "screen", ScreenIn, None),
    (actions.confirm, "confirm", ConfirmSchemeIn, None),
    (actions.start, "start", StartSchemeIn, None),
    (actions.finish, "finish", FinishSchemeIn, _finish),
    (actions.measure, "measure", MeasureSchemeIn, _measure),
    (actions.drop, "drop", DropSchemeIn, None),
    (actions.restore, "restore", None, None),
):
    expose(
        router, verb, "/{scheme}/" + path,
        found=found_scheme, body=shape, kwargs=make, shape=SchemeOut, present=detail, tag=TAG,
    )  # fmt: skip
