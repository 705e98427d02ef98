"""Verbs of the review; one module per idea."""

from qingyuan.review.actions.acceptance import finish_acceptance, open_acceptance
from qingyuan.review.actions.appointments import accept, declare, decline, invite_experts
from qingyuan.review.actions.appointments import release as release_expert
from qingyuan.review.actions.archive import archive
from qingyuan.review.actions.assessment import (
    open_assessment,
    open_scores,
    reopen_assessment,
    submit_assessment,
)
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
from qingyuan.review.actions.panel import conclude_assessment, discuss, edit_post, name_chair, summarise
from qingyuan.review.actions.publicity import (
    close_publicity,
    lodge_objection,
    publicise,
    register_objection,
    settle_objection,
    stop_publicity,
)
from qingyuan.review.actions.round import configure, note_withdrawal, open_round, start
from qingyuan.review.actions.state import attach_file, import_bundle, take_in
from qingyuan.review.actions.visits import (
    arrange_visits,
    plan_drawn,
    plan_visit,
    schedule_visit,
    set_team,
    sign_applicant,
    sign_team,
)
from qingyuan.review.actions.visits import cancel as cancel_visit
from qingyuan.review.actions.visits import conclude as conclude_visit
from qingyuan.review.actions.visits import notify as notify_visit
from qingyuan.review.actions.visits import reply as reply_to_visit

__all__ = [
    "accept",
    "amend",
    "announce_draw",
    "archive",
    "arrange_visits",
    "assign",
    "assign_all",
    "attach_file",
    "cancel_visit",
    "close_publicity",
    "commit_second",
    "conclude_assessment",
    "conclude_visit",
    "configure",
    "consent",
    "declare",
    "decline",
    "discuss",
    "dissent",
    "draft",
    "drop",
    "edit_post",
    "finish_acceptance",
    "import_bundle",
    "invite_experts",
    "lodge_objection",
    "name_chair",
    "note_cosign_check",
    "note_withdrawal",
    "notify_visit",
    "open_acceptance",
    "open_assessment",
    "open_round",
    "open_scores",
    "plan_drawn",
    "plan_visit",
    "publicise",
    "record_issue",
    "recuse",
    "register_objection",
    "release",
    "release_expert",
    "reopen_assessment",
    "replace",
    "reply_to_visit",
    "return_to_draft",
    "reveal",
    "reveal_public",
    "revise",
    "schedule_visit",
    "send_for_cosign",
    "set_team",
    "settle_objection",
    "sign_applicant",
    "sign_team",
    "start",
    "stop_publicity",
    "submit_assessment",
    "summarise",
    "supervise",
    "take_in",
    "void_draw",
]
