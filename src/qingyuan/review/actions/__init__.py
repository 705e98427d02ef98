"""Verbs of the review; one module per idea."""

from qingyuan.review.actions.appointments import accept, declare, decline, invite_experts
from qingyuan.review.actions.appointments import release as release_expert
from qingyuan.review.actions.assignments import assign, assign_all, recuse, replace
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
from qingyuan.review.actions.draws import announce as announce_draw
from qingyuan.review.actions.draws import commit_second, reveal, reveal_public, supervise
from qingyuan.review.actions.draws import void as void_draw
from qingyuan.review.actions.round import configure, note_withdrawal, open_round, start

__all__ = [
    "accept",
    "amend",
    "announce_draw",
    "assign",
    "assign_all",
    "commit_second",
    "configure",
    "consent",
    "declare",
    "decline",
    "dissent",
    "draft",
    "drop",
    "invite_experts",
    "note_cosign_check",
    "note_withdrawal",
    "open_round",
    "record_issue",
    "recuse",
    "release",
    "release_expert",
    "replace",
    "return_to_draft",
    "reveal",
    "reveal_public",
    "revise",
    "send_for_cosign",
    "start",
    "supervise",
    "void_draw",
]
