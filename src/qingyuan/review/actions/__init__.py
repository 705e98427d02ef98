"""Verbs of the review; one module per idea."""

from qingyuan.review.actions.appointments import (
    accept,
    declare,
    decline,
    invite_experts,
)
from qingyuan.review.actions.appointments import (
    release as release_expert,
)
from qingyuan.review.actions.assessment import (
    open_assessment,
    open_scores,
    reopen_assessment,
    submit_assessment,
)
from qingyuan.review.actions.assignments import (
    assign,
    assign_all,
    recuse,
    replace,
)
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
from qingyuan.review.actions.draws import (
    announce as announce_draw,
)
from qingyuan.review.actions.draws import (
    commit_second,
    reveal,
    reveal_public,
    supervise,
)
from qingyuan.review.actions.draws import (
    void as void_draw,
)
from qingyuan.review.actions.panel import (
    conclude_assessment,
    discuss,
    edit_post,
    name_chair,
    summarise,
)
from qingyuan.review.actions.round import (
    configure,
    note_withdrawal,
    open_round,
    start,
)

__all__ = [
    "accept",
    "amend",
    "announce_draw",
    "assign",
    "assign_all",
    "commit_second",
    "conclude_assessment",
    "configure",
    "consent",
    "declare",
    "decline",
    "discuss",
    "dissent",
    "draft",
    "drop",
    "edit_post",
    "invite_experts",
    "name_chair",
    "note_cosign_check",
    "note_withdrawal",
    "open_assessment",
    "open_round",
    "open_scores",
    "record_issue",
    "recuse",
    "release",
    "release_expert",
    "reopen_assessment",
    "replace",
    "return_to_draft",
    "reveal",
    "reveal_public",
    "revise",
    "send_for_cosign",
    "start",
    "submit_assessment",
    "summarise",
    "supervise",
    "void_draw",
]
