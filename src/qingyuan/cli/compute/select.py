"""`qingyuan select`: which measures reach the targets at least cost, with a bound on every plan."""

from __future__ import annotations

import math
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import click

from qingyuan.cli.compute import draw, frame
from qingyuan.cli.compute.air_input import canonical
from qingyuan.cli.compute.portfolio_input import Tables, read_case
from qingyuan.cli.compute.portfolio_output import said, show, show_nothing
from qingyuan.engine import executors
from qingyuan.engine.executors import Opened, processes
from qingyuan.engine.portfolio.case import Budget, Case
from qingyuan.engine.portfolio.certificate import Certificate
from qingyuan.engine.portfolio.child import Child
from qingyuan.engine.portfolio.fair import RULES
from qingyuan.engine.portfolio.model import Caution
from qingyuan.engine.portfolio.ozone import Axes
from qingyuan.engine.portfolio.select import Ask, Asked, Nothing, Selection
from qingyuan.engine.portfolio.select import select as answer
from qingyuan.engine.portfolio.solve import Effort
from qingyuan.workbooks.problems import Problem

_RULE_WORDS = {"equal": "equal-share", "equalshare": "equal-share", "share": "equal-share", "gdp": "cost-gdp"}


@click.command()
@click.option("--measures", type=frame.file_argument, required=True, help="备选方案表 Measures.")
@click.option("--targets", type=frame.file_argument, required=True, help="目标表 Targets.")
@click.option("--response", type=frame.file_argument, default=None, help="响应系数表 Responses of receptors.")
@click.option("--budget", default=None, help="预算 At most this much money.")
@click.option(
    "--budget-of",
    type=click.Choice(["invest", "annual"]),
    default=None,
    help="预算管投资（有投资列时的默认）还是年费用 What the budget limits.",
)
@click.option("--rate", type=float, default=0.06, show_default=True, help="折现率 Discount rate, a fraction.")
@click.option(
    "--gap", type=float, default=0.0005, show_default=True, help="允许的相对差距 Relative gap to prove."
)
@click.option("--pareto", type=int, default=0, help="费用与目标的前沿点数 Points of the front.")
@click.option("--pareto-target", default="", help="前沿扫描的目标，all 为全部一起 Swept target, or all.")
@click.option(
    "--robust", type=float, default=None, help="至多几项同时偏差 Deviations at once (Bertsimas-Sim)."
)
@click.option("--chance", type=float, default=None, help="达标概率，如 0.95 Probability of each target.")
@click.option("--fair", default=None, help=f"公平规则 {'|'.join(RULES)}，可加 :限值 Rule, optionally :limit.")
@click.option("--bases", type=frame.file_argument, default=None, help="公平基准表 Bases of fairness.")
@click.option("--surface", type=frame.file_argument, default=None, help="臭氧响应面表 Ozone surface.")
@click.option(
    "--nox-base", type=float, default=None, help="基准年 NOx 排放量 NOx emissions of the base year."
)
@click.option(
    "--voc-base", type=float, default=None, help="基准年 VOC 排放量 VOC emissions of the base year."
)
@click.option("--resolve/--no-resolve", default=None, help="重新求解边际价格和补贴 Solve again for prices.")
@click.option(
    "--nodes",
    "--max-nodes",
    "nodes",
    type=int,
    default=200_000,
    show_default=True,
    help="搜索节点上限 Nodes of the search.",
)
@click.option(
    "--time-limit", type=float, default=None, help="秒；这样的结果不保证可重复 Seconds; not repeatable."
)
@click.option("--draws", type=int, default=0, help="对选定方案抽样的次数，如 2000 Draws of the fixed plan.")
@click.option("--seed", type=int, default=0, show_default=True, help="抽样的种子 Seed of the draws.")
@click.option("--workers", type=int, default=1, show_default=True, help="抽样用的进程数 Processes.")
@click.option("--cluster", default=None, help="Dask 集群的地址 tcp://… A Dask scheduler.")
@draw.option
@frame.json_option
def select(  # noqa: PLR0917
    measures: Path,
    targets: Path,
    response: Path | None,
    budget: str | None,
    budget_of: Any,
    rate: float,
    gap: float,
    pareto: int,
    pareto_target: str,
    robust: float | None,
    chance: float | None,
    fair: str | None,
    bases: Path | None,
    *,
    surface: Path | None,
    nox_base: float | None,
    voc_base: float | None,
    resolve: bool | None,
    nodes: int,
    time_limit: float | None,
    draws: int,
    seed: int,
    workers: int,
    cluster: str | None,
    folder: Path | None,
    as_json: bool,
) -> None:
    """按最低年费用选择清洁生产方案：达到各项目标，差距有证明，逐项说明理由。"""
    options = _Options()
    rule, fair_limit = options.rule(fair, bases)
    options.check(
        rate=rate,
        gap=gap,
        pareto=pareto,
        robust=robust,
        chance=chance,
        nodes=nodes,
        time_limit=time_limit,
    )
    money = options.money(budget, budget_of)
    opened = options.executor(draws, seed, workers, cluster)
    options.ozone(surface, nox_base, voc_base)
    try:
        tables = read_case(
            measures=measures,
            targets=targets,
            response=response,
            bases=bases,
            surface=surface,
            budget=money,
            by_default=budget_of is None,
            rate=rate,
            more=[*options.problems, *draw.problems(folder)],
        )
        _check_names(
            tables, measures, targets, pareto_target, robust=robust, chance=chance, rule=rule, bases=bases
        )
    except frame.BadInput as bad:
        frame.fail_with(bad, as_json=as_json)
    measured = tables.case.measures
    if draws and not (measured.sd or measured.dev or any(one.rel_sd for one in tables.case.responses)):
        click.echo("没有 sd:、dev: 或 rel_sd 列：抽样时没有什么会变。", err=True)
    for note in tables.notes:
        click.echo(note, err=True)
    ask = Ask(
        effort=Effort(
            gap=gap,
            nodes=nodes,
            seconds=time_limit,
            patience=900.0 if time_limit is None else time_limit + 2.0,
        ),
        caution=Caution(gamma=robust, level=chance),
        pareto=pareto,
        pareto_target=pareto_target,
        fair=rule,
        fair_limit=fair_limit,
        bases=tables.bases,
        resolve=resolve,
        ozone=_ozone(tables, nox_base, voc_base),
        draws=draws,
        seed=seed,
        opened=opened,
    )
    with Child() as child:
        found = answer(tables.case, ask, child)
    if folder is not None and isinstance(found, Selection):
        _draw(tables.case, found, folder)
    _finish(found, as_json=as_json)


def _draw(case: Case, found: Selection, folder: Path) -> None:
    from qingyuan.cli.compute import drawn_region
    from qingyuan.cli.compute.abatement import macc

    told = frame.plain(said(found))
    draw.write(list(drawn_region.select(told, macc=macc(case, found.assembled.plan(found.x)))), folder)


def _finish(found: Selection | Certificate | Nothing, *, as_json: bool) -> None:
    if isinstance(found, Certificate):
        if as_json:
            frame.emit({"status": "infeasible", "certificate": found.certificate, "joint": found.joint})
        else:
            show_nothing(found)
        raise SystemExit(frame.INFEASIBLE)
    if isinstance(found, Nothing):
        bound = found.bound if math.isfinite(found.bound) else None
        if as_json:
            frame.emit(
                {
                    "status": "stopped",
                    "objective": None,
                    "cost": None,
                    "bound": bound,
                    "gap": None,
                    "verified": False,
                    "repeatable": found.repeatable,
                    "chosen": [],
                }
            )
        else:
            click.echo(f"到了上限，还没有找到方案组合；费用的下界 {frame.number(bound)}。", err=True)
        raise SystemExit(frame.STOPPED)
    if as_json:
        frame.emit(said(found))
    else:
        show(found)
    if found.status == "stopped":
        raise SystemExit(frame.STOPPED)


class _Options:
    """The options' own problems, to be said together with those of the tables."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def add(self, option: str, value: Any, expected: str) -> None:
        self.problems.append(Problem(file=option, value=str(value), expected=expected, mend="请改正参数。"))

    def check(
        self,
        *,
        rate: float,
        gap: float,
        pareto: int,
        robust: float | None,
        chance: float | None,
        nodes: int,
        time_limit: float | None,
    ) -> None:
        if not (math.isfinite(rate) and rate > -1):
            self.add("--rate", rate, "大于 -1 的小数，如 0.06")
        if not (math.isfinite(gap) and gap >= 0):
            self.add("--gap", gap, "不小于 0 的小数，如 0.0005")
        if not 0 <= pareto <= 10_000:
            self.add("--pareto", pareto, "0 至 10000 的整数")
        if robust is not None and not (math.isfinite(robust) and robust >= 0):
            self.add("--robust", robust, "不小于 0 的数")
        if chance is not None and not 0.5 <= chance < 1:
            self.add("--chance", chance, "0.5 至 1（不含 1）的概率，如 0.95")
        if robust is not None and chance is not None:
            self.add("--robust", robust, "--robust 和 --chance 只用一个")
        if nodes < 1:
            self.add("--nodes", nodes, "大于 0 的整数")
        if time_limit is not None and not (math.isfinite(time_limit) and time_limit > 0):
            self.add("--time-limit", time_limit, "大于 0 的秒数")

    def ozone(self, surface: Path | None, nox: float | None, voc: float | None) -> None:
        for option, value in (("--nox-base", nox), ("--voc-base", voc)):
            if surface is not None and value is None:
                self.add(option, "", "用 --surface 时须有基准年排放量，单位同削减量")
            if value is not None and not (math.isfinite(value) and value > 0):
                self.add(option, value, "大于 0 的数")

    def executor(self, draws: int, seed: int, workers: int, cluster: str | None) -> Opened | None:
        if not 0 <= draws <= 10_000_000:
            self.add("--draws", draws, "0 至 10000000 的整数")
        if seed < 0:
            self.add("--seed", seed, "不小于 0 的整数")
        if not 1 <= workers <= 1024:
            self.add("--workers", workers, "1 至 1024 的整数")
        if cluster is not None:
            return self._cluster(cluster)
        return processes(workers) if 1 < workers <= 1024 else None

    def _cluster(self, address: str) -> Opened | None:
        try:
            opened = executors.cluster(address)
            with opened():
                return opened
        except ImportError:
            self.add("--cluster", address, "装有 distributed（pip install 'qingyuan[cluster]'）")
        except (OSError, ValueError) as error:
            self.add("--cluster", address, f"连得上的 Dask 调度器，如 tcp://127.0.0.1:8786（{error}）")
        return None

    def rule(self, text: str | None, bases: Path | None) -> tuple[Any, float | None]:
        if text is None:
            return None, None
        name, mark, limit = text.replace("：", ":").partition(":")
        name = name.strip().lower().replace("_", "-").replace("/", "-")
        number: float | None = None
        if mark:
            try:
                number = float(limit)
            except ValueError:
                number = math.nan
            if not (math.isfinite(number) and number >= 0):
                self.add("--fair", text, "规则后的限值是不小于 0 的数")
        name = _RULE_WORDS.get(name, name)
        if name not in RULES:
            self.add("--fair", text, "以下之一：" + "、".join(RULES))
        if bases is None:
            self.add("--bases", "", "用 --fair 时须有公平基准表")
        return name, number

    def money(self, text: str | None, of: Any) -> Budget | None:
        if text is None:
            return None
        try:
            limit = Decimal(text.strip())
        except InvalidOperation:
            limit = Decimal("nan")
        if not limit.is_finite() or (of == "invest" and limit < 0):
            self.add("--budget", text, "数字" if of == "annual" else "不小于 0 的数")
            return None
        return Budget(limit=limit, of=of or "invest")


def _ozone(tables: Tables, nox: float | None, voc: float | None) -> Asked | None:
    if not tables.ozone:
        return None
    assert nox is not None
    assert voc is not None
    names = {canonical(name): name for name in tables.case.measures.effects}
    return Asked(
        limits=tables.ozone,
        axes=Axes(nox=names.get("nox", "NOx"), voc=names.get("voc", "VOC"), nox_base=nox, voc_base=voc),
    )


def _unfair(tables: Tables, rule: str | None, bases: Path | None) -> list[Problem]:
    """Bases and loads that no rule can be measured by."""
    if rule is None or bases is None:
        return []
    wanted = []
    if sum(one.base for one in tables.bases) <= 0:
        wanted.append("基准合计大于 0")
    loads = {name for one in tables.bases for name in one.loads}
    if rule == "gini" and not loads:
        wanted.append("有 load:污染物 的列（用了 gini）")
    wanted += [
        f"load:{name} 合计大于 0"
        for name in sorted(loads)
        if sum(one.loads.get(name, 0.0) for one in tables.bases) <= 0
    ]
    return [Problem(file=bases.name, expected=one, mend="请核对公平基准表。") for one in wanted]


def _check_names(
    tables: Tables,
    measures: Path,
    targets: Path,
    swept: str,
    *,
    robust: float | None,
    chance: float | None,
    rule: str | None,
    bases: Path | None,
) -> None:
    """What only the tables and the options together show."""
    problems = []
    if robust is not None and not tables.case.measures.dev:
        problems.append(
            Problem(
                file=measures.name, expected="有 dev:污染物 的列（用了 --robust）", mend="请补上最大偏差。"
            )
        )
    if chance is not None and not tables.case.measures.sd:
        problems.append(
            Problem(file=measures.name, expected="有 sd:污染物 的列（用了 --chance）", mend="请补上标准差。")
        )
    problems += _unfair(tables, rule, bases)
    names = [*(one.target for one in tables.case.targets), *(one.target for one in tables.ozone)]
    if swept and swept != "all" and swept not in names:
        problems.append(
            Problem(
                file=targets.name,
                value=swept,
                expected="--pareto-target 是表中的目标，或 all",
                mend=f"已有：{'、'.join(names[:20])}。",
            )
        )
    if problems:
        raise frame.BadInput(problems)
