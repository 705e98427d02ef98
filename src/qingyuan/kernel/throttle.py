"""A brake for public forms: so many posts a minute from one address."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

WINDOW = 60
"""Seconds."""


def too_many(request: HttpRequest, *, what: str, limit: int) -> bool:
    """Count this request and say whether its address went over the limit in the running minute."""
    address = get_adapter(request).get_client_ip(request)
    key = f"throttle:{what}:{address}"
    if cache.add(key, 1, WINDOW):
        return False
    try:
        return int(cache.incr(key)) > limit
    except ValueError:  # it ran out between the two calls
        return False
