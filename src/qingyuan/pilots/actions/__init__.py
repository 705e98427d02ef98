"""Verbs on pilots: content, sign-off, submission."""

from qingyuan.pilots.actions.content import (
    answer_condition,
    attach,
    create,
    describe,
    detach,
)
from qingyuan.pilots.actions.schedule import set_outputs, set_schedule
from qingyuan.pilots.actions.scope import add_enterprise, add_known, import_scope, remove_enterprise
from qingyuan.pilots.actions.signoff import hand_in, pass_review, reopen, return_for_changes, sign, withdraw
from qingyuan.pilots.actions.submission import submit
from qingyuan.pilots.actions.targets import set_targets

__all__ = [
    "add_enterprise",
    "add_known",
    "answer_condition",
    "attach",
    "create",
    "describe",
    "detach",
    "hand_in",
    "import_scope",
    "pass_review",
    "remove_enterprise",
    "reopen",
    "return_for_changes",
    "set_outputs",
    "set_schedule",
    "set_targets",
    "sign",
    "submit",
    "withdraw",
]
