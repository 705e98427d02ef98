"""Papers of site visits: the travel order 行程单, the visit notice 现场调查通知, the report 现场调查报告."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from qingyuan.papers import word_styles
from qingyuan.papers.receipt_docx import shanghai_time
from qingyuan.papers.word import Cell, Document, paragraph, run, table


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A line of the travel order."""

    day: dt.date | None
    position: int
    number: str
    project: str
    applicant: str
    address: str
    team: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A claim of the application and what was found."""

    group: str
    claim: str
    answer: str
    note: str
    photos: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """A photo by the hash of its file; place only with consent."""

    position: int
    name: str
    taken_at: dt.datetime | None
    place: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What notice and report say of a visit."""

    organiser: str
    project: str
    number: str
    applicant: str
    day: dt.date | None
    address: str
    basis: str
    team: Sequence[str]
    printed_at: dt.datetime
    lines: Sequence[Line] = ()
    photos: Sequence[Photo] = ()
    conclusion: str = ""
    other_matters: str = ""
    reply: str = ""
    signatures: Sequence[tuple[str, str]] = ()
    content_sha256: str = ""


def day_text(day: dt.date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else "日期待定"


def write_travel_order(
    stops: Sequence[Stop], *, title: str, organiser: str, printed_at: dt.datetime
) -> bytes:
    """The travel order, in the order of days and places."""
    document = Document(
        title=f"现场调查行程单 {title}", author=organiser, on=printed_at.date(), subject=title
    )
    heads = ("日期", "次序", "编号", "项目和申报单位", "地址", "调查组")
    document.add(
        paragraph(run("现场调查行程单"), "Title", extra='<w:spacing w:after="360"/>'),
        paragraph(run(title), "BodyText"),
        table(
            [
                [_cell(head, "TableHead") for head in heads],
                *(
                    [
                        _cell(day_text(one.day)),
                        _cell(str(one.position or "")),
                        _cell(one.number),
                        _cell(f"{one.project}\n{one.applicant}"),
                        _cell(one.address),
                        _cell(one.team),
                    ]
                    for one in stops
                ),
            ],
            weights=[3, 1, 2, 5, 4, 3],
        ),
        paragraph(
            run(f"本单由平台生成，打印时间 {shanghai_time(printed_at)}。发出通知之前不得告知申报单位。"),
            "TableNote",
        ),
    )
    return document.to_bytes(final_section=word_styles.page(numbered=False))


def write_notice(paper: Paper) -> bytes:
    """The letter to the site. Its number and seal come from the office system."""
    document = Document(
        title=f"现场调查通知 {paper.project}",
        author=paper.organiser,
        on=paper.printed_at.date(),
        subject=paper.number,
    )
    lines = [
        f"你单位申报的“{paper.project}”（项目编号 {paper.number}）将接受现场调查（{paper.basis}）。现将有关事项通知如下：",
        f"一、时间：{day_text(paper.day)}",
        f"二、地点：{paper.address}",
        "三、内容：现场实际情况与申报内容是否相符，以及其他清洁生产有关情况。",
        f"四、调查组：{'、'.join(paper.team)}",
        "五、请备齐申报材料所述管理机构、制度、资金安排和各项基线数据的原始记录备查。不另行准备汇报材料，不安排宴请和陪同。",
    ]
    document.add(
        paragraph(run("现场调查通知"), "Title", extra='<w:spacing w:after="360"/>'),
        paragraph(
            run(f"{paper.applicant}："), "BodyText", extra='<w:ind w:firstLineChars="0" w:firstLine="0"/>'
        ),
        *(paragraph(run(line), "BodyText") for line in lines),
        paragraph(run(paper.organiser), "BodyText", extra='<w:spacing w:before="480"/><w:jc w:val="right"/>'),
        paragraph(run("（发文字号、印章和日期由办公系统办理）"), "TableNote", extra='<w:jc w:val="right"/>'),
    )
    return document.to_bytes(final_section=word_styles.page(numbered=False))


def write_report(paper: Paper) -> bytes:
    """The report with the whole checklist, the reply and both signatures."""
    document = Document(
        title=f"现场调查报告 {paper.project}",
        author=paper.organiser,
        on=paper.printed_at.date(),
        subject=paper.number,
    )
    facts = [
        ("项目名称", paper.project),
        ("项目编号", paper.number),
        ("申报单位", paper.applicant),
        ("时间、地点", f"{day_text(paper.day)}　{paper.address}"),
        ("确定方式", paper.basis),
        ("调查组", "、".join(paper.team)),
    ]
    document.add(
        paragraph(run("现场调查报告"), "Title", extra='<w:spacing w:after="360"/>'),
        table(
            [[_cell(name, "TableHead"), _cell(value)] for name, value in facts], weights=[2, 7], header_rows=0
        ),
        document.heading("一、现场实际情况与申报内容是否相符", level=1),
        *(paragraph(run(line), "BodyText") for line in paper.conclusion.splitlines() if line.strip()),
        document.heading("二、核对情况", level=1),
        table(
            [
                [_cell(head, "TableHead") for head in ("序号", "类别", "申报内容", "结论", "说明", "照片")],
                *(
                    [
                        _cell(str(number)),
                        _cell(one.group),
                        _cell(one.claim),
                        _cell(one.answer),
                        _cell(one.note),
                        _cell(str(one.photos or "")),
                    ]
                    for number, one in enumerate(paper.lines, start=1)
                ),
            ],
            weights=[1, 2, 6, 2, 4, 1],
        ),
        document.heading("三、其他清洁生产有关情况", level=1),
        paragraph(run(paper.other_matters or "无。"), "BodyText"),
        document.heading("四、申报单位的答复", level=1),
        paragraph(run(paper.reply or "（尚未答复）"), "BodyText"),
    )
    if paper.photos:
        document.add(
            document.heading("五、照片", level=1),
            table(
                [
                    [_cell(head, "TableHead") for head in ("条", "文件", "拍摄时间", "地点", "SHA-256")],
                    *(
                        [
                            _cell(str(one.position)),
                            _cell(one.name),
                            _cell(shanghai_time(one.taken_at) if one.taken_at else "未记录"),
                            _cell(one.place or "未记录"),
                            _cell(one.sha256),
                        ]
                        for one in paper.photos
                    ),
                ],
                weights=[1, 3, 3, 3, 5],
            ),
        )
    document.add(
        paragraph("", "TableGap"),
        table(
            [[_cell(name, "TableHead"), _cell(value)] for name, value in paper.signatures],
            weights=[2, 7],
            header_rows=0,
        ),
        paragraph(run(f"签字内容的 SHA-256：{paper.content_sha256 or '（尚未签字）'}"), "TableNote"),
    )
    return document.to_bytes(final_section=word_styles.page(numbered=True))


def _cell(value: str, style: str = "TableText") -> Cell:
    return Cell(content=paragraph(run(value), style))
