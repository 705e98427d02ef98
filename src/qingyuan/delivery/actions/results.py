"""What a released decision of acceptance makes of the pilots: passed, failed, or to be rectified. A follower of the review.

A pilot that passed the first of two sittings goes on with its work, and is handed in again for the second.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Max, Model

from qingyuan.delivery.models import (
    AcceptanceFiling,
    Conclusion,
    ConclusionExclusion,
    Project,
    Rectification,
    RectificationItem,
)
from qingyuan.kernel import clock
from qingyuan.kernel.actions import Act
from qingyuan.review import acceptance, followers
from qingyuan.review.models import Case, Decision, DecisionItem


def _is_acceptance(decision: Decision) -> bool:
    return decision.kind == Decision.Kind.ACCEPTANCE


def locks(decision: Decision) -> Iterable[Model]:
    """The pilots that the decision is about (one query)."""
    if not _is_acceptance(decision):
        return []
    return list(Project.objects.filter(filings__case__decision_items__decision=decision).distinct())


def follow(decision: Decision, items: Sequence[DecisionItem], act: Act) -> None:
    """A conclusion or a rectification for every pilot, in the transaction of the release."""
    if not _is_acceptance(decision):
        return
    cases = [item.case_id for item in items]
    projects = {
        filing.case_id: filing.project
        for filing in AcceptanceFiling.objects.filter(case__in=cases).select_related("project")
    }
    for item in items:
        project = projects[item.case_id]
        if item.outcome == Case.Stage.RECTIFYING:
            _ask(project, item, act)
            act.move(project, Project.Stage.RECTIFYING)
        elif item.outcome == Case.Stage.EVALUATED:
            act.move(project, Project.Stage.RUNNING)
        else:
            _conclude(project, decision, item, act)
            act.move(project, Project.Stage(item.outcome))


def listed_on(decision: Decision) -> date:
    assert decision.released_at is not None
    return decision.dated_on or clock.local(decision.released_at).date()


def _conclude(project: Project, decision: Decision, item: DecisionItem, act: Act) -> None:
    made = Conclusion.objects.create(
        project=project,
        outcome=item.outcome,
        listed_on=listed_on(decision),
        document_number=decision.document_number,
        source=Conclusion.Source.DECIDED,
        reason=item.reason,
        item=item,
        recorded_at=act.now,
        recorded_by=act.by,
    )
    left_out = {one["credit_code"]: one["reason"] for one in item.terms.get("exclusions", ())}
    if left_out:
        rows = project.scope.filter(enterprise__credit_code__in=left_out).select_related("enterprise")
        ConclusionExclusion.objects.bulk_create(
            ConclusionExclusion(
                conclusion=made, scope_enterprise=row, reason=left_out[row.enterprise.credit_code]
            )
            for row in rows
        )


def _ask(project: Project, item: DecisionItem, act: Act) -> None:
    last = project.rectifications.aggregate(last=Max("number"))["last"] or 0
    made = Rectification.objects.create(
        project=project,
        case_id=item.case_id,
        number=last + 1,
        asked_at=act.now,
        due_on=date.fromisoformat(item.terms["due_on"]),
    )
    RectificationItem.objects.bulk_create(
        RectificationItem(rectification=made, position=position, requirement=text)
        for position, text in enumerate(acceptance.items_of(item.reason), start=1)
    )


def issued(decision: Decision) -> None:
    """The office system's number and day, corrected after the release: the conclusions say the same."""
    if _is_acceptance(decision) and decision.stage == Decision.Stage.RELEASED:
        Conclusion.objects.filter(item__decision=decision).update(
            document_number=decision.document_number, listed_on=listed_on(decision)
        )


followers.register(followers.Follower(locks=locks, follow=follow, issued=issued))
