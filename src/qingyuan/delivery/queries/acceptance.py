"""How pilots end: results on record, results that are missing."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from qingyuan.delivery.models import Conclusion, Project
from qingyuan.kernel import clock
from qingyuan.people.models import Role
from qingyuan.review.models import Case

MOST_WAITING = 20


def to_record(user: Any) -> QuerySet[Project]:
    """Running pilots past their term whose State decides outside the product, for the host's people (one query)."""
    mine = [pk for pk in user.standing.organisation_ids if user.standing.holds(pk, Role.HANDLER, Role.LEAD)]
    return (
        Project.objects.filter(
            stage=Project.Stage.RUNNING,
            term_end__lt=clock.local(clock.now()).date(),
            case__stage=Case.Stage.RECOMMENDED,
            pilot__call__joint_body__parts__organisation__in=mine,
            pilot__call__joint_body__parts__part="host",
        )
        .distinct()
        .order_by("term_end", "title")[:MOST_WAITING]
    )


def conclusion_of(project: Project) -> Conclusion | None:
    """With its paper (one query)."""
    return Conclusion.objects.filter(project=project).select_related("evidence", "recorded_by").first()
