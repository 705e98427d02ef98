"""`qingyuan balance`: material metabolism, reconciled under conservation, classified and tested."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from qingyuan.cli.compute import draw, frame
from qingyuan.workbooks.problems import Problem

MOST_DRAWN = 2_000
STATUSES = {
    "measured-redundant": "测量、冗余",
    "measured-nonredundant": "测量、无冗余",
    "unmeasured-observable": "未测、可算出",
    "unobservable": "不可观测",
}


@click.command()
@click.argument("file", type=frame.file_argument)
@click.option(
    "--constraints",
    type=frame.file_argument,
    default=None,
    help="约束表，代替节点守恒 Constraints in place of conservation at the nodes.",
)
@click.option(
    "--correlations", type=frame.file_argument, default=None, help="误差的相关系数表 Correlated errors."
)
@click.option("--alpha", type=float, default=0.05, show_default=True, help="显著性水平 Significance level.")
@click.option(
    "--stated-closure-pct",
    "stated",
    default=None,
    help="报告所称的平衡差额百分数 The closure that a report states, in percent.",
)
@click.option(
    "--variances", is_flag=True, help="给出协调值的标准差和单流检验 Deviations and single-flow tests."
)
@draw.option
@frame.json_option
def balance(
    file: Path,
    *,
    constraints: Path | None,
    correlations: Path | None,
    alpha: float,
    stated: str | None,
    variances: bool,
    folder: Path | None,
    as_json: bool,
) -> None:
    """物质代谢：在守恒条件下协调各流，判定可观测与冗余，检验显著误差。"""
    from qingyuan.cli.compute.balance_input import inputs
    from qingyuan.engine import balance as engine

    try:
        found = inputs(
            file, constraints, correlations, more=[*_arguments(alpha, stated), *draw.problems(folder)]
        )
        result = engine.balance(
            found.flows,
            constraints=found.constraints,
            correlations=found.correlations,
            alpha=alpha,
            stated_closure_pct=stated,
            variances=variances,
        )
    except frame.BadInput as bad:
        frame.fail_with(bad, as_json=as_json)
    except engine.Infeasible as error:
        _infeasible(error, as_json=as_json)
    except engine.NotConverged as error:
        _stopped(str(error), as_json=as_json)
    notes = [*found.notes, *result.warnings]
    if folder is not None:
        from qingyuan.cli.compute import drawn
        from qingyuan.engine.balance.sankey import sankey

        graph = frame.plain(sankey(result.flows))
        draw.write(list(drawn.balance(frame.plain(said(result, notes)), graph=graph)), folder)
    if as_json:
        frame.emit(said(result, notes))
    else:
        _show(result, notes, variances=variances)


def said(result: Any, notes: list[str]) -> dict[str, Any]:
    """The object of the contract; the verdict of the global test stands first."""
    from qingyuan.engine.balance.sankey import sankey

    return {
        "status": "done",
        "passed": result.passed,
        "message": None if result.passed else _verdict(result),
        "chi2": result.chi2,
        "dof": result.dof,
        "p_value": result.p_value,
        "chi2_limit": result.limit,
        "alpha": result.alpha,
        "flows": [
            {
                "flow": one.row.flow,
                "material": one.row.material or None,
                "kind": "composition" if one.row.composition else "flow",
                "measured": one.measured,
                "reconciled": one.reconciled,
                "adjustment": one.adjustment,
                "status": one.status,
                "sd": one.sd,
                "test": one.test,
            }
            for one in result.flows
        ],
        "closure_raw_pct": result.closure_raw_pct,
        "closure_by_material": result.closure_by_material,
        "closure_stated_wrong": result.closure_stated_wrong,
        "suspects": list(result.suspects),
        "suspect_nodes": list(result.suspect_nodes),
        "eliminations": list(result.eliminations),
        "warnings": notes,
        "sankey": sankey(result.flows) if len(result.flows) <= MOST_DRAWN else None,
    }


def _arguments(alpha: float, stated: str | None) -> list[Problem]:
    from math import isfinite

    problems = []
    if not 0 < alpha < 1:
        problems.append(
            Problem(
                file="--alpha", value=str(alpha), expected="0 和 1 之间的数，如 0.05", mend="请改正参数。"
            )
        )
    if stated is not None:
        try:
            sound = isfinite(float(stated))
        except ValueError:
            sound = False
        if not sound:
            problems.append(
                Problem(
                    file="--stated-closure-pct",
                    value=stated,
                    expected="百分数的数值，如 2.5",
                    mend="请去掉百分号等文字。",
                )
            )
    return problems


def _infeasible(error: Any, *, as_json: bool) -> None:
    if as_json:
        frame.emit(
            {
                "status": "infeasible",
                "certificate": [
                    {"target": one.where, "required": one.required, "max_reachable": one.reached}
                    for one in error.contradictions
                ],
                "joint": "确切已知的数值（标准差为 0）或约束之间互相矛盾",
            }
        )
    else:
        click.echo("确切已知的数值（标准差为 0）或约束之间互相矛盾，不能协调：", err=True)
        for one in error.contradictions:
            click.echo(f"  {one.where}：需要 {one.required:g}，只能得到 {one.reached:g}", err=True)
    raise SystemExit(frame.INFEASIBLE)


def _stopped(message: str, *, as_json: bool) -> None:
    if as_json:
        frame.emit({"status": "stopped", "message": message, "flows": [], "repeatable": True})
    else:
        click.echo(f"逐次线性化没有收敛：{message}", err=True)
    raise SystemExit(frame.STOPPED)


def _verdict(result: Any) -> str:
    return (
        f"总体检验未通过：χ² = {result.chi2:.4g} > {result.limit:.4g}（自由度 {result.dof}，α = {result.alpha:g}）。"
        "数据含有显著误差，或所给的标准差过小；在查明之前，协调值不可采用。"
    )


def _show(result: Any, notes: list[str], *, variances: bool) -> None:
    number = frame.number
    if result.passed:
        click.echo(
            f"总体检验通过：χ² = {result.chi2:.4g} ≤ {result.limit:.4g}（自由度 {result.dof}，p = {result.p_value:.3g}）。"
        )
    else:
        click.echo(_verdict(result))
        click.echo(f"可疑的流（按查出次序）：{'、'.join(result.suspects) or '—'}")
        for one in result.eliminations:
            alike = f"（与 {'、'.join(one.alike)} 无法区分）" if one.alike else ""
            click.echo(
                f"  去掉 {one.flow}{alike}：检验值 {one.test:.3g}，其余 χ² = {one.chi2_without:.4g}，"
                f"自由度 {one.dof_without}，{'通过' if one.passed_without else '仍未通过'}"
            )
    click.echo(f"原始数据的进出差额：{number(result.closure_raw_pct)} %")
    if result.closure_stated_wrong:
        click.echo("所称的差额与实际不符。")
    for note in notes:
        click.echo(f"注意：{note}")
    heads = ["流", "测量值", "协调值", "调整", "类别"] + (["标准差", "检验"] if variances else [])
    frame.print_table(
        heads,
        (
            [
                one.name,
                number(one.measured, 4),
                number(one.reconciled, 4),
                number(one.adjustment, 4),
                STATUSES[one.status],
            ]
            + ([number(one.sd, 4), number(one.test)] if variances else [])
            for one in result.flows
        ),
        title="物质流",
    )
