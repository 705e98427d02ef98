"""What of a project goes into its archive volume: every idea of the delivery registers its papers (`register`).

A source yields (folder, paper) in a steady order and asks the database only; bytes are made when the volume is written.
Folders are numbered like chapters: 01 启动, 02 过程, 03 变更, 04 企业, 05 成果, 06 评估验收, 07 经验, 09 台账.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from django.db.models import Q

from qingyuan.delivery import baseline
from qingyuan.delivery.models import Baseline, ChangeRequest, Project
from qingyuan.kernel import clock, ledger, storage
from qingyuan.kernel.models import LedgerEntry, Upload
from qingyuan.papers.record_docx import Section, write_record
from qingyuan.review.archive import FOREVER, THIRTY, Paper, named_apart

Part = tuple[str, Paper]
Source = Callable[[Project], Iterable[Part]]
_sources: list[Source] = []
START, CHANGES, ACCEPTANCE, LEDGER = "01_启动", "03_变更", "06_评估验收", "09_台账"


def register(source: Source) -> None:
    """Let an idea add its papers."""
    if source not in _sources:
        _sources.append(source)


def of(project: Project) -> list[Part]:
    """All papers by folder, no two of one name in a folder."""
    folders: dict[str, list[Paper]] = defaultdict(list)
    for source in _sources:
        for folder, paper in source(project):
            folders[folder].append(paper)
    return [(folder, paper) for folder in sorted(folders) for paper in named_apart(folders[folder])]


def stored(upload: Upload, *, title: str, author: str, retention: str = THIRTY, note: str = "") -> Paper:
    """A file that came through the gate, as a paper."""
    return Paper(
        name=upload.name,
        title=title,
        author=author,
        on=clock.local(upload.uploaded_at).date(),
        retention=retention,
        sha256=upload.sha256,
        size=upload.size,
        note=note,
    )


def bytes_of(sha256: str) -> bytes:
    """Stored bytes as they are."""
    with storage.open_blob(sha256) as source:
        return source.read()


def as_json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).encode()


# --- what the ground itself keeps


def of_start(project: Project) -> Iterator[Part]:
    """The sealed plan, and every version of the baseline."""
    author = project.applicant.name
    if sealed := project.case.submission:
        yield (
            START,
            Paper(
                name="实施方案.docx",
                title=f"{project.title} 实施方案",
                author=author,
                on=clock.local(sealed.submitted_at).date(),
                retention=FOREVER,
                make=partial(bytes_of, sealed.plan_sha256),
                note=f"收件登记号 {sealed.register_label}；申报和评审材料见评审归档卷",
            ),
        )
    for one in project.baselines.all():
        yield (
            START,
            Paper(
                name=f"基线_第{one.number}版.docx",
                title=f"{project.title} 基线 第 {one.number} 版",
                author=author,
                on=clock.local(one.made_at).date(),
                retention=FOREVER,
                make=partial(baseline_docx, project, one),
                note=f"SHA-256 {one.content_sha256[:16]}",
            ),
        )


def baseline_docx(project: Project, one: Baseline) -> bytes:
    """One version of the baseline, for people."""
    content: baseline.Content = one.content
    return write_record(
        title=f"{project.title} 基线（第 {one.number} 版）",
        author=project.applicant.name,
        on=clock.local(one.made_at).date(),
        sections=[
            Section(
                title="一、概况",
                facts=[
                    ("试点项目", project.title),
                    ("实施单位", project.applicant.name),
                    ("类别", project.category.title),
                    ("批准", f"{project.approved_on:%Y-%m-%d} {project.approval_number}".strip()),
                    ("启动", f"{project.started_on:%Y-%m-%d}"),
                    ("实施期限", f"{content['term']['start'] or '—'} — {content['term']['end'] or '—'}"),
                    ("内容指纹（SHA-256）", one.content_sha256),
                ],
            ),
            Section(
                title="二、节点",
                heads=("节点", "开始", "截止", "产出", "责任单位"),
                rows=[_cells(line, "title", "starts", "ends", "outputs", "responsible") for line in content["milestones"]],
                weights=(4, 2, 2, 4, 3),
                none="没有列出节点。",
            ),
            Section(
                title="三、工作目标",
                heads=("指标", "单位", "基准值", "目标值"),
                rows=[_cells(line, "indicator", "unit", "baseline", "target") for line in content["targets"]],
                weights=(5, 2, 2, 2),
                none="没有列出目标。",
            ),
            Section(
                title="四、产出成果",
                heads=("成果", "效益"),
                rows=[_cells(line, "title", "benefit") for line in content["outputs"]],
                none="没有列出产出成果。",
            ),
            Section(
                title="五、范围内企业",
                heads=("企业", "统一社会信用代码", "行业代码"),
                rows=[_cells(line, "name", "credit_code", "sector_code") for line in content["scope"]],
                weights=(5, 4, 2),
                none="没有列出企业。",
            ),
        ],
    )  # fmt: skip


def _cells(line: dict[str, Any], *names: str) -> list[str]:
    return [str(line.get(name) or "—") for name in names]


def of_changes(project: Project) -> Iterator[Part]:
    """Every change that was decided, with its evidence."""
    found = project.changes.filter(
        stage__in=[ChangeRequest.Stage.APPROVED, ChangeRequest.Stage.REFUSED]
    ).select_related("evidence", "made")
    for one in found.order_by("number"):
        title = f"{project.title} {one}"
        assert one.decided_at is not None
        yield (
            CHANGES,
            Paper(
                name=f"变更_{one.number:02d}.docx",
                title=title,
                author=project.supervisor.host.name,
                on=clock.local(one.decided_at).date(),
                retention=THIRTY,
                make=partial(change_docx, project, one),
                note=str(one.get_stage_display()),
            ),
        )
        if one.evidence:
            yield (
                CHANGES,
                stored(one.evidence, title=f"{title} 佐证材料", author=project.applicant.name),
            )


def change_docx(project: Project, one: ChangeRequest) -> bytes:
    """A change as it was asked and decided; no person is named."""
    assert one.decided_at is not None
    return write_record(
        title=str(one),
        author=project.supervisor.host.name,
        on=clock.local(one.decided_at).date(),
        sections=[
            Section(
                title="一、申请",
                facts=[
                    ("试点项目", project.title),
                    ("申请单位", project.applicant.name),
                    ("申请时间", f"{clock.local(one.asked_at):%Y-%m-%d %H:%M}"),
                    ("现行", one.was or "—"),
                    ("变更为", one.becomes or "—"),
                    ("理由", one.reason),
                ],
            ),
            Section(
                title="二、审批",
                facts=[
                    ("审批单位", project.supervisor.host.name),
                    ("结论", str(one.get_stage_display())),
                    ("意见", one.opinion or "—"),
                    ("审批时间", f"{clock.local(one.decided_at):%Y-%m-%d %H:%M}"),
                    ("形成基线", f"第 {one.made.number} 版" if one.made else "—"),
                ],
            ),
        ],
    )


def of_conclusion(project: Project) -> Iterator[Part]:
    """How the pilot ended, with the list or paper that says so."""
    conclusion = getattr(project, "conclusion", None)
    if conclusion is None:
        return
    left_out = list(conclusion.exclusions.select_related("scope_enterprise__enterprise"))
    yield (
        ACCEPTANCE,
        Paper(
            name="评估验收结论.docx",
            title=f"{project.title} 评估验收结论",
            author=project.case.round.joint_body.name,
            on=conclusion.listed_on,
            retention=FOREVER,
            make=partial(conclusion_docx, project, conclusion, left_out),
            note=conclusion.document_number,
        ),
    )
    if conclusion.evidence:
        yield (
            ACCEPTANCE,
            stored(
                conclusion.evidence,
                title=f"{project.title} 评估验收结论依据",
                author=project.case.round.joint_body.name,
                retention=FOREVER,
            ),
        )


def conclusion_docx(project: Project, conclusion: Any, left_out: list[Any]) -> bytes:
    """The conclusion, with the enterprises that it leaves out."""
    return write_record(
        title=f"{project.title} 评估验收结论",
        author=project.case.round.joint_body.name,
        on=conclusion.listed_on,
        sections=[
            Section(
                title="一、结论",
                facts=[
                    ("试点项目", project.title),
                    ("实施单位", project.applicant.name),
                    ("结论", str(conclusion.get_outcome_display())),
                    ("发文字号", conclusion.document_number or "—"),
                    ("成文日期", f"{conclusion.listed_on:%Y-%m-%d}"),
                    ("来源", str(conclusion.get_source_display())),
                    ("说明", conclusion.reason or "—"),
                ],
            ),
            Section(
                title="二、不计审核记录的企业",
                heads=("企业", "统一社会信用代码", "理由"),
                rows=[
                    (one.scope_enterprise.name, one.scope_enterprise.enterprise.credit_code, one.reason)
                    for one in left_out
                ],
                weights=(4, 3, 5),
                none="没有排除的企业。",
            ),
        ],
    )


def of_ledger(project: Project) -> Iterator[Part]:
    """The ledger's receipts of every act on the project and on what hangs on it."""
    yield (
        LEDGER,
        Paper(
            name="台账记录.json",
            title=f"{project.title} 实施台账记录",
            author="",
            on=None,
            retention=FOREVER,
            make=partial(receipts, project),
            note="可在核验页逐条核对",
        ),
    )


def receipts(project: Project) -> bytes:
    """Entries about the project, and about whatever was made below it (the ledger says of what)."""
    mark = str(project.pk)
    about = Q(subject_type="delivery.project", subject_id=mark) | Q(body__contains=f'"id":"{mark}"')
    entries = {entry.seq: entry for entry in LedgerEntry.objects.filter(about)}
    made = {entry.subject_id for entry in entries.values() if entry.subject_id != mark}
    rest = LedgerEntry.objects.filter(subject_type__startswith="delivery.", subject_id__in=made)
    entries |= {entry.seq: entry for entry in rest}
    return as_json([ledger.receipt(entries[seq]) for seq in sorted(entries)])


for _source in (of_start, of_changes, of_conclusion, of_ledger):
    register(_source)
