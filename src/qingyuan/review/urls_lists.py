"""Addresses of the published lists: open to everybody."""

from __future__ import annotations

from django.urls import path
from django.views.decorators.http import require_safe

from qingyuan.kernel.guards import public
from qingyuan.review.views import lists

urlpatterns = [
    path("lists/", public(require_safe(lists.register)), name="lists"),
    path("lists/feed.xml", public(require_safe(lists.feed)), name="lists-feed"),
    path("lists/<uuid:call>/", public(require_safe(lists.published_list)), name="list"),
    path("lists/<uuid:call>/list.json", public(require_safe(lists.data)), name="list-data"),
]
