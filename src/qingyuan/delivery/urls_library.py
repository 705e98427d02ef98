"""Addresses of the case library: public under cases/, inside under practices/."""

from __future__ import annotations

from django.urls import path
from django.views.decorators.http import require_GET, require_safe

from qingyuan.delivery.models import Practice, Project
from qingyuan.delivery.queries.library import WITHIN
from qingyuan.delivery.queries.project import RELATED
from qingyuan.delivery.rules import library as rules
from qingyuan.delivery.rules.project import sees_project
from qingyuan.delivery.views import library, public_library
from qingyuan.kernel.guards import public, sees, signed_in

_project = sees(Project, by=sees_project, arg="project", related=RELATED)
_practice = sees(Practice, by=rules.sees_practice, arg="practice", related=WITHIN)

urlpatterns = [
    path("cases/", public(require_safe(public_library.cases)), name="cases"),
    path("cases/feed.xml", public(require_safe(public_library.feed)), name="cases-feed"),
    path("cases/<uuid:practice>/", public(require_safe(public_library.case)), name="published-case"),
    path("practices/", signed_in(require_GET(library.practices)), name="practices"),
    path("practices/practices.xlsx", signed_in(require_GET(library.export)), name="practices-xlsx"),
    path("projects/<uuid:project>/practices/", _project(require_GET(library.of_project)), name="practices-of"),
    path("projects/<uuid:project>/practices/write/", _project(library.WritePage.as_view()), name="write-practice"),
    path("practices/<uuid:practice>/", _practice(require_GET(library.practice)), name="practice"),
    path("practices/<uuid:practice>/revise/", _practice(library.RevisePage.as_view()), name="revise-practice"),
    path("practices/<uuid:practice>/hand-in/", _practice(library.HandInPage.as_view()), name="hand-in-practice"),
    path("practices/<uuid:practice>/return/", _practice(library.ReturnPage.as_view()), name="return-practice"),
    path("practices/<uuid:practice>/publish/", _practice(library.PublishPage.as_view()), name="publish-practice"),
    path("practices/<uuid:practice>/withdraw/", _practice(library.WithdrawPage.as_view()), name="withdraw-practice"),
]  # fmt: skip
