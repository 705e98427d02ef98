"""Addresses of promotion activities and of support."""

from __future__ import annotations

from django.urls import path
from django.views.decorators.http import require_GET

from qingyuan.delivery.guards import sees_project as _project
from qingyuan.delivery.models import Promotion, Support
from qingyuan.delivery.queries.promotion import SUPPORT_WITHIN, WITHIN
from qingyuan.delivery.rules import promotion as rules
from qingyuan.delivery.views import promotion as views
from qingyuan.kernel.guards import sees, signed_in
from qingyuan.people.models import Organisation
from qingyuan.people.rules import is_member

_promotion = sees(Promotion, by=rules.sees_promotion, arg="promotion", related=WITHIN)
_support = sees(Support, by=rules.sees_support, arg="support", related=SUPPORT_WITHIN)
_body = sees(Organisation, by=is_member, arg="organisation")

urlpatterns = [
    path("promotions/", signed_in(require_GET(views.promotions)), name="promotions"),
    path("organisations/<uuid:organisation>/promote/", _body(views.RecordPage.as_view()), name="record-promotion"),
    path("promotions/<uuid:promotion>/", _promotion(require_GET(views.promotion)), name="promotion"),
    path("promotions/<uuid:promotion>/material/", _promotion(require_GET(views.material)), name="promotion-material"),
    path("promotions/<uuid:promotion>/strike/", _promotion(views.StrikePage.as_view()), name="strike-promotion"),
    path("supports/", signed_in(require_GET(views.supports)), name="supports"),
    path("projects/<uuid:project>/supports/", _project(require_GET(views.of_project)), name="supports-of"),
    path("projects/<uuid:project>/supports/record/", _project(views.RecordSupportPage.as_view()), name="record-support"),
    path("supports/<uuid:support>/", _support(require_GET(views.support)), name="support"),
    path("supports/<uuid:support>/evidence/", _support(require_GET(views.evidence)), name="support-evidence"),
    path("supports/<uuid:support>/strike/", _support(views.StrikeSupportPage.as_view()), name="strike-support"),
]  # fmt: skip
