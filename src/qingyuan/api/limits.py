"""Brakes against programs that run wild: so many changes a minute and packages an hour for each token.

Windows are fixed and part of the cache's key, so that a count neither outlives its window nor moves it.
"""

from __future__ import annotations

import math
import time
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest
from ninja.errors import Throttled
from ninja.throttling import BaseThrottle

MINUTE, HOUR = 60, 3600
VERBS_A_MINUTE = 120
PACKAGES_AN_HOUR = 10


def left_of(window: int) -> int:
    """Whole seconds until the running window ends, at least one."""
    return max(1, math.ceil(window - time.time() % window))


def within(what: str, *, limit: int, window: int) -> bool:
    """Count one more of `what` in the running window (seconds) and say whether it stays within the limit."""
    key = f"api:{what}:{int(time.time() // window)}"
    if cache.add(key, 1, window):
        return limit >= 1
    try:
        count = int(cache.incr(key))
    except ValueError:  # it ran out between the two calls
        return True
    cache.touch(key, window)  # some caches give a counted key their own, shorter life
    return count <= limit


def _token(request: HttpRequest) -> Any:
    return request.auth.pk  # type: ignore[attr-defined]


class VerbRate(BaseThrottle):
    """Changes by one token, whether they succeed or are refused; reads are not counted."""

    def allow_request(self, request: HttpRequest) -> bool:
        return within(f"verbs:{_token(request)}", limit=VERBS_A_MINUTE, window=MINUTE)

    def wait(self) -> float:
        return left_of(MINUTE)


def spend_package(request: HttpRequest) -> None:
    """Packages are dear: few an hour. Counted after the cheap checks, so that a refused try costs nobody the deadline."""
    if not within(f"packages:{_token(request)}", limit=PACKAGES_AN_HOUR, window=HOUR):
        raise Throttled(left_of(HOUR))
