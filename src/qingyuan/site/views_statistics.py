"""The page of published figures, and its charts."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import get_language

from qingyuan.kernel import ledger
from qingyuan.site import statistics
from qingyuan.ui import conditional


def page(request: HttpRequest) -> HttpResponse:
    """Tables with their charts; the charts are pictures, so that nothing needs scripts."""
    found = statistics.statistics()
    head = ledger.head()

    def render() -> HttpResponse:
        figures = [(chart, statistics.figure(found, chart)) for chart in statistics.CHARTS]
        context = {
            "found": found,
            "stats": found.path,
            "head": head,
            "charts": [(chart, figure) for chart, figure in figures if figure is not None],
            "tables": [
                ("category", found.by_category),
                ("province", found.by_province),
                ("year", found.by_year),
            ],
        }
        return TemplateResponse(request, "site/statistics.html", context)

    return conditional.answer(request, render, fingerprint=f"{found.fingerprint}-{head.hash[:16]}")


def chart(request: HttpRequest, chart: str) -> HttpResponse:
    """One chart as SVG."""
    if chart not in statistics.CHARTS:
        raise Http404
    found = statistics.statistics()
    language = get_language() or ""

    def render() -> HttpResponse:
        picture = statistics.drawn(found, chart, language)
        if picture is None:
            raise Http404
        return HttpResponse(picture, content_type="image/svg+xml")

    return conditional.answer(request, render, fingerprint=found.fingerprint, framed=False)
