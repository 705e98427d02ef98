"""Credits of a passed pilot for the matrices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.house.cases.delivery_project import ORGANISERS

ARGUMENTS: dict[str, Callable[[Any, Any], dict[str, Any]]] = {
    "project.credit": lambda m, o: {},
    "project.revoke_credit": lambda m, o: {"which": "all", "reason": "演示：名单更正"},
    "project.credit_again": lambda m, o: {"which": "all", "reason": "演示：撤销有误"},
}
MAY: dict[str, set[str]] = dict.fromkeys(ARGUMENTS, ORGANISERS)
# A pilot that has just passed has nothing to revoke, nor to give again.
CONTENT_MAY_REFUSE = {"project.revoke_credit", "project.credit_again"}
