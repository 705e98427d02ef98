"""Computations over HTTP: ask for one, see how far it is, read its figures, fetch its files."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import FileResponse, HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field, StringConstraints

from qingyuan.api import datasets
from qingyuan.api.problems import answers
from qingyuan.api.reading import Page, Slice, page
from qingyuan.api.schemes import Owner, SchemeImportOut, import_line
from qingyuan.api.shapes import Sent
from qingyuan.api.verbs import Exposed, Found, expose, refuse_early
from qingyuan.audits import portfolio as portfolios
from qingyuan.audits import reads
from qingyuan.audits.actions import run as actions
from qingyuan.audits.actions.adoption import Adopted, adopt
from qingyuan.audits.figures import said as in_words
from qingyuan.audits.models import Dataset, Finding, Run
from qingyuan.audits.queries import run as queries
from qingyuan.audits.rules import run as rules
from qingyuan.kernel.actions import NotFound
from qingyuan.kernel.gate.serve import serve_blob

TAG = "计算"
router = Router(tags=[TAG])
sees_run = Found(Run, by=rules.sees_run, arg="run", related=queries.RELATED)
Exposed.pages_only |= dict.fromkeys(
    ("run.take", "run.finish", "run.fail"), "the platform's own workers end runs; nobody does it from outside"
)


class RunOut(Schema):
    id: UUID
    revision: int
    stage: str
    dataset: UUID
    version: int
    number: int
    command: str
    note: str
    percent: int = Field(description="已完成的百分比")
    engine: dict[str, str]
    input_sha256: str
    result_sha256: str
    repeatable: bool | None
    taken_over: bool = Field(description="数据和程序都没有变，采用了已有的结果")
    repeats: int | None = Field(description="重复的是第几次计算")
    same_result: bool | None
    asked_at: datetime
    ended_at: datetime | None
    problems: list[dict[str, Any]]


class RunFindingOut(Schema):
    """`value` 为算出的全部数位，`shown` 为文本中的写法；`code` 与次数合起来就是引用码。"""

    code: str
    key: str
    group: str
    title: str
    value: str
    shown: str
    unit: str


class RunFileOut(Schema):
    name: str
    media_type: str
    size: int
    sha256: str


class RunIn(Sent):
    version: int = Field(ge=1, le=100_000, description="数据的第几版")
    note: Annotated[str, StringConstraints(max_length=200)] = ""


MoneyUnit = Annotated[Literal["万元", "元"], Field(description="备选方案表的金额单位")]
MassUnit = Annotated[Literal["t", "kg"], Field(description="备选方案表的削减量单位")]
FACTORS = {"万元": Decimal(1), "元": Decimal("0.0001"), "t": Decimal(1), "kg": Decimal("0.001")}


class OfferOut(Schema):
    """`scheme`: 已经是试点的哪个方案；`why`: 为什么对应不上企业；`kind` 为空的，数据没有写明投资。"""

    place: int
    name: str
    stated_enterprise: str
    enterprise: str
    credit_code: str
    why: str
    kind: str
    fraction: str
    done: bool
    figures: dict[str, str]
    scheme: UUID | None


class AdoptedIn(Sent):
    place: int = Field(ge=0, le=1_000_000, description="方案组合中的第几项，从 0 起")
    owner: Owner = Field("", description="部门或岗位，不填个人姓名")
    due_on: date | None = None
    kind: Literal["", "low", "high"] = Field("", description="数据没有写明投资的须写")


class AdoptRunIn(Sent):
    money: MoneyUnit = "万元"
    mass: MassUnit = "t"
    taken: list[AdoptedIn] = Field(max_length=5_000)


class Units(Schema):
    money: MoneyUnit = "万元"
    mass: MassUnit = "t"


def run_line(one: Run, _request: HttpRequest | None = None) -> dict[str, Any]:
    names = (
        "revision",
        "stage",
        "number",
        "command",
        "note",
        "percent",
        "engine",
        "input_sha256",
        "result_sha256",
    )
    more = ("repeatable", "same_result", "asked_at", "ended_at", "problems")
    return {
        **{name: getattr(one, name) for name in (*names, *more)},
        "id": one.pk,
        "dataset": one.dataset_id,
        "version": one.version.number,
        "taken_over": one.same_as_id is not None,
        "repeats": one.repeats.number if one.repeats else None,
    }


def finding_line(one: Finding) -> dict[str, Any]:
    return {name: getattr(one, name) for name in ("code", "key", "group", "title", "value", "shown", "unit")}


@datasets.router.get(
    "/{dataset}/runs", response=answers(Page[RunOut]), operation_id="runs", summary="各次计算", tags=[TAG]
)
def all_runs(request: HttpRequest, dataset: UUID, part: Query[Slice]) -> Any:
    """新的在前；仅指定的人员和单位。"""
    return page(queries.runs_of(datasets.reads_raw(request, dataset)), part, run_line)


@router.get("/{run}", response=answers(RunOut), operation_id="run", summary="一次计算")
def one_run(request: HttpRequest, run: UUID) -> Any:
    """算到哪一步；没有算成的，`problems` 说明要改正什么。"""
    return run_line(sees_run(request, run))


@router.get(
    "/{run}/findings",
    response=answers(Page[RunFindingOut]),
    operation_id="run_findings",
    summary="结果中的数字",
)
def findings(request: HttpRequest, run: UUID, part: Query[Slice]) -> Any:
    """全体的数字，没有单个企业的。"""
    return page(sees_run(request, run).findings.all(), part, finding_line)


@router.get(
    "/{run}/files", response=answers(list[RunFileOut]), operation_id="run_files", summary="结果的文件"
)
def files(request: HttpRequest, run: UUID) -> Any:
    """报告、工作簿、结果和图；采用已有结果的，列出那次计算的文件。"""
    return [
        {name: getattr(one, name) for name in ("name", "media_type", "size", "sha256")}
        for one in queries.files_of(sees_run(request, run)).values()
    ]


@router.get(
    "/{run}/files/{name}",
    response=answers(None),
    operation_id="run_file",
    summary="下载结果的一个文件",
)
def file(request: HttpRequest, run: UUID, name: str) -> FileResponse:
    """每次下载都有记录。"""
    found = sees_run(request, run)
    one = queries.files_of(found).get(name)
    if one is None:
        raise NotFound(_("没有这个文件"))
    said = _("下载第 %(number)d 次计算的 %(name)s") % {"number": found.number, "name": name}
    reads.note(found.dataset, by=request.user, what=said, way=reads.Way.API)
    return serve_blob(one.sha256, name=one.name, media_type=one.media_type)


@router.get(
    "/{run}/portfolio",
    response=answers(list[OfferOut]),
    operation_id="run_portfolio",
    summary="计算选定的方案组合",
)
def portfolio(request: HttpRequest, run: UUID, units: Query[Units]) -> Any:
    """逐项列出选定的方案、对应的企业和它在试点方案中的位置；没有选定方案的为空。"""
    found = sees_run(request, run)
    offers = _portfolio(found, units).offers
    standing = portfolios.standing(found.dataset.pilot_id, offers)
    reads.note(
        found.dataset,
        by=request.user,
        what=_("查看第 %d 次计算选定的方案") % found.number,
        way=reads.Way.API,
    )
    return [
        {
            **{
                name: getattr(one, name)
                for name in ("name", "enterprise", "credit_code", "why", "kind", "done")
            },
            "place": place,
            "stated_enterprise": one.stated,
            "fraction": in_words(one.fraction),
            "figures": {name: in_words(value) for name, value in one.figures.items()},
            "scheme": standing[place].pk if place in standing else None,
        }
        for place, one in enumerate(offers)
    ]


def _portfolio(run: Run, units: Any) -> portfolios.Portfolio:
    return portfolios.read(run, money=FACTORS[units.money], mass=FACTORS[units.mass])


def adopt_arguments(run: Run, body: AdoptRunIn, request: HttpRequest) -> dict[str, Any]:
    refuse_early(adopt, request, run)
    return {
        "portfolio": _portfolio(run, body),
        "taken": [Adopted(**one.model_dump()) for one in body.taken],
    }


def start_arguments(obj: Dataset, body: RunIn, _request: HttpRequest) -> dict[str, Any]:
    version = obj.versions.filter(number=body.version).first()
    if version is None:
        raise NotFound(_("没有这一版"))
    return {"version": version, "note": body.note}


expose(
    datasets.router, actions.start, "/{dataset}/runs",
    found=datasets.reads_raw, body=RunIn, kwargs=start_arguments, shape=RunOut, present=run_line, status=201, tag=TAG,
)  # fmt: skip
expose(router, actions.cancel, "/{run}/cancel", found=sees_run, shape=RunOut, present=run_line, tag=TAG)
expose(
    router,
    actions.repeat,
    "/{run}/repeat",
    found=sees_run,
    shape=RunOut,
    present=run_line,
    status=201,
    tag=TAG,
)
expose(
    router, adopt, "/{run}/schemes",
    found=sees_run, body=AdoptRunIn, kwargs=adopt_arguments, shape=SchemeImportOut, present=import_line, status=201, tag=TAG,
)  # fmt: skip
