"""Writes of the registry: its verbs, and the entering of enterprises from inside other rooms' verbs."""

from qingyuan.registry.actions.audits import record_audit, revoke_audit
from qingyuan.registry.actions.entering import StatedEnterprise, ensure_enterprises
from qingyuan.registry.actions.enterprise import close, merge, rename, reopen
from qingyuan.registry.actions.listing import import_list

__all__ = [
    "StatedEnterprise",
    "close",
    "ensure_enterprises",
    "import_list",
    "merge",
    "record_audit",
    "rename",
    "reopen",
    "revoke_audit",
]
