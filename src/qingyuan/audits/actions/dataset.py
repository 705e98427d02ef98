"""Verbs on a pilot's dataset: begin, fill from a workbook or what is known, name who may read, fix a version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.audits import blockers, datasets, extent
from qingyuan.audits.aggregates import notes_of
from qingyuan.audits.drafts import names_in_scope, refuse_signed
from qingyuan.audits.models import Dataset, DatasetRow, DatasetVersion, RawAccess, VersionTable
from qingyuan.audits.rules import dataset as rules
from qingyuan.kernel import bulk, clock
from qingyuan.kernel.actions import Act, Invalid, Problem, action
from qingyuan.kernel.fields import misfits
from qingyuan.kernel.models import Upload
from qingyuan.people.models import Organisation, User
from qingyuan.pilots.models import Pilot
from qingyuan.pilots.wording import sector_titles
from qingyuan.workbooks import collected as books
from qingyuan.workbooks.collected import SCHEMA, Collected

COLLECTING = (Dataset.Stage.COLLECTING,)
ALIVE = tuple(stage for stage in Pilot.Stage if stage != Pilot.Stage.WITHDRAWN)
BATCH = 2000
MOST_SHOWN = 200


@action(
    "pilot.begin_dataset",
    title=gettext_lazy("新建数据集"),
    on=Pilot,
    may=rules.begins_dataset,
    stages=ALIVE,
    creates=Dataset,
    creates_in=COLLECTING,
    clauses=("N3a", "N3b", "N3c"),
    idempotent=True,
)
def begin_dataset(pilot: Pilot, act: Act, *, template: str, title: str, year: int) -> Dataset:
    """为试点新建一份审核数据采集表；新建的人（咨询服务机构则为该机构）自动列为可查阅原始数据的人员。"""
    title = " ".join(title.split())
    problems = misfits(Dataset, title=title)
    if template not in Dataset.Template.values:
        problems.append(Problem(_("请选择行业、园区或区域流域"), where="template"))
    if not title:
        problems.append(Problem(_("请填写数据集名称"), where="title"))
    elif pilot.datasets.filter(title=title).exists():
        problems.append(Problem(_("本试点已有同名的数据集"), where="title"))
    if not 1990 <= year <= 2100:
        problems.append(Problem(_("请填写四位数的年份"), where="year", expected="1990—2100"))
    if problems:
        raise Invalid(problems)
    made = Dataset.objects.create(
        pilot=pilot,
        template=template,
        title=title,
        year=year,
        columns=books.begun(template),
        created_at=act.now,
        created_by=act.by,
    )
    unit = None
    if not act.by.standing.holds(pilot.applicant_id):
        units = [pk for pk, body in act.by.standing.organisations.items() if body.kind == "service"]
        unit = units[0] if units else None
    RawAccess.objects.create(
        dataset=made,
        user=None if unit else act.by,
        organisation_id=unit,
        named_at=act.now,
        named_by=act.by,
    )
    act.note(template=template, year=year)
    return made


@action(
    "dataset.import_workbook",
    title=gettext_lazy("导入工作簿"),
    on=Dataset,
    may=rules.writes_raw,
    stages=COLLECTING,
    idempotent=True,
)
def import_workbook(dataset: Dataset, act: Act, *, content: Collected, upload: Upload) -> Dataset:
    """用一本工作簿中填写了的各张表整体替换数据集的同名各表；没有填写的表不变。"""
    _refuse_template(dataset, content)
    _put(dataset, content, act, origin=DatasetRow.Origin.UPLOAD, upload=upload)
    act.note(workbook_sha256=upload.sha256, content_sha256=content.fingerprint)
    return dataset


@action(
    "dataset.take_version",
    title=gettext_lazy("取用已定版本"),
    on=Dataset,
    may=rules.writes_raw,
    stages=COLLECTING,
    idempotent=True,
)
def take_version(dataset: Dataset, act: Act, *, version: DatasetVersion, tables: Sequence[str]) -> Dataset:
    """从本单位试点已定的某一版数据中取用所选各表，整体替换现有的同名各表。"""
    source = version.dataset
    problems = []
    if source.template != dataset.template or source.pilot.applicant_id != dataset.pilot.applicant_id:
        problems.append(Problem(_("只能取用本单位试点、同一种采集表的版本"), where="version"))
    elif not rules.reads_raw.test(act.by, source):
        problems.append(Problem(_("您未被指定查阅该数据集的原始数据"), where="version"))
    content = datasets.collected(version)
    missing = [name for name in tables if name not in content.by_name]
    if missing or not tables:
        problems.append(Problem(_("请选择该版本中有数据的表"), where="tables"))
    if problems:
        raise Invalid(problems)
    kept = Collected(
        template=content.template, sheets=tuple(one for one in content.sheets if one.name in set(tables))
    )
    _put(dataset, kept, act, origin=DatasetRow.Origin.VERSION)
    act.note(version=version.number, of_dataset=str(source.pk), tables=sorted(tables))
    return dataset


@action(
    "dataset.take_scope",
    title=gettext_lazy("带入试点范围企业"),
    on=Dataset,
    may=rules.writes_raw,
    stages=COLLECTING,
)
def take_scope(dataset: Dataset, act: Act) -> Dataset:
    """把试点范围内还没有列入“企业”表的企业逐家列入，名称、行业、规模、区县取自试点范围和企业信息库；已有的行不变。"""
    columns = {column.name for column in _table(dataset, "enterprises").columns}
    present = set(
        dataset.rows.filter(table="enterprises", enterprise__isnull=False).values_list(
            "enterprise_id", flat=True
        )
    )
    last = dataset.rows.filter(table="enterprises").aggregate(last=Max("position"))["last"]
    entries = [one for one in extent.stated(dataset.pilot) if one.id not in present]
    if not entries:
        raise Invalid(
            [
                Problem(
                    _(
                        "试点范围内的企业都已在“企业”表中；范围名单可在申报的“范围内企业”中修改，试点启动后按变更调整"
                    )
                )
            ]
        )
    titles = sector_titles(dataset.pilot.notice)
    rows = []
    for number, one in enumerate(entries, start=0 if last is None else last + 1):
        stated = {"enterprise": one.name}
        if entry := one.entry:
            stated |= {
                "sector": titles.get(entry.sector, entry.sector),
                "size": str(entry.get_size_display()),
                "county": entry.county,
            }
        values = {name: text for name, text in stated.items() if text and name in columns}
        rows.append(_row(dataset, "enterprises", number, values, act, DatasetRow.Origin.SCOPE, one.id))
    DatasetRow.objects.bulk_create(rows, batch_size=BATCH)
    act.items([[one.credit_code] for one in entries])
    return dataset


@action(
    "dataset.fix_version",
    title=gettext_lazy("定版"),
    on=Dataset,
    may=rules.writes_raw,
    stages=COLLECTING,
    to=(Dataset.Stage.READY,),
    creates=DatasetVersion,
    clauses=("N3a", "N3b", "N3c"),
    idempotent=True,
)
def fix_version(dataset: Dataset, act: Act, *, reason: str = "") -> DatasetVersion:
    """把现在的数据固定为一版：核对齐全、没有错误后封存，此后不再改动；计算和报告都引用某一版。"""
    reason = reason.strip()
    problems = misfits(DatasetVersion, reason=reason)
    content = datasets.content_of(dataset)
    problems += [
        Problem(
            str(one).partition("：")[2] or str(one), where=one.sheet, expected=one.expected, mend=one.mend
        )
        for one in books.check(content)[:MOST_SHOWN]
    ]
    if not reason:
        problems += blockers.problems_of(dataset)
    last = dataset.versions.first()
    if last is not None and last.content_sha256 == content.fingerprint:
        problems.append(Problem(_("数据与第 %d 版完全相同，不必再定一版") % last.number))
    if problems:
        raise Invalid(problems)
    made = DatasetVersion.objects.create(
        dataset=dataset,
        number=last.number + 1 if last else 1,
        schema=SCHEMA,
        content_sha256=content.fingerprint,
        reason=reason,
        made_at=act.now,
        made_by=act.by,
    )
    notes = notes_of(dataset)
    bulk.insert_rows(
        VersionTable,
        shared={"version_id": made.pk},
        names=("position", "name", "row_count", "columns", "rows", "notes", "sha256"),
        rows=(
            (place, one.name, len(one.rows), one.columns, one.rows, notes.get(one.name, []), one.sha256)
            for place, one in enumerate(content.sheets)
        ),
    )
    act.move(dataset, Dataset.Stage.READY)
    act.note(number=made.number, content_sha256=made.content_sha256, overridden=bool(reason))
    return made


@action(
    "dataset.resume",
    title=gettext_lazy("恢复填报"),
    on=Dataset,
    may=rules.writes_raw,
    stages=(Dataset.Stage.READY,),
    to=COLLECTING,
)
def resume_dataset(dataset: Dataset, act: Act) -> Dataset:
    """继续修改数据；已定的各版不变，改好后另定一版。"""
    act.move(dataset, Dataset.Stage.COLLECTING)
    return dataset


@action(
    "dataset.name_access",
    title=gettext_lazy("指定查阅人员"),
    on=Dataset,
    may=rules.manages_dataset,
)
def name_access(
    dataset: Dataset, act: Act, *, user: User | None = None, organisation: Organisation | None = None
) -> Dataset:
    """指定申报单位的一名人员，或一家授权在有效期内的技术支撑单位，可以查阅企业的原始数据；每次查阅都有记录。"""
    problems = []
    if (user is None) == (organisation is None):
        problems.append(Problem(_("请选择一名人员或一家单位"), where="user"))
    elif user is not None and not user.memberships.filter(organisation=dataset.pilot.applicant_id).exists():
        problems.append(Problem(_("只能指定申报单位的人员"), where="user"))
    elif (
        organisation is not None and not units_of(dataset.pilot, act.now).filter(pk=organisation.pk).exists()
    ):
        problems.append(Problem(_("该单位没有申报单位给出的、在有效期内的授权"), where="organisation"))
    if not problems and dataset.accesses.filter(ended_at=None, user=user, organisation=organisation).exists():
        problems.append(Problem(_("已在指定之列"), where="user" if user else "organisation"))
    if problems:
        raise Invalid(problems)
    RawAccess.objects.create(
        dataset=dataset, user=user, organisation=organisation, named_at=act.now, named_by=act.by
    )
    act.note(person=str(user.ref) if user else "", organisation=str(organisation.pk) if organisation else "")
    return dataset


@action(
    "dataset.end_access",
    title=gettext_lazy("取消查阅人员"),
    on=Dataset,
    may=rules.manages_dataset,
)
def end_access(dataset: Dataset, act: Act, *, access_id: int) -> Dataset:
    """取消一名人员或一家单位查阅原始数据的资格，立即生效；已有的查阅记录保留。"""
    access = dataset.accesses.filter(pk=access_id, ended_at=None).first()
    if access is None:
        raise Invalid([Problem(_("已不在指定之列"))])
    access.ended_at = act.now
    access.save(update_fields=["ended_at"])
    act.note(
        person=str(access.user.ref) if access.user else "",
        organisation=str(access.organisation_id) if access.organisation_id else "",
    )
    return dataset


def units_of(pilot: Pilot, now: datetime) -> QuerySet[Organisation]:
    """Support units whose authorisation is in force."""
    today = clock.local(now).date()
    return Organisation.objects.filter(
        authorisations_held__applicant=pilot.applicant_id,
        authorisations_held__stage="active",
        authorisations_held__valid_from__lte=today,
        authorisations_held__valid_until__gte=today,
    ).distinct()


def _table(dataset: Dataset, name: str) -> Any:
    return next(table for table in datasets.schema_of(dataset) if table.name == name)


def _refuse_template(dataset: Dataset, content: Collected) -> None:
    if content.template != dataset.template:
        raise Invalid([Problem(_("这不是《%s》") % dataset.get_template_display(), where="file")])


def _put(
    dataset: Dataset, content: Collected, act: Act, *, origin: str, upload: Upload | None = None
) -> None:
    """Replace the tables that the content has by its rows; signed rows of enterprises are not replaced by anybody."""
    replaced = dataset.rows.filter(table__in=list(content.by_name))
    refuse_signed(dataset, replaced.filter(enterprise__isnull=False).values_list("enterprise_id", flat=True))
    replaced.delete()
    names = names_in_scope(dataset)
    rows = []
    for sheet in content.sheets:
        for place, cells in enumerate(sheet.rows):
            values = {name: cell for name, cell in zip(sheet.columns, cells, strict=True) if cell is not None}
            whose = names.get(values.get("enterprise", ""))
            rows.append((sheet.name, place, whose and str(whose), values))
    bulk.insert_rows(
        DatasetRow,
        shared={
            "dataset_id": dataset.pk,
            "origin": origin,
            "upload_id": upload and upload.pk,
            "revision": 1,
            "updated_at": act.now,
            "updated_by_id": act.by.pk,
        },
        names=("table", "position", "enterprise_id", "values"),
        rows=rows,
    )
    fresh = datasets.own_columns(dataset.template, content)
    dataset.columns = {**dataset.columns, **fresh}
    dataset.save(update_fields=["columns"])


def _row(  # noqa: PLR0917 (a row has these parts)
    dataset: Dataset,
    table: str,
    position: int,
    values: Mapping[str, str],
    act: Act,
    origin: str,
    enterprise: Any = None,
) -> DatasetRow:
    return DatasetRow(
        dataset=dataset,
        table=table,
        position=position,
        enterprise_id=enterprise,
        values=dict(values),
        origin=origin,
        revision=1,
        updated_at=act.now,
        updated_by=act.by,
    )
