"""Verbs on pilots: content, sign-off, submission."""

from qingyuan.pilots.actions.certificate import receive_certificate, refuse_certificate, request_certificate
from qingyuan.pilots.actions.comment import comment
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
from qingyuan.pilots.actions.joint import organise_jointly
from qingyuan.pilots.actions.remarks import remark_chapter, resolve_remark
from qingyuan.pilots.actions.returned import cancel_request, lapse_request, request_supplement
from qingyuan.pilots.actions.signoff import hand_in, pass_review, reopen, return_for_changes, sign, withdraw
from qingyuan.pilots.actions.submission import submit

__all__ = [
    "add_enterprise",
    "answer_condition",
    "attach",
    "cancel_request",
    "comment",
    "create",
    "describe",
    "detach",
    "hand_in",
    "import_scope",
    "lapse_request",
    "organise_jointly",
    "pass_review",
    "receive_certificate",
    "refuse_certificate",
    "remark_chapter",
    "remove_enterprise",
    "reopen",
    "request_certificate",
    "request_supplement",
    "resolve_remark",
    "return_for_changes",
    "set_targets",
    "sign",
    "submit",
    "withdraw",
]
