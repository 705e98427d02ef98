"""Addresses of the 公示; the public ones stand outside /review/."""

from __future__ import annotations

from django.urls import path
from django.views.decorators.http import require_GET

from qingyuan.kernel.guards import public, sees
from qingyuan.review.models import Decision, Objection, Publicity
from qingyuan.review.queries.publicity import RELATED
from qingyuan.review.rules import decision as decision_rules
from qingyuan.review.rules import publicity as rules
from qingyuan.review.views import public_publicity, publicity

_decision = sees(
    Decision, by=decision_rules.sees_decision, arg="decision", related=("round__call__joint_body",)
)
_publicity = sees(Publicity, by=rules.sees_publicity, arg="publicity", related=RELATED)
_OF_OBJECTION = ("case", "upload", *(f"publicity__{name}" for name in RELATED))
_objection = sees(Objection, by=rules.sees_objection, arg="objection", related=_OF_OBJECTION)
# The letter as it came says who wrote it.
_letter = sees(Objection, by=rules.handles_objection, arg="objection", related=_OF_OBJECTION)
_AT, _OBJECTION = "review/publicities/<uuid:publicity>/", "review/objections/<uuid:objection>/"

urlpatterns = [
    path(
        "review/decisions/<uuid:decision>/publicise/",
        _decision(publicity.PublicisePage.as_view()),
        name="publicise-decision",
    ),
    path(_AT, _publicity(require_GET(publicity.page)), name="publicity"),
    path(f"{_AT}notice.docx", _publicity(require_GET(publicity.notice)), name="publicity-notice"),
    path(f"{_AT}register/", _publicity(publicity.RegisterPage.as_view()), name="register-objection"),
    path(f"{_AT}close/", _publicity(publicity.ClosePage.as_view()), name="close-publicity"),
    path(f"{_AT}stop/", _publicity(publicity.StopPage.as_view()), name="stop-publicity"),
    path(f"{_OBJECTION}settle/", _objection(publicity.SettlePage.as_view()), name="settle-objection"),
    path(f"{_OBJECTION}letter/", _letter(require_GET(publicity.letter)), name="objection-letter"),
    path("publicity/", public(require_GET(public_publicity.listing)), name="public-publicities"),
    path("publicity/<slug:publicity>/", public(require_GET(public_publicity.page)), name="public-publicity"),
    path(
        "publicity/<slug:publicity>/object/",
        public(public_publicity.LodgePage.as_view()),
        name="lodge-objection",
    ),
    path("objections/<slug:code>/", public(require_GET(public_publicity.receipt)), name="objection-receipt"),
]
