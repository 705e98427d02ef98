"""The report of the whole audit on a finished computation: what fills its chapters, what is missing, the Word file."""

from __future__ import annotations

import io

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from qingyuan.audits import reads
from qingyuan.audits.models import Run
from qingyuan.audits.queries import run as queries
from qingyuan.audits.reports import compose, document
from qingyuan.audits.rules import run as rules
from qingyuan.audits.views.dataset_frame import show
from qingyuan.audits.views.run import PART

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def page(request: HttpRequest, run: Run) -> HttpResponse:
    """Every chapter with what it has and what it lacks, and which further results can be taken in."""
    offered, chosen = _others(request, run)
    _note(request, (run, *chosen), way=reads.Way.PAGE)
    return show(
        request,
        "audits/run/report.html",
        run.dataset,
        PART,
        run=run,
        report=compose(run, chosen),
        offered=[(one, one in chosen) for one in offered],
        query="&".join(f"with={one.pk}" for one in chosen),
    )


def word(request: HttpRequest, run: Run) -> FileResponse:
    _offered, chosen = _others(request, run)
    _note(request, (run, *chosen), way=reads.Way.FILE)
    report = compose(run, chosen)
    name = f"{report.title}（{report.pilot.object_name or report.pilot.name}）.docx"
    response = FileResponse(
        io.BytesIO(document(report)), as_attachment=True, filename=name, content_type=DOCX
    )
    response["Cache-Control"] = "private, no-store"
    return response


def _others(request: HttpRequest, run: Run) -> tuple[list[Run], list[Run]]:
    """Further results that this person may read, and those that the address asks for."""
    if run.stage != Run.Stage.DONE:
        raise Http404
    offered = [one for one in queries.companions(run) if rules.sees_run.test(request.user, one)]
    wanted = set(request.GET.getlist("with"))
    return offered, [one for one in offered if str(one.pk) in wanted]


def _note(request: HttpRequest, runs: tuple[Run, ...], *, way: reads.Way) -> None:
    for one in runs:
        reads.note(one.dataset, by=request.user, what=_("整体审核报告，第 %d 次计算") % one.number, way=way)
