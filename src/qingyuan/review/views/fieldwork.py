"""The checklist on the site: a page of plain forms that also works without a network (frontend/src/visit.js)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.kernel import offline
from qingyuan.kernel.actions import Invalid, Problem
from qingyuan.kernel.gate.receive import too_large
from qingyuan.review import fieldwork
from qingyuan.review.models import Visit, VisitItem
from qingyuan.review.rules import visits as rules


def page(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The whole checklist, for the team while the visit is on; to read for the others who may."""
    return _page(request, visit)


def _page(
    request: HttpRequest, visit: Visit, *, conflict: dict[str, Any] | None = None, status: int = HTTPStatus.OK
) -> HttpResponse:
    items = list(visit.items.select_related("answered_by").prefetch_related("photos__upload"))
    context = {
        "visit": visit,
        "case": visit.case,
        "rows": [
            (item, conflict if conflict and conflict["position"] == item.position else None) for item in items
        ],
        "answers": VisitItem.Answer.choices,
        "may_write": visit.stage == Visit.Stage.NOTIFIED and rules.in_team.test(request.user, visit),
        "done": sum(bool(item.answer) for item in items),
    }
    response = TemplateResponse(request, "review/visit/field.html", context, status=int(status))
    # The one page that may ask for the camera and the place.
    response["Permissions-Policy"] = offline.PERMISSIONS
    return response


def answer(request: HttpRequest, visit: Visit, item: str) -> HttpResponse:
    """One answer, from a form or from a device that was offline."""
    position = _position(item)
    base = request.POST.get("revision", "")
    writing = fieldwork.Writing(
        answer=request.POST.get("answer", ""),
        note=request.POST.get("note", "").replace("\r\n", "\n"),
        base=int(base) if base.isascii() and base.isdigit() and len(base) < 9 else -1,
        key=request.POST.get("key", ""),
    )
    try:
        found = fieldwork.answer(visit, position, writing, by=request.user)
    except fieldwork.Conflict as refusal:
        if offline.is_program(request):
            return JsonResponse(refusal.as_json(), status=refusal.status)
        conflict = {"position": position, "yours": refusal.yours, "theirs": refusal.theirs}
        return _page(request, visit, conflict=conflict, status=refusal.status)
    if offline.is_program(request):
        return JsonResponse(found)
    messages.success(request, _("第 %d 条已保存") % position)
    return _back(visit, position)


def photo(request: HttpRequest, visit: Visit, item: str) -> HttpResponse:
    """One photo for one claim."""
    position = _position(item)
    file = request.FILES.get("photo")
    if file is None:
        if getattr(request, "oversized_files", []):
            raise too_large(_("照片"))
        raise Invalid([Problem(_("请先选择照片"), where="photo")])
    shot = fieldwork.Shot(
        data=file.read(),
        name=str(file.name),
        key=request.POST.get("key", ""),
        consent=request.POST.get("consent") == "on",
        taken_at=offline.instant(request.POST.get("taken_at", "")),
        place=offline.place(request.POST.get("latitude", ""), request.POST.get("longitude", "")),
    )
    found = fieldwork.add_photo(visit, position, shot, by=request.user)
    if offline.is_program(request):
        return JsonResponse(found)
    messages.success(request, _("照片已存入第 %d 条") % position)
    return _back(visit, position)


def _position(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise Http404
    return int(text)


def _back(visit: Visit, position: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse('review:visit-field', args=[visit.pk])}#item-{position}")
