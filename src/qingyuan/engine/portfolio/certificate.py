"""Why there is no plan: what each target can reach at most, and which of them cannot stand together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from qingyuan.engine.portfolio.blocks import Impossible, TooTangled, cut
from qingyuan.engine.portfolio.case import Demand, exact
from qingyuan.engine.portfolio.model import Model
from qingyuan.engine.portfolio.programme import Numbers
from qingyuan.engine.portfolio.solve import SMALL, Effort
from qingyuan.engine.portfolio.verify import check

THOROUGH = Effort(gap=1e-9, nodes=20_000)
MOST_JOINT = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreachable:
    """A row of the certificate: no plan reaches `required`; `max_reachable` is the most that any plan reaches.

    `alone` is the most with this target only; `with_others` the most while the conflicting ones are met.
    """

    target: str
    scenario: str
    required: float
    max_reachable: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """`joint` in words where each target alone is reachable, else None; `certificate` names what is unreachable."""

    certificate: list[Unreachable]
    joint: str | None


def explain(model: Model) -> Certificate:
    """The certificate of a model that has no plan."""
    logic = _logic(model)
    if logic:
        return Certificate(certificate=logic, joint=None)
    if spent := _overspent(model):
        return Certificate(certificate=[spent], joint=None)
    plain = replace(model, extra=None)
    reach = [most(plain, place) for place in range(len(model.assembled.demands))]
    alone = [one for one, amount in zip(model.assembled.demands, reach, strict=True) if amount < one.required]
    rows = {
        id(one): Unreachable(
            target=one.target,
            scenario=one.scenario,
            required=float(one.required),
            max_reachable=float(amount),
        )
        for one, amount in zip(model.assembled.demands, reach, strict=True)
    }
    if alone:
        return Certificate(certificate=[rows[id(one)] for one in alone], joint=None)
    together, budget = _conflict(model)
    named = [model.assembled.demands[place] for place in together]
    return Certificate(
        certificate=[rows[id(one)] for one in named], joint=_words(model, named, budget=budget)
    )


def _overspent(model: Model) -> Unreachable | None:
    """The budget itself, where even the cheapest way to do what is mandatory exceeds it."""
    budget = model.assembled.case.budget
    if budget is None:
        return None
    instance, rows = model.assembled.instance, len(model.assembled.demands)
    quiet = _without_budget(
        replace(model, caution=replace(model.caution, gamma=None, level=None), extra=None)
    )
    weights = -np.asarray(
        instance.gain[:, [rows]].toarray() if hasattr(instance.gain, "toarray") else instance.gain[:, [rows]]
    )
    solved = quiet.solve(objective=weights.ravel(), keep=[], effort=THOROUGH)
    if solved.x is None:
        return None
    least = check(model.assembled.case, model.assembled.plan(solved.x)).spent
    if least <= exact(budget.limit):
        return None
    name = "投资预算" if budget.of == "invest" else "年费用预算"
    return Unreachable(target=name, scenario="", required=float(least), max_reachable=float(budget.limit))


def most(model: Model, place: int) -> Fraction:
    """The most that any plan within budget and logic reaches of one demand, exactly as its plan has it.

    For large selections what the relaxed programme reaches: no plan reaches more.
    """
    gain = model.column(place)
    if len(gain) > SMALL:
        relaxed = _relaxed(model, [], cost=-gain)
        return Fraction(-(10**30)) if relaxed is None else Fraction(-relaxed)
    quiet = replace(model, caution=replace(model.caution, gamma=None, level=None), extra=None)
    solved = quiet.solve(objective=-gain, keep=[], effort=THOROUGH)
    if solved.x is None:
        return Fraction(-(10**30))
    case = model.assembled.case
    return check(case, model.assembled.plan(solved.x)).met[place].reached


def _feasible(model: Model, keep: list[int], *, budget: bool) -> bool:
    """Whether a plan meets the demands `keep` together."""
    tried = model if budget or model.assembled.case.budget is None else _without_budget(model)
    nothing = np.zeros(tried.assembled.instance.measures)
    if len(nothing) > SMALL:
        return _relaxed(tried, keep, cost=nothing) is not None
    return tried.solve(objective=nothing, keep=keep, effort=THOROUGH).x is not None


def _relaxed(model: Model, keep: list[int], *, cost: Numbers) -> float | None:
    """The least of `cost` in the linear relaxation with the demands `keep` and the budget; None where there is none."""
    instance, rows = model.assembled.instance, len(model.assembled.demands)
    kept = np.array([*keep, *range(rows, len(instance.need))], dtype=np.int64)
    bare = replace(instance, cost=cost, gain=instance.gain[:, kept], need=instance.need[kept])
    if model.extra is not None and keep:
        bare = bare.with_rows(model.extra.gain, model.extra.need)
    outcome = model.child.run(bare.programme(), relaxed=True)
    return None if outcome.x is None else outcome.objective


def _without_budget(model: Model) -> Model:
    assembled = model.assembled
    rows = len(assembled.demands)
    instance = replace(
        assembled.instance, gain=assembled.instance.gain[:, :rows], need=assembled.instance.need[:rows]
    )
    return replace(model, assembled=replace(assembled, instance=instance))


def _conflict(model: Model) -> tuple[list[int], bool]:
    """A smallest set of demands (no part of it conflicts) that cannot stand together, and whether the budget is in it."""
    keep = list(range(len(model.assembled.demands)))
    budget = model.assembled.case.budget is not None
    if budget and not _feasible(model, keep, budget=False):
        budget = False
    if len(keep) > MOST_JOINT:
        return keep, budget
    for place in list(keep):
        rest = [one for one in keep if one != place]
        if rest and not _feasible(model, rest, budget=budget):
            keep = rest
    return keep, budget


def _words(model: Model, named: list[Demand], *, budget: bool) -> str:
    names = "、".join(one.label for one in named)
    said = "各目标单独都能达到"
    limits = []
    if budget:
        assert model.assembled.case.budget is not None
        kind = "投资" if model.assembled.case.budget.of == "invest" else "年费用"
        limits.append(f"{kind}预算 {float(model.assembled.case.budget.limit):g}")
    if model.caution.gamma is not None:
        limits.append(f"至多 {model.caution.gamma:g} 项同时偏差的要求")
    if model.caution.level is not None:
        limits.append(f"达标概率 {model.caution.level:g} 的要求")
    if model.extra is not None:
        limits.append("公平约束")
    within = f"，在{'、'.join(limits)}之内" if limits else "，"
    if len(named) == 1:
        return f"{said}{within}{names} 不能达到。".replace("，，", "，")
    return f"{said}{within}同时达到 {names} 不行；去掉其中任何一个，其余的可以同时达到。".replace(
        "，，", "，"
    )


def _logic(model: Model) -> list[Unreachable]:
    """What contradicts itself before any target: mandatory measures that exclude each other, or lack what they need."""
    measures = model.assembled.case.measures
    found = []
    asked: dict[str, list[int]] = {}
    for row in range(len(measures)):
        if measures.mandatory[row] and not measures.done[row] and measures.group[row]:
            asked.setdefault(measures.group[row], []).append(row)
    standing = {
        measures.group[row] for row in range(len(measures)) if measures.done[row] and measures.group[row]
    }
    for group, rows in sorted(asked.items()):
        distinct = {(measures.enterprise[row], measures.measure[row]) for row in rows}
        room = 0 if group in standing else 1
        if len(distinct) > room:
            found.append(
                Unreachable(
                    target=f"互斥组 {group} 中的必选方案",
                    scenario="",
                    required=float(len(distinct)),
                    max_reachable=float(room),
                )
            )
    if found or _stands(model):
        return found
    names = "、".join(
        sorted({measures.measure[row] for row in range(len(measures)) if measures.mandatory[row]})
    )
    count = float(sum(measures.mandatory))
    return [
        Unreachable(
            target=f"必选方案（{names}）与互斥、前提的要求",
            scenario="",
            required=count,
            max_reachable=_most_mandatory(model),
        )
    ]


def _stands(model: Model) -> bool:
    try:
        cut(model.assembled.instance)
    except Impossible:
        return False
    except TooTangled:
        pass
    bare = _without_budget(model)
    bare = replace(bare, extra=None, caution=replace(model.caution, gamma=None, level=None))
    return (
        bare.solve(keep=[], objective=np.zeros(bare.assembled.instance.measures), effort=THOROUGH).x
        is not None
    )


def _most_mandatory(model: Model) -> float:
    """How many of the mandatory measures can stand together."""
    bare = _without_budget(model)
    assembled = bare.assembled
    wanted = np.array(assembled.case.measures.mandatory, dtype=float)[assembled.rows]
    free = replace(
        assembled.instance,
        lower=np.zeros(len(wanted)),
        local_lower=np.minimum(assembled.instance.local_lower, 0.0),
    )
    bare = replace(
        bare,
        assembled=replace(assembled, instance=free),
        extra=None,
        caution=replace(model.caution, gamma=None, level=None),
    )
    solved = bare.solve(keep=[], objective=-wanted, effort=THOROUGH)
    return 0.0 if solved.x is None else float(np.round(wanted @ solved.x))
