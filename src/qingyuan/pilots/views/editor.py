"""What the editor asks for beside the text: pictures in and out, and who else is here."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.kernel import gate
from qingyuan.kernel.errors import Refused
from qingyuan.kernel.gate.receive import too_large
from qingyuan.pilots import drafts, presence
from qingyuan.pilots.models import Chapter, Pilot


def saying_401(view: Callable[..., Any]) -> Callable[..., Any]:
    """For requests of scripts: a lost session is a plain 401, not a sign-in page to swap into the text."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.is_authenticated and request.method == "POST":
            reason = _("登录已过期，请在新标签页登录后再试")
            return JsonResponse({"reason": reason}, status=HTTPStatus.UNAUTHORIZED)
        return view(request, *args, **kwargs)

    return answered


def upload_picture(request: HttpRequest, pilot: Pilot) -> JsonResponse:
    """One PNG or JPG for the text, through the gate."""
    try:
        # Before the gate: who may not write does not get files through it either.
        drafts.refuse_picture(pilot, request.user)
        file = request.FILES.get("file")
        if file is None:
            names = getattr(request, "oversized_files", [])
            if names:
                raise too_large(names[0] or _("图片"))
            reason = _("没有收到图片，请重新选择")
            return JsonResponse({"reason": reason}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        upload = gate.receive(file, by=request.user, allow=drafts.PICTURES)
        drafts.add_picture(pilot, upload=upload, by=request.user)
    except Refused as refusal:
        return JsonResponse(refusal.as_json(), status=refusal.status)
    url = reverse("pilots:picture", args=[pilot.pk, upload.pk])
    return JsonResponse(
        {"upload": str(upload.pk), "name": upload.name, "url": url}, status=HTTPStatus.CREATED
    )


def picture(_request: HttpRequest, pilot: Pilot, picture: UUID) -> FileResponse:
    """A picture of this pilot's chapters, for everybody who sees the pilot."""
    row = pilot.pictures.select_related("upload").filter(upload=picture).first()
    if row is None:
        raise Http404
    return gate.serve_picture(row.upload)


def beat(request: HttpRequest, pilot: Pilot, outline_id: str) -> HttpResponse:
    """The open editor says that it is still there, and hears who else is."""
    chapter = Chapter.objects.only("pk").filter(pilot=pilot, outline_id=outline_id).first()
    if chapter is None:
        raise Http404
    if presence.may_be_present(pilot, request.user):
        presence.touch(chapter, request.user)
    present = presence.others(pilot, request.user, outline_id=outline_id)
    return TemplateResponse(request, "pilots/parts/present.html", {"present": present})


def present_in_plan(request: HttpRequest, pilot: Pilot) -> HttpResponse:
    """Who writes where at this moment, for the list of chapters."""
    titles = {leaf.id: leaf.title for leaf in pilot.notice.leaves()}
    present = presence.others(pilot, request.user)
    for row in present:
        row.title = titles.get(row.chapter.outline_id, "")  # type: ignore[attr-defined]
    return TemplateResponse(request, "pilots/parts/present.html", {"present": present})
