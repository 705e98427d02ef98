"""Verbs on pilots: content, sign-off, submission."""

from qingyuan.pilots.actions.content import (
    add_enterprise,
    answer_condition,
    attach,
    create,
    describe,
    detach,
    import_scope,
    remove_enterprise,
    set_targets,
)
from qingyuan.pilots.actions.remarks import remark_chapter, resolve_remark
from qingyuan.pilots.actions.signoff import hand_in, pass_review, reopen, return_for_changes, sign, withdraw
from qingyuan.pilots.actions.submission import submit

__all__ = [
    "add_enterprise",
    "answer_condition",
    "attach",
    "create",
    "describe",
    "detach",
    "hand_in",
    "import_scope",
    "pass_review",
    "remark_chapter",
    "remove_enterprise",
    "reopen",
    "resolve_remark",
    "return_for_changes",
    "set_targets",
    "sign",
    "submit",
    "withdraw",
]
