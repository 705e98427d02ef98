"""The verbs of the room, an idea a file."""

from qingyuan.audits.actions import audit_review, reserve, run, scheme, sheet
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

__all__ = [
    "audit_review",
    "begin_dataset",
    "end_access",
    "fix_version",
    "import_workbook",
    "name_access",
    "reserve",
    "resume_dataset",
    "run",
    "scheme",
    "sheet",
    "take_scope",
    "take_version",
]
