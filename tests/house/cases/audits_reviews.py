"""Evaluation and acceptance of an enterprise's audit for the matrices."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from tests.pilot_maker import credit_code
from tests.review_of_audits_maker import full_marks, result_of, review_in, waiting

KEEPERS = {"park_handler", "park_lead", "park_and_province", "consultant"}
HOST = {"province_handler", "park_and_province"}

OBJECTS: dict[str, Callable[[Any, str], Any]] = {"audits.auditreview": review_in}
ARGUMENTS: dict[str, Callable[[Any, Any], dict[str, Any]]] = {
    "audit_review.ask": lambda m, o: {"credit_code": credit_code(1), "kind": "evaluate"},
    "audit_review.withdraw": lambda m, o: {},
    "audit_review.record": lambda m, o: {
        "held_on": date(2022, 6, 19),
        "scores": full_marks(o),
        "opinion": "演示：同意",
    },
    "audit_review.record_many": lambda m, o: {"sheet": waiting(m).sheet_id, "rows": [result_of(waiting(m))]},
    "audit_review.revoke": lambda m, o: {"reason": "演示：登记有误"},
}
MAY: dict[str, set[str]] = {
    "audit_review.ask": KEEPERS,
    "audit_review.withdraw": KEEPERS,
    "audit_review.record": HOST,
    "audit_review.record_many": HOST,
    "audit_review.revoke": HOST,
}
CONTENT_MAY_REFUSE = {
    # The matrix asks for an enterprise without schemes.
    "audit_review.ask",
}
ROUTE_OBJECTS: dict[str, Callable[[Any], Any]] = {
    "audits.auditreview": lambda maker: review_in(maker, "passed"),
}
