"""Addresses of summary reports."""

from __future__ import annotations

from django.urls import path
from django.views.decorators.http import require_GET

from qingyuan.delivery.guards import sees_project as _project
from qingyuan.delivery.models import Summary
from qingyuan.delivery.queries.library import WITHIN
from qingyuan.delivery.rules import summary as rules
from qingyuan.delivery.views import summary
from qingyuan.kernel.guards import sees
from qingyuan.ui import navigation

_summary = sees(Summary, by=rules.sees_summary, arg="summary", related=WITHIN)

urlpatterns = [
    path("projects/<uuid:project>/summary/", _project(require_GET(summary.summary)), name="summary"),
    path("projects/<uuid:project>/summary/report.docx", _project(require_GET(summary.word)), name="summary-docx"),
    path("projects/<uuid:project>/summary/begin/", _project(summary.BeginPage.as_view()), name="begin-summary"),
    path("summaries/<uuid:summary>/chapters/<slug:heading>/", _summary(summary.ChapterPage.as_view()), name="summary-chapter"),
    path("summaries/<uuid:summary>/charts/<str:sha256>.png", _summary(require_GET(summary.chart)), name="summary-chart"),
    path("summaries/<uuid:summary>/hand-in/", _summary(summary.HandInPage.as_view()), name="hand-in-summary"),
    path("summaries/<uuid:summary>/return/", _summary(summary.ReturnPage.as_view()), name="return-summary"),
    path("summaries/<uuid:summary>/accept/", _summary(summary.AcceptPage.as_view()), name="accept-summary"),
]  # fmt: skip
navigation.under("delivery:projects", urlpatterns)
