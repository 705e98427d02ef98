"""Routes of the API. Its operations authenticate by token (auth.py); the three plain views here are public."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from qingyuan.api import views
from qingyuan.api.app import api
from qingyuan.kernel.guards import public

app_name = "api"
urlpatterns: list[URLPattern | URLResolver] = [
    *(pattern for pattern in api.urls[0] if getattr(pattern, "name", "") != "api-root"),
    path("", public(views.operations), name="api-root"),
    path("<path:rest>", public(views.nothing_here), name="nothing-here"),
]
