"""Official papers of a joint decision: a letter per project, the list with its annex, the sheet that goes round for consent.

The number, the signer and the date come from the office system: where they are not known yet, a blank is left for them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qingyuan.papers import word_styles
from qingyuan.papers.plan_docx import chinese_date
from qingyuan.papers.word import PAGE_BREAK, Cell, Document, paragraph, run, table

_RIGHT = '<w:jc w:val="right"/>'
BLANK_NUMBER = "（发文字号由公文系统生成）"
BLANK_DATE = "　　　　年　　月　　日"


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """What the office system gives back; empty while it has not."""

    number: str = ""
    signer: str = ""
    on: dt.date | None = None

    @property
    def date(self) -> str:
        return chinese_date(self.on) if self.on else BLANK_DATE


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """One project as a list shows it."""

    label: str
    title: str
    applicant: str
    category: str
    place: str
    object_name: str = ""
    enterprises: int | None = None
    outcome: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A department's word on the content."""

    body: str
    part: str
    said: str
    who: str
    at: str
    opinion: str = ""


HEADS = ("序号", "项目名称", "申报单位", "类别", "所在地", "试点对象", "企业数")


def write_letter(
    *,
    title: str,
    to: str,
    paragraphs: Sequence[str],
    project: Project,
    signatures: Sequence[str],
    issue: Issue,
    created_on: dt.date,
) -> bytes:
    """The letter of recommendation of one project, with the project's table as its annex. Same content, same bytes."""
    document = Document(title=f"{title} {project.title}", author="、".join(signatures), on=created_on)
    document.add(
        paragraph(run(title), "Title", extra='<w:spacing w:after="240"/>'),
        paragraph(run(issue.number or BLANK_NUMBER), "TableNote", extra=_RIGHT),
        paragraph(run(f"{to}："), "BodyText", extra='<w:ind w:firstLine="0"/>'),
        *(paragraph(run(text), "BodyText") for text in paragraphs),
        paragraph(run("附：推荐项目基本情况表"), "BodyText"),
        *_signed(signatures, issue),
        PAGE_BREAK,
        paragraph(run("推荐项目基本情况表"), "TableHead", extra='<w:spacing w:after="120"/>'),
        table(
            (
                [_cell(name, "TableHead"), _cell(value)]
                for name, value in (
                    ("项目编号", project.label),
                    ("项目名称", project.title),
                    ("申报与实施单位", project.applicant),
                    ("申报类别", project.category),
                    ("所在地", project.place),
                    ("试点对象", project.object_name),
                    ("范围内企业数", "" if project.enterprises is None else str(project.enterprises)),
                )
            ),
            weights=[3, 7],
            header_rows=0,
        ),
    )
    return document.to_bytes(final_section=word_styles.page(numbered=False))


def write_list(
    *,
    title: str,
    intro: str,
    projects: Sequence[Project],
    signatures: Sequence[str],
    issue: Issue,
    created_on: dt.date,
) -> bytes:
    """A list of projects with its annex table; the header row repeats on every page."""
    document = Document(title=title, author="、".join(signatures), on=created_on)
    document.add(
        paragraph(run(title), "Title", extra='<w:spacing w:after="240"/>'),
        paragraph(run(issue.number or BLANK_NUMBER), "TableNote", extra=_RIGHT),
        paragraph(run(intro), "BodyText"),
        *_signed(signatures, issue),
        paragraph(run(f"附：{title}（共 {len(projects)} 个）"), "TableHead"),
        projects_table(projects),
    )
    return document.to_bytes(final_section=word_styles.page(numbered=True))


def write_publicity(
    *,
    title: str,
    paragraphs: Sequence[str],
    projects: Sequence[Project],
    signatures: Sequence[str],
    created_on: dt.date,
) -> bytes:
    """公示文本: what lies open, for how long, how to object, and the list as its annex. Same content, same bytes."""
    document = Document(title=title, author="、".join(signatures), on=created_on)
    document.add(
        paragraph(run(title), "Title", extra='<w:spacing w:after="240"/>'),
        *(paragraph(run(text), "BodyText") for text in paragraphs),
        *_signed(signatures, Issue(on=created_on)),
        paragraph(run(f"附：公示名单（共 {len(projects)} 个）"), "TableHead"),
        _rows_table(
            ("序号", "项目名称", "申报单位", "类别", "所在地"),
            (
                (str(number), one.title, one.applicant, one.category, one.place)
                for number, one in enumerate(projects, start=1)
            ),
            weights=[1, 5, 4, 4, 2],
        ),
    )
    return document.to_bytes(final_section=word_styles.page(numbered=True))


def write_consent_sheet(
    *,
    title: str,
    note: str,
    projects: Sequence[Project],
    words: Sequence[Word],
    content_sha256: str,
    issue: Issue,
    printed_at: str,
    author: str,
    created_on: dt.date,
) -> bytes:
    """呈批件（会签稿）: what is decided on every project and why, and the word of every department on it."""
    document = Document(title=title, author=author, on=created_on)
    heads = ("序号", "项目名称", "申报单位", "结论", "理由")
    document.add(
        paragraph(run("呈批件（会签稿）"), "Title", extra='<w:spacing w:after="240"/>'),
        table(
            (
                [_cell(name, "TableHead"), _cell(value)]
                for name, value in (
                    ("事项", title),
                    ("综合说明", note),
                    ("发文字号", issue.number),
                    ("签发人", issue.signer),
                    ("成文日期", issue.date),
                    ("内容指纹（SHA-256）", content_sha256),
                )
            ),
            weights=[2, 7],
            header_rows=0,
        ),
        paragraph("", "TableGap"),
        table(
            [
                [_cell(head, "TableHead") for head in heads],
                *(
                    [
                        _cell(value)
                        for value in (
                            str(number),
                            project.title,
                            project.applicant,
                            project.outcome,
                            project.reason,
                        )
                    ]
                    for number, project in enumerate(projects, start=1)
                ),
            ],
            weights=[1, 4, 4, 2, 5],
        ),
        paragraph("", "TableGap"),
        table(
            [
                [_cell(head, "TableHead") for head in ("单位", "职责", "意见", "签署人", "时间", "不同意见")],
                *(
                    [
                        _cell(value)
                        for value in (word.body, word.part, word.said, word.who, word.at, word.opinion)
                    ]
                    for word in words
                ),
            ],
            weights=[4, 2, 2, 2, 3, 4],
        ),
        paragraph(
            run(f"平台签署记录的是对上列内容指纹的同意，不代替印章；打印时间 {printed_at}。"), "TableNote"
        ),
    )
    return document.to_bytes(final_section=word_styles.page(numbered=True))


def projects_table(projects: Sequence[Project]) -> str:
    """The annex table of a list."""
    rows: Iterable[Sequence[str]] = (
        (
            str(number),
            project.title,
            project.applicant,
            project.category,
            project.place,
            project.object_name,
            "" if project.enterprises is None else str(project.enterprises),
        )
        for number, project in enumerate(projects, start=1)
    )
    return _rows_table(HEADS, rows, weights=[1, 5, 4, 4, 2, 4, 2])


def write_public_list(*, title: str, intro: str, rows: Sequence[Sequence[str]], created_on: dt.date) -> bytes:
    """A list that gathers several papers: each row (序号、项目名称、申报与实施单位、类别、所在地、公布) names its own."""
    document = Document(title=title, author="清源", on=created_on)
    document.add(
        paragraph(run(title), "Title", extra='<w:spacing w:after="240"/>'),
        paragraph(run(intro), "BodyText"),
        _rows_table(
            ("序号", "项目名称", "申报与实施单位", "类别", "所在地", "公布"),
            rows,
            weights=[1, 5, 4, 4, 2, 4],
        ),
    )
    return document.to_bytes(final_section=word_styles.page(numbered=True))


def _rows_table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, weights: list[int]) -> str:
    return table(
        [
            [_cell(head, "TableHead") for head in heads],
            *([_cell(value) for value in row] for row in rows),
        ],
        weights=weights,
    )


def _signed(signatures: Sequence[str], issue: Issue) -> list[str]:
    return [
        *(paragraph(run(f"{name}（盖章）"), "BodyText", extra=_RIGHT) for name in signatures),
        paragraph(run(issue.date), "BodyText", extra=_RIGHT),
    ]


def _cell(value: str, style: str = "TableText") -> Cell:
    return Cell(content=paragraph(run(value), style))
