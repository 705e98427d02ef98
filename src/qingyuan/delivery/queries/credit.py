"""Passed pilots whose enterprises wait for their records."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from qingyuan.delivery.models import CreditBatch, Project
from qingyuan.people.models import Role

MOST_WAITING = 20
TONES = {
    "not_yet": "neutral",
    "waiting": "warn",
    "credited": "good",
    "revoked": "bad",
    "excluded": "neutral",
    "dropped": "neutral",
}


def to_credit(user: Any) -> QuerySet[Project]:
    """Passed pilots of this person's host departments whose run has not begun or stopped half-way (one query)."""
    mine = [pk for pk in user.standing.organisation_ids if user.standing.holds(pk, Role.HANDLER, Role.LEAD)]
    runs = CreditBatch.objects.filter(project=OuterRef("pk"), kind=CreditBatch.Kind.CREDIT).order_by(
        "-number"
    )
    return (
        Project.objects.filter(
            stage=Project.Stage.PASSED,
            pilot__call__joint_body__parts__organisation__in=mine,
            pilot__call__joint_body__parts__part="host",
        )
        .annotate(still=Subquery(runs.values("left")[:1]))
        .filter(Q(still=None) | Q(still__gt=0))
        .select_related("pilot__call__joint_body", "conclusion")
        .distinct()
        .order_by("conclusion__listed_on", "title")[:MOST_WAITING]
    )
