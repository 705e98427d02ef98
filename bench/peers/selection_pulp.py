"""The same selection of measures by PuLP with CBC, the way it is usually written. A bench extra only."""

from __future__ import annotations


def least_cost(instance, *, gap: float, seconds: float) -> tuple[float | None, str]:
    """The cost of the best plan within the time (None: none was found), and how it ended."""
    import numpy as np
    import pulp

    model = pulp.LpProblem("selection", pulp.LpMinimize)
    x = [pulp.LpVariable(f"x{place}", cat="Binary") for place in range(instance.measures)]
    model += pulp.LpAffineExpression(zip(x, instance.cost.tolist(), strict=True))
    for row in range(len(instance.need)):
        gain = instance.gain[:, row]
        used = np.flatnonzero(gain)
        terms = [(x[place], float(gain[place])) for place in used.tolist()]
        model += pulp.LpAffineExpression(terms) >= float(instance.need[row])
    local = instance.local.tocsr()
    for row in range(local.shape[0]):
        part = slice(local.indptr[row], local.indptr[row + 1])
        terms = zip(
            (x[place] for place in local.indices[part].tolist()), local.data[part].tolist(), strict=True
        )
        model += pulp.LpAffineExpression(terms) <= float(instance.local_upper[row])
    model.solve(pulp.PULP_CBC_CMD(msg=False, gapRel=gap, timeLimit=seconds, threads=1))
    found = pulp.value(model.objective) if model.sol_status in {1, 2} else None
    words = {1: "optimal", 2: "stopped with a plan"}.get(model.sol_status, "no plan")
    return (None if found is None else float(found)), words
