"""The focus of audits for the matrix of verbs."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from qingyuan.audits.actions.focus import Candidate
from qingyuan.catalogue.focus import focus_methods
from tests.house.cases.audits_schemes import KEEPERS


def candidates() -> list[Candidate]:
    factors = [factor.id for factor in focus_methods()[0].factors]
    return [
        Candidate(name=name, scores=dict.fromkeys(factors, Decimal(score)))
        for name, score in (("演示一车间", 6), ("演示二车间", 4))
    ]


ARGUMENTS: dict[str, Callable[[Any, Any], dict[str, Any]]] = {
    "pilot.score_focus": lambda m, o: {"title": "演示园区", "candidates": candidates()},
}
MAY: dict[str, set[str]] = {"pilot.score_focus": KEEPERS}
