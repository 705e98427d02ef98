"""Public pages that a browser has already: 304 before anything is read or rendered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag
from django.utils.translation import get_language

from qingyuan import __version__


def answer(
    request: HttpRequest,
    render: Callable[[], HttpResponse],
    *,
    fingerprint: str,
    changed_at: datetime | None = None,
    framed: bool = True,
) -> HttpResponse:
    """The response, with ETag and Last-Modified, or 304 to whoever has it. `fingerprint` names the content.

    `framed`: the page has a menu around it. Then a signed-in person gets no tags: the menu is theirs and changes on its own.
    """
    if framed and request.user.is_authenticated:
        return render()
    etag = quote_etag(f"{fingerprint}-{get_language()}-{__version__}")
    # Whole seconds, as the header has them: a half-second's difference must not make an old page pass for a new one.
    stamp = int(changed_at.timestamp()) if changed_at else None
    unchanged: Any = get_conditional_response(request, etag=etag, last_modified=stamp)
    response: HttpResponse = render() if unchanged is None else unchanged
    response["ETag"] = etag
    if stamp is not None:
        response["Last-Modified"] = http_date(stamp)
    response.headers.setdefault("Cache-Control", "private, no-cache")
    return response
