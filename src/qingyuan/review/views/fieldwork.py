"""The checklist on the site: a page of plain forms that also works without a network (frontend/src/visit.js)."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from http import HTTPStatus
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from qingyuan.kernel.actions import Invalid, Problem
from qingyuan.kernel.gate.receive import too_large
from qingyuan.review import fieldwork
from qingyuan.review.models import Visit, VisitItem
from qingyuan.review.rules import visits as rules

PERMISSIONS = (
    "camera=(self), geolocation=(self), microphone=(), payment=(), usb=(), "
    "publickey-credentials-get=(self), publickey-credentials-create=(self)"
)


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
    response["Permissions-Policy"] = PERMISSIONS
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
        if _is_program(request):
            return JsonResponse(refusal.as_json(), status=refusal.status)
        conflict = {"position": position, "yours": refusal.yours, "theirs": refusal.theirs}
        return _page(request, visit, conflict=conflict, status=refusal.status)
    if _is_program(request):
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
        taken_at=_instant(request.POST.get("taken_at", "")),
        place=_place(request.POST.get("latitude", ""), request.POST.get("longitude", "")),
    )
    found = fieldwork.add_photo(visit, position, shot, by=request.user)
    if _is_program(request):
        return JsonResponse(found)
    messages.success(request, _("照片已存入第 %d 条") % position)
    return _back(visit, position)


def worker(_request: HttpRequest) -> HttpResponse:
    """The service worker; it stands at this address because it may only serve addresses below its own."""
    found = finders.find("ui/dist/visit-worker.js")
    if not found:
        raise Http404
    response = HttpResponse(Path(str(found)).read_bytes(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


def _is_program(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def _position(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise Http404
    return int(text)


def _back(visit: Visit, position: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse('review:visit-field', args=[visit.pk])}#item-{position}")


def _instant(text: str) -> Any:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found and found.tzinfo else None


def _place(latitude: str, longitude: str) -> tuple[Decimal, Decimal] | None:
    try:
        found = Decimal(latitude[:20]), Decimal(longitude[:20])
    except InvalidOperation:
        return None
    if not all(one.is_finite() for one in found) or abs(found[0]) > 90 or abs(found[1]) > 180:
        return None
    return found[0].quantize(Decimal("0.000001")), found[1].quantize(Decimal("0.000001"))
