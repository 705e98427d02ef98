"""What a review leaves behind: the papers of a case, and the archive volume of a round with its directory 归档目录.

Every idea of the review may add its papers (`contribute`). The volume is made from the same rows as the pages, when it
is asked for; the verb that archives keeps the hash of the directory.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import IO, Any, BinaryIO, cast

from qingyuan.kernel import clock, ledger, storage
from qingyuan.kernel.models import LedgerEntry
from qingyuan.kernel.record_language import in_record_language
from qingyuan.papers.binding_docx import Entry, write_directory
from qingyuan.papers.package import Member, write_package
from qingyuan.review import decision_papers, publicity_paper
from qingyuan.review.decisions import positive
from qingyuan.review.models import Case, Decision, DecisionItem, Publicity, Round
from qingyuan.review.queries import decisions as decision_queries
from qingyuan.workbooks.schema import Column, Table
from qingyuan.workbooks.write import write_table

FOREVER, THIRTY, TEN = "永久", "30年", "10年"
RETENTION_NOTE = (
    "保管期限为平台建议（自拟，未与档案部门核对），归档时以本单位保管期限表为准；页数以装订后的实物为准。"
)


@dataclass(frozen=True, kw_only=True)
class Paper:
    """One paper. `sha256` and `size` name stored bytes; without them `make` writes it."""

    name: str
    title: str
    author: str
    on: dt.date | None
    retention: str
    sha256: str = ""
    size: int = 0
    make: Callable[[], bytes] | None = None
    note: str = ""

    def member(self, folder: str) -> Member:
        name = "/".join(part for part in (folder, self.name.replace("/", "／")) if part)
        if self.make is None:
            return Member(
                name=name, open=partial(storage.open_blob, self.sha256), size=self.size, sha256=self.sha256
            )
        data = self.make()
        return Member(name=name, open=lambda: io.BytesIO(data), size=len(data))


_case_sources: list[Callable[[Case], Iterator[Paper]]] = []


def contribute(source: Callable[[Case], Iterator[Paper]]) -> None:
    """Papers that another idea of the review keeps about a case."""
    if source not in _case_sources:
        _case_sources.append(source)


def of_case(case: Case) -> list[Paper]:
    """The papers of one case, from what was received to what was decided."""
    papers = [*_received(case)]
    for source in _case_sources:
        papers += source(case)
    papers += _decided(case)
    return list(named_apart(papers))


def named_apart(papers: list[Paper]) -> Iterator[Paper]:
    """No two papers of one name in a dossier: a province's and the State's case may bear the same number."""
    taken: Counter[str] = Counter()
    for paper in papers:
        taken[paper.name] += 1
        if (number := taken[paper.name]) == 1:
            yield paper
        else:
            stem, dot, ending = paper.name.rpartition(".")
            yield replace(paper, name=f"{stem or ending}（{number}）{dot}{ending if stem else ''}")


def _received(case: Case) -> Iterator[Paper]:
    day = clock.local(case.received_at).date()
    retention = TEN if case.stage in {Case.Stage.NOT_SELECTED, Case.Stage.REJECTED} else THIRTY
    if case.submission is not None:
        sealed = case.submission
        yield Paper(
            name="实施方案.docx",
            title=f"{case.title} 实施方案",
            author=case.applicant_name,
            on=clock.local(sealed.submitted_at).date(),
            retention=retention,
            make=partial(_bytes_of, sealed.plan_sha256),
            note=f"收件登记号 {sealed.register_label}",
        )
        yield Paper(
            name=sealed.package_name,
            title=f"{case.title} 申报材料电子包",
            author=case.applicant_name,
            on=clock.local(sealed.submitted_at).date(),
            retention=retention,
            sha256=sealed.package_sha256,
            size=sealed.package_size,
            note="电子文件",
        )
    for file in case.files.select_related("upload"):
        yield Paper(
            name=file.upload.name,
            title=f"{case.title} {file.get_kind_display()}",
            author=case.applicant_name,
            on=day,
            retention=retention,
            sha256=file.upload.sha256,
            size=file.upload.size,
            note="省级推荐材料",
        )


def _bytes_of(sha256: str) -> bytes:
    with storage.open_blob(sha256) as source:
        return source.read()


def _decided(case: Case) -> Iterator[Paper]:
    """What was decided on the case, here and below: each decision in extract, the letter by which it was recommended; and
    the ledger's receipts of its steps.
    """
    for one in [
        case,
        *Case.objects.filter(onward=case).select_related("round__call__joint_body", "submission"),
    ]:
        found = one.decision_items.filter(decision__stage=Decision.Stage.RELEASED)
        for item in found.select_related("decision__round__call__joint_body").order_by(
            "decision__released_at"
        ):
            item.case = one
            yield from _papers_of_decision(case, item)
    yield Paper(
        name="台账记录.json",
        title=f"{case.title} 评审台账记录",
        author="",
        on=None,
        retention=FOREVER,
        make=partial(_receipts, case),
        note="可在核验页逐条核对",
    )


def _papers_of_decision(case: Case, item: DecisionItem) -> Iterator[Paper]:
    decision = item.decision
    sheet = Paper(
        name=f"会同决定_{decision.round.joint_body.name}_{decision.kind_title}.docx",
        title=f"{case.title} 会同决定（摘录） {decision.kind_title}",
        author="、".join(decision_papers.signatures(decision)),
        on=decision.dated_on,
        retention=FOREVER,
        make=partial(decision_papers.extract, decision, item),
        note=decision.document_number,
    )
    yield sheet
    if decision.kind == Decision.Kind.FINAL and item.outcome == Case.Stage.RECOMMENDED:
        title = decision_queries.result_title(decision)
        yield replace(
            sheet,
            name=f"{title}.docx",
            title=f"{case.title} {title}",
            make=partial(decision_papers.letter, decision, item),
            note="",
        )


def _receipts(case: Case) -> bytes:
    """The ledger entries of a case, each as a receipt that anybody can check."""
    entries = LedgerEntry.objects.filter(subject_type="review.case", subject_id=str(case.pk)).order_by("seq")
    return json.dumps([ledger.receipt(entry) for entry in entries], ensure_ascii=False, indent=1).encode()


def of_round(round_: Round) -> Iterator[tuple[str, Paper]]:
    """All papers of a round: those of its decisions first, then case by case, each with its folder."""
    decisions = Decision.objects.filter(round=round_, stage=Decision.Stage.RELEASED).select_related(
        "sealed_copy"
    )
    for decision in decisions.order_by("released_at"):
        decision.round = round_
        items = decision_queries.items(decision)
        for item in items:
            item.case.round = round_
        author = "、".join(decision_papers.signatures(decision))
        folder = f"00_会同决定/{decision.kind_title}"
        sheet = Paper(
            name="呈批件（会签稿）.docx",
            title=f"呈批件（会签稿） {decision}",
            author=author,
            on=decision.dated_on,
            retention=FOREVER,
            make=partial(decision_papers.consent_sheet, decision, items),
            note=decision.document_number,
        )
        yield folder, sheet
        if decision.kind != Decision.Kind.FORM and any(item.outcome == positive(round_) for item in items):
            yield (
                folder,
                replace(
                    sheet,
                    name="名单.docx",
                    title=f"名单 {decision}",
                    make=partial(decision_papers.result_list, decision, items),
                ),
            )
        for one in decision.publicities.filter(stage=Publicity.Stage.CLOSED):
            one.decision = decision
            yield (
                folder,
                replace(
                    sheet,
                    name="公示文本.docx",
                    title=f"公示文本 {decision}",
                    on=clock.local(one.starts_at).date(),
                    make=partial(publicity_paper.write, one),
                    note=f"公示期满，异议 {one.objections.count()} 件",
                ),
            )
        if copy := decision.sealed_copy:
            yield (
                folder,
                replace(
                    sheet,
                    name=copy.name,
                    title=f"盖章件 {decision}",
                    sha256=copy.sha256,
                    size=copy.size,
                    make=None,
                ),
            )
    cases = Case.objects.filter(round=round_).select_related("submission").order_by("number")
    for case in cases:
        case.round = round_
        for paper in of_case(case):
            yield f"{case.label}_{case.title}".replace("/", "／"), paper


def directory(round_: Round) -> list[Entry]:
    """The lines of the archive directory, in the order of the volume."""
    return [
        Entry(title=paper.title, author=paper.author, on=paper.on, retention=paper.retention, note=paper.note)
        for _folder, paper in of_round(round_)
    ]


def as_data(entries: list[Entry]) -> list[dict[str, Any]]:
    """The directory as canonical JSON data: what the ledger keeps the hash of."""
    return [
        {
            "title": entry.title,
            "author": entry.author,
            "on": entry.on.isoformat() if entry.on else "",
            "retention": entry.retention,
        }
        for entry in entries
    ]


@in_record_language()
def directory_docx(round_: Round) -> bytes:
    return write_directory(
        title=str(round_),
        fonds=round_.joint_body.name,
        entries=directory(round_),
        note=RETENTION_NOTE,
        created_on=clock.local(clock.now()).date(),
    )


@in_record_language()
def directory_xlsx(round_: Round) -> bytes:
    target = io.BytesIO()
    rows = [
        {
            "number": number,
            "title": entry.title,
            "author": entry.author or None,
            "on": entry.on,
            "pages": None,
            "retention": entry.retention,
            "note": entry.note or None,
        }
        for number, entry in enumerate(directory(round_), start=1)
    ]
    write_table(target, DIRECTORY, rows, title="归档目录", subtitle=str(round_))
    return target.getvalue()


DIRECTORY = Table(
    name="directory",
    title="归档目录",
    columns=(
        Column(name="number", title_zh="序号", kind="integer"),
        Column(name="title", title_zh="题名"),
        Column(name="author", title_zh="责任者"),
        Column(name="on", title_zh="日期", kind="date"),
        Column(name="pages", title_zh="页数", kind="integer", note="以装订后的实物为准，归档时填写。"),
        Column(name="retention", title_zh="保管期限", note=RETENTION_NOTE),
        Column(name="note", title_zh="备注"),
    ),
)


def _zip(members: Iterator[Member], extra: dict[str, Any]) -> IO[bytes]:
    """The zip as an open temporary file at its beginning: a piece at a time, whatever its size."""
    handle = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    try:
        write_package(cast("BinaryIO", handle), members, manifest_extra=extra, at=clock.now())
    except BaseException:
        handle.close()
        raise
    handle.seek(0)
    return handle


@in_record_language()
def case_zip(case: Case) -> IO[bytes]:
    """The dossier of one case: every paper that its pages show, with a manifest of hashes."""
    return _zip(
        (paper.member("") for paper in of_case(case)),
        {"kind": "qingyuan-case-dossier", "case": str(case.pk), "label": case.label},
    )


@in_record_language()
def round_zip(round_: Round) -> IO[bytes]:
    """The archive volume of a round: its directory, and every paper that the directory names, in its order."""

    def members() -> Iterator[Member]:
        for name, data in (
            ("归档目录.docx", directory_docx(round_)),
            ("归档目录.xlsx", directory_xlsx(round_)),
        ):
            yield Member(name=name, open=partial(io.BytesIO, data), size=len(data))
        for folder, paper in of_round(round_):
            yield paper.member(folder)

    return _zip(members(), {"kind": "qingyuan-archive", "round": str(round_.pk)})
