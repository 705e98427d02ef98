"""Addresses of enterprises' sheets; `urls.py` of this room includes them."""

from __future__ import annotations

from django.urls import URLPattern, path
from django.views.decorators.http import require_GET

from qingyuan.audits.links import RELATED as SHEET_RELATED
from qingyuan.audits.models import Dataset, EnterpriseSheet
from qingyuan.audits.queries.dataset import RELATED
from qingyuan.audits.rules import dataset as dataset_rules
from qingyuan.audits.rules import sheet as rules
from qingyuan.audits.views import filing, sheets
from qingyuan.audits.views import sheet_own as own
from qingyuan.kernel.guards import View, sees
from qingyuan.ui import navigation

_seen = sees(Dataset, by=dataset_rules.sees_dataset, arg="dataset", related=RELATED)
_raw = sees(Dataset, by=dataset_rules.reads_raw, arg="dataset", related=RELATED)
_totals = sees(Dataset, by=rules.sees_aggregates, arg="dataset", related=RELATED)
_asked = sees(EnterpriseSheet, by=rules.reads_sheet, arg="sheet", related=SHEET_RELATED)
OF_STAFF = {
    "sheets",
    "invite",
    "remind",
    "aggregates",
    "renew-link",
    "hand-over-link",
    "revoke-link",
    "reopen-sheet",
    "staff-filing",
    "staff-filing-difference",
}
"""Pages of the body that asked; the others are the enterprise's own."""


def both(route: str, view: View, name: str) -> list[URLPattern]:
    """The same page by the enterprise's account and by its link."""
    return [
        path(f"sheets/<uuid:sheet>/{route}", own.by_account(view), name=f"firm{name}"),
        path(f"fill/{route}", own.by_link(view), name=f"fill{name}"),
    ]


urlpatterns = [
    path("datasets/<uuid:dataset>/sheets/", _seen(require_GET(sheets.sheets)), name="sheets"),
    path("datasets/<uuid:dataset>/sheets/invite/", _raw(sheets.InvitePage.as_view()), name="invite"),
    path("datasets/<uuid:dataset>/sheets/remind/", _raw(sheets.RemindPage.as_view()), name="remind"),
    path(
        "datasets/<uuid:dataset>/aggregates/", _totals(require_GET(sheets.aggregate_page)), name="aggregates"
    ),
    path("sheets/", own.my_sheets, name="my-sheets"),
    path("sheets/<uuid:sheet>/link/renew/", _asked(sheets.RenewPage.as_view()), name="renew-link"),
    path("sheets/<uuid:sheet>/link/hand-over/", _asked(sheets.HandOverPage.as_view()), name="hand-over-link"),
    path("sheets/<uuid:sheet>/link/revoke/", _asked(sheets.RevokePage.as_view()), name="revoke-link"),
    path("sheets/<uuid:sheet>/reopen/", _asked(sheets.ReopenPage.as_view()), name="reopen-sheet"),
    path("fill/enter/<str:secret>/", own.enter, name="enter"),
    *both("", require_GET(own.own), ""),
    *both("tables/<slug:table>/add/", own.OwnRowPage.as_view(), "-add"),
    *both("rows/<int:row>/", own.OwnRowPage.as_view(), "-row"),
    *both("rows/<int:row>/figure/<str:column>/", own.FigurePage.as_view(), "-figure"),
    *both("rows/<int:row>/figure/<str:column>/proof/", require_GET(own.proof), "-proof"),
    *both("log/", require_GET(own.log), "-log"),
    *both("preview/", require_GET(own.preview), "-preview"),
    path(
        "sheets/<uuid:sheet>/staff/reports/", _asked(filing.by_staff(filing.FilingPage)), name="staff-filing"
    ),
    path(
        "sheets/<uuid:sheet>/staff/reports/<uuid:upload>/",
        _asked(filing.by_staff(filing.DifferencePage)),
        name="staff-filing-difference",
    ),
    *both("reports/", filing.FilingPage.as_view(), "-filing"),
    *both("reports/<uuid:upload>/", filing.DifferencePage.as_view(), "-filing-difference"),
    *both("sign/", own.SignPage.as_view(), "-sign"),
]
navigation.under("audits:datasets", (one for one in urlpatterns if str(one.name) in OF_STAFF))
