"""What `qingyuan park` and `qingyuan region` share: run the parts, write result.json, results.xlsx, report.docx, figures."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from qingyuan.cli.compute import frame
from qingyuan.cli.compute.audit.parts import Answer, Part, Sheets, refuse, run_all, worst
from qingyuan.cli.compute.draw import write_options
from qingyuan.workbooks.problems import Problem
from qingyuan.workbooks.schema import Table

SHANGHAI = ZoneInfo("Asia/Shanghai")


def audit(
    dataset: Path,
    tables: Sequence[Table],
    parts_of: Callable[[Sheets], Iterator[Part]],
    *,
    out: Path,
    title: str,
    as_json: bool,
    further: Callable[[Sheets, dict[str, Any]], None] | None = None,
) -> None:
    """Everything that the sheets allow. Nothing is written where any input is bad; exit codes as of the single commands.

    `further` adds to the result what only the parts together tell.
    """
    try:
        writable_folder(out)
        sheets = Sheets(dataset, tables)
        answers = run_all(parts_of(sheets))
        errors = sheets.errors()
        if not answers and not errors:
            errors = [
                Problem(
                    file=sheets.book.file,
                    expected="至少一张填写了数据的工作表",
                    mend="请按《审核数据采集表》的模板填写。",
                )
            ]
        refuse(answers, errors)
    except frame.BadInput as bad:
        frame.fail_with(bad, as_json=as_json)
    result = result_of(answers)
    if further is not None:
        further(sheets, result)
    write_all(result, out, title=title, sheets=sheets)
    if as_json:
        frame.emit(result)
    else:
        click.echo(f"已写出 {out}：report.docx、results.xlsx、result.json 和图。")
        for one in result["flags"]:
            click.echo(f"请核对 {one['where']}：{one['message']}")
    if code := worst(answers):
        raise SystemExit(code)


def writable_folder(out: Path) -> None:
    """BadInput where the folder cannot be made."""
    if out.is_file() or not out.parent.is_dir():
        raise frame.BadInput(
            [Problem(file=str(out), expected="一个文件夹（可以还没有）", mend="请核对 --out 的路径。")]
        )


def result_of(answers: Mapping[str, Answer]) -> dict[str, Any]:
    """One key per part, each as the command says it, and the doubts of all parts together."""
    result: dict[str, Any] = {key: answer.said for key, answer in answers.items()}
    result["flags"] = [one for key, answer in answers.items() for one in _flags(key, answer.said)]
    return result


def _flags(key: str, said: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for one in said.get("flags") or ():
        if "carnot_cop" in one:
            message = f"热泵性能系数 {one['cop']:g} 高于卡诺上限 {one['carnot_cop']:.3g}"
            yield {"part": key, "where": f"{one['from']} → {one['to']}", "message": message}
        else:
            yield {"part": key, "where": one.get("where", ""), "message": one.get("message", "")}
    if key == "balance":
        if not said.get("passed", True):
            yield {
                "part": key,
                "where": "、".join(said["suspects"]) or "总体检验",
                "message": said["message"],
            }
        if said.get("closure_stated_wrong"):
            closure = said["closure_raw_pct"]
            yield {
                "part": key,
                "where": "报告所称平衡差额",
                "message": f"按数据计算为 {closure:.4g} %，与所称不符",
            }
    for one in said.get("warnings") or ():
        text = one if isinstance(one, str) else str(one.get("message", ""))
        yield {
            "part": key,
            "where": "" if isinstance(one, str) else str(one.get("reach", "")),
            "message": text,
        }


def write_all(result: Mapping[str, Any], out: Path, *, title: str, sheets: Sheets) -> None:
    """The files of the audit into `out`; what stands there under the same names is replaced."""
    from qingyuan.cli.compute.audit.drawn import figures_of
    from qingyuan.cli.compute.audit.report import write_report
    from qingyuan.cli.compute.audit.sheets import write_results
    from qingyuan.figures import png, svg

    source, enterprises = sheets.book.file, len(sheets.readings.get("企业", ()))
    out.mkdir(exist_ok=True)
    (out / "result.json").write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", "utf-8")
    with (out / "results.xlsx").open("wb") as target:
        write_results(target, result, source=source)
    figures = figures_of(result, sheets)
    pictures: dict[str, bytes] = {}
    write_options([one for part in figures.values() for one in part], out)
    for figure in (one for part in figures.values() for one in part):
        drawn = svg(figure)
        pictures[figure.name] = png(figure, drawn=drawn)
        (out / f"{figure.name}.svg").write_text(drawn, "utf-8")
        (out / f"{figure.name}.png").write_bytes(pictures[figure.name])
    report = write_report(
        result,
        figures,
        pictures,
        title=title,
        source=source,
        on=dt.datetime.now(SHANGHAI).date(),
        enterprises=enterprises,
    )
    (out / "report.docx").write_bytes(report)
