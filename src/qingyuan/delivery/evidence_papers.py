"""What of the audits, the data and the credits goes into a project's archive volume. No raw figure leaves by it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from qingyuan.audits import aggregates
from qingyuan.audits.models import DatasetVersion
from qingyuan.audits.models.audit_review import AuditReview
from qingyuan.delivery import archive_parts, audited
from qingyuan.delivery.archive_parts import Part, stored
from qingyuan.delivery.credits import Line, lines
from qingyuan.delivery.models import Project
from qingyuan.kernel import clock
from qingyuan.papers.record_docx import Section, write_record
from qingyuan.registry.models import AuditRecord
from qingyuan.review.archive import FOREVER, THIRTY, Paper

PROCESS, ENTERPRISES = "02_过程", "04_企业"
STATES = {
    "not_yet": "尚未计入",
    "waiting": "待计入",
    "credited": "已计入",
    "revoked": "已撤销",
    "excluded": "结论列明不计",
    "dropped": "已移出范围",
}


def of_audits(project: Project) -> Iterator[Part]:
    """The schemes with their totals, every sitting on an enterprise's audit, and its signed opinions (two queries)."""
    author, today = project.applicant.name, clock.local(clock.now()).date()
    if audited.schemes(project).exists():
        yield (
            PROCESS,
            Paper(
                name="清洁生产方案.docx",
                title=f"{project.title} 清洁生产方案",
                author=author,
                on=today,
                retention=THIRTY,
                make=partial(_schemes, project),
            ),
        )
    held = list(audited.held(project).order_by("enterprise__credit_code", "-kind", "round"))
    if not held:
        return
    yield (
        ENTERPRISES,
        Paper(
            name="企业评估验收.docx",
            title=f"{project.title} 企业审核的评估验收",
            author=project.supervisor.host.name,
            on=today,
            retention=FOREVER,
            make=partial(_sittings, project, held),
        ),
    )
    for one in held:
        if one.evidence and one.organised_by:
            title = f"{one} 意见"
            yield (
                ENTERPRISES,
                stored(one.evidence, title=title, author=one.organised_by.name, retention=FOREVER),
            )


def _schemes(project: Project) -> bytes:
    found = audited.of(project)
    rows = [
        (
            one.enterprise.name,
            one.code,
            one.title,
            str(one.get_stage_display()),
            one.finished_on.isoformat() if one.finished_on else "—",
        )
        for one in audited.schemes(project)
        .select_related("enterprise")
        .order_by("enterprise__credit_code", "-kind", "number")
    ]
    planned = {name: total for name, _title, total, _unit in found.stated("planned")}
    measured = {name: total for name, _title, total, _unit in found.stated("measured")}
    units = {
        name: (title, unit)
        for basis in ("planned", "measured")
        for name, title, _total, unit in found.stated(basis)
    }
    return write_record(
        title=f"{project.title} 清洁生产方案",
        author=project.applicant.name,
        on=clock.local(clock.now()).date(),
        sections=[
            Section(
                title="一、合计",
                sentences=["只计现行范围内企业未放弃的方案；没有数据的量不列。"],
                heads=("量", "单位", "预期", "实测"),
                rows=[
                    (title, unit, planned.get(name, "—"), measured.get(name, "—"))
                    for name, (title, unit) in units.items()
                ],
                weights=(4, 2, 2, 2),
                none="没有登记数据。",
            ),
            Section(
                title="二、方案",
                heads=("企业", "编号", "方案", "状态", "完成日期"),
                rows=rows,
                weights=(4, 1, 4, 2, 2),
                none="没有方案。",
            ),
        ],
        note="各方案的投资和效果数据见平台的方案绩效表。",
    )


def _sittings(project: Project, held: Sequence[AuditReview]) -> bytes:
    return write_record(
        title=f"{project.title} 企业审核的评估验收",
        author=project.supervisor.host.name,
        on=clock.local(clock.now()).date(),
        sections=[
            Section(
                title="一、历次评估验收",
                heads=("企业", "类别", "次", "日期", "组织单位", "得分", "结论", "评分表"),
                rows=[
                    (
                        one.enterprise.name,
                        str(one.get_kind_display()),
                        str(one.round),
                        one.held_on.isoformat() if one.held_on else "—",
                        one.organised_by.name if one.organised_by else "—",
                        str(one.total),
                        str(one.get_stage_display()),
                        one.sheet_id,
                    )
                    for one in held
                ],
                weights=(4, 1, 1, 2, 3, 1, 2, 2),
            )
        ],
    )


def of_datasets(project: Project) -> Iterator[Part]:
    """Which data were fixed, by their hashes, with sums over enough enterprises: the raw figures stay where they are."""
    versions = audited.versions(project)
    if not versions:
        return
    yield (
        ENTERPRISES,
        Paper(
            name="审核数据版本.docx",
            title=f"{project.title} 审核数据的版本和汇总",
            author=project.applicant.name,
            on=max(clock.local(one.made_at).date() for one in versions),
            retention=FOREVER,
            make=partial(_versions, project, versions),
            note="原始数据不归入本卷，可按指纹核对",
        ),
    )


def _versions(project: Project, versions: Sequence[DatasetVersion]) -> bytes:
    return write_record(
        title=f"{project.title} 审核数据的版本和汇总",
        author=project.applicant.name,
        on=max(clock.local(one.made_at).date() for one in versions),
        sections=[_version(place, one) for place, one in enumerate(versions, start=1)],
        note=f"不足 {aggregates.FEWEST} 家或一家占比过大的不显示；标为商业秘密的数据不在汇总之内。",
    )


def _version(place: int, version: DatasetVersion) -> Section:
    return Section(
        title=f"{place}. {audited.title_of(version.dataset)}",
        facts=[
            ("模板", str(version.dataset.get_template_display())),
            ("版本", f"第 {version.number} 版"),
            ("定版时间", f"{clock.local(version.made_at):%Y-%m-%d %H:%M}"),
            ("内容指纹（SHA-256）", version.content_sha256),
        ],
        heads=("数据表", "数据", "企业数", "合计", "下四分位", "中位", "上四分位"),
        rows=[
            (
                one.table,
                one.column,
                str(one.enterprises),
                *(
                    (one.hidden, "—", "—", "—")
                    if one.hidden
                    else (one.total, one.lower, one.median, one.upper)
                ),
            )
            for one in aggregates.of_version(version)
        ],
        weights=(3, 3, 1, 2, 2, 2, 2),
        none="没有按企业的数据。",
    )


def of_credits(project: Project) -> Iterator[Part]:
    """Who got the audit record and who did not, each with the reason (three queries, none before the pilot has passed)."""
    conclusion = getattr(project, "conclusion", None)
    if conclusion is None or not conclusion.passed:
        return
    found = lines(project, conclusion)
    if not any(line.record for line in found):
        return
    yield (
        ENTERPRISES,
        Paper(
            name="计入审核.docx",
            title=f"{project.title} 范围内企业计入审核记录",
            author=project.supervisor.host.name,
            on=clock.local(clock.now()).date(),
            retention=FOREVER,
            make=partial(_credits, project, found),
        ),
    )


def _credits(project: Project, found: Sequence[Line]) -> bytes:
    return write_record(
        title=f"{project.title} 范围内企业计入审核记录",
        author=project.supervisor.host.name,
        on=clock.local(clock.now()).date(),
        sections=[
            Section(
                title="一、企业",
                heads=("企业", "统一社会信用代码", "情况", "证明编号", "理由或说明"),
                rows=[
                    (
                        line.row.name,
                        line.target.credit_code,
                        STATES[line.state],
                        _certificate(line.record),
                        line.reason or line.note or "—",
                    )
                    for line in found
                ],
                weights=(4, 3, 2, 3, 4),
            )
        ],
    )


def _certificate(record: AuditRecord | None) -> str:
    certificate = getattr(record, "certificate", None)
    return certificate.code if certificate else "—"


for _source in (of_audits, of_datasets, of_credits):
    archive_parts.register(_source)
