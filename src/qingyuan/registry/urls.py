"""Addresses of the registry."""

from __future__ import annotations

from django.urls import path
from django.views.decorators.http import require_GET

from qingyuan.kernel.guards import public, sees, signed_in
from qingyuan.people.models import Organisation
from qingyuan.registry import rules, urls_reserve, views, views_base, views_certificate, views_own
from qingyuan.registry.models import AuditRecord, Enterprise

app_name = "registry"

_enterprise = sees(Enterprise, by=rules.sees_enterprise, arg="enterprise", related=("merged_into",))
_record = sees(AuditRecord, by=rules.sees_record, arg="record", related=("enterprise",))
_department = sees(Organisation, by=rules.keeps_registry, arg="organisation")

urlpatterns = [
    path("enterprises/", signed_in(require_GET(views.enterprises)), name="enterprises"),
    path("enterprises/list.xlsx", signed_in(require_GET(views_base.xlsx)), name="export-xlsx"),
    path("enterprises/list.csv", signed_in(require_GET(views_base.csv)), name="export-csv"),
    path("enterprises/statistics/", signed_in(require_GET(views_base.numbers)), name="statistics"),
    path("enterprises/statistics/<slug:cut>.svg", signed_in(require_GET(views_base.chart)), name="chart"),
    path(
        "enterprises/<uuid:enterprise>/history/",
        _enterprise(require_GET(views_base.over_time)),
        name="history",
    ),
    path("enterprises/lookup/", public(require_GET(views.lookup)), name="lookup"),
    path("my-audits/", signed_in(require_GET(views_own.mine)), name="mine"),
    path("audit-certificates/", public(require_GET(views_certificate.search)), name="certificates"),
    path(
        "audit-certificates/<slug:audit_certificate>/",
        public(require_GET(views_certificate.show)),
        name="certificate",
    ),
    path(
        "audit-certificates/<slug:audit_certificate>/certificate.docx",
        public(require_GET(views_certificate.word)),
        name="certificate-docx",
    ),
    path("enterprises/<uuid:enterprise>/", _enterprise(require_GET(views.enterprise)), name="enterprise"),
    path("enterprises/<uuid:enterprise>/rename/", _enterprise(views.RenamePage.as_view()), name="rename"),
    path("enterprises/<uuid:enterprise>/close/", _enterprise(views.ClosePage.as_view()), name="close"),
    path("enterprises/<uuid:enterprise>/reopen/", _enterprise(views.ReopenPage.as_view()), name="reopen"),
    path("enterprises/<uuid:enterprise>/merge/", _enterprise(views.MergePage.as_view()), name="merge"),
    path(
        "enterprises/<uuid:enterprise>/audits/add/",
        _enterprise(views.RecordPage.as_view()),
        name="record-audit",
    ),
    path("audit-records/<uuid:record>/revoke/", _record(views.RevokePage.as_view()), name="revoke-audit"),
    path(
        "organisations/<uuid:organisation>/enterprises/import/",
        _department(views.ImportPage.as_view()),
        name="import",
    ),
    path(
        "organisations/<uuid:organisation>/enterprises/template.xlsx",
        _department(require_GET(views.template)),
        name="template",
    ),
    path(
        "organisations/<uuid:organisation>/enterprises/import/<uuid:upload>/marked.xlsx",
        _department(require_GET(views.marked)),
        name="marked",
    ),
    *urls_reserve.urlpatterns,
]
