"""Addresses of the delivery; each idea keeps its own in `urls_<idea>` and is added below."""

from __future__ import annotations

from django.urls import URLPattern, path
from django.views.decorators.http import require_GET

from qingyuan.delivery import (
    urls_acceptance,
    urls_account,
    urls_archive,
    urls_commendation,
    urls_credit,
    urls_deviation,
    urls_library,
    urls_output,
    urls_process,
    urls_promotion,
    urls_report,
    urls_summary,
)
from qingyuan.delivery.guards import sees_project as _project
from qingyuan.delivery.models import ChangeRequest
from qingyuan.delivery.queries.project import RELATED
from qingyuan.delivery.rules import project as rules
from qingyuan.delivery.views import change, project
from qingyuan.kernel.guards import sees, signed_in
from qingyuan.review.models import Case
from qingyuan.ui import navigation

app_name = "delivery"

_change = sees(
    ChangeRequest, by=rules.sees_change, arg="change", related=tuple(f"project__{name}" for name in RELATED)
)
_case = sees(
    Case,
    by=rules.sees_approved_case,
    arg="case",
    related=("round__call__joint_body", "submission", "pilot__call__joint_body"),
)

_own = [
    path("projects/", signed_in(require_GET(project.projects)), name="projects"),
    path("review/cases/<uuid:case>/begin/", _case(project.StartPage.as_view()), name="start"),
    path("projects/<uuid:project>/", _project(require_GET(project.overview)), name="project"),
    path("projects/<uuid:project>/scope/", _project(require_GET(project.scope)), name="scope"),
    path("projects/<uuid:project>/stop/", _project(project.StopPage.as_view()), name="stop"),
    path("projects/<uuid:project>/changes/", _project(require_GET(change.changes)), name="changes"),
    path(
        "projects/<uuid:project>/changes/<slug:change_kind>/",
        _project(change.AskPage.as_view()),
        name="ask-change",
    ),
    path("changes/<uuid:change>/", _change(require_GET(change.change)), name="change"),
    path("changes/<uuid:change>/evidence/", _change(require_GET(change.evidence)), name="change-evidence"),
    path("changes/<uuid:change>/approve/", _change(change.ApprovePage.as_view()), name="approve-change"),
    path("changes/<uuid:change>/refuse/", _change(change.RefusePage.as_view()), name="refuse-change"),
    path("changes/<uuid:change>/withdraw/", _change(change.WithdrawPage.as_view()), name="withdraw-change"),
]
navigation.under("delivery:projects", (one for one in _own if one.name != "start"))

urlpatterns: list[URLPattern] = [
    *_own,
    *urls_acceptance.urlpatterns,
    *urls_credit.urlpatterns,
    *urls_process.urlpatterns,
    *urls_account.urlpatterns,
    *urls_output.urlpatterns,
    *urls_archive.urlpatterns,
    *urls_commendation.urlpatterns,
    *urls_promotion.urlpatterns,
    *urls_library.urlpatterns,
    *urls_summary.urlpatterns,
    *urls_report.urlpatterns,
    *urls_deviation.urlpatterns,
]
