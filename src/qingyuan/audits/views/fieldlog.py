"""The field log: a page of plain forms that also works without a network (frontend/src/visit.js)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.audits import fieldlog, reads
from qingyuan.audits.models import Dataset, FieldEntry, FieldPhoto
from qingyuan.audits.rules import dataset as rules
from qingyuan.audits.views.dataset_frame import show
from qingyuan.kernel import offline
from qingyuan.kernel.actions import Invalid, Problem
from qingyuan.kernel.gate.receive import too_large
from qingyuan.kernel.gate.serve import serve_picture


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
        (one, conflict if conflict and conflict["place"] == one.place else None, False, False)
        for one in entries
    ]
    blanks = [{"place": place, "revision": 0} for place in fieldlog.new_places()] if may_write else []
    response = show(
        request,
        "audits/dataset/field.html",
        dataset,
        "field",
        status=status,
        # One empty form lies open; the others wait folded, for who writes several without a network.
        rows=[*rows, *((blank, None, True, place > 0) for place, blank in enumerate(blanks))],
        count=len(entries),
        kinds=FieldEntry.Kind.choices,
        may_write=may_write,
    )
    # Beside the checklist of a visit, the one page that may ask for the camera and the place.
    response["Permissions-Policy"] = offline.PERMISSIONS
    return response


def write(request: HttpRequest, dataset: Dataset, item: str) -> HttpResponse:
    """One entry, from a form or from a device that was offline."""
    place = _place(item)
    base = request.POST.get("revision", "")
    writing = fieldlog.Writing(
        kind=request.POST.get("answer", ""),
        text=request.POST.get("note", "").replace("\r\n", "\n").replace("\0", ""),
        base=int(base) if base.isascii() and base.isdigit() and len(base) < 9 else -1,
        key=request.POST.get("key", ""),
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


def picture(request: HttpRequest, photo: FieldPhoto) -> FileResponse:
    reads.note(photo.dataset, by=request.user, what=_("查看现场照片"), way=reads.Way.FILE)
    return serve_picture(photo.upload)


def _place(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 17):
        raise Http404
    return int(text)


def _back(dataset: Dataset, place: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse('audits:field-log', args=[dataset.pk])}#item-{place}")
