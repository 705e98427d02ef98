"""Verbs on pilots: content, sign-off, submission."""

from qingyuan.pilots.actions.certificate import receive_certificate, refuse_certificate, request_certificate
from qingyuan.pilots.actions.comment import comment
from qingyuan.pilots.actions.content import (
    answer_condition,
    attach,
    create,
    describe,
    detach,
)
from qingyuan.pilots.actions.extent import set_basin, set_boundary, set_places
from qingyuan.pilots.actions.forwarding import give as give_forwarding
from qingyuan.pilots.actions.forwarding import lapse as lapse_forwarding
from qingyuan.pilots.actions.forwarding import send_back
from qingyuan.pilots.actions.joint import organise_jointly
from qingyuan.pilots.actions.key_tasks import prove_key_task, remove_key_task
from qingyuan.pilots.actions.remarks import answer_remark, remark_chapter, reopen_remark, resolve_remark
from qingyuan.pilots.actions.returned import cancel_request, lapse_request, request_supplement
from qingyuan.pilots.actions.schedule import set_outputs, set_schedule
from qingyuan.pilots.actions.scope import add_enterprise, add_known, import_scope, remove_enterprise
from qingyuan.pilots.actions.signoff import hand_in, pass_review, reopen, return_for_changes, sign, withdraw
from qingyuan.pilots.actions.submission import submit
from qingyuan.pilots.actions.targets import set_targets

__all__ = [
    "add_enterprise",
    "add_known",
    "answer_condition",
    "answer_remark",
    "attach",
    "cancel_request",
    "comment",
    "create",
    "describe",
    "detach",
    "give_forwarding",
    "hand_in",
    "import_scope",
    "lapse_forwarding",
    "lapse_request",
    "organise_jointly",
    "pass_review",
    "prove_key_task",
    "receive_certificate",
    "refuse_certificate",
    "remark_chapter",
    "remove_enterprise",
    "remove_key_task",
    "reopen",
    "reopen_remark",
    "request_certificate",
    "request_supplement",
    "resolve_remark",
    "return_for_changes",
    "send_back",
    "set_basin",
    "set_boundary",
    "set_outputs",
    "set_places",
    "set_schedule",
    "set_targets",
    "sign",
    "submit",
    "withdraw",
]
