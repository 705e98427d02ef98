"""The verbs of the delivery: every change of its record is one of these."""

from qingyuan.delivery.actions import output
from qingyuan.delivery.actions.change import approve, ask_change, refuse, withdraw
from qingyuan.delivery.actions.conclusion import conclude
from qingyuan.delivery.actions.credit import credit, credit_again, revoke_credit
from qingyuan.delivery.actions.deviation import explain_deviation
from qingyuan.delivery.actions.phase import set_phases
from qingyuan.delivery.actions.project import start, stop
from qingyuan.delivery.actions.report import accept, begin_report, hand_in, send_back
from qingyuan.delivery.actions.rhythm import set_rhythm

__all__ = [
    "accept",
    "approve",
    "ask_change",
    "begin_report",
    "conclude",
    "credit",
    "credit_again",
    "explain_deviation",
    "hand_in",
    "output",
    "refuse",
    "revoke_credit",
    "send_back",
    "set_phases",
    "set_rhythm",
    "start",
    "stop",
    "withdraw",
]
