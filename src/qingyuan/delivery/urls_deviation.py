"""Addresses of the deviations."""

from __future__ import annotations

from django.urls import path
from django.views.decorators.http import require_GET

from qingyuan.delivery.guards import sees_project
from qingyuan.delivery.views import deviation

urlpatterns = [
    path(
        "projects/<uuid:project>/deviations/",
        sees_project(require_GET(deviation.deviations)),
        name="deviations",
    ),
    path(
        "projects/<uuid:project>/deviations/<slug:rule>/<slug:item>/",
        sees_project(deviation.ExplainPage.as_view()),
        name="explain-deviation",
    ),
]
