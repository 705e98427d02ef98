"""The field log: a page of plain forms that also works without a network (frontend/src/visit.js)."""

from __future__ import annotations

import io
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.audits import fieldlog, reads
from qingyuan.audits.models import Dataset, FieldEntry, FieldPhoto
from qingyuan.audits.models.fieldlog import COLUMNS
from qingyuan.audits.rules import dataset as rules
from qingyuan.audits.views.dataset_frame import show
from qingyuan.kernel import offline
from qingyuan.kernel.actions import Invalid, Problem
from qingyuan.kernel.gate.kinds import ACCEPTED
from qingyuan.kernel.gate.names import clean_name
from qingyuan.kernel.gate.receive import too_large
from qingyuan.kernel.gate.serve import serve_picture
from qingyuan.workbooks.schema import Column, Table
from qingyuan.workbooks.write import write_table


def page(request: HttpRequest, dataset: Dataset) -> HttpResponse:
    """All entries, and places in reserve for new ones."""
    reads.note(dataset, by=request.user, what=_("查看现场记录"))
    return _page(request, dataset)


def _page(
    request: HttpRequest,
    dataset: Dataset,
    *,
    conflict: dict[str, Any] | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    may_write = rules.writes_raw.test(request.user, dataset)
    entries: list[Any] = list(
        dataset.field_entries.select_related("changed_by").prefetch_related("photos__upload", "versions__by")
    )
    rows = [
        (one, _columns(one.plan, theirs), theirs, False, False)
        for one in entries
        for theirs in [conflict if conflict and conflict["place"] == one.place else None]
    ]
    blanks = [{"place": place, "revision": 0} for place in fieldlog.new_places()] if may_write else []
    response = show(
        request,
        "audits/dataset/field.html",
        dataset,
        "field",
        status=status,
        # One empty form lies open; the others wait folded, for who writes several without a network.
        rows=[*rows, *((blank, _columns({}), None, True, place > 0) for place, blank in enumerate(blanks))],
        headings=COLUMNS.values(),
        measurements=fieldlog.measurements(dataset),
        count=len(entries),
        kinds=FieldEntry.Kind.choices,
        may_write=may_write,
    )
    # Beside the checklist of a visit, the one page that may ask for the camera and the place.
    response["Permissions-Policy"] = offline.PERMISSIONS
    return response


def _columns(plan: Mapping[str, str], conflict: dict[str, Any] | None = None) -> list[tuple[str, Any, str]]:
    """Name, heading and text of each column of a measurement; in a conflict what this person wrote."""
    yours = conflict["yours"]["fields"] if conflict else {}
    return [
        (f"plan-{name}", title, yours.get(f"plan-{name}", plan.get(name, "")))
        for name, title in COLUMNS.items()
    ]


def write(request: HttpRequest, dataset: Dataset, item: str) -> HttpResponse:
    """One entry, from a form or from a device that was offline."""
    place = _place(item)
    base = request.POST.get("revision", "")
    writing = fieldlog.Writing(
        kind=request.POST.get("answer", ""),
        text=request.POST.get("note", "").replace("\r\n", "\n").replace("\0", ""),
        base=int(base) if base.isascii() and base.isdigit() and len(base) < 9 else -1,
        key=request.POST.get("key", ""),
        plan=_plan(request.POST),
    )
    try:
        found = fieldlog.write(dataset, place, writing, by=request.user)
    except offline.Conflict as refusal:
        if offline.is_program(request):
            return JsonResponse(refusal.as_json(), status=refusal.status)
        conflict = {"place": place, "yours": refusal.yours, "theirs": refusal.theirs}
        return _page(request, dataset, conflict=conflict, status=refusal.status)
    if offline.is_program(request):
        return JsonResponse(found)
    messages.success(request, _("记录已保存"))
    return _back(dataset, place)


def _plan(posted: Mapping[str, str]) -> dict[str, str] | None:
    """What stands in the columns; None from a page that has none."""
    names = [name for name in COLUMNS if f"plan-{name}" in posted]
    return {name: posted[f"plan-{name}"].replace("\0", "") for name in names} if names else None


def photo(request: HttpRequest, dataset: Dataset, item: str) -> HttpResponse:
    """One photo for one entry."""
    place = _place(item)
    fieldlog.refuse_strangers(dataset, by=request.user)
    file = request.FILES.get("photo")
    if file is None:
        if getattr(request, "oversized_files", []):
            raise too_large(_("照片"))
        raise Invalid([Problem(_("请先选择照片"), where="photo")])
    shot = offline.Shot(
        data=file.read(),
        name=str(file.name),
        key=request.POST.get("key", ""),
        consent=request.POST.get("consent") == "on",
        taken_at=offline.instant(request.POST.get("taken_at", "")),
        place=offline.place(request.POST.get("latitude", ""), request.POST.get("longitude", "")),
    )
    found = fieldlog.add_photo(dataset, place, shot, by=request.user)
    if offline.is_program(request):
        return JsonResponse(found)
    messages.success(request, _("照片已存入"))
    return _back(dataset, place)


def plan(request: HttpRequest, dataset: Dataset) -> FileResponse:
    """The plan of measurements to take along: for the laboratory, and for the day itself."""
    reads.note(dataset, by=request.user, what=_("下载实测计划"), way=reads.Way.FILE)
    columns = (
        *(Column(name=name, title_zh=str(title), kind="text") for name, title in COLUMNS.items()),
        Column(name="remark", title_zh=_("备注"), kind="text"),
    )
    rows = [{**one.plan, "remark": one.text} for one, _cells in fieldlog.measurements(dataset)]
    target = io.BytesIO()
    write_table(target, Table(name="measurements", title=_("实测计划"), columns=columns), rows)
    target.seek(0)
    name = clean_name(f"实测计划_{dataset.title}.xlsx")
    return FileResponse(target, as_attachment=True, filename=name, content_type=ACCEPTED["xlsx"].media_type)


def picture(request: HttpRequest, photo: FieldPhoto) -> FileResponse:
    reads.note(photo.dataset, by=request.user, what=_("查看现场照片"), way=reads.Way.FILE)
    return serve_picture(photo.upload)


def _place(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 17):
        raise Http404
    return int(text)


def _back(dataset: Dataset, place: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse('audits:field-log', args=[dataset.pk])}#item-{place}")
