"""Tells the audits which enterprises a pilot covers from its start on: its final scope, as the changes left it."""

from __future__ import annotations

from django.db.models import FilteredRelation, Q

from qingyuan.audits import extent
from qingyuan.audits.extent import Covered
from qingyuan.delivery.models import Project
from qingyuan.pilots.models import Pilot


def final_scope(pilot: Pilot) -> list[Covered] | None:
    """Who is in the scope now; None before the work begins, when what the application says stands (one query)."""
    present = FilteredRelation("scope", condition=Q(scope__dropped_on=None))
    rows = (
        Project.objects.filter(pilot=pilot)
        .annotate(present=present)
        .order_by("present__enterprise__credit_code")
        .values_list("present__enterprise_id", "present__name", "present__enterprise__credit_code")
    )
    found = list(rows)
    if not found:
        return None
    # A project from which every enterprise was taken still has one row, an empty one.
    return [Covered(*row) for row in found if row[0] is not None]


extent.register(final_scope)
