"""Approved pilots as lists and as one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from qingyuan.delivery.models import ChangeRequest, Project
from qingyuan.delivery.rules import project as rules
from qingyuan.kernel import clock
from qingyuan.people.models import Role
from qingyuan.review.models import Case, Decision, DecisionItem

RELATED = ("case__round__call__joint_body", "pilot__call__joint_body", "pilot__applicant", "applicant")
TONES: Mapping[str, str] = {
    Project.Stage.RUNNING: "info",
    Project.Stage.EVALUATING: "info",
    Project.Stage.RECTIFYING: "warn",
    Project.Stage.PASSED: "good",
    Project.Stage.FAILED: "bad",
    Project.Stage.STOPPED: "neutral",
    Project.Stage.ARCHIVED: "neutral",
}
CHANGE_TONES: Mapping[str, str] = {
    ChangeRequest.Stage.ASKED: "warn",
    ChangeRequest.Stage.APPROVED: "good",
    ChangeRequest.Stage.REFUSED: "bad",
    ChangeRequest.Stage.WITHDRAWN: "neutral",
}


@dataclass(frozen=True)
class Approval:
    """The list by which the State agreed: its number as the office system gave it, and its day."""

    document_number: str
    dated_on: date | None


def approval_of(case: Case) -> Approval | None:
    """By the released decision of the State's round; None where the State decides outside the product (one query)."""
    if case.stage != Case.Stage.APPROVED:
        return None
    item = (
        DecisionItem.objects.filter(
            case=case, decision__kind=Decision.Kind.FINAL, decision__stage=Decision.Stage.RELEASED
        )
        .select_related("decision")
        .first()
    )
    if item is None:
        return None
    decision = item.decision
    assert decision.released_at is not None
    return Approval(decision.document_number, decision.dated_on or clock.local(decision.released_at).date())


def projects(user: Any) -> QuerySet[Project]:
    """What this person may see, the nearest end first, with the size of the scope and the changes that wait."""
    return (
        Project.objects.filter(pk__in=Project.objects.filter(rules.visible_projects(user)).values("pk"))
        .select_related("applicant", "pilot__call")
        .annotate(
            enterprises=Count("scope", filter=Q(scope__dropped_on=None), distinct=True),
            asked=Count("changes", filter=Q(changes__stage=ChangeRequest.Stage.ASKED), distinct=True),
        )
        .order_by("term_end", "title")
    )


def to_start(user: Any) -> QuerySet[Case]:
    """Approved cases of this person's bodies whose work has not begun (one query)."""
    mine = [pk for pk in user.standing.organisation_ids if user.standing.holds(pk, Role.HANDLER, Role.LEAD)]
    found = Case.objects.filter(
        stage=Case.Stage.APPROVED, applicant__in=mine, pilot__isnull=False, project__isnull=True
    )
    return found.select_related("round__call__joint_body")


def to_begin_elsewhere(user: Any) -> list[Case]:
    """Recommended cases that no round of the State took in: the host notes the State's list (one query)."""
    mine = [pk for pk in user.standing.organisation_ids if user.standing.holds(pk, Role.HANDLER, Role.LEAD)]
    if not mine:
        return []
    found = Case.objects.filter(
        stage=Case.Stage.RECOMMENDED,
        pilot__isnull=False,
        project__isnull=True,
        onward__isnull=True,
        round__call__joint_body__parts__organisation__in=mine,
        round__call__joint_body__parts__part="host",
    )
    return list(found.select_related("round__call__joint_body").distinct())


def changes_waiting(user: Any) -> QuerySet[ChangeRequest]:
    """Changes on which this person's departments have the word (the caller judges each)."""
    return ChangeRequest.objects.filter(
        stage=ChangeRequest.Stage.ASKED,
        project__pilot__call__joint_body__parts__organisation__in=user.standing.organisation_ids,
    ).select_related("project__pilot__call__joint_body")
