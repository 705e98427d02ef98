"""Addresses of the consultant's day and of the focus of audits; `urls.py` of this room includes them."""

from __future__ import annotations

from django.urls import path
from django.views.decorators.http import require_GET

from qingyuan.audits.queries.scheme import RELATED
from qingyuan.audits.rules import scheme as rules
from qingyuan.audits.views import consulting, focus
from qingyuan.kernel.guards import sees
from qingyuan.pilots.models import Pilot
from qingyuan.ui import navigation

_pilot = sees(Pilot, by=rules.sees_audits, arg="pilot", related=RELATED)

urlpatterns = [
    path("consulting/", require_GET(consulting.day), name="consulting"),
    path("pilots/<uuid:pilot>/focus/", _pilot(require_GET(focus.sheets)), name="focus"),
    path("pilots/<uuid:pilot>/focus/score/", _pilot(focus.ScorePage.as_view()), name="score-focus"),
    path("pilots/<uuid:pilot>/focus/<str:number>/", _pilot(require_GET(focus.sheet)), name="focus-sheet"),
    *(
        path(
            f"pilots/<uuid:pilot>/focus/<str:number>/focus.{form}",
            _pilot(require_GET(focus.export)),
            {"form": form},
            name=f"focus-{form}",
        )
        for form in ("xlsx", "docx")
    ),
]
navigation.under("audits:scheme-pilots", (one for one in urlpatterns if one.name != "consulting"))
