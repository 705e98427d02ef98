"""The verbs of the room, an idea a file."""

from qingyuan.audits.actions import adoption, audit_review, focus, reserve, run, scheme, sheet
from qingyuan.audits.actions.dataset import (
    begin_dataset,
    end_access,
    fix_version,
    import_workbook,
    name_access,
    resume_dataset,
    take_scope,
    take_version,
)
from qingyuan.audits.actions.firm_sheet import (
    hand_over_link,
    invite,
    remind,
    renew_link,
    reopen,
    revoke_link,
    sign,
)
from qingyuan.audits.actions.question import answer, ask, insist, settle

__all__ = [
    "adoption",
    "answer",
    "ask",
    "audit_review",
    "begin_dataset",
    "end_access",
    "fix_version",
    "focus",
    "hand_over_link",
    "import_workbook",
    "insist",
    "invite",
    "name_access",
    "remind",
    "renew_link",
    "reopen",
    "reserve",
    "resume_dataset",
    "revoke_link",
    "run",
    "scheme",
    "settle",
    "sheet",
    "sign",
    "take_scope",
    "take_version",
]
