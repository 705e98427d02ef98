"""Enterprises' sheets for the matrices. Nobody of the cast belongs to an enterprise: signing has tests of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qingyuan.audits.actions.firm_sheet import Invitation
from tests.dataset_maker import sheet_in

NAMED = {"park_handler"}


def one_invitation(_maker: Any, dataset: Any) -> dict[str, Any]:
    entry = dataset.pilot.scope.select_related("enterprise").first()
    return {"invitations": [Invitation(entry.enterprise.credit_code, "firm@example.org")]}


OBJECTS: dict[str, Callable[[Any, str], Any]] = {"audits.enterprisesheet": sheet_in}
ARGUMENTS: dict[str, Callable[[Any, Any], dict[str, Any]]] = {
    "dataset.invite": one_invitation,
    "dataset.remind": lambda m, o: {},
    "sheet.renew_link": lambda m, o: {"address": "other@example.org"},
    "sheet.hand_over_link": lambda m, o: {},
    "sheet.revoke_link": lambda m, o: {},
    "sheet.sign": lambda m, o: {"declared": True},
    "sheet.reopen": lambda m, o: {"reason": "演示：产量与统计不符"},
}
MAY: dict[str, set[str]] = {
    "dataset.invite": NAMED,
    "dataset.remind": NAMED,
    "sheet.renew_link": NAMED,
    "sheet.hand_over_link": NAMED,
    "sheet.revoke_link": NAMED,
    "sheet.sign": set(),
    "sheet.reopen": NAMED,
}
CONTENT_MAY_REFUSE = {"dataset.remind"}  # nobody was asked yet
ROUTE_OBJECTS: dict[str, Callable[[Any], Any]] = {
    "audits.enterprisesheet": lambda maker: sheet_in(maker, "signed"),
}
