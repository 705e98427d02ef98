"""Addresses of draws; the public ones stand outside /review/."""

from __future__ import annotations

from django.urls import path
from django.views.decorators.http import require_GET

from qingyuan.kernel.guards import public, sees
from qingyuan.review.models import Draw, Round
from qingyuan.review.rules import draws as rules
from qingyuan.review.rules import ground
from qingyuan.review.views import draws, public_draws

_round = sees(Round, by=ground.sees_round, arg="round", related=("call__joint_body",))
_draw = sees(Draw, by=rules.sees_draw, arg="draw", related=("round__call__joint_body", "supervisor"))

urlpatterns = [
    path("review/rounds/<uuid:round>/draws/", _round(require_GET(draws.listing)), name="draws"),
    path(
        "review/rounds/<uuid:round>/draws/experts/announce/",
        _round(draws.AnnouncePage.as_view(kind=Draw.Kind.EXPERTS)),
        name="draw-experts",
    ),
    path(
        "review/rounds/<uuid:round>/draws/sites/announce/",
        _round(draws.AnnouncePage.as_view(kind=Draw.Kind.SITES)),
        name="draw-sites",
    ),
    path("review/draws/<uuid:draw>/", _draw(require_GET(draws.page)), name="draw"),
    path("review/draws/<uuid:draw>/record.json", _draw(require_GET(draws.record)), name="draw-record"),
    path("review/draws/<uuid:draw>/supervise/", _draw(draws.SupervisePage.as_view()), name="draw-supervise"),
    path("review/draws/<uuid:draw>/commit/", _draw(draws.CommitPage.as_view()), name="draw-commit"),
    path(
        "review/draws/<uuid:draw>/public-value/",
        _draw(draws.PublicValuePage.as_view()),
        name="draw-public-value",
    ),
    path("review/draws/<uuid:draw>/reveal/", _draw(draws.RevealPage.as_view()), name="draw-reveal"),
    path("review/draws/<uuid:draw>/void/", _draw(draws.VoidPage.as_view()), name="draw-void"),
    path("draws/", public(require_GET(public_draws.listing)), name="public-draws"),
    path("draws/<slug:draw>/", public(require_GET(public_draws.page)), name="public-draw"),
    path(
        "draws/<slug:draw>/record.json", public(require_GET(public_draws.record)), name="public-draw-record"
    ),
]
