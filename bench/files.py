"""Rows about files: the package, the plan as Word, the workbook, the terminal's help."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import os
import random
import shutil
import struct
import subprocess
import sys
import tempfile
import uuid
import zlib
from pathlib import Path
from typing import Any, BinaryIO

from bench.measure import Row, cpu_ms, peak_mb

MB = 1024 * 1024


def package() -> Row:
    """50 MB of attachments: our one pass against the bare reading, hashing and writing of the same bytes."""
    from qingyuan.kernel import storage
    from qingyuan.papers.package import Member, write_package

    folder = Path(tempfile.mkdtemp(prefix="qingyuan-bench-"))
    try:
        sources = []
        for number in range(10):
            source = folder / f"{number}.pdf"
            source.write_bytes(os.urandom(5 * MB))
            with source.open("rb") as handle:
                sources.append((source, storage.digest(handle)))
        target = folder / "package.zip"

        def ours() -> None:
            with target.open("wb") as handle:
                write_package(
                    handle,
                    [
                        Member(
                            name=path.name,
                            open=_opener(path),
                            size=blob.size,
                            sha256=blob.sha256,
                            crc32=blob.crc32,
                        )
                        for path, blob in sources
                    ],
                    manifest_extra={"kind": "bench"},
                    at=dt.datetime(2022, 6, 20, tzinfo=dt.UTC),
                )

        def bare() -> None:
            whole = hashlib.sha256()
            with target.open("wb") as out:
                for path, _blob in sources:
                    with path.open("rb") as handle:
                        while piece := handle.read(MB):
                            whole.update(piece)
                            out.write(piece)

        mine, limit = cpu_ms(ours), cpu_ms(bare)
        info_zip = None
        if shutil.which("zip"):
            peer = folder / "peer.zip"
            paths = [str(path) for path, _blob in sources]
            info_zip = cpu_ms(
                lambda: subprocess.run(["zip", "-q", "-j", str(peer), *paths], check=True),
                runs=3,
                before=lambda: peer.unlink(missing_ok=True),
            )
        memory = peak_mb(ours)
        return Row(
            "package of 50 MB: zip + hash, streamed",
            cpu_ms=mine,
            ratio=round(mine / limit, 2),
            ratio_to="read + hash + write of the same bytes",
            memory_mb=memory,
            budget="<= 1.5 x, < 40 MB more",
            within=mine / limit <= 1.5 and memory < 40,
            peers=f"Info-ZIP {info_zip} ms" if info_zip else "",
            notes={"bare_ms": limit},
        )
    finally:
        shutil.rmtree(folder)


def _opener(path: Path):
    def open_it() -> BinaryIO:
        return path.open("rb")

    return open_it


FIGURES = 10
PICTURE_SIDE = 800


def picture(number: int) -> bytes:
    """A PNG of noise, which no compression makes small: 0.6 MB, as a scanned map is."""
    noise = random.Random(number)
    lines = b"".join(b"\0" + noise.randbytes(PICTURE_SIDE) for _line in range(PICTURE_SIDE))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", PICTURE_SIDE, PICTURE_SIDE, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(lines, 1)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def long_plan() -> tuple[Any, dict[str, str]]:
    """A plan of 60 pages with 20 tables, 10 figures and 20 footnotes, and its pictures by their SHA-256."""
    from qingyuan.papers.plan_docx import Chapter, Plan, Target

    sentence = (
        "本试点以园区企业为对象，开展集中式清洁生产审核，梳理共性问题，形成并实施清洁生产方案，数据均为演示。"
    )
    rows = "".join(
        f"<tr><td>指标{number}</td><td>{number * 3}</td><td>{number * 2}</td><td>吨</td></tr>"
        for number in range(12)
    )
    table = f"<table><thead><tr><th>指标</th><th>基准</th><th>目标</th><th>单位</th></tr></thead><tbody>{rows}</tbody></table>"
    pictures = {str(uuid.UUID(int=number)): picture(number) for number in range(FIGURES)}
    figures = [f'<img data-upload="{upload}" alt="演示图">' for upload in pictures]
    chapters = tuple(
        Chapter(
            number=f"{number}、",
            heading=f"演示内容之{number}",
            html="".join(f"<p>{sentence * 6}</p>" for _paragraph in range(14))
            + "<p>数据来源<span data-footnote='演示统计资料'></span>。</p>"
            + table
            + (figures[number // 2] if number % 2 == 0 else "")
            + "<ul><li>一</li><li>二</li></ul>",
        )
        for number in range(20)
    )
    content = Plan(
        title="演示实施方案",
        applicant="演示管委会",
        on=dt.date(2022, 6, 20),
        chapters=chapters,
        targets=tuple(Target(name=f"目标{number}", unit="吨", base="3", goal="2") for number in range(20)),
        pictures=pictures.get,
    )
    return content, {hashlib.sha256(data).hexdigest(): upload for upload, data in pictures.items()}


def plan() -> Row:
    """Out: as the applicant downloads and the submission seals it."""
    from qingyuan.papers.plan_docx import write_plan

    content, _known = long_plan()
    data = write_plan(content)
    time = cpu_ms(lambda: write_plan(content))
    return Row(
        "plan of 60 pages, 20 tables, 10 figures to Word",
        cpu_ms=time,
        size=len(data),
        budget="<= 1,500 ms",
        within=time <= 1500,
    )


def plan_in() -> Row:
    """In: the same file read back into chapters, with every chapter compared with what stands."""
    from qingyuan.papers.carried import carried
    from qingyuan.papers.plan_docx import write_plan
    from qingyuan.papers.plan_read import Heading, read_plan

    content, known = long_plan()
    data = write_plan(content)
    outline = [
        Heading(id=f"c{number}", number=chapter.number, title=chapter.heading)
        for number, chapter in enumerate(content.chapters)
    ]

    def ours() -> int:
        reading = read_plan(io.BytesIO(data), outline, known=known)
        return sum(
            carried(chapter.html) != carried(reading.chapters.get(heading.id, ""))
            for heading, chapter in zip(outline, content.chapters, strict=True)
        )

    different = ours()
    time = cpu_ms(ours)
    return Row(
        "plan of 60 pages, 20 tables, 10 figures from Word, compared",
        cpu_ms=time,
        size=len(data),
        budget="<= 3,000 ms, no difference",
        within=time <= 3000 and not different,
        notes={"chapters_that_differ": different},
    )


def workbook() -> Row:
    """100,000 rows x 20 columns, every cell checked, against calamine's bare read of the same file."""
    import xlsxwriter
    from python_calamine import CalamineWorkbook

    from qingyuan.workbooks.read import read_table
    from qingyuan.workbooks.schema import Column, Table

    columns = tuple(
        Column(name=f"c{number}", title_zh=f"列{number}", kind="text" if number < 4 else "decimal")
        for number in range(20)
    )
    schema = Table(name="bench", title="演示", columns=columns, max_rows=200_000)
    folder = Path(tempfile.mkdtemp(prefix="qingyuan-bench-"))
    try:
        path = folder / "large.xlsx"
        book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
        sheet = book.add_worksheet("数据")
        sheet.write_row(0, 0, [column.title_zh for column in columns])
        for row in range(1, 100_001):
            sheet.write_row(row, 0, [f"企业{row}", "甲", "乙", "丙", *(row * 1.5 + k for k in range(16))])
        book.close()
        data = path.read_bytes()

        def bare() -> None:
            CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()

        def ours() -> None:
            read_table(io.BytesIO(data), schema, name="large.xlsx")

        limit, mine = cpu_ms(bare, runs=3), cpu_ms(ours, runs=3)
        return Row(
            "read a workbook of 100,000 rows x 20 columns, checked",
            cpu_ms=mine,
            ratio=round(mine / limit, 2),
            ratio_to="calamine's bare read",
            budget="<= 1.5 x",
            within=mine / limit <= 1.5,
            notes={"bare_ms": limit},
        )
    finally:
        shutil.rmtree(folder)


def terminal_help() -> Row:
    """`qingyuan --help` as a whole process."""
    command = [sys.executable, "-c", "from qingyuan.cli import main; main()", "--help"]
    time = cpu_ms(lambda: subprocess.run(command, check=True, capture_output=True))
    return Row("import time of `qingyuan --help`", cpu_ms=time, budget="<= 300 ms", within=time <= 300)
