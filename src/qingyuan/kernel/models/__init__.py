"""The kernel's own records."""

from qingyuan.kernel.models.aggregate import Aggregate
from qingyuan.kernel.models.idempotency import IdempotencyKey
from qingyuan.kernel.models.ledger import LedgerEntry, LedgerHead
from qingyuan.kernel.models.mail import Mail
from qingyuan.kernel.models.reminder import SentReminder
from qingyuan.kernel.models.token import ApiToken
from qingyuan.kernel.models.upload import Upload

__all__ = [
    "Aggregate",
    "ApiToken",
    "IdempotencyKey",
    "LedgerEntry",
    "LedgerHead",
    "Mail",
    "SentReminder",
    "Upload",
]
