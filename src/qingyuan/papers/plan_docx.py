"""The plan 清洁生产审核创新试点实施方案 as a Word file in the manner of official papers.

Plain data in, bytes out: cover, contents, the chapters of the outline with the pilot's own tables where they
belong, and the remaining tables at the end. The same plan gives the same bytes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from xml.etree.ElementTree import Element  # the type only

from qingyuan.papers import richtext, word_styles
from qingyuan.papers.word import PAGE_BREAK, Cell, Document, paragraph, run, table
from qingyuan.papers.word_html import Captions, Setting, automatic, blocks

TableKind = Literal[
    "scope", "targets", "milestones", "outputs", "answers", "parties", "meetings", "attachments"
]


def no_picture(_upload: str) -> bytes | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A chapter of the outline; `number` as printed before the heading, such as 一、 or （一）.

    `holds` names the pilot's tables that stand at the end of the chapter's own text.
    """

    number: str
    heading: str
    html: str = ""
    children: tuple[Chapter, ...] = ()
    holds: tuple[TableKind, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A row of the targets table; all values as they shall be printed."""

    name: str
    unit: str = ""
    base: str = ""
    goal: str = ""
    change: str = ""
    share: str = ""
    basis: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """A step of the implementation plan; `term` as printed."""

    name: str
    term: str = ""
    outputs: str = ""
    responsible: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """An expected output with its benefit and the target that it serves."""

    name: str
    benefit: str = ""
    target: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The applicant's answer to one eligibility condition, with the names of its evidence files."""

    condition: str
    answer: str
    explanation: str = ""
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Enterprise:
    """An enterprise in the scope of the pilot."""

    name: str
    code: str = ""
    sector: str = ""
    size: str = ""
    permit: str = ""
    last_audit: str = ""
    pollutants: str = ""
    place: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that goes with the plan; `size` in bytes."""

    name: str
    kind: str = ""
    size: int = 0
    sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A government of a joint pilot with its share of the work."""

    name: str
    part: str
    duties: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A joint meeting; `on` as it shall be printed."""

    on: str
    topic: str
    outcome: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Any table about the object; `heads` are titles with the weight of each column."""

    title: str
    heads: tuple[tuple[str, int], ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything the printed plan shows. `notice` is the reference of the call, `edition` such as 送审版."""

    title: str
    applicant: str
    on: dt.date
    notice: str = ""
    edition: str = ""
    category: str = ""
    chapters: tuple[Chapter, ...] = ()
    targets: tuple[Target, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    outputs: tuple[Output, ...] = ()
    answers: tuple[Answer, ...] = ()
    scope: tuple[Enterprise, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    pictures: Callable[[str], bytes | None] = no_picture
    """The bytes of the upload that a picture names."""
    parties: tuple[Party, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    cover_lines: tuple[str, ...] = ()
    """What the cover says besides, such as to whom the copies go."""
    object_facts: tuple[tuple[str, str], ...] = ()
    """Where the object lies, as label and text; `object_grids` are the tables that go with it."""
    object_grids: tuple[Grid, ...] = ()


_TITLES: dict[TableKind, str] = {
    "targets": "试点工作目标表",
    "milestones": "实施计划表",
    "outputs": "预期产出成果及效益表",
    "scope": "试点范围企业名单",
    "answers": "申报条件对照表",
    "parties": "协同审核组织分工表",
    "meetings": "联席会议情况表",
    "attachments": "附件材料清单",
}
_OBJECT = "试点对象范围表"
OWN_TABLES = frozenset({*_TITLES.values(), _OBJECT})
"""Titles of the tables that the platform makes; who reads a plan back leaves these tables out."""
_APPENDIX = "附表"


def write_plan(plan: Plan) -> bytes:
    """Return the plan as a .docx file."""
    document = Document(
        title=plan.title, author=plan.applicant, on=plan.on, subject=plan.notice, update_fields=True
    )
    trees = {id(chapter): richtext.tree(richtext.clean(chapter.html)) for chapter in _walk(plan.chapters)}
    setting = Setting(document=document, captions=Captions(list(trees.values())), pictures=plan.pictures)
    body = [piece for chapter in plan.chapters for piece in _chapter(setting, plan, chapter, trees, depth=1)]
    placed = {kind for chapter in _walk(plan.chapters) for kind in chapter.holds}
    body += _appendix(document, plan, placed)
    _cover(document, plan)
    _contents(document)
    document.add(
        f'<w:p><w:pPr><w:pStyle w:val="Normal"/>{word_styles.page(numbered=False)}</w:pPr></w:p>', *body
    )
    return document.to_bytes(final_section=word_styles.page(numbered=True, start=1))


def chinese_date(day: dt.date) -> str:
    """2022年6月30日."""
    return f"{day.year}年{day.month}月{day.day}日"


def readable_size(size: int) -> str:
    """Bytes as an office reader expects them."""
    if size >= 1 << 20:
        return f"{size / (1 << 20):.1f} MB"
    return f"{max(1, -(-size // 1024))} KB" if size else "0 KB"


def _walk(chapters: Sequence[Chapter]) -> Iterator[Chapter]:
    for chapter in chapters:
        yield chapter
        yield from _walk(chapter.children)


def _cover(document: Document, plan: Plan) -> None:
    # The lower block hangs in a frame at the foot of the page, so that a long title never pushes it over.
    foot = f'<w:framePr w:w="{word_styles.TEXT_WIDTH}" w:wrap="notBeside" w:vAnchor="margin" w:hAnchor="margin" w:xAlign="center" w:yAlign="bottom"/>'
    lower = [
        f"申报单位：{plan.applicant}",
        f"申报依据：{plan.notice}" if plan.notice else "",
        *plan.cover_lines,
        chinese_date(plan.on),
    ]
    shown = [
        paragraph(run(plan.title), "Title", extra='<w:spacing w:before="3600"/>'),
        paragraph(run(f"（{plan.edition}）"), "Subtitle", extra='<w:spacing w:before="240"/>')
        if plan.edition
        else "",
        paragraph(run(plan.category), "Subtitle", extra='<w:spacing w:before="720"/>')
        if plan.category
        else "",
        *[paragraph(run(line), "Cover", extra=foot) for line in lower if line],
        PAGE_BREAK,
    ]
    document.add(document.generated(*shown))


def _contents(document: Document) -> None:
    """The contents: a field that Word updates, filled with the headings so that it is never shown empty."""
    entries = [entry for entry in document.headings if entry[0] <= 2]
    begin = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> TOC \\o "1-2" \\h \\z \\u </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    # No page numbers: only a program that lays the pages out knows them, and a wrong one is worse than none.
    lines = [
        paragraph(
            f'{"" if index else begin}<w:hyperlink w:anchor="{mark}" w:history="1">{run(shown)}</w:hyperlink>',
            f"TOC{level}",
        )
        for index, (level, shown, mark) in enumerate(entries)
    ]
    if not lines:
        return
    document.add(
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/></w:docPartObj></w:sdtPr><w:sdtContent>',
        paragraph(run("目\u3000录"), "TOCHeading"),
        *lines,
        '<w:p><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p></w:sdtContent></w:sdt>',
    )


def _chapter(
    setting: Setting, plan: Plan, chapter: Chapter, trees: dict[int, Element], *, depth: int
) -> Iterator[str]:
    yield setting.document.heading(f"{chapter.number}{chapter.heading}", level=min(depth, 5))
    yield from blocks(replace(setting, heading=chapter.heading), trees[id(chapter)])
    for kind in chapter.holds:
        if made := list(_pilot_table(plan, kind, setting.captions.next)):
            yield setting.document.generated(*made)
    for child in chapter.children:
        yield from _chapter(setting, plan, child, trees, depth=depth + 1)


def _appendix(document: Document, plan: Plan, placed: set[TableKind]) -> Iterator[str]:
    count = 0

    def number(title: str) -> str:
        nonlocal count
        count += 1
        return f"{_APPENDIX}{count}\u3000{title}"

    kinds: tuple[TableKind, ...] = (
        "targets",
        "milestones",
        "outputs",
        "parties",
        "meetings",
        "answers",
        "scope",
        "attachments",
    )
    tables = list(_object_tables(plan, number))
    tables += [piece for kind in kinds if kind not in placed for piece in _pilot_table(plan, kind, number)]
    if tables:
        yield document.generated(PAGE_BREAK, document.heading(_APPENDIX, level=1), *tables)


def _pilot_table(plan: Plan, kind: TableKind, caption: Callable[[str], str]) -> Iterator[str]:
    yield from _set_table(_TITLES[kind], *_TABLES[kind](plan), caption)


def _object_tables(plan: Plan, caption: Callable[[str], str]) -> Iterator[str]:
    facts = [(label, text) for label, text in plan.object_facts if text]
    yield from _set_table(_OBJECT, (("项目", 12), ("内容", 30)), facts, caption)
    for grid in plan.object_grids:
        yield from _set_table(f"{_OBJECT}：{grid.title}", grid.heads, grid.rows, caption)


def _set_table(
    title: str, columns: _Columns, rows: Sequence[tuple[str, ...]], caption: Callable[[str], str]
) -> Iterator[str]:
    if not rows:
        return
    # A column that nobody filled only costs room.
    kept = [index for index in range(len(columns)) if index == 0 or any(row[index] for row in rows)]
    yield paragraph(automatic(caption(title)), "Caption")
    yield table(
        (
            [
                Cell(
                    content=paragraph(run(row[index]), style, extra=_CENTER if columns[index][1] <= 6 else "")
                )
                for index in kept
            ]
            for style, group in (("TableHead", [tuple(head for head, _ in columns)]), ("TableText", rows))
            for row in group
        ),
        weights=[columns[index][1] for index in kept],
    )
    yield paragraph("", "TableGap")


_CENTER = '<w:jc w:val="center"/>'
_Columns = tuple[tuple[str, int], ...]  # title and weight of width


def _targets(plan: Plan) -> tuple[_Columns, list[tuple[str, ...]]]:
    columns = (
        ("序号", 4),
        ("指标", 12),
        ("单位", 6),
        ("现状值", 7),
        ("目标值", 6),
        ("变化", 7),
        ("占范围", 5),
        ("计算方法、依据与说明", 12),
    )
    rows = enumerate(plan.targets, start=1)
    return columns, [
        (str(number), row.name, row.unit, row.base, row.goal, row.change, row.share, row.basis)
        for number, row in rows
    ]


def _milestones(plan: Plan) -> tuple[_Columns, list[tuple[str, ...]]]:
    columns = (("序号", 4), ("阶段或任务", 12), ("起止日期", 10), ("阶段产出", 12), ("责任单位", 9))
    rows = enumerate(plan.milestones, start=1)
    return columns, [(str(number), row.name, row.term, row.outputs, row.responsible) for number, row in rows]


def _outputs(plan: Plan) -> tuple[_Columns, list[tuple[str, ...]]]:
    columns = (("序号", 4), ("产出成果", 14), ("预期效益", 16), ("对应的目标", 12))
    rows = enumerate(plan.outputs, start=1)
    return columns, [(str(number), row.name, row.benefit, row.target) for number, row in rows]


def _answers(plan: Plan) -> tuple[_Columns, list[tuple[str, ...]]]:
    columns = (("序号", 4), ("申报条件", 14), ("是否符合", 6), ("情况说明", 14), ("证明材料", 9))
    rows = enumerate(plan.answers, start=1)
    return columns, [
        (str(number), row.condition, row.answer, row.explanation, "\n".join(row.evidence))
        for number, row in rows
    ]


def _scope(plan: Plan) -> tuple[_Columns, list[tuple[str, ...]]]:
    columns = (
        ("序号", 4),
        ("企业名称", 14),
        ("统一社会信用代码", 11),
        ("行业", 7),
        ("规模", 4),
        ("排污许可", 6),
        ("上次审核", 7),
        ("主要污染物", 7),
        ("所在地", 7),
        ("备注", 7),
    )
    rows = enumerate(plan.scope, start=1)
    return columns, [
        (
            str(number),
            row.name,
            row.code,
            row.sector,
            row.size,
            row.permit,
            row.last_audit,
            row.pollutants,
            row.place,
            row.note,
        )
        for number, row in rows
    ]


def _attachments(plan: Plan) -> tuple[_Columns, list[tuple[str, ...]]]:
    columns = (("序号", 4), ("文件名", 14), ("类别", 8), ("大小", 6), ("SHA-256", 15))
    rows = enumerate(plan.attachments, start=1)
    return columns, [
        (str(number), row.name, row.kind, readable_size(row.size), row.sha256) for number, row in rows
    ]


def _parties(plan: Plan) -> tuple[_Columns, list[tuple[str, ...]]]:
    columns = (("序号", 4), ("单位", 14), ("牵头或参与", 6), ("分工", 22))
    rows = enumerate(plan.parties, start=1)
    return columns, [(str(number), row.name, row.part, row.duties) for number, row in rows]


def _meetings(plan: Plan) -> tuple[_Columns, list[tuple[str, ...]]]:
    columns = (("序号", 4), ("日期", 7), ("议题", 14), ("议定事项", 21))
    rows = enumerate(plan.meetings, start=1)
    return columns, [(str(number), row.on, row.topic, row.outcome) for number, row in rows]


_TABLES: dict[TableKind, Callable[[Plan], tuple[_Columns, list[tuple[str, ...]]]]] = {
    "targets": _targets,
    "milestones": _milestones,
    "outputs": _outputs,
    "answers": _answers,
    "scope": _scope,
    "parties": _parties,
    "meetings": _meetings,
    "attachments": _attachments,
}
