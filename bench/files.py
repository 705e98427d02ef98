"""Rows about files: the package, the plan as Word, the workbook, the terminal's help."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import BinaryIO

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


def plan() -> Row:
    """60 pages, 20 tables. (Figures come with the issue that brings them.)"""
    from qingyuan.papers.plan_docx import Chapter, Plan, Target, write_plan

    sentence = (
        "本试点以园区企业为对象，开展集中式清洁生产审核，梳理共性问题，形成并实施清洁生产方案，数据均为演示。"
    )
    rows = "".join(
        f"<tr><td>指标{number}</td><td>{number * 3}</td><td>{number * 2}</td><td>吨</td></tr>"
        for number in range(12)
    )
    table = f"<table><thead><tr><th>指标</th><th>基准</th><th>目标</th><th>单位</th></tr></thead><tbody>{rows}</tbody></table>"
    chapters = tuple(
        Chapter(
            number=f"{number}、",
            heading=f"第{number}章",
            html="".join(f"<p>{sentence * 6}</p>" for _paragraph in range(14))
            + table
            + "<ul><li>一</li><li>二</li></ul>",
        )
        for number in range(1, 21)
    )
    content = Plan(
        title="演示实施方案",
        applicant="演示管委会",
        on=dt.date(2022, 6, 20),
        chapters=chapters,
        targets=tuple(Target(name=f"目标{number}", unit="吨", base="3", goal="2") for number in range(20)),
    )
    data = write_plan(content)
    time = cpu_ms(lambda: write_plan(content))
    return Row(
        "plan of 60 pages, 20 tables to Word",
        cpu_ms=time,
        size=len(data),
        budget="<= 1,500 ms",
        within=time <= 1500,
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
