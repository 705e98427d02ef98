"""Routes of where the object lies; `urls.py` of this room includes them."""

from __future__ import annotations

from django.urls import URLPattern, path
from django.views.decorators.http import require_GET

from qingyuan.kernel.guards import View, sees
from qingyuan.pilots import rules
from qingyuan.pilots.models import Pilot
from qingyuan.pilots.views import extent

_mine = sees(Pilot, by=rules.can_see_pilot, arg="pilot", related=("call", "applicant"))


def _pilot(route: str, view: View, name: str) -> URLPattern:
    return path(f"pilots/<uuid:pilot>/object/{route}", _mine(view), name=name)


urlpatterns = [
    _pilot("boundary/", extent.BoundaryPage.as_view(), "boundary"),
    _pilot("boundary.geojson", require_GET(extent.boundary_geojson), "boundary-geojson"),
    _pilot("places/", extent.PlacesPage.as_view(), "places"),
    _pilot("basin/", extent.BasinPage.as_view(), "basin"),
    _pilot("basin/<slug:table>/template.xlsx", require_GET(extent.basin_template), "basin-template"),
    _pilot("basin/<slug:table>/import/", extent.BasinImportPage.as_view(), "import-basin"),
    _pilot(
        "basin/<slug:table>/import/<uuid:upload>/marked.xlsx",
        require_GET(extent.marked_basin),
        "marked-basin",
    ),
    _pilot("key-tasks/", extent.KeyTasksPage.as_view(), "key-tasks"),
    _pilot("key-tasks/<int:task>/remove/", extent.RemoveKeyTaskPage.as_view(), "remove-key-task"),
]
