"""Fixed versions of a dataset: the list, one as a workbook, what differs between two."""

from __future__ import annotations

import io
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse

from qingyuan.audits import actions, datasets, reads
from qingyuan.audits.models import Dataset, DatasetVersion
from qingyuan.audits.queries import dataset as queries
from qingyuan.audits.rules import dataset as rules
from qingyuan.audits.views.dataset_frame import show
from qingyuan.ui.pagination import paginate
from qingyuan.workbooks import collected as books

MOST_LINES = 500


def versions(request: HttpRequest, dataset: Dataset) -> HttpResponse:
    """The versions with their hashes; no figure stands here."""
    page = paginate(request, queries.versions_of(dataset).prefetch_related("tables"))
    titles = {table.name: table.title for table in books.tables(dataset.template)}
    rows = [
        (one, [(titles.get(table.name, table.name), table.row_count) for table in one.tables.all()])
        for one in page.object_list
    ]
    return show(
        request,
        "audits/dataset/versions.html",
        dataset,
        "versions",
        page=page,
        rows=rows,
        reads_raw=rules.reads_raw.test(request.user, dataset),
        may_fix=actions.fix_version.allowed(request.user, dataset).ok,
        may_resume=actions.resume_dataset.allowed(request.user, dataset).ok,
    )


def _version(dataset: Dataset, number: Any) -> DatasetVersion:
    found = dataset.versions.filter(number=int(number)).first()
    if found is None:
        raise Http404
    return found


def workbook(request: HttpRequest, dataset: Dataset, number: int) -> FileResponse:
    """A version as the workbook that the commands take."""
    found = _version(dataset, number)
    reads.note(dataset, by=request.user, what=f"下载第 {number} 版工作簿", way=reads.Way.FILE)
    target = io.BytesIO()
    datasets.write(found, target)
    target.seek(0)
    response = FileResponse(
        target,
        as_attachment=True,
        filename=f"{dataset.title}（第{number}版）.xlsx",
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    response["Cache-Control"] = "private, no-store"
    return response


def difference(request: HttpRequest, dataset: Dataset, number: int) -> HttpResponse:
    """What a version changed against the one before it, or against what stands now (`?with=now`)."""
    found = _version(dataset, number)
    content = datasets.collected(found)
    with_now = request.GET.get("with") == "now"
    if with_now:
        before, after = content, datasets.content_of(dataset)
    else:
        earlier = dataset.versions.filter(number__lt=number).first()
        before = (
            datasets.collected(earlier) if earlier else books.Collected(template=dataset.template, sheets=())
        )
        after = content
    reads.note(dataset, by=request.user, what=f"查看第 {number} 版的差异")
    parts = datasets.difference(before, after)
    return show(
        request,
        "audits/dataset/difference.html",
        dataset,
        "versions",
        version=found,
        with_now=with_now,
        parts=[
            (one, one.added[:MOST_LINES], one.removed[:MOST_LINES], one.changed[:MOST_LINES]) for one in parts
        ],
        most=MOST_LINES,
        most_changed=max((len(one.changed) for one in parts), default=0) > MOST_LINES,
    )
