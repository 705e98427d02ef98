"""A row about index systems: 1,000,000 enterprises x 60 indicators, beside a bare numpy pass and a row-wise pandas loop."""

from __future__ import annotations

from bench.measure import Row, cpu_ms

ENTERPRISES, GROUPS, EACH, PEER = 1_000_000, 6, 10, 2_000
BUDGET_MS = 3000


def build():
    """A system of 6 groups of 10 rows with benchmarks of one decimal, values of one decimal, 1 % not applicable."""
    import numpy as np

    from qingyuan.engine.indices import Data, IndexSystem
    from qingyuan.engine.indices.expressions import parse
    from qingyuan.engine.indices.system import Group, Indicator, Rule

    random = np.random.default_rng(2022)
    groups, numbers, states, plain = [], {}, {}, []
    for g in range(GROUPS):
        rows, bare = [], []
        for k in range(EACH):
            name, restrictive, higher = f"r{g}_{k}", k == 0, k % 2 == 1
            low = 10 + k
            bounds = (low, low + 5, low + 10) if not higher else (low + 10, low + 5, low)
            rows.append(
                Indicator(
                    id=name,
                    title=name,
                    kind="quantitative",
                    higher=higher,
                    restrictive=restrictive,
                    weight=parse("0.1"),
                    stated=frozenset({"I", "II", "III"}),
                    benchmarks={
                        level: parse(str(bound))
                        for level, bound in zip(("I", "II", "III"), bounds, strict=True)
                    },
                )
            )
            bare.append((name, 0.1, restrictive, higher, bounds))
            worse = random.random(ENTERPRISES) ** 12 * 14
            numbers[name] = np.round(bounds[0] + worse * (-1 if higher else 1), 1)
            if k == 3:
                states[name] = np.where(random.random(ENTERPRISES) < 0.01, 2, 0).astype(np.int8)
        groups.append(Group(id=f"g{g}", title=f"g{g}", weight=parse(f"1/{GROUPS}"), indicators=tuple(rows)))
        plain.append((1 / GROUPS, bare))
    from fractions import Fraction

    rules = {
        "I": Rule(index=Fraction(85), restrictive="I", others="II"),
        "II": Rule(index=Fraction(85), restrictive="II", others="III"),
        "III": Rule(index=Fraction(100)),
    }
    system = IndexSystem(id="bench", title="bench", groups=tuple(groups), rules=rules)
    return system, Data(rows=ENTERPRISES, numbers=numbers, states=states), plain


def numpy_pass(data, plain):
    """Nothing but the three comparisons of each cell and one weighted sum a level."""
    import numpy as np

    sums = [np.zeros(data.rows) for _ in range(3)]
    for weight, indicators in plain:
        for name, share, _restrictive, higher, bounds in indicators:
            for level in range(3):
                value = data.numbers[name]
                met = value >= bounds[level] if higher else value <= bounds[level]
                sums[level] += met * (weight * share)
    return sums


def row() -> Row:
    import numpy as np

    from qingyuan.engine.indices import rate, rate_one

    system, data, plain = build()
    rating = rate(system, data)
    time = cpu_ms(lambda: rate(system, data), runs=2)
    bare = cpu_ms(lambda: numpy_pass(data, plain), runs=2)
    values = {name: float(column[0]) for name, column in data.numbers.items()}
    single = cpu_ms(lambda: [rate_one(system, values) for _ in range(50)], runs=2) / 50
    notes = {
        "levels": np.bincount(rating.levels + 1, minlength=5).tolist(),
        "bare numpy pass ms": bare,
        "one enterprise with explanation ms": round(single, 2),
    }
    try:
        import pandas as pd
    except ModuleNotFoundError:
        notes["pandas"] = "not installed (extra: bench)"
    else:
        from bench.peers.index_system_rowwise import rate_rowwise

        few = data.part(0, PEER)
        frame = pd.DataFrame(
            {name: np.where(few.states[name] == 2, np.nan, column) if name in few.states else column
             for name, column in few.numbers.items()}
        )  # fmt: skip
        slow = cpu_ms(lambda: rate_rowwise(frame, plain), runs=1)
        notes["row-wise pandas, ms a thousand"] = round(slow * 1000 / PEER, 1)
        notes["times faster a row than row-wise pandas"] = round(slow / PEER / (time / ENTERPRISES), 1)
        notes["same levels as row-wise pandas"] = (
            f"{int((rate_rowwise(frame, plain) == rating.levels[:PEER]).sum())}/{PEER}"
        )
    return Row(
        f"rating of {ENTERPRISES:,} enterprises x {GROUPS * EACH} indicators",
        cpu_ms=time,
        ratio=round(time / bare, 2),
        ratio_to="a bare numpy pass over the same columns",
        budget=f"<= {BUDGET_MS} ms",
        within=time <= BUDGET_MS,
        notes=notes,
    )
