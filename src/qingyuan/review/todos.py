"""What waits for whom on the ground of the review."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.calls.models import Call
from qingyuan.kernel import todos
from qingyuan.kernel.todos import ToDo
from qingyuan.people.models import Role
from qingyuan.review import publicity
from qingyuan.review.actions.decision import consent, release, return_to_draft, send_for_cosign
from qingyuan.review.models import Decision, Round
from qingyuan.review.queries import ground as queries
from qingyuan.review.queries.publicity import WITH_OBJECTIONS
from qingyuan.review.rules import ground
from qingyuan.review.todos_publicity import of_publicity


def _without_round(user: Any) -> QuerySet[Call] | None:
    return queries.without_round(user) if ground.is_officer(user) else None


def reviews_to_open(user: Any, closed: QuerySet[Call]) -> Iterator[ToDo]:
    """Closed calls without a review (two queries)."""
    for call in closed:
        if ground.handles_call.test(user, call):
            yield ToDo(
                _("建立评审：%s") % call.title, reverse("review:open", args=[call.pk]), None, _("评审")
            )


def _in_preparation(user: Any) -> QuerySet[Round] | None:
    return queries.at(user, Round.Stage.PREPARING) if ground.is_officer(user) else None


def rounds_to_start(user: Any, prepared: QuerySet[Round]) -> Iterator[ToDo]:
    """Reviews that were arranged but not started (two queries)."""
    for round_ in prepared:
        if ground.handles_round.test(user, round_):
            yield ToDo(
                _("设定评审安排并开始：%s") % round_.call.title,
                reverse("review:round", args=[round_.pk]),
                None,
                _("评审"),
            )


# stage -> (verb that leads on, its page, what is asked)
NEXT = {
    Decision.Stage.DRAFTING: (send_for_cosign, "review:decision", gettext_lazy("核对拟稿并送会签：%s")),
    Decision.Stage.DISAGREED: (
        return_to_draft,
        "review:decision",
        gettext_lazy("意见不一致，协商后重新拟稿：%s"),
    ),
    Decision.Stage.COSIGN: (consent, "review:consent-decision", gettext_lazy("会签：%s")),
    Decision.Stage.AGREED: (release, "review:release-decision", gettext_lazy("公布：%s")),
}


def _undecided(user: Any) -> QuerySet[Decision] | None:
    if not ground.is_officer(user):
        return None
    return (
        Decision.objects.filter(stage__in=NEXT)
        .filter(round__call__joint_body__parts__organisation__in=user.standing.organisation_ids)
        .select_related("round__call__joint_body")
        .prefetch_related("round__call__joint_body__parts", "consents", WITH_OBJECTIONS)
        .distinct()
    )


def decisions_under_way(user: Any, undecided: QuerySet[Decision]) -> Iterator[ToDo]:
    """Drafts for their handlers, words for the signers, the release for the host's signer; what a 公示 waits for.

    A fixed number of queries.
    """
    for decision in undecided:
        yield from of_publicity(user, decision)
        if decision.stage == Decision.Stage.AGREED and publicity.before_taking_effect(decision):
            continue
        verb, url_name, title = NEXT[Decision.Stage(decision.stage)]
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


todos.register(reviews_to_open, among=_without_round)
todos.register(rounds_to_start, among=_in_preparation)
todos.register(decisions_under_way, among=_undecided)
