"""Lists are always paged."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

ROWS = 50


def paginate(request: HttpRequest, rows: Any, *, per_page: int = ROWS) -> Page[Any]:
    """The page that `?page=` asks for; a number that does not exist gives the nearest page, never an error."""
    return Paginator(rows, per_page).get_page(request.GET.get("page"))
