"""The answer of `select` as JSON and as tables for the eye."""

from __future__ import annotations

from typing import Any

import click

from qingyuan.cli.compute import frame
from qingyuan.engine.portfolio.certificate import Certificate
from qingyuan.engine.portfolio.pareto import Point
from qingyuan.engine.portfolio.select import Selection
from qingyuan.engine.portfolio.verify import Met


def said(found: Selection) -> dict[str, Any]:
    """The object of the contract."""
    answer: dict[str, Any] = {
        "status": found.status,
        "objective": found.cost,
        "cost": found.cost,
        "bound": found.bound,
        "gap": found.gap,
        "verified": found.verified,
        "repeatable": found.repeatable,
        "method": found.method,
        "faults": found.check.faults,
        "chosen": chosen(found),
        "effects": {name: float(value) for name, value in found.check.effects.items()},
        "slack": [met(one) for one in (*found.check.met, *found.ozone_met)],
        "shadow_prices": [
            {
                "target": one.target,
                "scenario": one.scenario or None,
                "price": one.lp,
                "lp": one.lp,
                "plus_1pct": one.plus_1pct,
                "minus_1pct": one.minus_1pct,
                "reason": one.reason,
            }
            for one in found.shadows
        ],
        "reasons": [
            {
                "measure": one.measure,
                "enterprise": one.enterprise or None,
                "period": one.period or None,
                "chosen": one.fraction > 0,
                "fraction": one.fraction,
                "reduced_cost": one.reduced_cost,
                "subsidy": one.subsidy,
                "basis": one.basis,
                "reason": one.reason,
            }
            for one in found.reasons
        ],
        "front": None if found.front is None else [point(one) for one in found.front.points],
    }
    if found.front is not None:
        answer["front_of"] = {"target": found.front.target or "all", "complete": found.front.complete}
    if found.fair is not None:
        answer["fair"] = found.fair
    if found.cautious is not None:
        answer["robust" if found.cautious.gamma is not None else "chance"] = _cautious(found)
    if found.evidence is not None:
        answer["draws"] = found.evidence
    if found.ozone is not None:
        answer["ozone"] = {
            "nox_ratio": found.ozone.nox_ratio,
            "voc_ratio": found.ozone.voc_ratio,
            "receptors": [
                {"receptor": one.target, "o3_ppb": ppb}
                for one, ppb in zip(found.ozone_met, found.ozone.ppb, strict=True)
            ],
            "value_function": found.ozone.cells,
            "examined": found.ozone.examined,
            "sampled": found.ozone.sampled,
        }
    return answer


def chosen(found: Selection) -> list[dict[str, Any]]:
    """The chosen measures, in an order that does not depend on the table's."""
    measures = found.assembled.case.measures
    return [
        {
            "measure": measures.measure[row],
            "enterprise": measures.enterprise[row] or None,
            "fraction": share,
            "period": measures.period[row] or None,
        }
        for row, share in found.assembled.plan(found.x).items()
    ]


def met(one: Met) -> dict[str, Any]:
    """A target: required and reached reductions, and the value before and after where it is known."""
    return {
        "target": one.target,
        "scenario": one.scenario or None,
        "required": float(one.required),
        "reached": float(one.reached),
        "slack": float(one.slack),
        "base": None if one.base is None else float(one.base),
        "after": None if one.base is None else float(one.base - one.reached),
        "limit": None if one.limit is None else float(one.limit),
        "met": one.slack >= 0,
    }


def point(one: Point) -> dict[str, Any]:
    return {
        "reached": one.reached,
        "cost": one.cost,
        "bound": one.bound,
        "gap": one.gap,
        "verified": one.verified,
        "chosen": one.chosen,
    }


def _cautious(found: Selection) -> dict[str, Any]:
    one = found.cautious
    assert one is not None
    answer: dict[str, Any] = {"cost_without": one.cost_without, "price": one.price}
    if one.gamma is not None:
        return {"gamma": one.gamma, **answer}
    demands = found.assembled.demands
    probabilities = one.probabilities or []
    return {
        "level": one.level,
        **answer,
        "probabilities": [
            {"target": demand.target, "scenario": demand.scenario or None, "probability": value}
            for demand, value in zip(demands, probabilities, strict=True)
        ],
    }


def show(found: Selection) -> None:
    """Tables for the eye."""
    number = frame.number
    click.echo(
        f"年费用 {number(found.cost)}，不低于 {number(found.bound)}（差距 {found.gap:.4%}）；"
        f"{'已独立核对' if found.verified else '没有通过核对'}。"
    )
    for fault in found.check.faults:
        click.echo(f"核对不符：{fault}", err=True)
    frame.print_table(
        ("方案", "企业", "份额", "时期"),
        (
            (one["measure"], one["enterprise"] or "—", number(one["fraction"], 4), one["period"] or "—")
            for one in chosen(found)
        ),
        title="选中的方案",
    )
    click.echo()
    frame.print_table(
        ("目标", "情景", "要求削减", "实际削减", "余量", "边际价格"),
        (
            (
                one.target,
                one.scenario or "—",
                number(float(one.required), 4),
                number(float(one.reached), 4),
                number(float(one.slack), 4),
                number(shadow.lp, 4),
            )
            for one, shadow in zip(found.check.met, found.shadows, strict=True)
        ),
        title="目标",
    )
    click.echo()
    frame.print_table(
        ("方案", "企业", "净价", "补贴", "理由"),
        (
            (one.measure, one.enterprise or "—", number(one.reduced_cost), number(one.subsidy), one.reason)
            for one in found.reasons
        ),
        title="理由",
    )
    for one in found.ozone_met:
        click.echo(
            f"{one.target}：{number(float((one.base or 0) - one.reached))}（限值 {number(float(one.limit or 0))}）"
        )
    _show_more(found)


def _show_more(found: Selection) -> None:
    number = frame.number
    if found.front is not None:
        click.echo()
        frame.print_table(
            ("削减", "年费用", "下界", "方案数"),
            (
                (number(one.reached, 4), number(one.cost), number(one.bound), str(one.chosen))
                for one in found.front.points
            ),
            title=f"前沿：{found.front.target or '各目标同步'}{'（完整）' if found.front.complete else ''}",
        )
    if found.fair is not None:
        one = found.fair
        price = "—" if one.price is None else f"{one.price:.2%}"
        click.echo()
        frame.print_table(
            ("地区", "年费用", "单位基准费用"),
            ((region.region, number(region.cost), number(region.cost_per_base, 6)) for region in one.regions),
            title=f"公平规则 {one.rule}：{one.figure:.4g}（限值 {one.limit:.4g}，不设时 {one.figure_without:.4g}），代价 {price}",
        )
    if found.evidence is not None:
        _show_evidence(found)
    if found.cautious is not None:
        price = "—" if found.cautious.price is None else f"{found.cautious.price:.2%}"
        click.echo(f"\n稳妥的代价 {price}（只按均值时年费用 {number(found.cautious.cost_without)}）")


def _show_evidence(found: Selection) -> None:
    number = frame.number
    assert found.evidence is not None
    click.echo()
    frame.print_table(
        ("目标", "情景", "要求", "5%", "50%", "95%", "达标"),
        (
            (
                one.target,
                one.scenario or "—",
                *(number(value, 4) for value in (one.required, one.p05, one.p50, one.p95)),
                f"{one.probability:.2%}",
            )
            for one in found.evidence.targets
        ),
        title=f"{found.evidence.draws} 次抽样（种子 {found.evidence.seed}），全部达标 {found.evidence.joint_probability:.2%}",
    )


def show_nothing(found: Certificate) -> None:
    """Why there is no plan."""
    number = frame.number
    frame.print_table(
        ("目标", "情景", "要求", "最多能达到"),
        (
            (one.target, one.scenario or "—", number(one.required, 4), number(one.max_reachable, 4))
            for one in found.certificate
        ),
        title="没有可行的方案组合",
    )
    if found.joint:
        click.echo(found.joint)
