"""What waits for whom on the ground of the review."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.kernel import todos
from qingyuan.kernel.permission import is_signed_in
from qingyuan.kernel.todos import ToDo
from qingyuan.people.models import Role
from qingyuan.review import publicity
from qingyuan.review.actions.decision import consent, release, return_to_draft, send_for_cosign
from qingyuan.review.models import Decision, Round
from qingyuan.review.queries import ground as queries
from qingyuan.review.queries.publicity import WITH_OBJECTIONS
from qingyuan.review.rules import ground
from qingyuan.review.todos_publicity import of_publicity


def rounds_to_open(user: Any) -> Iterator[ToDo]:
    """Closed calls without a review, and reviews that were arranged but not started (two queries)."""
    if not is_signed_in.test(user) or not ground.is_officer(user):
        return
    for call in queries.openable_calls(user):
        yield ToDo(_("建立评审：%s") % call.title, reverse("review:open", args=[call.pk]), None, _("评审"))
    for round_ in queries.rounds(user).filter(stage=Round.Stage.PREPARING):
        if ground.handles_round.test(user, round_):
            yield ToDo(
                _("设定评审安排并开始：%s") % round_.call.title,
                reverse("review:round", args=[round_.pk]),
                None,
                _("评审"),
            )


def decisions_under_way(user: Any) -> Iterator[ToDo]:
    """Drafts for their handlers, words for the signers, the release for the host's signer; what a 公示 waits for.

    Two queries without a decision under way, a fixed number with any.
    """
    if not is_signed_in.test(user) or not ground.is_officer(user):
        return
    declared = {
        Decision.Stage.DRAFTING: (send_for_cosign, "review:decision", _("核对拟稿并送会签：%s")),
        Decision.Stage.DISAGREED: (return_to_draft, "review:decision", _("意见不一致，协商后重新拟稿：%s")),
        Decision.Stage.COSIGN: (consent, "review:consent-decision", _("会签：%s")),
        Decision.Stage.AGREED: (release, "review:release-decision", _("公布：%s")),
    }
    found = (
        Decision.objects.filter(stage__in=declared)
        .filter(round__call__joint_body__parts__organisation__in=user.standing.organisation_ids)
        .select_related("round__call__joint_body")
        .prefetch_related("round__call__joint_body__parts", "consents", WITH_OBJECTIONS)
        .distinct()
    )
    for decision in found:
        yield from of_publicity(user, decision)
        if decision.stage == Decision.Stage.AGREED and publicity.before_taking_effect(decision):
            continue
        verb, url_name, title = declared[Decision.Stage(decision.stage)]
        if not verb.allowed(user, decision) or _said_already(user, decision):
            continue
        yield ToDo(
            title % decision,
            reverse(url_name, args=[decision.pk]),
            decision.cosign_due_at if decision.stage == Decision.Stage.COSIGN else None,
            _("会同"),
        )


def _said_already(user: Any, decision: Decision) -> bool:
    """Has every department for which the user signs said its word on the present content?"""
    if decision.stage != Decision.Stage.COSIGN:
        return False
    said = {
        one.organisation_id
        for one in decision.consents.all()
        if one.content_sha256 == decision.content_sha256
    }
    mine = {
        part.organisation_id
        for part in decision.round.joint_body.seats
        if user.standing.holds(part.organisation_id, Role.SIGNER)
    }
    return mine <= said


todos.register(rounds_to_open)
todos.register(decisions_under_way)
