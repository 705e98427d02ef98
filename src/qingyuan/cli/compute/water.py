"""`qingyuan water`: the least freshwater of a park, every pinch, and a network that reaches it."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import click

from qingyuan.cli.compute import draw, frame


@click.command()
@click.argument("file", type=frame.file_argument)
@click.option("--fresh-ppm", type=float, default=0.0, show_default=True, help="新鲜水浓度 Freshwater's ppm.")
@click.option(
    "--regeneration", type=frame.file_argument, default=None, help="再生装置表 Units that regenerate water."
)
@draw.option
@frame.json_option
def water(
    file: Path, *, fresh_ppm: float, regeneration: Path | None, folder: Path | None, as_json: bool
) -> None:
    """水夹点：最少新鲜水、全部夹点、能达到目标的水网络（固定负荷或固定流量，一种或多种污染物，再生）。"""
    from qingyuan.cli.compute.water_input import inputs
    from qingyuan.engine import water as engine

    try:
        draw.ready(folder)
        found = inputs(file, regeneration, fresh_ppm=fresh_ppm)
        plan = engine.water(
            processes=found.processes,
            sources=found.sources,
            demands=found.demands,
            units=found.units,
            fresh_ppm=fresh_ppm,
        )
    except frame.BadInput as bad:
        frame.fail_with(bad, as_json=as_json)
    except engine.Infeasible as error:
        _infeasible(error, as_json=as_json)
    if folder is not None:
        from qingyuan.cli.compute import drawn

        figures = drawn.water(
            said(plan),
            fixed_load=bool(found.processes),
            fresh_ppm=fresh_ppm,
            regenerated=regeneration is not None,
        )
        draw.write(list(figures), folder)
    twice = _twice(found, plan, fresh_ppm)
    if as_json:
        frame.emit(said(plan) | twice)
    else:
        _show(plan)
        for one in twice.values():
            click.echo(
                f"再生后再用一次、不循环：新鲜水 {frame.number(one['freshwater_t_h'])} t/h，在 {frame.number(one['treated_at_ppm'])} ppm 时再生。"
            )
    if not plan.closed:
        raise SystemExit(frame.STOPPED)


def _twice(found: Any, plan: Any, fresh_ppm: float) -> dict[str, Any]:
    """`regeneration_reuse`: the target where treated water is used again but never recycled; for fixed loads of one
    contaminant and one unit that treats any amount to one outlet, where alone it has this form.
    """
    from qingyuan.engine import water as engine

    outlets = [ppm for unit in found.units for ppm in unit.outlet.values()]
    one = len(found.units) == 1 and len(outlets) == 1 and math.isinf(found.units[0].capacity)
    if not (one and found.processes and not found.sources and not found.demands) or plan.composites:
        return {}
    target = engine.reuse_once(plan.composite, outlet=outlets[0], fresh=fresh_ppm)
    return {
        "regeneration_reuse": {
            "freshwater_t_h": target.freshwater,
            "treated_at_ppm": target.treated_at,
            "removed_kg_h": target.removed,
        }
    }


def said(plan: Any) -> dict[str, Any]:
    """The object of the contract."""
    return {
        "status": "done" if plan.closed else "stopped",
        "freshwater_t_h": plan.freshwater,
        "wastewater_t_h": plan.wastewater,
        "without_reuse_t_h": plan.without_reuse,
        "pinches_ppm": list(plan.pinches),
        "composite": [list(point) for point in plan.composite],
        "composites": {name: [list(point) for point in points] for name, points in plan.composites.items()},
        "network": [{"from": one.tail, "to": one.head, "flow_t_h": one.flow} for one in plan.network],
        "regeneration": [
            {"unit": one.unit, "flow_t_h": one.flow, "cost_per_h": one.cost} for one in plan.units
        ],
        "objective": plan.freshwater,
        "bound": plan.bound,
        "gap": plan.gap,
        "verified": plan.verified,
    }


def _infeasible(error: Any, *, as_json: bool) -> None:
    if as_json:
        frame.emit(
            {
                "status": "infeasible",
                "certificate": [
                    {"target": one.target, "required": one.required, "max_reachable": one.reachable}
                    for one in error.certificate
                ],
                "joint": error.joint,
            }
        )
    else:
        click.echo(f"水质要求不能满足：{error.joint}", err=True)
        for one in error.certificate:
            click.echo(
                f"  {one.target}：要求不高于 {one.required:g} ppm，最低只能到 {one.reachable:g} ppm", err=True
            )
    raise SystemExit(frame.INFEASIBLE)


def _show(plan: Any) -> None:
    number = frame.number
    if not plan.closed:
        click.echo(f"在限额内没有证明最优：下界 {number(plan.bound, 4)} t/h，间隙 {plan.gap:.2%}。")
    click.echo(f"最少新鲜水：{number(plan.freshwater, 4)} t/h；废水：{number(plan.wastewater, 4)} t/h")
    click.echo(f"不回用时的新鲜水：{number(plan.without_reuse, 4)} t/h")
    click.echo(f"夹点：{'、'.join(f'{one:g} ppm' for one in plan.pinches) or '—'}")
    for one in plan.units:
        click.echo(f"再生 {one.unit}：{number(one.flow, 4)} t/h，成本 {number(one.cost)} 元/h")
    frame.print_table(
        ("从", "到", "流量(t/h)"),
        ((one.tail, one.head, number(one.flow, 4)) for one in plan.network),
        title="水网络" + ("（已独立核对平衡）" if plan.verified else "（核对未通过）"),
    )
