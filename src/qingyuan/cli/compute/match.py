"""`qingyuan match`: whose surplus heat feeds whose need, over which links, at which level."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from qingyuan.cli.compute import frame
from qingyuan.cli.compute.heat_input import StreamRows, links_of, option, streams_of
from qingyuan.engine.heat import Link, Match, Matching
from qingyuan.engine.heat import match as best_matching
from qingyuan.workbooks.heat import link_table, stream_table


@click.command()
@click.argument("streams", type=frame.file_argument)
@click.option("--links", type=frame.file_argument, required=True, help="热力管线表 Possible links: a table.")
@click.option("--dt-min", default="10", show_default=True, help="最小传热温差 Least difference, K.")
@click.option("--hours", default="8000", show_default=True, help="年运行小时 Hours a year.")
@click.option("--heat-value", default=None, help="少用 1 kWh 热公用工程值多少 Value of a kWh saved.")
@click.option("--gap", default="0.001", show_default=True, help="允许的相对差距 Relative gap.")
@click.option(
    "--max-nodes",
    "--nodes",
    "max_nodes",
    type=click.IntRange(min=0),
    default=2000,
    show_default=True,
    help="最多搜索多少节点 Stop by nodes.",
)
@click.option("--time-limit", type=frame.Finite(min=0), default=None, help="最多多少秒 Stop by seconds.")
@frame.json_option
def match(
    streams: Path,
    *,
    links: Path,
    dt_min: str,
    hours: str,
    heat_value: str | None,
    gap: str,
    max_nodes: int,
    time_limit: float | None,
    as_json: bool,
) -> None:
    """企业之间的热量匹配：哪家的余热供哪家的需求、走哪条管线、在什么温位；热泵不得高于卡诺上限。"""
    try:
        rows, known, (hours_a_year, value, allowed) = read(
            streams, links, dt_min=dt_min, hours=hours, heat_value=heat_value, gap=gap
        )
    except frame.BadInput as bad:
        frame.fail_with(bad, as_json=as_json)
    found = best_matching(
        rows.by_enterprise(),
        known,
        hours=hours_a_year,
        heat_value=value,
        gap=allowed,
        nodes=max_nodes,
        seconds=time_limit,
    )
    if as_json:
        frame.emit(frame.plain(_json(found)))
    else:
        _show(found)
    if found.stopped:
        raise SystemExit(frame.STOPPED)


def read(
    streams: Path, links: Path, *, dt_min: str, hours: str, heat_value: str | None, gap: str
) -> tuple[StreamRows, list[Link], tuple[float, float | None, float]]:
    """Streams, links and the options as numbers, or BadInput with everything that is wrong."""
    problems: list[Any] = []
    dt = option(dt_min, "--dt-min", problems)
    numbers = (
        option(hours, "--hours", problems),
        None if heat_value is None else option(heat_value, "--heat-value", problems),
        option(gap, "--gap", problems),
    )
    readings = [frame.look(streams, stream_table()), frame.look(links, link_table())]
    rows, more = streams_of(readings[0], dt_min=dt, need_enterprise=True)
    problems += more
    names = readings[0].columns.get("enterprise")
    known = None if names is None or "enterprise" not in readings[0].places else [str(one) for one in names]
    ways, more = links_of(readings[1], enterprises=known)
    problems += more
    frame.refuse(readings, problems)
    assert rows is not None
    return rows, ways, numbers


def _json(found: Matching) -> dict[str, Any]:
    return {
        "status": "stopped" if found.stopped else "done",
        "aim": found.aim,
        **{
            name: getattr(found, name)
            for name in (
                "objective",
                "bound",
                "gap",
                "verified",
                "repeatable",
                "saved_kw",
                "cost_per_year",
                "cost_bound",
            )
        },
        "matches": [_match(one) for one in found.matches],
        "enterprises": [
            {
                "enterprise": name,
                "hot_utility_kw": alone.hot_utility_kw,
                "cold_utility_kw": alone.cold_utility_kw,
                "received_kw": sum(one.delivered_kw for one in found.matches if one.sink == name),
                "given_kw": sum(one.taken_kw for one in found.matches if one.source == name),
            }
            for name, alone in found.targets.items()
        ],
        "flags": [
            {"from": source, "to": sink, "cop": cop, "carnot_cop": limit, "kind": "above_carnot"}
            for source, sink, cop, limit in found.impossible_pumps
        ],
    }


def _match(one: Match) -> dict[str, Any]:
    return {
        "from": one.source,
        "to": one.sink,
        "heat_kw": one.delivered_kw,
        "taken_kw": one.taken_kw,
        "loss_kw": one.loss_kw,
        "power_kw": one.power_kw,
        "cost_per_year": one.cost_per_year,
        "levels": [
            {
                "from_shifted_c": level.from_c,
                "to_shifted_c": level.to_c,
                "heat_kw": level.heat_kw,
                "heat_pump": level.heat_pump,
            }
            for level in one.levels
        ],
    }


def _show(found: Matching) -> None:
    number = frame.number
    frame.print_table(
        ("供热", "用热", "送到 kW", "取走 kW", "损失 kW", "热泵耗电 kW", "温位 ℃", "元/年"),
        (
            (
                one.source,
                one.sink,
                number(one.delivered_kw),
                number(one.taken_kw),
                number(one.loss_kw),
                number(one.power_kw),
                _range(one),
                number(one.cost_per_year),
            )
            for one in found.matches
        ),
        title="企业之间的热量匹配（温位为平移温度：从 → 到）",
    )
    click.echo()
    checked = "已独立复核" if found.verified else "复核没有通过"
    aim = "少用的热公用工程（扣除热泵耗电，kW）" if found.aim == "heat" else "年费用（减去省下的热，元）"
    click.echo(
        f"{aim} {number(found.objective)}，界 {number(found.bound)}，差距 {found.gap:.4%}；{checked}。"
        f"年费用 {number(found.cost_per_year)}。"
    )
    if found.stopped:
        click.echo("到限停止：以上是找到的最好方案，还不到要求的差距。")
    for source, sink, cop, limit in found.impossible_pumps:
        click.echo(
            f"请核对 {source} → {sink} 的热泵：性能系数 {cop:g} 在各温位都高于卡诺上限（最高 {limit:.2f}）。"
        )


def _range(one: Match) -> str:
    starts = [each for level in one.levels for each in level.from_c]
    ends = [each for level in one.levels for each in level.to_c]
    return f"{max(starts):g}~{min(starts):g} → {max(ends):g}~{min(ends):g}"
