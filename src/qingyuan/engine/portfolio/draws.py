"""Evidence for a fixed plan: how often it meets its targets when effects and responses are drawn anew.

    effect of a measure = effect + sd * normal, or effect + dev * uniform(-1, 1) where no sd is stated; independent
    coefficient of a response = coefficient * (1 + rel_sd * normal), one number for all enterprises that it concerns, and the
    same one for all rows of a factor: weather, flow and decay are shared, and independence would understate the risk.

Draws come in parts of 100, each with its own stream of the seed: the same numbers on one process or on a cluster.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from qingyuan.engine.executors import Opened, gather
from qingyuan.engine.portfolio.assemble import Assembled
from qingyuan.engine.portfolio.case import Case, Response, up_to
from qingyuan.engine.portfolio.programme import Numbers

PART = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A target over all draws: quantiles of what is reached, and the share of draws that meet it."""

    target: str
    scenario: str
    required: float
    mean: float
    p05: float
    p50: float
    p95: float
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """`joint_probability`: the share of draws that meet every target."""

    draws: int
    seed: int
    targets: list[Drawn]
    joint_probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Chances:
    """What a worker needs: amounts (k,) with their spreads, the sums that responses take of them, and their factors."""

    mean: Numbers
    sd: Numbers
    dev: Numbers
    sums: Any
    """(s, k) sparse: coefficient of each amount in each sum."""
    rel_sd: Numbers
    """(s,) of the coefficient of each sum."""
    factor: Any
    """(s,) number of the shared factor of each sum."""
    demand: Any
    """(s,) demand that each sum adds to."""
    factors: int
    demands: int


def draw(chances: Chances, seed: int, part: int, count: int) -> Numbers:
    """(count, demands) reached in `count` draws of a part."""
    stream = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(part,)))
    shared = stream.standard_normal((count, chances.factors))
    amounts = np.where(
        chances.sd > 0,
        chances.mean + chances.sd * stream.standard_normal((count, len(chances.mean))),
        chances.mean + chances.dev * stream.uniform(-1.0, 1.0, (count, len(chances.mean))),
    )
    sums = np.asarray((chances.sums @ amounts.T).T) * (1.0 + chances.rel_sd * shared[:, chances.factor])
    reached = np.zeros((count, chances.demands))
    for number, demand in enumerate(chances.demand):
        reached[:, demand] += sums[:, number]
    return reached


def evidence(
    assembled: Assembled,
    plan: Mapping[int, float],
    *,
    draws: int,
    seed: int = 0,
    opened: Opened | None = None,
) -> Evidence:
    """`draws` draws of the plan (row -> share), over an executor where one is given."""
    chances = chances_of(assembled, plan)
    parts = [
        (chances, seed, part, min(PART, draws - part * PART)) for part in range((draws + PART - 1) // PART)
    ]
    reached = np.vstack(gather(draw, parts, opened=opened))
    required = np.array([float(one.required) for one in assembled.demands])
    met = reached >= required - 1e-9 * np.maximum(np.abs(required), 1e-12)
    p05, p50, p95 = np.quantile(reached, (0.05, 0.5, 0.95), axis=0)
    return Evidence(
        draws=draws,
        seed=seed,
        targets=[
            Drawn(
                target=one.target,
                scenario=one.scenario,
                required=float(required[place]),
                mean=float(reached[:, place].mean()),
                p05=float(p05[place]),
                p50=float(p50[place]),
                p95=float(p95[place]),
                probability=float(met[:, place].mean()),
            )
            for place, one in enumerate(assembled.demands)
        ],
        joint_probability=float(met.all(axis=1).mean()),
    )


def chances_of(assembled: Assembled, plan: Mapping[int, float]) -> Chances:
    """The uncertain numbers of a plan. Amounts: every effect of a chosen measure; sums: every response row of a demand."""
    case = assembled.case
    measures = case.measures
    keys = [
        (row, pollutant) for row in plan for pollutant in measures.effects if measures.effects[pollutant][row]
    ]
    place = {key: number for number, key in enumerate(keys)}

    def figures(columns: Mapping[str, Any]) -> Numbers:
        return np.array(
            [float(columns.get(name, {row: 0})[row] or 0) if name in columns else 0.0 for row, name in keys]
        )

    factors: dict[tuple[str, ...], int] = {}
    rows: list[dict[int, float]] = []
    rel_sd: list[float] = []
    factor: list[int] = []
    demand: list[int] = []
    for number, one in enumerate(assembled.demands):
        for response, weights in _terms(case, one, keys, place, plan).values():
            name = (
                (response.factor,)
                if response.factor
                else (one.target, one.scenario, response.enterprise, response.pollutant)
            )
            rows.append(weights)
            rel_sd.append(float(response.rel_sd or 0))
            factor.append(factors.setdefault(name, len(factors)))
            demand.append(number)
    entries = [(number, column, value) for number, row in enumerate(rows) for column, value in row.items()]
    at, columns, values = zip(*entries, strict=True) if entries else ((), (), ())
    return Chances(
        mean=figures(measures.effects),
        sd=figures(measures.sd),
        dev=figures(measures.dev),
        sums=sparse.csr_array((list(values), (list(at), list(columns))), shape=(len(rows), len(keys))),
        rel_sd=np.array(rel_sd),
        factor=np.array(factor, dtype=np.int64),
        demand=np.array(demand, dtype=np.int64),
        factors=len(factors),
        demands=len(assembled.demands),
    )


def _terms(
    case: Case,
    demand: Any,
    keys: list[tuple[int, str]],
    place: Mapping[tuple[int, str], int],
    plan: Mapping[int, float],
) -> dict[tuple[str, str], tuple[Response, dict[int, float]]]:
    """Per response row in force: the row, and the coefficient of each amount in its sum."""
    measures = case.measures
    known: dict[tuple[str, str, str], Response] = {
        (row.enterprise, row.pollutant, row.scenario): row
        for row in case.responses
        if row.target == demand.target
    }
    if not known:
        known[("", demand.target, "")] = Response(
            target=demand.target, pollutant=demand.target, coefficient=1
        )
    found: dict[tuple[str, str], tuple[Response, dict[int, float]]] = {}
    for row, pollutant in keys:
        if not up_to(measures.period[row], demand.period):
            continue
        who = measures.enterprise[row]
        ways = ((who, demand.scenario), (who, ""), ("", demand.scenario), ("", ""))
        response = next(
            (known[one, pollutant, when] for one, when in ways if (one, pollutant, when) in known), None
        )
        if response is not None:
            _row, weights = found.setdefault((response.enterprise, pollutant), (response, {}))
            weights[place[row, pollutant]] = float(response.coefficient) * plan[row]
    return found
