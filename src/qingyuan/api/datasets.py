"""A pilot's data over HTTP. Raw figures: only who is named, and every reading is logged as on the pages."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field, StringConstraints

from qingyuan.api import pilots
from qingyuan.api.problems import answers
from qingyuan.api.reading import Page, Slice, page
from qingyuan.api.shapes import Sent
from qingyuan.api.verbs import Exposed, Found, expose
from qingyuan.audits import actions, datasets, drafts, reads
from qingyuan.audits.models import Dataset, DatasetRow, DatasetVersion
from qingyuan.audits.queries import dataset as queries
from qingyuan.audits.rules import dataset as rules
from qingyuan.kernel.actions import NotFound
from qingyuan.people.models import Organisation, User
from qingyuan.pilots import rules as pilot_rules
from qingyuan.pilots.models import Pilot
from qingyuan.workbooks.schema import Table

TAG = "审核数据"
router = Router(tags=[TAG])
sees_dataset = Found(Dataset, by=rules.sees_dataset, arg="dataset", related=queries.RELATED)
reads_raw = Found(Dataset, by=rules.reads_raw, arg="dataset", related=queries.RELATED)
sees_pilot = Found(Pilot, by=pilot_rules.can_see_pilot, arg="pilot", related=("call", "applicant"))
TableName = Annotated[str, StringConstraints(pattern="^[a-z_]{1,40}$")]
Exposed.pages_only |= {
    "dataset.import_workbook": "a workbook comes with its wrong cells marked for the person who filled it in; programs "
    "send cells instead",
}


class DatasetOut(Schema):
    id: UUID
    revision: int
    stage: str
    pilot: UUID
    template: str
    title: str
    year: int
    last_version: int | None


class DatasetVersionOut(Schema):
    number: int
    content_sha256: str
    reason: str
    made_at: datetime
    tables: dict[str, int] = Field(description="各表行数")


class DatasetRowOut(Schema):
    """`values`: column -> text; what is blank does not stand here, `na` does not apply."""

    id: int
    revision: int
    position: int
    origin: str
    values: dict[str, str]


class DatasetIn(Sent):
    template: str = Field(examples=["industry"], max_length=10)
    title: Annotated[str, StringConstraints(max_length=120)] = Field(examples=["2021年审核数据"])
    year: int = Field(ge=0, le=9999, examples=[2021])


class FixIn(Sent):
    reason: Annotated[str, StringConstraints(max_length=500)] = Field(
        "", description="仍有未了结的核查问题时定版的理由"
    )


class TakeVersionIn(Sent):
    dataset: UUID
    number: int = Field(ge=1, le=100_000)
    tables: list[TableName] = Field(min_length=1, max_length=40, examples=[["enterprises"]])


class NameIn(Sent):
    """其一：申报单位的人员（账号所用邮箱），或在授权有效期内的技术支撑单位。"""

    email: Annotated[str, StringConstraints(max_length=254)] = ""
    organisation: UUID | None = None


class EndAccessIn(Sent):
    access_id: int = Field(ge=1, le=2**31 - 1)


class CellIn(Sent):
    row: int = Field(ge=1, le=2**62)
    column: Annotated[str, StringConstraints(max_length=120)]
    text: Annotated[str, StringConstraints(max_length=2000)]
    revision: int = Field(ge=0, le=2**31 - 1, description="读到的该行版本；其间有人改过则 409")


class CellsIn(Sent):
    cells: list[CellIn] = Field(min_length=1, max_length=drafts.MOST_CHANGES)


def dataset_line(one: Dataset, _request: HttpRequest | None = None) -> dict[str, Any]:
    names = ("revision", "stage", "template", "title", "year")
    last = one.last_number if hasattr(one, "last_number") else None
    if last is None:
        last = one.versions.values_list("number", flat=True).first()
    return {
        **{name: getattr(one, name) for name in names},
        "id": one.pk,
        "pilot": one.pilot_id,
        "last_version": last,
    }


def version_line(one: DatasetVersion, _request: HttpRequest | None = None) -> dict[str, Any]:
    names = ("number", "content_sha256", "reason", "made_at")
    tables = {table.name: table.row_count for table in one.tables.all()}
    return {**{name: getattr(one, name) for name in names}, "tables": tables}


def row_line(one: DatasetRow) -> dict[str, Any]:
    names = ("revision", "position", "origin", "values")
    return {**{name: getattr(one, name) for name in names}, "id": one.pk}


def table_of(dataset: Dataset, name: str) -> Table:
    found = datasets.table_of(dataset, name)
    if found is None:
        raise NotFound(_("没有这张表"))
    return found


@router.get("", response=answers(Page[DatasetOut]), operation_id="datasets", summary="审核数据集")
def all_datasets(request: HttpRequest, part: Query[Slice]) -> Any:
    """本单位或授权单位试点的数据集，新的在前。"""
    return page(queries.visible(request.user), part, dataset_line)


@router.get("/{dataset}", response=answers(DatasetOut), operation_id="dataset", summary="一个数据集")
def one_dataset(request: HttpRequest, dataset: UUID) -> Any:
    """填报到哪一步；不含企业的数值。"""
    return dataset_line(sees_dataset(request, dataset))


@router.get(
    "/{dataset}/versions",
    response=answers(Page[DatasetVersionOut]),
    operation_id="dataset_versions",
    summary="已定的版本",
)
def versions(request: HttpRequest, dataset: UUID, part: Query[Slice]) -> Any:
    """各版的校验值和各表行数；不含企业的数值。"""
    found = sees_dataset(request, dataset)
    return page(queries.versions_of(found).prefetch_related("tables"), part, version_line)


@router.get(
    "/{dataset}/tables/{table}",
    response=answers(Page[DatasetRowOut]),
    operation_id="dataset_rows",
    summary="一张表的各行",
)
def rows(request: HttpRequest, dataset: UUID, table: TableName, part: Query[Slice]) -> Any:
    """仅指定的人员和单位；每次查阅都有记录。"""
    found = reads_raw(request, dataset)
    known = table_of(found, table)
    shown = page(found.rows.filter(table=table).order_by("position", "pk"), part, lambda row: row)
    kept = shown["items"]
    reads.note(
        found,
        by=request.user,
        what=f"“{known.title}”",
        way=reads.Way.API,
        enterprises=[row.enterprise_id for row in kept]
        if any(column.name == "enterprise" for column in known.columns)
        else None,
    )
    return {**shown, "items": [row_line(row) for row in kept]}


@router.post(
    "/{dataset}/tables/{table}/cells",
    response=answers(list[DatasetRowOut]),
    operation_id="save_dataset_cells",
    summary="保存单元格",
)
def save_cells(request: HttpRequest, dataset: UUID, table: TableName, body: CellsIn) -> Any:
    """一次保存一张表的若干单元格；有一处不成立就全部不存，并逐格说明。返回改动了的各行。"""
    found = reads_raw(request, dataset)
    changes = [drafts.Change(one.row, one.column, one.text, one.revision) for one in body.cells]
    saved = drafts.save_cells(found, table=table_of(found, table), changes=changes, by=request.user)
    return [row_line(row) for row in saved]


def version_arguments(obj: Dataset, body: TakeVersionIn, request: HttpRequest) -> dict[str, Any]:
    del obj
    source = reads_raw(request, body.dataset)
    version = source.versions.filter(number=body.number).first()
    if version is None:
        raise NotFound(_("没有这一版"))
    return {"version": version, "tables": body.tables}


def named_arguments(obj: Dataset, body: NameIn, _request: HttpRequest) -> dict[str, Any]:
    people = User.objects.filter(memberships__organisation=obj.pilot.applicant_id, email=body.email)
    return {
        "user": people.first() if body.email else None,
        "organisation": Organisation.objects.filter(pk=body.organisation).first()
        if body.organisation
        else None,
    }


expose(
    pilots.router, actions.begin_dataset, "/{pilot}/datasets",
    found=sees_pilot, body=DatasetIn, shape=DatasetOut, present=dataset_line, status=201, tag=TAG,
)  # fmt: skip
expose(
    router, actions.take_scope, "/{dataset}/take-scope",
    found=reads_raw, shape=DatasetOut, present=dataset_line, tag=TAG,
)  # fmt: skip
expose(
    router, actions.take_version, "/{dataset}/take-version",
    found=reads_raw, body=TakeVersionIn, kwargs=version_arguments, shape=DatasetOut, present=dataset_line, tag=TAG,
)  # fmt: skip
expose(
    router, actions.fix_version, "/{dataset}/fix",
    found=reads_raw, body=FixIn, shape=DatasetVersionOut, present=version_line, status=201, tag=TAG,
)  # fmt: skip
expose(
    router, actions.resume_dataset, "/{dataset}/resume",
    found=reads_raw, shape=DatasetOut, present=dataset_line, tag=TAG,
)  # fmt: skip
expose(
    router, actions.name_access, "/{dataset}/access",
    found=sees_dataset, body=NameIn, kwargs=named_arguments, shape=DatasetOut, present=dataset_line, tag=TAG,
)  # fmt: skip
expose(
    router, actions.end_access, "/{dataset}/access/end",
    found=sees_dataset, body=EndAccessIn, shape=DatasetOut, present=dataset_line, tag=TAG,
)  # fmt: skip
