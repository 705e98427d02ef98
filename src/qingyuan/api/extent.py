"""Where the object of a pilot lies: boundary, places, reaches and sections, and the proofs of key tasks."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import File, Form, Path, Schema, UploadedFile
from ninja.responses import Status
from pydantic import Field, StringConstraints

from qingyuan.api import pilots, shapes
from qingyuan.api.limits import VerbRate
from qingyuan.api.pilots import PilotId, router
from qingyuan.api.problems import answers
from qingyuan.api.shapes import Sent
from qingyuan.api.verbs import KEY, REVISION, Exposed, expose, refuse_early, revision
from qingyuan.kernel.actions import Invalid, Problem
from qingyuan.kernel.gate import receive
from qingyuan.pilots import actions, geometry
from qingyuan.pilots.actions.extent import MOST_PLACES, MOST_REACHES, MOST_SECTIONS, ReachRow, SectionRow
from qingyuan.pilots.models import KeyTask, Pilot
from qingyuan.workbooks.coordinates import MOST_TEXT, read_geojson, read_text

KeyTaskId = Annotated[int, Path(..., ge=1, le=2**63 - 1, description="依据的编号，取自 GET key-tasks")]
Code = Annotated[str, StringConstraints(pattern="^[0-9]{6}$")]
Kilometres = Annotated[Decimal, Field(ge=0, max_digits=8, decimal_places=3, examples=["45.5"])]
Target = Literal["", "1", "2", "3", "4", "5"]
Short = Annotated[str, StringConstraints(max_length=80)]
River = Annotated[str, StringConstraints(max_length=60)]
TAG = "试点对象的范围"


class BoundaryIn(Sent):
    """The boundary as a list of coordinates (`coordinates`) or as GeoJSON (`geojson`), one of them; neither clears it."""

    coordinates: Annotated[str, StringConstraints(max_length=MOST_TEXT)] = Field(
        "", examples=["112.45,34.61\n112.46,34.61\n112.46,34.62\n112.45,34.62"]
    )
    geojson: dict[str, Any] | None = None
    declared_km2: Annotated[Decimal, Field(gt=0, max_digits=12, decimal_places=4)] | None = None
    basis: Annotated[str, StringConstraints(max_length=300)] = ""
    prefectures: list[Code] = Field([], max_length=MOST_PLACES, examples=[["410300"]])
    counties: Annotated[str, StringConstraints(max_length=200)] = ""
    reason: Annotated[str, StringConstraints(max_length=1000)] = ""


class PlacesIn(Sent):
    key_place: River = Field("", description="通知所列区域的编号（如 fen-wei），或其他区域的名称")
    codes: list[Code] = Field(max_length=MOST_PLACES, examples=[["410300", "411200"]])


class ReachIn(Sent):
    name: Short
    river: River
    starts_at: Short = ""
    ends_at: Short = ""
    length_km: Kilometres | None = None
    target: Target = Field("", description="水质目标：1–5 即 Ⅰ–Ⅴ 类")


class SectionIn(Sent):
    name: Short
    river: River
    level: Literal["", "national", "provincial", "city"] = ""
    code: Annotated[str, StringConstraints(max_length=30)] = ""
    km: Kilometres | None = None
    target: Target = ""
    present: Literal["", "1", "2", "3", "4", "5", "6"] = Field("", description="现状类别；6 即劣Ⅴ类")


class BasinIn(Sent):
    """A table that is not sent stays as it is."""

    key_place: River | None = None
    reaches: list[ReachIn] | None = Field(None, max_length=MOST_REACHES)
    sections: list[SectionIn] | None = Field(None, max_length=MOST_SECTIONS)


class KeyTaskIn(Schema):
    """In which document the reduction of a self-chosen pollutant is a local key task."""

    pollutant: Annotated[str, StringConstraints(max_length=60)]
    document: Annotated[str, StringConstraints(max_length=200)]
    number: Short
    issuer: Annotated[str, StringConstraints(max_length=120)]
    issued_on: date
    page: Annotated[str, StringConstraints(max_length=60)]


class KeyTaskOut(Schema):
    id: int
    pollutant: str
    document: str
    number: str
    issuer: str
    issued_on: date
    page: str
    attachment: int | None


class ExtentOut(Schema):
    """`geometry` is what the snapshot keeps under object_geometry; empty where nothing was stated."""

    geometry: dict[str, Any]
    difference_percent: str | None = Field(description="边界面积比批复面积大（+）或小（-）百分之几")


def _boundary(_pilot: Pilot, body: BoundaryIn, _request: HttpRequest) -> dict[str, Any]:
    rest = body.dict(exclude={"coordinates", "geojson"})
    if body.coordinates.strip() and body.geojson is not None:
        raise Invalid([Problem(_("coordinates 与 geojson 只能给一个"), where="geojson")])
    if body.geojson is not None:
        parcels, problems = read_geojson(json.dumps(body.geojson))
    elif body.coordinates.strip():
        parcels, problems = read_text(body.coordinates)
    else:
        return {**rest, "parcels": ()}
    if problems:
        where = "coordinates" if body.geojson is None else "geojson"
        raise Invalid([Problem(str(problem), where=where) for problem in problems])
    return {**rest, "parcels": parcels}


def _basin(_pilot: Pilot, body: BasinIn, _request: HttpRequest) -> dict[str, Any]:
    return {
        "key_place": body.key_place,
        "reaches": None if body.reaches is None else [ReachRow(**row.dict()) for row in body.reaches],
        "sections": None if body.sections is None else [SectionRow(**row.dict()) for row in body.sections],
    }


for verb, path, body, kwargs in (
    (actions.set_boundary, "/{pilot}/boundary", BoundaryIn, _boundary),
    (actions.set_places, "/{pilot}/places", PlacesIn, None),
    (actions.set_basin, "/{pilot}/basin", BasinIn, _basin),
):
    expose(
        router,
        verb,
        path,
        found=pilots.found,
        method="PUT",
        body=body,
        kwargs=kwargs,
        shape=shapes.PilotDetail,
        present=pilots.after,
        tag=TAG,
    )
expose(
    router,
    actions.remove_key_task,
    "/{pilot}/key-tasks/{key_task_id}",
    words={"key_task_id": KeyTaskId},
    found=pilots.found,
    method="DELETE",
    shape=shapes.PilotDetail,
    present=pilots.after,
    tag=TAG,
)


@router.get(
    "/{pilot}/extent",
    response=answers(ExtentOut),
    operation_id="extent_get",
    summary="试点对象的范围",
    tags=[TAG],
)
def extent(request: HttpRequest, pilot: PilotId) -> Any:
    """园区（集群）的边界和面积、区域的地市、流域的河段和断面，以及重点工作任务依据。"""
    data = geometry.data_of(pilots.found(request, pilot)) or {}
    off = geometry.difference(data)
    return {"geometry": data, "difference_percent": None if off is None else f"{off:+.2f}"}


@router.get(
    "/{pilot}/key-tasks",
    response=answers(list[KeyTaskOut]),
    operation_id="key_tasks_list",
    summary="重点工作任务依据",
    tags=[TAG],
)
def key_tasks(request: HttpRequest, pilot: PilotId) -> Any:
    """自行选取的特征污染物已纳入地方重点工作任务的依据。"""
    return [_line(task) for task in pilots.found(request, pilot).key_tasks.all()]


def _line(task: KeyTask) -> dict[str, Any]:
    names = ("pollutant", "document", "number", "issuer", "issued_on", "page")
    return {
        "id": task.pk,
        "attachment": task.attachment_id,
        **{name: getattr(task, name) for name in names},
    }


@router.post(
    "/{pilot}/key-tasks",
    response=answers(KeyTaskOut, ok=201, limited=True),
    throttle=VerbRate(),
    operation_id="pilot_prove_key_task",
    summary=str(actions.prove_key_task.title),
    tags=[TAG],
)
def prove_key_task(
    request: HttpRequest,
    *,
    pilot: PilotId,
    file: Annotated[UploadedFile, File(..., description="载明该项任务的文件")],
    form: Annotated[KeyTaskIn, Form(...)],
    idempotency_key: str = KEY,
    if_match: str | None = REVISION,
) -> Any:
    """登记并上传一份依据（multipart/form-data）。"""
    one = pilots.found(request, pilot)
    refuse_early(actions.prove_key_task, request, one)
    upload = receive(file, by=request.user)
    task = actions.prove_key_task(
        one, by=request.user, key=idempotency_key, expect=revision(if_match), upload=upload, **form.dict()
    )
    return Status(201, _line(task))


Exposed.operations[actions.prove_key_task.name] = ("POST", "/{pilot}/key-tasks")
