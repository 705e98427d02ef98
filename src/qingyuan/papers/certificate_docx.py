"""视同审核证书: one page that says which audit counts, by which list, until when, and where anybody can check it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from qingyuan.papers import qr, word_styles
from qingyuan.papers.picture import size_of
from qingyuan.papers.word import Cell, Document, paragraph, run, table

QR_ROOM = 2_000
"""Twips that the code is wide: about 3.5 cm, which every phone reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What a certificate states; `code` as it is shown, `verify_at` the address that checks it."""

    code: str
    holder: str
    credit_code: str
    pilot: str
    list_title: str
    document_number: str
    listed_on: dt.date
    completed_on: dt.date
    next_due: dt.date
    basis: tuple[str, ...]
    next_basis: tuple[str, ...]
    issuer: str
    issued_on: dt.date
    verify_at: str


def day(value: dt.date) -> str:
    return f"{value.year}年{value.month}月{value.day}日"


def write_certificate(certificate: Certificate) -> bytes:
    """Return the certificate as a .docx file; the same certificate gives the same bytes."""
    one = certificate
    statement = (
        f"{one.holder}（统一社会信用代码 {one.credit_code}）在清洁生产审核创新试点“{one.pilot}”的范围内。"
        f"该试点已列入《{one.list_title}》（{one.document_number}，{day(one.listed_on)}），"
        f"据此视同该企业于 {day(one.completed_on)} 开展一次清洁生产审核。"
    )
    rows = [
        ("证书编码", one.code),
        ("下一轮审核期限", f"{day(one.next_due)}（含当日）"),
        ("计入依据", "、".join(one.basis)),
        ("下一轮期限依据", "、".join(one.next_basis)),
        ("登记单位", one.issuer),
        ("登记日期", day(one.issued_on)),
    ]
    document = Document(
        title=f"视同清洁生产审核证书 {one.code}", author=one.issuer, on=one.issued_on, subject=one.holder
    )
    picture = qr.png(one.verify_at)
    size = size_of(picture)
    assert size is not None
    shown = document.pictures.run(picture, size, alt=f"核验地址：{one.verify_at}", room=QR_ROOM)
    document.add(
        paragraph(run("视同清洁生产审核证书"), "Title", extra='<w:spacing w:after="360"/>'),
        paragraph(run(statement), "BodyText"),
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
        paragraph(shown, "TableNote", extra='<w:spacing w:before="240"/>'),
        paragraph(run(f"核验：扫码，或打开 {one.verify_at}，输入证书编码。"), "TableNote"),
        paragraph(
            run(
                "记录是否有效以核验页面当时所示为准；撤销后本证书同时失效。本页由平台生成，不是公文，不代替印章。"
            ),
            "TableNote",
        ),
    )
    return document.to_bytes(final_section=word_styles.page(numbered=False))
