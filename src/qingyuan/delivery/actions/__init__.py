"""The verbs of the delivery: every change of its record is one of these."""

from qingyuan.delivery.actions import output
from qingyuan.delivery.actions.change import approve, ask_change, refuse, withdraw
from qingyuan.delivery.actions.conclusion import conclude
from qingyuan.delivery.actions.phase import set_phases
from qingyuan.delivery.actions.project import start, stop

__all__ = [
    "approve",
    "ask_change",
    "conclude",
    "output",
    "refuse",
    "set_phases",
    "start",
    "stop",
    "withdraw",
]
