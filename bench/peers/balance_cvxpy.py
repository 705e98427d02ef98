"""The same reconciliation as a quadratic programme in cvxpy (Clarabel), the way it is usually written. A bench extra only."""

from __future__ import annotations


def reconciled(problem, value):
    """Values that conserve at every node, nearest to the measured ones. Raises ModuleNotFoundError without cvxpy."""
    import cvxpy
    import numpy as np
    from scipy import sparse

    tail, head, count = problem["tail"], problem["head"], len(value)
    place = np.arange(count)
    rows = np.concatenate([head[head >= 0], tail[tail >= 0]])
    columns = np.concatenate([place[head >= 0], place[tail >= 0]])
    signs = np.concatenate([np.ones((head >= 0).sum()), -np.ones((tail >= 0).sum())])
    nodes = sparse.csr_matrix((signs, (rows, columns)), shape=(problem["nodes"], count))
    flow = cvxpy.Variable(count)
    away = cvxpy.multiply(1 / np.sqrt(problem["variance"]), flow - value)
    model = cvxpy.Problem(cvxpy.Minimize(cvxpy.sum_squares(away)), [nodes @ flow == 0])
    model.solve(solver=cvxpy.CLARABEL)
    return np.asarray(flow.value)
