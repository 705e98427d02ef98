"""Consultations and envelopes for the matrices."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from qingyuan.kernel import clock
from tests.review_maker import case_in


def today() -> Any:
    return clock.local(clock.now()).date()


def question(maker: Any) -> dict[str, Any]:
    return {
        "organisation": maker.world.luoyang_ecology,
        "question": "演示：近三年有无重大违法",
        "due_on": today() + timedelta(days=5),
    }


def consultation_in(maker: Any, stage: str) -> Any:
    """The bureau of another prefecture's applicant is asked; the first of the sealed files goes with the question."""
    from qingyuan.review.actions import consultation as verbs
    from qingyuan.review.consultation_files import files_of
    from qingyuan.review.models import Consultation

    case = case_in(maker, "form_check")
    world = maker.world
    one = verbs.ask(
        case,
        by=world.province_handler,
        files=[files_of(case)[0]["sha256"]],
        **question(maker),
    )
    if stage == "answered":
        upload = maker.upload(by=world.prefecture_handler, name="复函.pdf")
        verbs.answer(one, by=world.prefecture_handler, word="agrees", upload=upload)
    if stage == "declined":
        verbs.decline(one, by=world.prefecture_handler, reason="演示")
    if stage == "withdrawn":
        verbs.withdraw(one, by=world.province_handler, reason="演示")
    return Consultation.objects.get(pk=one.pk)


def envelope(submission: Any = None) -> dict[str, Any]:
    return {
        "delivery_id": "paper",
        "arrived_on": today(),
        "copies": 5,
        "title": "演示项目 演示单位",
        "submission": submission,
        "courier": "演示快递",
        "courier_number": "SF000000",
    }


def arrival_in(maker: Any, stage: str) -> Any:
    from qingyuan.calls.models import Call
    from qingyuan.review.actions import arrival as verbs
    from qingyuan.review.models import PaperArrival

    by = maker.world.province_handler
    submission = case_in(maker, "form_check").submission
    one = verbs.register(Call.objects.get(pk=submission.call_id), by=by, **envelope(submission))
    if stage in {"same", "differs"}:
        verbs.compare(one, by=by, same=stage == "same", note="演示")
    if stage == "void":
        verbs.void(one, by=by, reason="演示")
    return PaperArrival.objects.get(pk=one.pk)


OBJECTS: dict[str, Callable[[Any, str], Any]] = {
    "review.consultation": consultation_in,
    "review.paperarrival": arrival_in,
}
ARGUMENTS: dict[str, Callable[[Any, Any], dict[str, Any]]] = {
    "consultation.ask": lambda m, o: question(m),
    "consultation.answer": lambda m, o: {"word": "remarks", "answer": "演示意见"},
    "consultation.decline": lambda m, o: {"reason": "演示"},
    "consultation.withdraw": lambda m, o: {"reason": "演示"},
    "arrival.register": lambda m, o: {**envelope(), "delivery_id": "national-paper", "copies": 2},
    "arrival.compare": lambda m, o: {"same": False, "note": "演示：缺附件"},
    "arrival.void": lambda m, o: {"reason": "演示"},
}
MAY: dict[str, set[str]] = {
    "consultation.ask": {"province_handler"},
    "consultation.answer": {"prefecture_handler"},
    "consultation.decline": {"prefecture_handler"},
    "consultation.withdraw": {"province_handler"},
    "arrival.register": {"state_handler"},
    "arrival.compare": {"province_handler", "park_and_province"},
    "arrival.void": {"province_handler", "park_and_province"},
}
ROUTE_OBJECTS: dict[str, Callable[[Any], Any]] = {
    "review.consultation": lambda maker: consultation_in(maker, "answered"),
    "review.paperarrival": lambda maker: arrival_in(maker, "registered"),
}
