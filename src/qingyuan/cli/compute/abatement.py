"""Abatement costs of all measures of a selection, and which of them the plan takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qingyuan.engine.portfolio.case import Case


def macc(case: Case, plan: Mapping[int, float]) -> dict[str, list[dict[str, Any]]]:
    """Per pollutant all measures by their cost a unit: the whole cost is laid on each pollutant in turn."""
    measures, found = case.measures, {}
    for name, column in measures.effects.items():
        rows = [
            row
            for row in range(len(measures))
            if column[row] and float(column[row]) > 0 and not measures.done[row]
        ]
        rows.sort(key=lambda row: (float(measures.cost[row]) / float(column[row]), measures.measure[row]))
        total, steps = 0.0, []
        for row in rows:
            effect = float(column[row])
            total += effect
            steps.append(
                {
                    "measure": measures.measure[row],
                    "enterprise": measures.enterprise[row] or None,
                    "cost_per_unit": float(measures.cost[row]) / effect,
                    "effect": effect,
                    "cumulative": total,
                    "chosen": plan.get(row, 0.0) > 0,
                }
            )
        if steps:
            found[name] = steps
    return found
