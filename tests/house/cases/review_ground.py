"""Rounds and cases for the matrices: a round of Henan's call over what the park handed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.review_maker import case_in, round_in

OBJECTS: dict[str, Callable[[Any, str], Any]] = {"review.round": round_in, "review.case": case_in}
ARGUMENTS: dict[str, Callable[[Any, Any], dict[str, Any]]] = {
    "round.open": lambda m, o: {},
    "round.configure": lambda m, o: {
        "sheet_id": "",
        "experts_per_case": 3,
        "cap_per_expert": 10,
        "avoids_own_region": True,
    },
    "round.start": lambda m, o: {},
    "round.open_acceptance": lambda m, o: {},
    "round.finish_acceptance": lambda m, o: {},
    "case.note_withdrawal": lambda m, o: {"reason": "演示：来函撤回"},
}
MAY: dict[str, set[str]] = {
    "round.open": {"state_handler"},
    "round.configure": {"province_handler", "park_and_province"},
    "round.start": {"province_handler", "park_and_province"},
    "case.note_withdrawal": {"province_handler", "park_and_province"},
    "round.open_acceptance": {"state_handler"},
    "round.finish_acceptance": set(),  # Henan's round is one of selection
}
# The State's call of the matrix is still open: opening its review is refused for that.
# Acceptance begins only after the approved list.
CONTENT_MAY_REFUSE = {"round.open", "round.open_acceptance"}
ROUTE_OBJECTS: dict[str, Callable[[Any], Any]] = {
    "review.case": lambda maker: case_in(maker, "form_check"),
    "review.round": lambda maker: round_in(maker, "preparing"),
}
# Reached by verbs of the later steps; each of them takes its stages out of here.
MOVED_FROM_ELSEWHERE = {
    "review.case": {
        "returned",
        "assessment",
        "rectifying",
        "evaluated",
        "passed",
        "failed",
    },
}
