"""Joint decisions for the matrices: on the one case of the round."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from qingyuan.kernel import clock
from tests.review_maker import case_in, truth_signed

HANDLERS = {"province_handler", "park_and_province"}
COSIGNERS = {"reform_handler", "reform_signer"}


def rows(case: Any, outcome: str = "recommended", reason: str = "") -> list[Any]:
    from qingyuan.review.decisions import Row

    return [Row(case.pk, outcome, reason)]


def the_case_of(round_: Any) -> Any:
    """The round's case where a decision takes it; the round stays in its stage."""
    round_.cases.update(stage="decision")
    return round_.cases.get()


def decision_in(maker: Any, stage: str) -> Any:
    """A final decision on one case, by the verbs."""
    from qingyuan.review import actions

    world = maker.world
    case = case_in(maker, "decision")
    truth_signed(maker, case)
    made = actions.draft(case.round, by=world.province_handler, kind="final", items=rows(case))
    if stage == "dropped":
        actions.drop(made, by=world.province_handler)
    elif stage != "drafting":
        actions.send_for_cosign(made, by=world.province_handler, due_at=clock.now() + timedelta(days=3))
        made.refresh_from_db()
        if stage == "disagreed":
            actions.dissent(
                made, by=world.reform_signer, content_sha256=made.content_sha256, opinion="演示：不同意"
            )
        elif stage != "cosign":
            for signer in (world.province_signer, world.reform_signer):
                actions.consent(made, by=signer, content_sha256=made.content_sha256)
            if stage == "released":
                actions.release(made, by=world.province_signer)
    return type(made).objects.get(pk=made.pk)


def issued(maker: Any) -> Any:
    """An agreed decision with its sealed copy: every page of a decision has something to show."""
    from qingyuan.review import actions

    made = decision_in(maker, "agreed")
    by = maker.world.province_handler
    upload = maker.upload(by=by, name="盖章件.pdf")
    actions.record_issue(
        made,
        by=by,
        document_number="演示〔2022〕1号",
        signed_by="演示签发",
        dated_on=date(2022, 7, 8),
        sealed_copy=upload,
    )
    return type(made).objects.get(pk=made.pk)


OBJECTS: dict[str, Callable[[Any, str], Any]] = {"review.decision": decision_in}
ARGUMENTS: dict[str, Callable[[Any, Any], dict[str, Any]]] = {
    "decision.draft": lambda m, o: {"kind": "final", "items": rows(the_case_of(o))},
    "decision.revise": lambda m, o: {"items": rows(o.items.get().case, "not_selected", "演示理由")},
    "decision.send_for_cosign": lambda m, o: {"due_at": clock.now() + timedelta(days=2)},
    "decision.amend": lambda m, o: {"items": rows(o.items.get().case, "not_selected", "演示理由")},
    "decision.return_to_draft": lambda m, o: {"remark": "演示"},
    "decision.consent": lambda m, o: {"content_sha256": o.content_sha256},
    "decision.dissent": lambda m, o: {"content_sha256": o.content_sha256, "opinion": "演示"},
    "decision.drop": lambda m, o: {},
    "decision.record_issue": lambda m, o: {
        "document_number": "演示〔2022〕1号",
        "signed_by": "演示签发",
        "dated_on": date(2022, 7, 8),
    },
    "decision.release": lambda m, o: {},
    "case.note_cosign_check": lambda m, o: {"topic": "policy", "result": "fits"},
}
MAY: dict[str, set[str]] = {
    **{
        f"decision.{verb}": HANDLERS
        for verb in ("draft", "revise", "send_for_cosign", "drop", "record_issue")
    },
    "decision.amend": COSIGNERS,
    "decision.return_to_draft": HANDLERS | COSIGNERS,
    "decision.consent": {"province_signer", "reform_signer"},
    "decision.dissent": {"province_signer", "reform_signer"},
    "decision.release": {"province_signer"},
    "case.note_cosign_check": COSIGNERS,
}
ROUTE_OBJECTS: dict[str, Callable[[Any], Any]] = {
    "review.decision": issued,
}
MOVED_FROM_ELSEWHERE = {
    "review.round": {"published"},
    "review.case": {"recommended", "approved", "not_selected", "rejected"},
}
