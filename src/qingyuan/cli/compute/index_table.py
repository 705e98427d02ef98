"""`qingyuan index-table`: a table typed from a published text becomes the file of an index system."""

from __future__ import annotations

from pathlib import Path

import click
import yaml

from qingyuan.catalogue.indices import CatalogueError, load_system
from qingyuan.cli.compute import frame
from qingyuan.workbooks.indextable import INDEX_TABLE, imported
from qingyuan.workbooks.problems import Problem


@click.command("index-table")
@click.argument("table", type=frame.file_argument)
@click.argument("out", type=frame.file_argument)
@click.option("--title", required=True, help="指标体系名称 Title.")
@click.option("--sector", required=True, help="行业 Sector.")
@click.option("--source", required=True, help="抄自何处 Where it was read.")
@frame.json_option
def index_table(table: Path, out: Path, *, title: str, sector: str, source: str, as_json: bool) -> None:
    """把照原文录入的指标表（XLSX、CSV）转成指标体系文件，并列出要核对的地方。"""
    try:
        made = imported(
            frame.read(table, INDEX_TABLE), id=out.stem, title=title, sector=sector, source=source
        )
        out.write_text(yaml.safe_dump(made.data, allow_unicode=True, sort_keys=False, width=118), "utf-8")
        loaded = load_system(out)
    except CatalogueError as error:
        out.unlink(missing_ok=True)
        problems = [
            Problem(
                file=table.name,
                value=one.reason,
                expected=one.expected or "成立的指标体系",
                mend="请改正指标表。",
            )
            for one in error.problems
        ]
        frame.fail_with(frame.BadInput(problems), as_json=as_json)
    except frame.BadInput as bad:
        frame.fail_with(bad, as_json=as_json)
    doubts = [{"line": line, "doubt": doubt.key, "message": doubt.message} for doubt, line in loaded.doubts]
    if as_json:
        frame.emit({"status": "done", "file": str(out), "remarks": made.remarks, "doubts": doubts})
        return
    for remark in made.remarks:
        click.echo(remark)
    for doubt in doubts:
        click.echo(f"{out.name} 第 {doubt['line']} 行 {doubt['doubt']}：{doubt['message']}")
    click.echo(f"已写成 {out}：{len(made.remarks)} 处说明，{len(doubts)} 处存疑；核对前 verified 为 false。")
