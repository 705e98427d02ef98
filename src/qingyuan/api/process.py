"""What goes on between the applicant and other bodies: supplements, comments, certificates, joint organisation."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import File, Form, Path, Router, Schema, UploadedFile
from pydantic import AwareDatetime, Field, StringConstraints

from qingyuan.api import pilots, shapes
from qingyuan.api.limits import VerbRate
from qingyuan.api.pilots import router
from qingyuan.api.problems import answers
from qingyuan.api.shapes import Key, Sent
from qingyuan.api.verbs import KEY, REVISION, Exposed, Found, expose, refuse_early, revision
from qingyuan.kernel.actions import Invalid, Problem
from qingyuan.kernel.gate import receive
from qingyuan.people.models import Organisation
from qingyuan.pilots import actions, area, rules
from qingyuan.pilots.actions.joint import MeetingRow, PartyRow
from qingyuan.pilots.models import CertificateRequest, Pilot, PrefectureComment, SupplementRequest

TAG = "往来"
requests_router = Router(tags=[TAG])
certificates_router = Router(tags=[TAG])
CertificateId = Annotated[UUID, Path(..., description="证明函的编号（UUID）")]
Long = Annotated[str, StringConstraints(min_length=1, max_length=2000)]

received_pilot = Found(
    Pilot, rules.handles_for_receiver | rules.can_see_pilot, "pilot", ("applicant", "call__joint_body")
)
pilot_in_area = Found(Pilot, area.can_see_in_area, "pilot", pilots.RELATED)
request_found = Found(
    SupplementRequest, rules.can_see_request, "supplement_request", ("pilot__applicant", "pilot__call")
)
certificate_found = Found(
    CertificateRequest, rules.can_see_certificate, "certificate", ("pilot__applicant", "pilot__call")
)


class SupplementRequestIn(Sent):
    chapters: list[Key] = Field([], max_length=200)
    parts: list[Key] = Field([], max_length=20)
    reason: shapes.Remark = Field(min_length=1)
    due_at: AwareDatetime
    remarks: dict[Key, shapes.Remark] = Field(
        default={},
        max_length=200,
        description="对所列章节的意见：章节编号 → 意见",
        examples=[{"goals": "目标没有基准年"}],
    )


class SupplementRequestOut(Schema):
    id: UUID
    revision: int
    stage: str
    pilot: UUID
    submission: UUID
    chapters: list[str]
    parts: list[str]
    reason: str
    due_at: datetime
    asked_at: datetime
    closed_at: datetime | None


class CommentIn(Sent):
    text: Long


class CommentOut(Schema):
    id: int
    submission: UUID
    organisation: UUID
    at: datetime
    text: str


class CertificateIn(Sent):
    condition_id: Key
    question_id: Key
    text: Long
    organisation: UUID | None = None
    body_name: Annotated[str, StringConstraints(max_length=120)] = ""
    due_on: date | None = Field(None, description="请在此日之前（含当日）答复")


class CertificateOut(Schema):
    id: UUID
    revision: int
    stage: str
    pilot: UUID
    condition_id: str
    question_id: str
    organisation: UUID | None
    body_name: str
    text: str
    sent_at: datetime
    due_on: date | None
    answered_on: date | None
    remark: str
    attachment: int | None


class CertificateRefusalIn(Sent):
    answered_on: date
    remark: shapes.Remark = Field(min_length=1)


class CertificateAnswerIn(Schema):
    answered_on: date


class PartyIn(Sent):
    name: Annotated[str, StringConstraints(max_length=120)]
    part: Annotated[str, StringConstraints(max_length=10)] = Field(examples=["lead", "partner"])
    duties: shapes.Remark


class MeetingIn(Sent):
    held_on: date
    topic: Annotated[str, StringConstraints(max_length=200)]
    outcome: shapes.Remark = ""


class JointWorkIn(Sent):
    parties: list[PartyIn] = Field(max_length=60)
    meetings: list[MeetingIn] = Field([], max_length=60)


def _request(one: SupplementRequest, _request: HttpRequest) -> dict[str, Any]:
    one.refresh_from_db()
    return {
        name: getattr(one, name)
        for name in SupplementRequestOut.model_fields
        if name not in {"pilot", "submission"}
    } | {"pilot": one.pilot_id, "submission": one.submission_id}


def _comment(one: PrefectureComment, _request: HttpRequest) -> dict[str, Any]:
    return {
        "id": one.pk,
        "submission": one.submission_id,
        "organisation": one.organisation_id,
        "at": one.at,
        "text": one.text,
    }


def _certificate(one: CertificateRequest, _request: HttpRequest) -> dict[str, Any]:
    one.refresh_from_db()
    return {
        name: getattr(one, name)
        for name in CertificateOut.model_fields
        if name not in {"pilot", "organisation", "attachment"}
    } | {
        "pilot": one.pilot_id,
        "organisation": one.organisation_id,
        "attachment": one.attachment_id,
    }


def _asked(_pilot: Any, body: CertificateIn, _request: HttpRequest) -> dict[str, Any]:
    organisation = None
    if body.organisation is not None:
        organisation = Organisation.objects.filter(
            pk=body.organisation, stage=Organisation.Stage.ACTIVE
        ).first()
        if organisation is None:
            raise Invalid([Problem("没有登记这个单位", where="organisation")])
    return {**body.dict(), "organisation": organisation}


def _together(_pilot: Any, body: JointWorkIn, _request: HttpRequest) -> dict[str, Any]:
    return {
        "parties": [PartyRow(**row.dict()) for row in body.parties],
        "meetings": [MeetingRow(**row.dict()) for row in body.meetings],
    }


expose(
    router,
    actions.request_supplement,
    "/{pilot}/supplement-requests",
    found=received_pilot,
    body=SupplementRequestIn,
    shape=SupplementRequestOut,
    present=_request,
    status=201,
    tag=TAG,
)
for verb, path, body in (
    (actions.cancel_request, "/{supplement_request}/cancel", shapes.ReasonIn),
    (actions.lapse_request, "/{supplement_request}/lapse", None),
):
    expose(
        requests_router,
        verb,
        path,
        found=request_found,
        body=body,
        shape=SupplementRequestOut,
        present=_request,
        tag=TAG,
    )
expose(
    router,
    actions.comment,
    "/{pilot}/comments",
    found=pilot_in_area,
    body=CommentIn,
    shape=CommentOut,
    present=_comment,
    status=201,
    tag=TAG,
)
expose(
    router,
    actions.request_certificate,
    "/{pilot}/certificates",
    found=pilots.found,
    body=CertificateIn,
    kwargs=_asked,
    shape=CertificateOut,
    present=_certificate,
    status=201,
    tag=TAG,
)
expose(
    certificates_router,
    actions.refuse_certificate,
    "/{certificate}/refuse",
    found=certificate_found,
    body=CertificateRefusalIn,
    shape=CertificateOut,
    present=_certificate,
    tag=TAG,
)
expose(
    router,
    actions.organise_jointly,
    "/{pilot}/joint",
    found=pilots.found,
    method="PUT",
    body=JointWorkIn,
    kwargs=_together,
    shape=shapes.PilotDetail,
    present=pilots.after,
    tag=TAG,
)


@certificates_router.post(
    "/{certificate}/receive",
    response=answers(CertificateOut, limited=True),
    throttle=VerbRate(),
    operation_id="certificate_receive",
    summary=str(actions.receive_certificate.title),
    tags=[TAG],
)
def receive_certificate(
    request: HttpRequest,
    *,
    certificate: CertificateId,
    file: Annotated[UploadedFile, File(..., description="盖章的证明，pdf、ofd、png 或 jpg，按内容判断")],
    form: Annotated[CertificateAnswerIn, Form(...)],
    idempotency_key: str = KEY,
    if_match: str | None = REVISION,
) -> Any:
    """登记收到的证明（multipart/form-data）；文件即成为该条件问题的佐证。"""
    one = certificate_found(request, certificate)
    refuse_early(actions.receive_certificate, request, one)
    done = actions.receive_certificate(
        one,
        by=request.user,
        key=idempotency_key,
        expect=revision(if_match),
        upload=receive(file, by=request.user),
        answered_on=form.answered_on,
    )
    return _certificate(done, request)


Exposed.operations[actions.receive_certificate.name] = ("POST", "/{certificate}/receive")
