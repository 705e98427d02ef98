"""Photos of a site visit: in through the one gate, out to the team and those who organise the visit."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import File, Form, Path, Query, Schema, UploadedFile
from ninja.responses import Status
from pydantic import AwareDatetime, Field

from qingyuan.api.attachments import BINARY
from qingyuan.api.limits import VerbRate
from qingyuan.api.problems import answers
from qingyuan.api.reading import Page, Slice, page
from qingyuan.api.review_visits import TAG, change_key, visits_router, works_on_visit
from qingyuan.api.verbs import KEY
from qingyuan.kernel.actions import Invalid, Problem
from qingyuan.kernel.gate import serve
from qingyuan.review import fieldwork
from qingyuan.review.models import VisitPhoto

Item = Annotated[int, Path(..., ge=1, le=99_999, description="核对单的条号")]


class VisitPhotoIn(Schema):
    """What the device knows of the picture; what stands in the file itself goes before it."""

    consent: bool = Field(
        False, description="拍摄人同意保存拍摄地点；不同意的，存档的文件本身也去掉地点", examples=[True]
    )
    taken_at: AwareDatetime | None = None
    latitude: Annotated[Decimal, Field(ge=-90, le=90, max_digits=8, decimal_places=6)] | None = Field(
        None, examples=["34.6197"]
    )
    longitude: Annotated[Decimal, Field(ge=-180, le=180, max_digits=9, decimal_places=6)] | None = Field(
        None, examples=["112.454"]
    )

    @property
    def place(self) -> tuple[Decimal, Decimal] | None:
        if self.latitude is None and self.longitude is None:
            return None
        if self.latitude is None or self.longitude is None:
            where = "latitude" if self.latitude is None else "longitude"
            raise Invalid([Problem(_("经度和纬度须一并填写"), where=where)])
        return self.latitude, self.longitude


class VisitPhotoOut(Schema):
    """The place stands only with the photographer's consent."""

    id: UUID
    item: int | None
    name: str
    size: int
    sha256: str
    taken_at: datetime | None
    latitude: str | None
    longitude: str | None
    added_at: datetime


def photo_out(one: VisitPhoto) -> dict[str, Any]:
    return {
        "id": one.pk,
        "item": one.item.position if one.item else None,
        **{name: getattr(one.upload, name) for name in ("name", "size", "sha256")},
        **{name: getattr(one, name) for name in ("taken_at", "added_at")},
        "latitude": None if one.latitude is None else str(one.latitude),
        "longitude": None if one.longitude is None else str(one.longitude),
    }


@visits_router.post(
    "/{visit}/items/{item}/photos",
    response=answers(VisitPhotoOut, ok=201, limited=True),
    throttle=VerbRate(),
    operation_id="visits_add_photo",
    summary="为核对单的一条上传照片",
    tags=[TAG],
)
def add_photo(
    request: HttpRequest,
    *,
    visit: UUID,
    item: Item,
    file: Annotated[UploadedFile, File(..., description="png 或 jpg，按内容判断")],
    form: Annotated[VisitPhotoIn, Form(...)],
    idempotency_key: str = KEY,
) -> Any:
    """调查组成员在通知之后、结束之前上传（multipart/form-data）；同一操作编号重复上传只存一份。拍摄时间和地点先取照片自带的。"""
    one = works_on_visit(request, visit)
    fieldwork.refuse_early(one, by=request.user)
    shot = fieldwork.Shot(
        data=file.read(),
        name=str(file.name),
        key=change_key(idempotency_key),
        consent=form.consent,
        taken_at=form.taken_at,
        place=form.place,
    )
    made = fieldwork.add_photo(one, item, shot, by=request.user)
    return Status(201, photo_out(_photos(one).get(pk=made["photo"])))


@visits_router.get(
    "/{visit}/photos",
    response=answers(Page[VisitPhotoOut]),
    operation_id="visits_photos",
    summary="现场调查的照片",
    tags=[TAG],
)
def photos(request: HttpRequest, visit: UUID, part: Query[Slice]) -> Any:
    """调查组成员和组织单位可见；申报单位不可见。"""
    return page(_photos(works_on_visit(request, visit)), part, photo_out)


@visits_router.get(
    "/{visit}/photos/{photo}/file",
    response=answers(None),
    operation_id="visits_photo_file",
    summary="下载照片",
    tags=[TAG],
    openapi_extra={"responses": {200: BINARY}},
)
def photo_file(request: HttpRequest, visit: UUID, photo: UUID) -> Any:
    """存档的照片原样给出。"""
    found = _photos(works_on_visit(request, visit)).filter(pk=photo).first()
    if found is None:
        raise Http404
    return serve(found.upload)


def _photos(visit: Any) -> Any:
    return visit.photos.select_related("upload", "item").order_by("added_at", "pk")
