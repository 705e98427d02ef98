"""Commendations for the matrices."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from tests.commendation_maker import commendation_in, words
from tests.delivery_maker import after_passing, project_in
from tests.house.cases.delivery_project import ORGANISERS, SIGNER

COSIGNER, COSIGNERS = {"reform_signer"}, {"reform_handler", "reform_signer"}


def drafted(maker: Any, _obj: Any) -> dict[str, Any]:
    project_in(maker, "passed")
    return words(maker)


def read(_maker: Any, obj: Any) -> dict[str, Any]:
    return {"content_sha256": obj.content_sha256}


OBJECTS: dict[str, Callable[[Any, str], Any]] = {"delivery.commendation": commendation_in}
ARGUMENTS: dict[str, Callable[[Any, Any], dict[str, Any]]] = {
    "commendation.draft": drafted,
    "commendation.revise": drafted,
    "commendation.send_for_cosign": lambda m, o: {
        "due_at": datetime.fromisoformat("2022-12-01T18:00:00+08:00")
    },
    "commendation.consent": read,
    "commendation.dissent": lambda m, o: {**read(m, o), "opinion": "演示：再议"},
    "commendation.return_to_draft": lambda m, o: {"remark": "演示：改写理由"},
    "commendation.issue": lambda m, o: {"document_number": "演示〔2023〕9号", "dated_on": date(2022, 9, 20)},
    "commendation.drop": lambda m, o: {},
    "commendation.erase_persons": lambda m, o: {},
}
MAY: dict[str, set[str]] = {
    # The matrices ask on the State's joint body, under which no pilot has passed.
    "commendation.draft": {"state_handler"},
    "commendation.revise": ORGANISERS,
    "commendation.send_for_cosign": ORGANISERS,
    "commendation.consent": SIGNER | COSIGNER,
    "commendation.dissent": SIGNER | COSIGNER,
    "commendation.return_to_draft": ORGANISERS | COSIGNERS,
    "commendation.issue": SIGNER,
    "commendation.drop": ORGANISERS,
    "commendation.erase_persons": ORGANISERS | COSIGNERS,
}
CONTENT_MAY_REFUSE = {"commendation.draft"}
ROUTE_OBJECTS: dict[str, Callable[[Any], Any]] = {
    "delivery.commendation": lambda maker: after_passing(lambda m: commendation_in(m, "issued"), maker)
}
