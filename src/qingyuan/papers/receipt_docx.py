"""The receipts 收件回执 and 转报回执: one page that says what was received or forwarded, when, and how anyone can check it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from qingyuan.papers import word_styles
from qingyuan.papers.word import Cell, Document, paragraph, run, table

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a receipt states. `received_at` is an aware instant; `package_size` in bytes; hashes in hexadecimal."""

    number: str
    receiver: str
    project: str
    applicant: str
    received_at: dt.datetime
    package_name: str
    package_size: int
    package_sha256: str
    ledger_number: int
    ledger_hash: str
    version: int = 1
    notice: str = ""
    verify_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardingReceipt:
    """What a prefecture's receipt states. `opinions` are (bureau, word, text); instants are aware."""

    number: str
    bureau: str
    project: str
    applicant: str
    opinions: tuple[tuple[str, str, str], ...]
    forwarded_at: dt.datetime
    register_number: str
    version: int
    received_at: dt.datetime
    package_name: str
    package_sha256: str
    ledger_number: int
    ledger_hash: str
    notice: str = ""
    verify_at: str = ""


def shanghai_time(moment: dt.datetime) -> str:
    """2022年6月30日 17:59:58（北京时间）; refuses naive times, whose instant nobody knows."""
    if moment.tzinfo is None:
        raise ValueError("a receipt needs an aware time; got a naive one")
    local = moment.astimezone(SHANGHAI)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M:%S}（北京时间）"


def write_receipt(receipt: Receipt) -> bytes:
    """Return the receipt as a .docx file; the same receipt gives the same bytes."""
    rows = [
        ("收件登记号", receipt.number),
        ("项目名称", receipt.project),
        ("申报单位", receipt.applicant),
        ("申报依据", receipt.notice),
        ("收件单位", receipt.receiver),
        ("收件时间", shanghai_time(receipt.received_at)),
        ("提交版本", f"第{receipt.version}版"),
        ("申报材料包", f"{receipt.package_name}（{receipt.package_size:,} 字节）"),
        ("材料包 SHA-256", _grouped(receipt.package_sha256)),
        ("存证序号", str(receipt.ledger_number)),
        ("存证哈希", _grouped(receipt.ledger_hash)),
    ]
    return _paper(
        "收件回执",
        rows,
        number=receipt.number,
        author=receipt.receiver,
        project=receipt.project,
        at=receipt.received_at,
        verify_at=receipt.verify_at,
    )


def write_forwarding_receipt(receipt: ForwardingReceipt) -> bytes:
    """Return the prefecture's receipt as a .docx file; the same receipt gives the same bytes."""
    rows = [
        ("转报登记号", receipt.number),
        ("项目名称", receipt.project),
        ("申报单位", receipt.applicant),
        ("申报依据", receipt.notice),
        ("转报单位", receipt.bureau),
        *[(f"{bureau}意见", f"{word}：{text}" if text else word) for bureau, word, text in receipt.opinions],
        ("转报时间", shanghai_time(receipt.forwarded_at)),
        ("收件登记号", f"{receipt.register_number}（第{receipt.version}版）"),
        ("申报单位提交时间", f"{shanghai_time(receipt.received_at)}，申报以此为准"),
        ("申报材料包", receipt.package_name),
        ("材料包 SHA-256", _grouped(receipt.package_sha256)),
        ("存证序号", str(receipt.ledger_number)),
        ("存证哈希", _grouped(receipt.ledger_hash)),
    ]
    return _paper(
        "转报回执",
        rows,
        number=receipt.number,
        author=receipt.bureau,
        project=receipt.project,
        at=receipt.forwarded_at,
        verify_at=receipt.verify_at,
    )


def _paper(
    heading: str,
    rows: Iterable[tuple[str, str]],
    *,
    number: str,
    author: str,
    project: str,
    at: dt.datetime,
    verify_at: str,
) -> bytes:
    day = at.astimezone(SHANGHAI).date() if at.tzinfo else dt.date.min
    document = Document(title=f"{heading} {number}", author=author, on=day, subject=project)
    document.add(
        paragraph(run(heading), "Title", extra='<w:spacing w:after="360"/>'),
        table(
            (
                [
                    Cell(content=paragraph(run(name), "TableHead")),
                    Cell(content=paragraph(run(value), "TableText")),
                ]
                for name, value in rows
                if value
            ),
            weights=[2, 7],
            header_rows=0,
        ),
        paragraph(run("核验方法"), "TableNote", extra='<w:spacing w:before="240"/>'),
        *[
            paragraph(run(f"{place}.{line}"), "TableNote")
            for place, line in enumerate(_how_to_check(verify_at), start=1)
        ],
    )
    return document.to_bytes(final_section=word_styles.page(numbered=False))


def _how_to_check(verify_at: str) -> list[str]:
    where = f"在 {verify_at} " if verify_at else "在平台的“回执核验”页面"
    compare = (
        "计算材料包文件的 SHA-256（Windows：certutil -hashfile 文件名 SHA256；macOS：shasum -a 256 文件名；Linux：sha256sum 文件名），"
        "与上表“材料包 SHA-256”逐位比较（不计空格和大小写），一致即为当时所收文件，未经改动。"
    )
    return [
        compare,
        f"{where}输入存证序号和存证哈希，可核验该记录在公布的存证链中的位置；任何一条记录被改动，其后的哈希都会对不上。",
        "材料包内 manifest.json 列有每个文件的 SHA-256，可按同样方法逐个核对。",
    ]


def _grouped(digest: str) -> str:
    """Groups of eight, so that two people can read a hash to each other."""
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))
