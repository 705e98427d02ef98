"""Addresses of the schemes and of the performance sheet."""

from __future__ import annotations

from django.urls import path
from django.views.decorators.http import require_GET

from qingyuan.audits.models.scheme import Scheme
from qingyuan.audits.queries.scheme import RELATED
from qingyuan.audits.rules import scheme as rules
from qingyuan.audits.views import scheme, sheet
from qingyuan.kernel.guards import sees, signed_in
from qingyuan.pilots.models import Pilot
from qingyuan.ui import navigation

_pilot = sees(Pilot, by=rules.sees_audits, arg="pilot", related=RELATED)
_scheme = sees(
    Scheme,
    by=rules.sees_scheme,
    arg="scheme",
    related=(
        "enterprise",
        "evidence",
        "run__dataset__pilot",
        "finding",
        *(f"pilot__{name}" for name in RELATED),
    ),
)

_VERBS = {
    "revise": scheme.RevisePage,
    "screen": scheme.ScreenPage,
    "confirm": scheme.ConfirmPage,
    "start": scheme.StartSchemePage,
    "finish": scheme.FinishPage,
    "measure": scheme.MeasurePage,
    "drop": scheme.DropPage,
    "restore": scheme.RestorePage,
    "nominate": scheme.NominatePage,
}

urlpatterns = [
    path("schemes/", signed_in(require_GET(scheme.pilots)), name="scheme-pilots"),
    path("pilots/<uuid:pilot>/schemes/", _pilot(require_GET(scheme.schemes)), name="schemes"),
    path("pilots/<uuid:pilot>/schemes/add/", _pilot(scheme.ProposePage.as_view()), name="propose"),
    path("pilots/<uuid:pilot>/schemes/sheet/", _pilot(sheet.UploadPage.as_view()), name="sheet"),
    path("pilots/<uuid:pilot>/schemes/portfolio/", _pilot(sheet.PortfolioPage.as_view()), name="portfolio"),
    path(
        "pilots/<uuid:pilot>/schemes/sheet/template.xlsx",
        _pilot(require_GET(sheet.template)),
        name="sheet-template",
    ),
    path(
        "pilots/<uuid:pilot>/schemes/sheet/<uuid:upload>/",
        _pilot(sheet.PreviewPage.as_view()),
        name="sheet-preview",
    ),
    path(
        "pilots/<uuid:pilot>/schemes/sheet/<uuid:upload>/marked.xlsx",
        _pilot(require_GET(sheet.marked)),
        name="sheet-marked",
    ),
    *(
        path(
            f"pilots/<uuid:pilot>/schemes/sheet.{form}",
            _pilot(require_GET(sheet.export)),
            {"form": form},
            name=f"sheet-{form}",
        )
        for form in ("xlsx", "csv", "docx")
    ),
    path("schemes/<uuid:scheme>/", _scheme(require_GET(scheme.scheme)), name="scheme"),
    path("schemes/<uuid:scheme>/evidence/", _scheme(require_GET(scheme.evidence)), name="scheme-evidence"),
    *(
        path(f"schemes/<uuid:scheme>/{name}/", _scheme(page.as_view()), name=f"scheme-{name}")
        for name, page in _VERBS.items()
    ),
]
navigation.under("audits:scheme-pilots", urlpatterns)
