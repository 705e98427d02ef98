"""Addresses of the audits; each idea keeps its own in `urls_<idea>` and is added below."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from qingyuan.audits import (
    urls_datasets,
    urls_fieldlog,
    urls_focus,
    urls_questions,
    urls_reviews,
    urls_runs,
    urls_schemes,
    urls_sheets,
)

app_name = "audits"

urlpatterns: list[URLPattern | URLResolver] = [
    *urls_datasets.urlpatterns,
    *urls_fieldlog.urlpatterns,
    *urls_focus.urlpatterns,
    *urls_runs.urlpatterns,
    *urls_reviews.urlpatterns,
    *urls_questions.urlpatterns,
    *urls_schemes.urlpatterns,
    *urls_sheets.urlpatterns,
]
