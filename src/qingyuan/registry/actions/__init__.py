"""Writes of the registry: its verbs, and the entering of enterprises from inside other rooms' verbs."""

from qingyuan.registry.actions import reserve
from qingyuan.registry.actions.audits import record_audit, revoke_audit
from qingyuan.registry.actions.crediting import Basis, Credit, enter_credits, revoke_credits
from qingyuan.registry.actions.entering import StatedEnterprise, ensure_enterprises
from qingyuan.registry.actions.enterprise import close, merge, rename, reopen
from qingyuan.registry.actions.listing import import_list

__all__ = [
    "Basis",
    "Credit",
    "StatedEnterprise",
    "close",
    "ensure_enterprises",
    "enter_credits",
    "import_list",
    "merge",
    "record_audit",
    "rename",
    "reopen",
    "reserve",
    "revoke_audit",
    "revoke_credits",
]
