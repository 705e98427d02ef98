"""Addresses of the comparison of plans: for those who review the cases, not for those who read them from above."""

from __future__ import annotations

from django.urls import path
from django.views.decorators.http import require_GET

from qingyuan.kernel.guards import sees
from qingyuan.review.models import Case, Round
from qingyuan.review.rules import ground
from qingyuan.review.views import alike

_round = sees(Round, by=ground.sees_round, arg="round", related=("call__joint_body",))
_case = sees(Case, by=ground.reviews_case, arg="case", related=("round__call__joint_body", "submission"))

urlpatterns = [
    path("review/rounds/<uuid:round>/alike/", _round(require_GET(alike.round_page)), name="alike"),
    path("review/cases/<uuid:case>/alike/", _case(require_GET(alike.case_page)), name="case-alike"),
]
