"""`qingyuan systems` and `qingyuan rate`: index systems, and enterprises rated by one of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qingyuan.catalogue.indices import CatalogueError, LoadedSystem
from qingyuan.catalogue.indices import systems as catalogue_systems
from qingyuan.cli.compute import draw, frame
from qingyuan.cli.compute.rated import enterprise, explained, workbook
from qingyuan.engine.indices import Data, Rating, RatingError
from qingyuan.engine.indices import rate as rate_data
from qingyuan.engine.indices.exact import NAMES
from qingyuan.workbooks import rating as rating_tables
from qingyuan.workbooks.problems import Problem
from qingyuan.workbooks.rating import rating_table
from qingyuan.workbooks.schema import NA

if TYPE_CHECKING:
    from qingyuan.workbooks.read import Reading


@click.command()
@frame.json_option
def systems(*, as_json: bool) -> None:
    """评价指标体系目录：编号、名称、完整程度、是否核对、来源。"""
    try:
        found = catalogue_systems().values()
    except CatalogueError as error:
        frame.fail_with(frame.BadInput(rating_tables.of_catalogue(error)), as_json=as_json)
    if as_json:
        frame.emit(
            [
                {
                    "id": one.file.id,
                    "title": one.file.title,
                    "sector": one.file.sector,
                    "edition": one.file.edition,
                    "valid_from": one.file.valid_from and one.file.valid_from.isoformat(),
                    "valid_to": one.file.valid_to and one.file.valid_to.isoformat(),
                    "completeness": one.file.completeness,
                    "verified": one.file.verified,
                    "source": list(one.file.source),
                }
                for one in found
            ]
        )
        return
    frame.print_table(
        ("编号", "名称", "完整", "核对", "可评级"),
        (
            (
                one.file.id,
                one.file.title,
                "完整" if one.file.completeness == "complete" else "不全",
                "已核对" if one.file.verified else "未核对",
                "否" if one.standing(indicators_only=False) else "是",
            )
            for one in found
        ),
        title="评价指标体系",
    )


@click.command()
@click.argument("data", type=frame.file_argument)
@click.option("--system", "name", required=True, help="编号，或指标体系文件 An id, or FILE.yaml.")
@click.option("--indicators-only", is_flag=True, help="只逐项评级 Each indicator, and nothing above it.")
@click.option("--explain", "who", default=None, help="说明一家企业怎样得出 How one enterprise got its level.")
@click.option("--xlsx", type=frame.file_argument, default=None, help="结果写成工作簿 Results as a workbook.")
@draw.option
@frame.json_option
def rate(
    data: Path,
    *,
    name: str,
    indicators_only: bool,
    who: str | None,
    xlsx: Path | None,
    folder: Path | None,
    as_json: bool,
) -> None:
    """按清洁生产评价指标体系评级：隶属函数逐级包含，权重归一，判定处用分数精确计算。"""
    try:
        if xlsx is not None:
            frame.writable(xlsx)
        draw.ready(folder)
        loaded = _system(name, indicators_only=indicators_only)
        reading = frame.read(data, rating_table(loaded.system))
        names = [str(one) for one in reading.columns["enterprise"]]
        _known(who, names, data)
        rating = rated(reading, loaded, indicators_only=indicators_only)
    except frame.BadInput as bad:
        frame.fail_with(bad, as_json=as_json)
    try:
        if xlsx is not None:
            with xlsx.open("wb") as target:
                workbook(target, rating, names, loaded)
        if folder is not None:
            from qingyuan.cli.compute.drawn_sector import of_rating

            draw.write(of_rating(rating, names, loaded), folder)
        if as_json:
            frame.emit(_said(rating, names, loaded, indicators_only=indicators_only))
        elif who is not None:
            click.echo("\n".join(explained(rating, names.index(who), who, loaded)))
        else:
            _show(rating, names, loaded, indicators_only=indicators_only)
    except RatingError as error:
        frame.fail_with(_no_value(error, reading), as_json=as_json)


def _said(rating: Rating, names: list[str], loaded: LoadedSystem, *, indicators_only: bool) -> dict[str, Any]:
    return {
        "system": loaded.file.id,
        "verified": loaded.file.verified,
        "enterprises": [
            enterprise(rating, row, one, loaded, indicators_only=indicators_only)
            for row, one in enumerate(names)
        ],
    }


def _no_value(error: RatingError, reading: Reading) -> frame.BadInput:
    return frame.BadInput(
        [
            Problem(
                file=reading.file,
                sheet=reading.sheet,
                row=reading.row_numbers[error.row],
                title=error.id,
                expected=f"算得出的算式：{error.reason}",
                mend="请核对算式用到的参数。",
            )
        ]
    )


def rated(reading: Reading, loaded: LoadedSystem, *, indicators_only: bool) -> Rating:
    """The rows rated; BadInput where an expression cannot be evaluated."""
    absent = set(reading.columns) - set(reading.places)
    columns = {
        name: ["na" if value is NA else value for value in values]
        for name, values in reading.columns.items()
        if name != "enterprise" and name not in absent
    }
    try:
        return rate_data(
            loaded.system,
            Data.of(columns, rows=len(reading)),
            indicators_only=indicators_only,
            doubtful=loaded.doubtful if indicators_only else frozenset(),
        )
    except RatingError as error:
        raise _no_value(error, reading) from error


def _known(who: str | None, names: list[str], data: Path) -> None:
    if who is not None and who not in names:
        raise frame.BadInput(
            [Problem(file=str(data), value=who, expected="表中的企业名称", mend="请核对 --explain。")]
        )


def find_system(name: str) -> LoadedSystem:
    """A system by id or file, whatever doubts stand; BadInput where there is none or its file does not hold together."""
    loaded, problems = rating_tables.find_system(name)
    if loaded is None:
        raise frame.BadInput(problems)
    return loaded


def _system(name: str, *, indicators_only: bool) -> LoadedSystem:
    loaded = find_system(name)
    if standing := loaded.standing(indicators_only=indicators_only):
        raise frame.BadInput(
            [
                Problem(
                    file=loaded.path.name,
                    row=line,
                    title=doubt.id,
                    value=doubt.message,
                    expected=doubt.expected,
                    mend=f"改正后再评级；核实无误的，在 confirmed 中写明 {doubt.key}。",
                )
                for doubt, line in standing
            ]
        )
    return loaded


def _show(rating: Rating, names: list[str], loaded: LoadedSystem, *, indicators_only: bool) -> None:
    title = f"{loaded.file.title}（{'已核对' if loaded.file.verified else '未核对'}）"
    if indicators_only:
        indicators = loaded.system.indicators
        marks = {**NAMES, 0: "低于III", -1: "缺", -2: "不适用", -3: "存疑"}
        frame.print_table(
            ("企业", *(one.id for one in indicators)),
            ((who, *(marks[int(code)] for code in rating.reached[:, row])) for row, who in enumerate(names)),
            title=title,
        )
        return
    lines: list[tuple[str, ...]] = []
    for row, who in enumerate(names):
        seen = rating.explain(row)
        level: Any = {"below": "低于III", None: "—"}.get(seen.level, seen.level)
        figures = (frame.number(None if value is None else float(value)) for value in seen.index.values())
        lines.append(
            (who, str(level), *figures, "、".join(rating.missing(row)), "、".join(rating.failing(row)))
        )
    frame.print_table(("企业", "级别", "Y_I", "Y_II", "Y_III", "缺少", "低于III级"), lines, title=title)
