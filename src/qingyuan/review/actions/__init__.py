"""Verbs of the review; one module per idea."""

from qingyuan.review.actions.decision import (
    amend,
    consent,
    dissent,
    draft,
    drop,
    note_cosign_check,
    record_issue,
    release,
    return_to_draft,
    revise,
    send_for_cosign,
)
from qingyuan.review.actions.round import configure, note_withdrawal, open_round, start

__all__ = [
    "amend",
    "configure",
    "consent",
    "dissent",
    "draft",
    "drop",
    "note_cosign_check",
    "note_withdrawal",
    "open_round",
    "record_issue",
    "release",
    "return_to_draft",
    "revise",
    "send_for_cosign",
    "start",
]
