"""Addresses of commendations: public under honours/, inside under commendations/."""

from __future__ import annotations

from django.urls import path
from django.views.decorators.http import require_GET, require_safe

from qingyuan.delivery.models import Commendation
from qingyuan.delivery.queries.commendation import RELATED
from qingyuan.delivery.rules import commendation as rules
from qingyuan.delivery.views import commendation as views
from qingyuan.kernel.guards import public, sees, signed_in
from qingyuan.people.models import JointBody

_one = sees(Commendation, by=rules.sees_commendation, arg="commendation", related=RELATED)
_joint_body = sees(JointBody, by=rules.sees_joint_body, arg="joint_body")

urlpatterns = [
    path("honours/", public(require_safe(views.published)), name="honours"),
    path("honours/<uuid:commendation>/", public(require_safe(views.published_one)), name="honour"),
    path("commendations/", signed_in(require_GET(views.commendations)), name="commendations"),
    path("joint-bodies/<uuid:joint_body>/commend/", _joint_body(views.DraftPage.as_view()), name="draft-commendation"),
    path("commendations/<uuid:commendation>/", _one(require_GET(views.commendation)), name="commendation"),
    path("commendations/<uuid:commendation>/paper.docx", _one(require_GET(views.paper)), name="commendation-docx"),
    path("commendations/<uuid:commendation>/revise/", _one(views.RevisePage.as_view()), name="revise-commendation"),
    path("commendations/<uuid:commendation>/cosign/", _one(views.CosignPage.as_view()), name="cosign-commendation"),
    path("commendations/<uuid:commendation>/consent/", _one(views.ConsentPage.as_view()), name="consent-commendation"),
    path("commendations/<uuid:commendation>/dissent/", _one(views.DissentPage.as_view()), name="dissent-commendation"),
    path("commendations/<uuid:commendation>/return/", _one(views.ReturnPage.as_view()), name="return-commendation"),
    path("commendations/<uuid:commendation>/issue/", _one(views.IssuePage.as_view()), name="issue-commendation"),
    path("commendations/<uuid:commendation>/drop/", _one(views.DropPage.as_view()), name="drop-commendation"),
    path("commendations/<uuid:commendation>/erase/", _one(views.ErasePage.as_view()), name="erase-commended-persons"),
]  # fmt: skip
