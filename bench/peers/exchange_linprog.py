"""The same linear programme by scipy.optimize.linprog, the way it is usually written: all pairs, no bounds on the flows."""

from __future__ import annotations


def least_cost(park) -> float:
    import numpy as np
    from scipy.optimize import linprog
    from scipy.sparse import coo_array

    offers = {one.offer: k for k, one in enumerate(park.offers)}
    needs = {one.need: k for k, one in enumerate(park.needs)}
    count = len(park.links)
    column = np.arange(count)
    tail = np.array([offers[one.offer] for one in park.links])
    head = np.array([needs[one.need] for one in park.links])
    rate = np.array([one.rate for one in park.links])
    matrix = coo_array(
        (
            np.concatenate([np.ones(count), rate]),
            (np.concatenate([tail, len(offers) + head]), np.concatenate([column, column])),
        ),
        shape=(len(offers) + len(needs), count),
    )
    most = [one.quantity_t for one in (*park.offers, *park.needs)]
    cost = np.array([one.net_cost_per_t for one in park.links])
    found = linprog(cost, A_ub=matrix.tocsc(), b_ub=most, method="highs")
    return float(found.fun)
