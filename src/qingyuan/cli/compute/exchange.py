"""`qingyuan exchange`: industrial symbiosis and shared facilities at least cost, with its proof and a fair split."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qingyuan.cli.compute import draw, exchange_input, frame
from qingyuan.engine.exchange import ExchangeError, Park, Plan, plan
from qingyuan.workbooks.problems import Problem

if TYPE_CHECKING:
    from qingyuan.cli.compute.drawn import Parties


@click.command()
@click.option("--offers", type=frame.file_argument, required=True, help="供给表 Offers.")
@click.option("--needs", type=frame.file_argument, required=True, help="需求表 Needs.")
@click.option("--links", type=frame.file_argument, default=None, help="链接表，代替计算出的配对 Links.")
@click.option("--facilities", type=frame.file_argument, default=None, help="共享设施表 Shared facilities.")
@click.option(
    "--transport-cost", type=float, default=0.0, show_default=True, help="运输单价，元/(t·km) Per t and km."
)
@click.option("--gap", type=float, default=0.005, show_default=True, help="允许的相对差距 Relative gap.")
@click.option(
    "--clusters",
    type=click.IntRange(min=1),
    default=None,
    help="企业和场址以千计时按这么多组选址，下界对全部场址成立 Site by clusters.",
)
@click.option(
    "--max-nodes",
    "--nodes",
    "max_nodes",
    type=click.IntRange(min=0),
    default=None,
    help="最多搜索多少节点 Stop by nodes.",
)
@click.option("--time-limit", type=frame.Finite(min=0), default=None, help="最多多少秒 Stop by seconds.")
@draw.option
@frame.json_option
def exchange(
    *,
    offers: Path,
    needs: Path,
    links: Path | None,
    facilities: Path | None,
    transport_cost: float,
    gap: float,
    clusters: int | None,
    max_nodes: int | None,
    time_limit: float | None,
    folder: Path | None,
    as_json: bool,
) -> None:
    """产业共生：谁的副产物供给谁的需求，建哪些共享设施、建在哪里，怎样分享收益。"""
    try:
        park, remarks = exchange_input.read(
            offers=offers,
            needs=needs,
            links=links,
            facilities=facilities,
            transport_cost=transport_cost,
            gap=gap,
            more=draw.problems(folder),
        )
        told = None if as_json else _told
        if clusters is None:
            made = plan(park, gap=gap, nodes=max_nodes, seconds=time_limit, told=told)
        else:
            from qingyuan.engine.exchange.clusters import plan_by_clusters

            made = plan_by_clusters(park, clusters=clusters, gap=gap)
    except ExchangeError as error:
        problems = [Problem(file=str(offers), expected=one, mend="请改正。") for one in error.problems]
        frame.fail_with(frame.BadInput(problems), as_json=as_json)
    except frame.BadInput as bad:
        frame.fail_with(bad, as_json=as_json)
    made = dataclasses.replace(made, flags=(*remarks, *made.flags))
    if folder is not None:  # before anything is said: what cannot be drawn leaves no half answer
        from qingyuan.cli.compute import drawn

        draw.write(list(drawn.exchange(_object(made), parties=_parties(park))), folder)
    if as_json:
        frame.emit(_object(made))
    else:
        _show(made)
    if made.status == "stopped":
        raise SystemExit(frame.STOPPED)


def _told(rounds: int, pairs: int) -> None:
    """Progress of long work, on stderr."""
    if pairs > 20_000:
        click.echo(f"第 {rounds} 轮：{pairs:,} 个配对", err=True)


def _object(made: Plan) -> dict[str, Any]:
    said = frame.plain(made)
    said["rule"] = "agreed_prices_else_shadow_prices_then_compensation"
    return dict(said)


def _parties(park: Park) -> Parties:
    """Whose the offers and needs are, and what facilities give."""
    from qingyuan.cli.compute.drawn import Parties

    return Parties(
        offers={one.offer: (one.enterprise, one.material) for one in park.offers},
        needs={one.need: one.enterprise for one in park.needs},
        gives={one.facility: one.gives for one in park.facilities},
    )


def _show(made: Plan) -> None:
    number = frame.number
    frame.print_table(
        ("供给", "需求", "数量(t)", "折合(t)"),
        ((one.offer, one.need, number(one.quantity_t), number(one.served_t)) for one in made.matches),
        title="交换",
    )
    if made.facilities:
        click.echo()
        frame.print_table(
            ("设施", "类型", "场址", "接收(t)", "产出(t)", "费用"),
            (
                (one.facility, one.kind, one.site, number(one.taken_t), number(one.given_t), number(one.cost))
                for one in made.facilities
            ),
            title="建设的共享设施",
        )
    click.echo()
    frame.print_table(
        ("企业", "收益", "补偿前"),
        ((one.enterprise, number(one.gain), number(one.before_compensation)) for one in made.by_enterprise),
        title="各企业的收益（无人受损）",
    )
    click.echo()
    proven = "各配对全部核算" if made.scope == "full" else "只核算了一部分配对"
    checked = "已独立复核" if made.verified else "复核未通过：" + "；".join(made.broken)
    click.echo(
        f"总费用 {number(made.objective)}，下界 {number(made.bound)}，差距 {made.gap:.4%}；{proven}；{checked}。"
    )
    if made.status == "stopped":
        click.echo("到限停止：以上是找到的最好方案，还不到要求的差距。")
    for flag in made.flags:
        click.echo(f"请核对 {flag.where}：{flag.message}")
