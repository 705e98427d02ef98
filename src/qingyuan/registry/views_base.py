"""The provincial base as a whole: taken away as a table, and in numbers; and one enterprise over time."""

from __future__ import annotations

import tempfile
from http import HTTPStatus

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.template.response import TemplateResponse

from qingyuan.kernel.errors import NotAllowed
from qingyuan.kernel.permission import judge
from qingyuan.kernel.record_language import in_record_language
from qingyuan.registry import duties, export, forms, history, queries, rules, statistics
from qingyuan.registry.models import Enterprise
from qingyuan.registry.views import MEDIA, STATES
from qingyuan.workbooks.stream import csv_lines, write_xlsx

NAME = "企业基础信息库"


def _allowed(request: HttpRequest) -> None:
    if not (verdict := judge(rules.sees_registry, request.user)):
        raise NotAllowed(verdict.reasons)


@in_record_language()
def xlsx(request: HttpRequest) -> FileResponse:
    """What the list shows by the same conditions, as a workbook: written to a file, however long."""
    _allowed(request)
    found = export.wanted(request.user, **forms.EnterpriseFilter(request.GET).chosen())
    target = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    write_xlsx(target, export.HEADS, export.rows(found), sheet=NAME, widths=export.WIDTHS)
    target.seek(0)
    name = f"{NAME}（{queries.today()}）.xlsx"
    return FileResponse(target, as_attachment=True, filename=name, content_type=MEDIA)


def csv(request: HttpRequest) -> StreamingHttpResponse:
    """The same as CSV, sent while it is read."""
    _allowed(request)
    found = export.wanted(request.user, **forms.EnterpriseFilter(request.GET).chosen())
    response = StreamingHttpResponse(
        csv_lines(export.HEADS, export.rows(found)), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="enterprises-{queries.today()}.csv"'
    return response


def numbers(request: HttpRequest) -> HttpResponse:
    """How many, by place, sector, permit, level and due day: each figure with its table."""
    _allowed(request)
    cuts = statistics.statistics(request.user)
    return TemplateResponse(request, "registry/statistics.html", {"cuts": cuts})


def chart(request: HttpRequest, cut: str) -> HttpResponse:
    """One of the figures as SVG."""
    _allowed(request)
    found = next((one for one in statistics.statistics(request.user) if one.slug == cut), None)
    if found is None or not found.total:
        raise Http404
    return HttpResponse(statistics.drawn(found), content_type="image/svg+xml", status=HTTPStatus.OK)


def over_time(request: HttpRequest, enterprise: Enterprise) -> HttpResponse:
    """Everything that the base knows of it, day by day, and every duty there ever was."""
    found = history.history(enterprise)
    return TemplateResponse(
        request,
        "registry/history.html",
        {
            "enterprise": enterprise,
            "events": found.events,
            "duties": [(one, STATES[one.state], queries.STATE_TONES[one.state]) for one in found.duties],
            "next": duties.next_day(found.duties),
        },
    )
