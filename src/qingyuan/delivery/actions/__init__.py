"""The verbs of the delivery: every change of its record is one of these."""

from qingyuan.delivery.actions import account, output, results
from qingyuan.delivery.actions.acceptance import hand_in as hand_in_acceptance
from qingyuan.delivery.actions.acceptance import send_back as send_back_filing
from qingyuan.delivery.actions.acceptance import take_in
from qingyuan.delivery.actions.change import approve, ask_change, refuse, withdraw
from qingyuan.delivery.actions.conclusion import conclude
from qingyuan.delivery.actions.credit import credit, credit_again, revoke_credit
from qingyuan.delivery.actions.deviation import explain_deviation
from qingyuan.delivery.actions.phase import set_phases
from qingyuan.delivery.actions.project import start, stop
from qingyuan.delivery.actions.rectification import (
    accept_rectification,
    answer,
    attach,
    detach,
    lapse,
    send_back_rectification,
)
from qingyuan.delivery.actions.report import accept, begin_report, hand_in, send_back
from qingyuan.delivery.actions.rhythm import set_rhythm

__all__ = [
    "accept",
    "accept_rectification",
    "account",
    "answer",
    "approve",
    "ask_change",
    "attach",
    "begin_report",
    "conclude",
    "credit",
    "credit_again",
    "detach",
    "explain_deviation",
    "hand_in",
    "hand_in_acceptance",
    "lapse",
    "output",
    "refuse",
    "results",
    "revoke_credit",
    "send_back",
    "send_back_filing",
    "send_back_rectification",
    "set_phases",
    "set_rhythm",
    "start",
    "stop",
    "take_in",
    "withdraw",
]
