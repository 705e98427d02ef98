"""The receipt 收件回执: one page that says what was received, when, and how anyone can check it."""

from __future__ import annotations

import datetime as dt
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


def shanghai_time(moment: dt.datetime) -> str:
    """2022年6月30日 17:59:58（北京时间）; refuses naive times, whose instant nobody knows."""
    if moment.tzinfo is None:
        raise ValueError("a receipt needs an aware time; got a naive one")
    local = moment.astimezone(SHANGHAI)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M:%S}（北京时间）"


def write_receipt(receipt: Receipt) -> bytes:
    """Return the receipt as a .docx file; the same receipt gives the same bytes."""
    day = receipt.received_at.astimezone(SHANGHAI).date() if receipt.received_at.tzinfo else dt.date.min
    document = Document(
        title=f"收件回执 {receipt.number}", author=receipt.receiver, on=day, subject=receipt.project
    )
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
    document.add(
        paragraph(run("收件回执"), "Title", extra='<w:spacing w:after="360"/>'),
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
            paragraph(run(f"{number}.{line}"), "TableNote")
            for number, line in enumerate(_how_to_check(receipt), start=1)
        ],
    )
    return document.to_bytes(final_section=word_styles.page(numbered=False))


def _how_to_check(receipt: Receipt) -> list[str]:
    where = f"在 {receipt.verify_at} " if receipt.verify_at else "在平台的“回执核验”页面"
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
