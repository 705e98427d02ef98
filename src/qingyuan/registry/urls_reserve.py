"""Addresses of the financing reserve."""

from __future__ import annotations

from django.urls import path
from django.views.decorators.http import require_GET

from qingyuan.kernel.guards import sees, signed_in
from qingyuan.registry import rules, rules_reserve
from qingyuan.registry import views_reserve as views
from qingyuan.registry.models import Enterprise, ReserveProject
from qingyuan.registry.queries_reserve import RELATED

_project = sees(ReserveProject, by=rules_reserve.sees_project, arg="project", related=RELATED)
_enterprise = sees(Enterprise, by=rules.sees_enterprise, arg="enterprise")

urlpatterns = [
    path("reserve/", signed_in(require_GET(views.projects)), name="reserve"),
    path("reserve/sheet.xlsx", signed_in(require_GET(views.export)), name="reserve-xlsx"),
    path(
        "enterprises/<uuid:enterprise>/reserve/add/",
        _enterprise(views.NominatePage.as_view()),
        name="reserve-nominate",
    ),
    path("reserve/<uuid:project>/", _project(require_GET(views.project)), name="reserve-project"),
    path("reserve/<uuid:project>/revise/", _project(views.RevisePage.as_view()), name="reserve-revise"),
    path("reserve/<uuid:project>/admit/", _project(views.AdmitPage.as_view()), name="reserve-admit"),
    path("reserve/<uuid:project>/finance/", _project(views.FinancePage.as_view()), name="reserve-finance"),
    path("reserve/<uuid:project>/withdraw/", _project(views.WithdrawPage.as_view()), name="reserve-withdraw"),
]
