"""Addresses of datasets; `urls.py` of this room includes them."""

from __future__ import annotations

from django.urls import URLPattern, path
from django.views.decorators.http import require_GET

from qingyuan.audits.models import Dataset
from qingyuan.audits.queries.dataset import RELATED
from qingyuan.audits.rules import dataset as rules
from qingyuan.audits.views import dataset, grid, version
from qingyuan.kernel.guards import View, sees, signed_in
from qingyuan.pilots import rules as pilot_rules
from qingyuan.pilots.models import Pilot
from qingyuan.ui import navigation

_seen = sees(Dataset, by=rules.sees_dataset, arg="dataset", related=RELATED)
_raw = sees(Dataset, by=rules.reads_raw, arg="dataset", related=RELATED)
_pilot = sees(Pilot, by=pilot_rules.can_see_pilot, arg="pilot", related=("call", "applicant"))


def _open(route: str, view: View, name: str) -> URLPattern:
    """What everybody who works on the pilot sees: no figure of an enterprise."""
    return path(f"datasets/<uuid:dataset>/{route}", _seen(view), name=name)


def _of_named(route: str, view: View, name: str) -> URLPattern:
    """Raw figures: only who is named."""
    return path(f"datasets/<uuid:dataset>/{route}", _raw(view), name=name)


urlpatterns = [
    path("datasets/", signed_in(require_GET(dataset.datasets_page)), name="datasets"),
    path("pilots/<uuid:pilot>/datasets/new/", _pilot(dataset.BeginPage.as_view()), name="begin-dataset"),
    _open("", require_GET(dataset.overview), "dataset"),
    _open("template.xlsx", require_GET(dataset.template), "dataset-template"),
    _open("versions/", require_GET(version.versions), "versions"),
    _open("access/", require_GET(dataset.access), "access"),
    _open("access/name/", dataset.NamePage.as_view(), "name-access"),
    _open("access/<int:access>/end/", dataset.EndAccessPage.as_view(), "end-access"),
    _open("reads/", require_GET(dataset.read_log), "reads"),
    _of_named("tables/", require_GET(grid.tables), "tables"),
    _of_named("tables/<slug:table>/", grid.GridPage.as_view(), "grid"),
    _of_named("tables/<slug:table>/add/", grid.RowPage.as_view(), "add-row"),
    _of_named("rows/<int:row>/", grid.RowPage.as_view(), "row"),
    _of_named("current.xlsx", require_GET(dataset.current), "dataset-workbook"),
    _of_named("import/", dataset.ImportPage.as_view(), "import-workbook"),
    _of_named("import/<uuid:upload>/marked.xlsx", require_GET(dataset.marked), "marked"),
    _of_named("take-scope/", dataset.TakeScopePage.as_view(), "take-scope"),
    _of_named("take-version/", dataset.TakeVersionPage.as_view(), "take-version"),
    _of_named("fix/", dataset.FixPage.as_view(), "fix-version"),
    _of_named("resume/", dataset.ResumePage.as_view(), "resume-dataset"),
    _of_named("versions/<int:number>/workbook.xlsx", require_GET(version.workbook), "version-workbook"),
    _of_named("versions/<int:number>/difference/", require_GET(version.difference), "version-difference"),
]
navigation.under("audits:datasets", urlpatterns)
