"""`qingyuan heat`: energy targets by the pinch, utilities by level, the total site."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from qingyuan.cli.compute import draw, frame
from qingyuan.cli.compute.heat_input import StreamRows, option, streams_of, utilities_of
from qingyuan.engine.heat import (
    Duty,
    EnterpriseTarget,
    NotEnough,
    Placement,
    SiteNotEnough,
    SiteTarget,
    Target,
    Utility,
    composite,
    place,
    target,
    total_site,
    verify,
)
from qingyuan.workbooks.heat import stream_table, utility_table

if TYPE_CHECKING:
    from qingyuan.workbooks.problems import Problem


@click.command()
@click.argument("streams", type=frame.file_argument)
@click.option(
    "--dt-min", default="10", show_default=True, help="最小传热温差 Least temperature difference, K."
)
@click.option(
    "--utilities", type=frame.file_argument, default=None, help="公用工程表 Utilities by level: a table."
)
@click.option("--site", is_flag=True, help="各企业分别与全园区 Each enterprise alone, and the total site.")
@draw.option
@frame.json_option
def heat(
    streams: Path,
    *,
    dt_min: str,
    utilities: Path | None,
    site: bool,
    folder: Path | None,
    as_json: bool,
) -> None:
    """夹点分析：最小冷热公用工程、夹点、总复合曲线；多级公用工程；全园区（总能系统）目标。"""
    try:
        draw.ready(folder)
        rows, levels, dt = read(streams, utilities, dt_min=dt_min, site=site)
    except frame.BadInput as bad:
        frame.fail_with(bad, as_json=as_json)
    try:
        found = compute(rows, levels, dt_min=dt, site=site)
    except SiteNotEnough as short:
        _infeasible(short, as_json=as_json)
    said = frame.plain(as_object(found))
    if folder is not None:
        from qingyuan.cli.compute import drawn

        draw.write(list(drawn.heat(said)), folder)
    if as_json:
        frame.emit(said)
        return
    _show(found)


@dataclass(frozen=True, kw_only=True)
class Heat:
    """Everything that the command finds."""

    rows: StreamRows
    dt_min: float
    target: Target
    placed: Placement | None
    site: SiteTarget | None
    verified: bool


def compute(rows: StreamRows, levels: list[Utility], *, dt_min: float, site: bool) -> Heat:
    """Targets, utilities and the site. Raises SiteNotEnough with all shortfalls ("" stands for all streams together)."""
    found = target(rows.streams)
    placed, whole, short = None, None, []
    try:
        placed = place(rows.streams, found, levels) if levels else None
    except NotEnough as error:
        short.append(("", error))
    try:
        whole = total_site(rows.by_enterprise(), levels) if site else None
    except SiteNotEnough as error:
        short += error.shortfalls
    if short:
        raise SiteNotEnough(short)
    checked = verify(rows.streams, found)
    if placed is not None:
        checked = checked and placed.verified
    if whole is not None:
        checked = checked and all(
            one.placement is None or one.placement.verified for one in whole.enterprises
        )
    return Heat(rows=rows, dt_min=dt_min, target=found, placed=placed, site=whole, verified=checked)


def read(
    streams: Path, utilities: Path | None, *, dt_min: str, site: bool
) -> tuple[StreamRows, list[Utility], float]:
    """Streams, utilities and dt_min, or BadInput with everything that is wrong in all of them."""
    problems: list[Problem] = []
    dt = option(dt_min, "--dt-min", problems)
    readings = [frame.look(streams, stream_table())]
    rows, more = streams_of(readings[0], dt_min=dt, need_enterprise=site)
    problems += more
    levels: list[Utility] = []
    if utilities is not None:
        readings.append(frame.look(utilities, utility_table()))
        levels, more = utilities_of(readings[1], dt_min=dt)
        problems += more
    frame.refuse(readings, problems)
    assert rows is not None
    return rows, levels, dt


def _infeasible(short: SiteNotEnough, *, as_json: bool) -> NoReturn:
    """The utilities do not reach: what each would have to supply, and what it can at most. Exit 3."""
    certificate = [
        {
            "target": f"{error.side}_utility_kw",
            **({"enterprise": name} if name else {}),
            "required": error.required_kw,
            "max_reachable": error.max_reachable_kw,
        }
        for name, error in short.shortfalls
    ]
    if as_json:
        frame.emit({"status": "infeasible", "certificate": certificate, "joint": None})
    else:
        words = {"hot": "热公用工程", "cold": "冷公用工程"}
        for name, error in short.shortfalls:
            who = f"{name}：" if name else ""
            required, most = frame.number(error.required_kw), frame.number(error.max_reachable_kw)
            click.echo(
                f"{who}{words[error.side]}的温位不够：需要 {required} kW，所给的最多供 {most} kW。", err=True
            )
    raise SystemExit(frame.INFEASIBLE)


def as_object(heat: Heat) -> dict[str, Any]:
    """What `--json` prints."""
    found, placed, whole, streams = heat.target, heat.placed, heat.site, heat.rows.streams
    said: dict[str, Any] = {
        "status": "done",
        "dt_min_k": heat.dt_min,
        "hot_utility_kw": found.hot_utility_kw,
        "cold_utility_kw": found.cold_utility_kw,
        "recovery_kw": found.recovery_kw,
        "threshold": found.threshold,
        "pinches": found.pinches,
        "grand_composite": found.grand_composite,
        "composites": {
            "hot": composite(streams, hot=True),
            "cold": composite(streams, hot=False, start_kw=found.cold_utility_kw),
        },
        "utilities": placed.duties if placed else [],
        "verified": heat.verified,
    }
    if placed is not None:
        # Money an hour for the utilities of all streams together.
        for name in ("objective", "bound", "gap", "unplaced_hot_kw", "unplaced_cold_kw"):
            said[name] = getattr(placed, name)
    if whole is not None:
        said["enterprises"] = [_enterprise(one) for one in whole.enterprises]
        said["site"] = {
            name: getattr(whole, name)
            for name in ("hot_utility_kw", "cold_utility_kw", "utilities", "levels", "via", "grand_composite")
        }
        said["gain_kw"] = whole.gain_kw
    return said


def _enterprise(one: EnterpriseTarget) -> dict[str, Any]:
    return {
        "enterprise": one.enterprise,
        "hot_utility_kw": one.hot_utility_kw,
        "cold_utility_kw": one.cold_utility_kw,
        "recovery_kw": one.recovery_kw,
        "threshold": one.target.threshold,
        "pinches": one.target.pinches,
        "utilities": one.utilities,
    }


def _show(heat: Heat) -> None:
    found, placed, whole, number = heat.target, heat.placed, heat.site, frame.number
    frame.print_table(
        ("目标", "kW"),
        (
            ("最小热公用工程", number(found.hot_utility_kw)),
            ("最小冷公用工程", number(found.cold_utility_kw)),
            ("可回收热量", number(found.recovery_kw)),
        ),
        title="能量目标（阈值问题：只需一侧公用工程）" if found.threshold else "能量目标",
    )
    click.echo()
    frame.print_table(
        ("夹点（平移温度 ℃）", "热流 ℃", "冷流 ℃"),
        ((number(one.shifted_c, 3), number(one.hot_c, 3), number(one.cold_c, 3)) for one in found.pinches),
    )
    if placed is not None:
        _show_duties(placed.duties, "公用工程（全部流股一起）")
        for words, left in (("热", placed.unplaced_hot_kw), ("冷", placed.unplaced_cold_kw)):
            if left:
                click.echo(f"没有给出{words}公用工程，{number(left)} kW 未安排。")
    if whole is not None:
        click.echo()
        frame.print_table(
            ("企业", "热公用工程 kW", "冷公用工程 kW", "可回收 kW"),
            (
                (one.enterprise, *map(number, (one.hot_utility_kw, one.cold_utility_kw, one.recovery_kw)))
                for one in whole.enterprises
            ),
            title="各企业单独",
        )
        via = "直接换热" if whole.via == "direct" else "经公用工程"
        click.echo()
        click.echo(
            f"全园区（{via}）：热公用工程 {number(whole.hot_utility_kw)} kW，"
            f"冷公用工程 {number(whole.cold_utility_kw)} kW，比各自为政少 {number(whole.gain_kw)} kW。"
        )
        if whole.utilities:
            _show_duties(whole.utilities, "全园区公用工程")
    if not heat.verified:
        click.echo("独立复核没有通过：请把数据报给维护者。", err=True)


def _show_duties(duties: tuple[Duty, ...], title: str) -> None:
    click.echo()
    frame.print_table(
        ("公用工程", "侧", "kW"),
        ((one.utility, "热" if one.kind == "hot" else "冷", frame.number(one.duty_kw)) for one in duties),
        title=title,
    )
