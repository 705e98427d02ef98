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
from qingyuan.pilots import actions, area, returned, rules
from qingyuan.pilots.actions.joint import MeetingRow, PartyRow
from qingyuan.pilots.models import CertificateRequest, Pilot, PrefectureComment, SupplementRequest

TAG = "往来"
requests_router = Router(tags=[TAG])
certificates_router = Router(tags=[TAG])
CertificateId = Annotated[UUID, Path(..., description="证明函的编号（UUID）")]
Long = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
THAT_DAY = "2022-06-20"

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
    chapters: list[Key] = Field([], max_length=200, examples=[["goals"]])
    parts: list[Key] = Field([], max_length=20, description="、".join(returned.PARTS), examples=[["targets"]])
    reason: shapes.Remark = Field(min_length=1, examples=["目标没有基准年，请补充。"])
    due_at: AwareDatetime = Field(description="补充完善自己的截止时刻", examples=["2022-07-05T10:00:00Z"])
    remarks: dict[Key, shapes.Remark] = Field(
        default={},
        max_length=200,
        description="对所列章节的意见：章节编号 → 意见",
        examples=[{"goals": "目标没有基准年"}],
    )


class SupplementRequestOut(Schema):
    id: UUID
    revision: int
    stage: str = Field(examples=["open", "answered", "cancelled", "lapsed"])
    pilot: UUID
    name: str = Field(description="项目名称")
    applicant: str
    submission: UUID
    answered_with: UUID | None = Field(description="据以补充的新版本")
    chapters: list[str]
    parts: list[str]
    reason: str
    due_at: datetime
    asked_at: datetime
    closed_at: datetime | None


class CommentIn(Sent):
    text: Long = Field(examples=["园区边界与国土空间规划一致，同意申报。"])


class CommentOut(Schema):
    id: int
    submission: UUID
    organisation: UUID
    at: datetime
    text: str


class CertificateIn(Sent):
    condition_id: Key = Field(examples=["N5.1"])
    question_id: Key = Field(examples=["major_violation"])
    text: Long = Field(examples=["请证明园区近三年未发生重大环境违法行为。"])
    organisation: UUID | None = Field(
        None,
        description="平台登记的单位，由它在平台上答复；未登记的写 body_name",
        examples=["5f0c7c1e-7b1d-4a55-9b6e-2f0d3c1f9a10"],
    )
    body_name: Annotated[str, StringConstraints(max_length=120)] = Field(
        "", examples=["演示市生态环境综合行政执法支队"]
    )
    due_on: date | None = Field(None, description="请在此日之前（含当日）答复", examples=["2022-06-27"])


class CertificateOut(Schema):
    id: UUID
    revision: int
    stage: str = Field(examples=["sent", "received", "refused"])
    pilot: UUID
    name: str = Field(description="项目名称")
    applicant: str
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
    answered_on: date = Field(examples=[THAT_DAY])
    remark: shapes.Remark = Field(min_length=1, examples=["不属于本单位职责。"])


class CertificateAnswerIn(Schema):
    answered_on: date = Field(description="证明上的日期", examples=[THAT_DAY])


class PartyIn(Sent):
    name: Annotated[str, StringConstraints(max_length=120)] = Field(examples=["演示市人民政府"])
    part: Annotated[str, StringConstraints(max_length=10)] = Field(examples=["lead", "partner"])
    duties: shapes.Remark = Field(description="分工", examples=["统筹协调，组织审核"])


class MeetingIn(Sent):
    held_on: date = Field(examples=[THAT_DAY])
    topic: Annotated[str, StringConstraints(max_length=200)] = Field(examples=["协同审核启动会"])
    outcome: shapes.Remark = Field("", description="议定事项", examples=["议定各方分工"])


class JointWorkIn(Sent):
    parties: list[PartyIn] = Field(max_length=60)
    meetings: list[MeetingIn] = Field([], max_length=60)


def request_line(one: SupplementRequest) -> dict[str, Any]:
    """`one` with its pilot and applicant."""
    return {
        name: getattr(one, name)
        for name in SupplementRequestOut.model_fields
        if name not in {"pilot", "name", "applicant", "submission", "answered_with"}
    } | {
        "pilot": one.pilot_id,
        "name": one.pilot.name,
        "applicant": one.pilot.applicant.name,
        "submission": one.submission_id,
        "answered_with": one.answered_with_id,
    }


def _request(one: SupplementRequest, _request: HttpRequest) -> dict[str, Any]:
    one.refresh_from_db()
    return request_line(one)


def _comment(one: PrefectureComment, _request: HttpRequest) -> dict[str, Any]:
    return {
        "id": one.pk,
        "submission": one.submission_id,
        "organisation": one.organisation_id,
        "at": one.at,
        "text": one.text,
    }


def certificate_line(one: CertificateRequest) -> dict[str, Any]:
    """`one` with its pilot and applicant."""
    return {
        name: getattr(one, name)
        for name in CertificateOut.model_fields
        if name not in {"pilot", "name", "applicant", "organisation", "attachment"}
    } | {
        "pilot": one.pilot_id,
        "name": one.pilot.name,
        "applicant": one.pilot.applicant.name,
        "organisation": one.organisation_id,
        "attachment": one.attachment_id,
    }


def _certificate(one: CertificateRequest, _request: HttpRequest) -> dict[str, Any]:
    one.refresh_from_db()
    return certificate_line(one)


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
