"""What an enterprise sees of itself."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from qingyuan.registry import own


def mine(request: HttpRequest) -> HttpResponse:
    """Whether the mandatory audit is discharged, by what, what comes next, and what if the pilot fails."""
    return TemplateResponse(request, "registry/mine.html", {"rows": own.own(request.user)})
