"""Files of an application: in through the gate, out only to those who may see the pilot."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import Http404, HttpRequest
from ninja import File, Form, Path, Schema, UploadedFile
from ninja.responses import Status
from pydantic import Field, StringConstraints

from qingyuan.api import pilots, shapes
from qingyuan.api.limits import VerbRate
from qingyuan.api.pilots import PilotId, router
from qingyuan.api.problems import answers
from qingyuan.api.verbs import KEY, REVISION, Exposed, expose, refuse_early, revision
from qingyuan.kernel.gate import receive, serve
from qingyuan.kernel.gate.kinds import ACCEPTED
from qingyuan.pilots import actions
from qingyuan.pilots.models import Attachment, Pilot

AttachmentId = Annotated[int, Path(..., ge=1, le=2**63 - 1, description="附件的编号")]
TAG = ["附件"]
BINARY = {
    "content": {
        kind.media_type: {"schema": {"type": "string", "format": "binary"}} for kind in ACCEPTED.values()
    }
}


class AttachIn(Schema):
    """What the file is for. Evidence names the condition and the question that it belongs to."""

    purpose: str = Field(
        max_length=10, description="evidence 条件佐证、seal 盖章页、other 其他附件", examples=["seal"]
    )
    title: Annotated[str, StringConstraints(max_length=120)] = ""
    condition_id: Annotated[str, StringConstraints(max_length=40)] = ""
    question_id: Annotated[str, StringConstraints(max_length=60)] = ""


def line(attachment: Attachment) -> dict[str, Any]:
    upload = attachment.upload
    return {
        "id": attachment.pk,
        "purpose": attachment.purpose,
        "title": attachment.title,
        "condition_id": attachment.condition_id,
        "question_id": attachment.question_id,
        "name": upload.name,
        "size": upload.size,
        "sha256": upload.sha256,
        "state": upload.stage,
        "added_at": attachment.added_at,
    }


@router.get(
    "/{pilot}/attachments",
    response=answers(list[shapes.AttachmentOut]),
    operation_id="attachments_list",
    summary="附件列表",
    tags=TAG,
)
def attachments(request: HttpRequest, pilot: PilotId) -> Any:
    """佐证材料、盖章页和其他附件。"""
    return [
        line(attachment) for attachment in pilots.found(request, pilot).attachments.select_related("upload")
    ]


@router.post(
    "/{pilot}/attachments",
    response=answers(shapes.AttachmentOut, ok=201, limited=True),
    throttle=VerbRate(),
    operation_id="pilot_attach",
    summary=str(actions.attach.title),
    tags=TAG,
)
def attach(
    request: HttpRequest,
    *,
    pilot: PilotId,
    file: Annotated[
        UploadedFile, File(..., description="docx、xlsx、pdf、ofd、png、jpg 或 geojson，按内容判断")
    ],
    form: Annotated[AttachIn, Form(...)],
    idempotency_key: str = KEY,
    if_match: str | None = REVISION,
) -> Any:
    """上传并附上一份文件（multipart/form-data）。含宏、脚本、加密或与扩展名不符的文件会被拒收，并说明原因。"""
    one = pilots.found(request, pilot)
    refuse_early(actions.attach, request, one)
    upload = receive(file, by=request.user)
    attachment = actions.attach(
        one, by=request.user, key=idempotency_key, expect=revision(if_match), upload=upload, **form.dict()
    )
    return Status(201, line(Attachment.objects.select_related("upload").get(pk=attachment.pk)))


@router.get(
    "/{pilot}/attachments/{attachment_id}/file",
    response=answers(None),
    operation_id="attachments_file",
    summary="下载附件",
    tags=TAG,
    openapi_extra={"responses": {200: BINARY}},
)
def attachment_file(request: HttpRequest, pilot: PilotId, attachment_id: AttachmentId) -> Any:
    """查验通过的文件原样给出。"""
    return serve(_of(pilots.found(request, pilot), attachment_id).upload)


expose(
    router,
    actions.detach,
    "/{pilot}/attachments/{attachment_id}",
    words={"attachment_id": AttachmentId},
    found=pilots.found,
    method="DELETE",
    shape=shapes.PilotDetail,
    present=pilots.after,
    tag=TAG[0],
)


def _of(pilot: Pilot, attachment: int) -> Attachment:
    found = pilot.attachments.select_related("upload").filter(pk=attachment).first()
    if found is None:
        raise Http404
    return found


Exposed.operations[actions.attach.name] = ("POST", "/{pilot}/attachments")
