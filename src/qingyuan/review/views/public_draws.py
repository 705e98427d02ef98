"""Draws for everybody, once the results of their round are published: what happened, recomputed on every view."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from qingyuan.kernel import draws
from qingyuan.review.models import Draw
from qingyuan.review.queries import draws as queries
from qingyuan.review.views.draws import TONES, record_response, steps
from qingyuan.ui.pagination import paginate


def listing(request: HttpRequest) -> HttpResponse:
    """All draws of published rounds; void and unfinished ones are counted and shown like the others."""
    found = queries.public_draws()
    page = paginate(request, found)
    context = {
        "page": page,
        "rows": [(draw, TONES[draw.stage]) for draw in page.object_list],
        "total": found.count(),
        "void": found.filter(stage=Draw.Stage.VOID).count(),
    }
    return TemplateResponse(request, "review/draw/public_list.html", context)


def _published(key: str) -> Draw:
    """A draw that everybody may see; before the results it does not exist for the public."""
    try:
        found = queries.public_draws().filter(pk=key).first()
    except (ValueError, ValidationError):
        found = None
    if found is None:
        raise Http404
    return found


def page(request: HttpRequest, draw: str) -> HttpResponse:
    """The terms, the steps with their ledger entries, the result, and every step recomputed."""
    found = _published(draw)
    is_drawn = found.stage == Draw.Stage.DRAWN
    context = {
        "draw": found,
        "tone": TONES[found.stage],
        "steps": steps(found),
        "report": draws.verify(queries.record(found)) if is_drawn else None,
        "strata": [row for row in (found.outcome or {}).get("strata", []) if row["stratum"]],
    }
    return TemplateResponse(request, "review/draw/public.html", context)


def record(_request: HttpRequest, draw: str) -> HttpResponse:
    found = _published(draw)
    if found.stage != Draw.Stage.DRAWN:
        raise Http404
    return record_response(found)
