"""Score sheets, panels and their chairs for the matrices: the pool's expert on a case under assessment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.assessment_maker import assessment_in, assignment_in, for_routes, post_in, summary_in

OBJECTS: dict[str, Callable[[Any, str], Any]] = {
    "review.assessment": assessment_in,
    "review.panelsummary": summary_in,
}
ARGUMENTS: dict[str, Callable[[Any, Any], dict[str, Any]]] = {
    "assessment.open": lambda m, o: {},
    "assessment.submit": lambda m, o: {"draft_revision": o.draft_revision},
    "assessment.reopen": lambda m, o: {"reason": "演示：填错一项"},
    "round.open_scores": lambda m, o: {"reason": "演示"},
    "case.discuss": lambda m, o: {"text": "演示发言"},
    "case.edit_post": lambda m, o: {"post": post_in(m, o), "text": "演示更正"},
    "case.name_chair": lambda m, o: {"chair": assignment_in(m, o)},
    "case.conclude_assessment": lambda m, o: {},
    "panel.summarise": lambda m, o: {"overall": "recommend", "text": "演示：同意推荐"},
}
HOST = {"province_handler", "park_and_province"}
MAY: dict[str, set[str]] = {
    "assessment.open": {"expert"},
    "assessment.submit": {"expert"},
    "assessment.reopen": HOST,
    "round.open_scores": HOST,
    "case.discuss": set(),
    "case.edit_post": set(),
    "case.name_chair": HOST,
    "case.conclude_assessment": HOST,
    "panel.summarise": {"expert"},
}
CONTENT_MAY_REFUSE = {
    "assessment.open",
    "assessment.reopen",
    "round.open_scores",
    "case.conclude_assessment",
    "panel.summarise",
}
ROUTE_OBJECTS: dict[str, Callable[[Any], Any]] = {
    "review.assessment": lambda maker: for_routes(assessment_in, maker, "submitted"),
    "review.panelsummary": lambda maker: for_routes(summary_in, maker, "named"),
}
