"""Addresses of the progress reports."""

from __future__ import annotations

from django.urls import path
from django.views.decorators.http import require_GET

from qingyuan.delivery.guards import sees_call, sees_project, sees_report
from qingyuan.delivery.views import overview, report
from qingyuan.kernel.guards import signed_in
from qingyuan.ui import navigation

_REPORT = "progress-reports/<uuid:report>/"

urlpatterns = [
    path("progress/", signed_in(require_GET(overview.overview)), name="progress"),
    path("progress/progress.xlsx", signed_in(require_GET(overview.overview_workbook)), name="progress-xlsx"),
    path("calls/<uuid:call>/rhythm/", sees_call(overview.RhythmPage.as_view()), name="set-rhythm"),
    path("projects/<uuid:project>/reports/", sees_project(require_GET(report.reports)), name="reports"),
    path(
        "projects/<uuid:project>/reports/begin/",
        sees_project(report.BeginPage.as_view()),
        name="begin-report",
    ),
    path(_REPORT, sees_report(report.report), name="report"),
    path(f"{_REPORT}evidence/", sees_report(report.EvidencePage.as_view()), name="report-evidence"),
    path(
        f"{_REPORT}evidence/<int:number>/", sees_report(require_GET(report.evidence_file)), name="report-file"
    ),
    path(f"{_REPORT}charts/<str:sha256>.png", sees_report(require_GET(report.chart)), name="report-chart"),
    path(f"{_REPORT}report.docx", sees_report(require_GET(report.word)), name="report-docx"),
    path(f"{_REPORT}accept/", sees_report(report.AcceptPage.as_view()), name="accept-report"),
    path(f"{_REPORT}send-back/", sees_report(report.SendBackPage.as_view()), name="send-back-report"),
]
navigation.under("delivery:progress", urlpatterns)
