"""Rows about material balances: 140,000 and 700,000 flows nested in parks, beside the bare factorisation of their matrix."""

from __future__ import annotations

from bench.measure import Row, cpu_ms

BUDGET_RATIO, BUDGET_LARGE_MS = 2.0, 1000.0


def nested(*, parks: int, enterprises: int, units: int, flows: int, unmeasured: float = 0.02):
    """Units of enterprises of parks: four fifths of the flows inside an enterprise, the rest between or to the outside."""
    import numpy as np

    random = np.random.default_rng(2022)
    size = parks * enterprises * units
    tail = random.integers(0, size, flows)
    level = random.random(flows)
    enterprise, park = tail // units, tail // (units * enterprises)
    inside = enterprise * units + random.integers(0, units, flows)
    beside = (park * enterprises + random.integers(0, enterprises, flows)) * units
    head = np.where(level < 0.8, inside, np.where(level < 0.95, beside, -1))
    tail = np.where((level >= 0.8) & (level < 0.95), enterprise * units, tail)
    turned = random.random(flows) < 0.5
    tail, head = np.where(turned, head, tail), np.where(turned, tail, head)
    value = random.uniform(1, 100, flows)
    return {
        "tail": tail,
        "head": head,
        "nodes": size,
        "measured": random.random(flows) >= unmeasured,
        "variance": (0.05 * value) ** 2,
    }, value


def row(*, parks: int = 20, flows: int = 140_000) -> Row:
    from qingyuan.engine.balance import network

    problem, value = nested(parks=parks, enterprises=50, units=20, flows=flows)

    def whole():
        return network.prepare(**problem).reconcile(value)

    system = network.prepare(**problem)
    time = cpu_ms(whole, runs=3)
    bare = cpu_ms(lambda: network.factorise(system.matrix), runs=3)
    ratio = round(time / bare, 2)
    large = flows >= 500_000
    notes = {"bare factorisation ms": bare, "dof": system.dof, **measurable(problem)}
    if not large:
        notes |= draws(system, value, bare) | deviations(system)
    return Row(
        f"balance of {flows:,} flows, {problem['nodes']:,} nodes: values, classes, chi2",
        cpu_ms=time,
        ratio=ratio,
        ratio_to="the bare sparse factorisation",
        budget=f"<= {BUDGET_LARGE_MS:.0f} ms" if large else f"<= {BUDGET_RATIO:g} x",
        within=time <= BUDGET_LARGE_MS if large else ratio <= BUDGET_RATIO,
        notes=notes,
    )


def measurable(problem) -> dict[str, float]:
    """The same with every flow measured: no trees to look for."""
    import numpy as np

    from qingyuan.engine.balance import network

    full = problem | {"measured": np.ones(len(problem["tail"]), bool)}
    value = np.sqrt(problem["variance"]) * 20
    system = network.prepare(**full)
    time = cpu_ms(lambda: network.prepare(**full).reconcile(value), runs=2)
    bare = cpu_ms(lambda: network.factorise(system.matrix), runs=2)
    return {"all measured ms": time, "all measured, ratio to its factorisation": round(time / bare, 2)}


def draws(system, value, bare: float) -> dict[str, float]:
    """1,000 draws, a hundred at a time, on the one factorisation."""
    import numpy as np

    random = np.random.default_rng(1)
    spread = np.sqrt(system.variance)[:, None]

    def hundred():
        return system.reconcile(value[:, None] + spread * random.standard_normal((len(value), 100)))

    time = cpu_ms(hundred, runs=1) * 10
    return {"1,000 draws ms": round(time), "a draw, ratio to the factorisation": round(time / 1000 / bare, 2)}


def deviations(system) -> dict[str, float]:
    """Standard deviations of 1,000 chosen flows."""
    import numpy as np

    chosen = np.arange(0, len(system.scale), len(system.scale) // 1000)
    return {"deviations of 1,000 flows ms": cpu_ms(lambda: system.spread(chosen), runs=1)}


def rows() -> list[Row]:
    return [row(), row(parks=100, flows=700_000)]
