"""Addresses of the credits."""

from __future__ import annotations

from django.urls import path
from django.views.decorators.http import require_GET

from qingyuan.delivery.guards import sees_project
from qingyuan.delivery.views import credit

urlpatterns = [
    path("projects/<uuid:project>/credits/", sees_project(require_GET(credit.credits)), name="credits"),
    path("projects/<uuid:project>/credits/enter/", sees_project(credit.CreditPage.as_view()), name="credit"),
    path(
        "projects/<uuid:project>/credits/revoke/",
        sees_project(credit.RevokePage.as_view()),
        name="revoke-credit",
    ),
    path(
        "projects/<uuid:project>/credits/again/",
        sees_project(credit.AgainPage.as_view()),
        name="credit-again",
    ),
]
