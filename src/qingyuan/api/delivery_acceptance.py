"""Evaluation and acceptance of a pilot over HTTP."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import File, Form, Path, Router, Schema, UploadedFile
from ninja.responses import Status
from pydantic import Field, StringConstraints

from qingyuan.api.delivery import TAG, projects_router, sees_project
from qingyuan.api.limits import VerbRate
from qingyuan.api.problems import answers
from qingyuan.api.shapes import Sent
from qingyuan.api.verbs import (
    KEY,
    OBJECT,
    OPTIONAL_KEY,
    REVISION,
    Exposed,
    Found,
    expose,
    refuse_early,
    revision,
)
from qingyuan.delivery import actions
from qingyuan.delivery.forms.project import EVIDENCE
from qingyuan.delivery.handing_in import Reached
from qingyuan.delivery.models import AcceptanceFiling, Conclusion, Rectification, RectificationEvidence
from qingyuan.delivery.queries import acceptance as queries
from qingyuan.delivery.rules import acceptance as rules
from qingyuan.kernel.gate import receive
from qingyuan.review.forms.exclusions import exclusion_lines


class ConclusionExclusionOut(Schema):
    credit_code: str
    name: str
    reason: str


class ConclusionOut(Schema):
    project: UUID
    outcome: str = Field(examples=Conclusion.Outcome.values)
    listed_on: date
    document_number: str
    source: str = Field(examples=Conclusion.Source.values)
    reason: str
    recorded_at: datetime
    exclusions: list[ConclusionExclusionOut] = Field(description="结论指明不计审核记录的企业")


class ConcludeIn(Schema):
    outcome: Annotated[str, StringConstraints(max_length=10)] = Field(examples=["passed"])
    document_number: Annotated[str, StringConstraints(max_length=60)]
    listed_on: date
    reason: Annotated[str, StringConstraints(max_length=2000)] = Field("", description="未通过的理由")
    exclusions: Annotated[str, StringConstraints(max_length=200_000)] = Field(
        "", description="不计审核记录的企业，一行一家：统一社会信用代码，空格，理由"
    )


def conclusion_line(one: Conclusion) -> dict[str, Any]:
    names = ("outcome", "listed_on", "document_number", "source", "reason", "recorded_at")
    return {
        **{name: getattr(one, name) for name in names},
        "project": one.project_id,
        "exclusions": [
            {
                "credit_code": row.scope_enterprise.enterprise.credit_code,
                "name": row.scope_enterprise.name,
                "reason": row.reason,
            }
            for row in one.exclusions.select_related("scope_enterprise__enterprise")
        ],
    }


@projects_router.get(
    "/{project}/conclusion",
    response=answers(ConclusionOut),
    operation_id="project_conclusion",
    summary="评估验收结论",
)
def conclusion(request: HttpRequest, project: UUID) -> Any:
    """还没有结论的，404。"""
    found = queries.conclusion_of(sees_project(request, project))
    if found is None:
        raise Http404
    return conclusion_line(found)


@projects_router.post(
    "/{project}/conclude",
    response=answers(ConclusionOut, limited=True),
    throttle=VerbRate(),
    operation_id="project_conclude",
    summary=str(actions.conclude.title),
    tags=[TAG],
)
def conclude(
    request: HttpRequest,
    *,
    project: OBJECT,  # type: ignore[valid-type]
    file: Annotated[UploadedFile, File(..., description="公布的名单或文件：" + "、".join(sorted(EVIDENCE)))],
    form: Annotated[ConcludeIn, Form(...)],
    idempotency_key: str | None = OPTIONAL_KEY,
    if_match: str | None = REVISION,
) -> Any:
    """国家在本平台之外评估验收的，由受理申报的主办单位据公布的名单或文件登记（multipart/form-data）。"""
    found = sees_project(request, project)
    refuse_early(actions.conclude, request, found)
    given = form.dict()
    made = actions.conclude(
        found,
        by=request.user,
        key=idempotency_key,
        expect=revision(if_match),
        evidence=receive(file, by=request.user, allow=EVIDENCE),
        **{**given, "exclusions": exclusion_lines(given["exclusions"])},
    )
    return Status(200, conclusion_line(made))


Exposed.operations[actions.conclude.name] = ("POST", "/{project}/conclude")


# --- handing in


filings_router = Router(tags=[TAG])
rectifications_router = Router(tags=[TAG])
sees_filing = Found(AcceptanceFiling, by=rules.sees_filing, arg="filing", related=queries.FILING_RELATED)
sees_rectification = Found(
    Rectification,
    by=rules.sees_rectification,
    arg="rectification",
    related=queries.RECTIFICATION_RELATED,
)
Remark = Annotated[str, StringConstraints(max_length=1000)]


class ReachedIn(Schema):
    key: Annotated[str, StringConstraints(max_length=80)] = Field(description="现行基线中目标的 key")
    value: Annotated[str, StringConstraints(max_length=40)] = Field("", description="完成值，小数以文本传送")
    reason: Annotated[str, StringConstraints(max_length=1000)] = Field("", description="没有完成的原因")


class HandInIn(Sent):
    """The applicant's own report file is uploaded on the page; without it the report is written from this content."""

    summary: Annotated[str, StringConstraints(max_length=20_000)]
    reached: list[ReachedIn] = Field(max_length=500)
    keep_older: bool = Field(
        False, description="工作总结以 {{发现:码.次}} 引用的计算结果已有更新时，仍按引用的那次写入"
    )


class FilingOut(Schema):
    id: UUID
    revision: int
    stage: str
    project: UUID
    number: int
    sitting: str = Field(
        examples=["whole"],
        description="whole 评估、验收一次进行；evaluation、acceptance 分两次进行的评估、验收",
    )
    content: dict[str, Any]
    content_sha256: str
    handed_in_at: datetime
    case: UUID | None
    returned_reason: str


class FilingReasonIn(Sent):
    reason: Remark


class RectificationItemOut(Schema):
    position: int
    requirement: str
    answer: str
    evidence: list[str] = Field(description="佐证材料的 SHA-256")


class RectificationOut(Schema):
    id: UUID
    revision: int
    stage: str
    project: UUID
    number: int
    asked_at: datetime
    due_on: date
    answered_at: datetime | None
    content_sha256: str
    remark: str
    items: list[RectificationItemOut]


class RectificationAnswerIn(Schema):
    position: int
    answer: Annotated[str, StringConstraints(max_length=4000)]


class RectificationAnswersIn(Sent):
    answers: list[RectificationAnswerIn] = Field(max_length=50)


class RectificationRemarkIn(Sent):
    remark: Remark = ""


class RectificationAgainIn(Sent):
    remark: Remark
    due_on: date


def filing_line(one: AcceptanceFiling, _request: HttpRequest | None = None) -> dict[str, Any]:
    names = (
        "revision",
        "stage",
        "number",
        "sitting",
        "content",
        "content_sha256",
        "handed_in_at",
        "returned_reason",
    )
    return {
        **{name: getattr(one, name) for name in names},
        "id": one.pk,
        "project": one.project_id,
        "case": one.case_id,
    }


def rectification_line(one: Rectification, _request: HttpRequest | None = None) -> dict[str, Any]:
    names = ("revision", "stage", "number", "asked_at", "due_on", "answered_at", "content_sha256", "remark")
    return {
        **{name: getattr(one, name) for name in names},
        "id": one.pk,
        "project": one.project_id,
        "items": [
            {
                "position": item.position,
                "requirement": item.requirement,
                "answer": item.answer,
                "evidence": [file.upload.sha256 for file in item.evidence.all()],
            }
            for item in one.items.prefetch_related("evidence__upload")
        ],
    }


@projects_router.get(
    "/{project}/filings",
    response=answers(list[FilingOut]),
    operation_id="project_filings",
    summary="验收材料",
)
def filings(request: HttpRequest, project: UUID) -> Any:
    """新的在前。"""
    return [filing_line(one) for one in sees_project(request, project).filings.all()]


@projects_router.get(
    "/{project}/rectifications",
    response=answers(list[RectificationOut]),
    operation_id="project_rectifications",
    summary="整改",
)
def rectifications(request: HttpRequest, project: UUID) -> Any:
    """新的在前。"""
    return [rectification_line(one) for one in sees_project(request, project).rectifications.all()]


@filings_router.get("/{filing}", response=answers(FilingOut), operation_id="filing", summary="一份验收材料")
def filing(request: HttpRequest, filing: UUID) -> Any:
    """实施单位及其授权人员、受理和批准的联合单位可见。"""
    return filing_line(sees_filing(request, filing))


@rectifications_router.get(
    "/{rectification}",
    response=answers(RectificationOut),
    operation_id="rectification",
    summary="一次整改",
)
def rectification(request: HttpRequest, rectification: UUID) -> Any:
    """实施单位及其授权人员、受理和批准的联合单位可见。"""
    return rectification_line(sees_rectification(request, rectification))


@rectifications_router.post(
    "/{rectification}/items/{position}/evidence",
    response=answers(RectificationOut, ok=201, limited=True),
    throttle=VerbRate(),
    operation_id="rectification_attach",
    summary=str(actions.attach.title),
    tags=[TAG],
)
def attach(
    request: HttpRequest,
    *,
    rectification: OBJECT,  # type: ignore[valid-type]
    position: Annotated[int, Path(..., ge=1, le=1000)],
    file: Annotated[UploadedFile, File(..., description="、".join(sorted(EVIDENCE)) + "，按内容判断")],
    idempotency_key: str = KEY,
    if_match: str | None = REVISION,
) -> Any:
    """为一条整改要求上传佐证材料（multipart/form-data）。"""
    found = sees_rectification(request, rectification)
    refuse_early(actions.attach, request, found)
    actions.attach(
        found,
        by=request.user,
        key=idempotency_key,
        expect=revision(if_match),
        position=position,
        upload=receive(file, by=request.user, allow=EVIDENCE),
    )
    return Status(201, rectification_line(sees_rectification(request, rectification)))


def _handed_in(_obj: Any, body: HandInIn, _request: HttpRequest) -> dict[str, Any]:
    return {
        "summary": body.summary,
        "reached": {one.key: Reached(value=one.value, reason=one.reason) for one in body.reached},
        "keep_older": body.keep_older,
    }


def _answers(_obj: Any, body: RectificationAnswersIn, _request: HttpRequest) -> dict[str, Any]:
    return {"answers": {one.position: one.answer for one in body.answers}}


class DetachIn(Sent):
    sha256: Annotated[str, StringConstraints(max_length=64)]
    position: int


def _evidence(one: Rectification, body: DetachIn, _request: HttpRequest) -> dict[str, Any]:
    found = (
        RectificationEvidence.objects.select_related("item", "upload")
        .filter(item__rectification=one, item__position=body.position, upload__sha256=body.sha256)
        .first()
    )
    if found is None:
        raise Http404
    return {"evidence": found}


expose(
    projects_router, actions.hand_in_acceptance, "/{project}/hand-in",
    found=sees_project, body=HandInIn, kwargs=_handed_in, shape=FilingOut, present=filing_line,
    status=201, tag=TAG,
)  # fmt: skip
expose(
    filings_router, actions.take_in, "/{filing}/take-in",
    found=sees_filing, shape=FilingOut, present=filing_line, tag=TAG,
)  # fmt: skip
expose(
    filings_router, actions.send_back_filing, "/{filing}/send-back",
    found=sees_filing, body=FilingReasonIn, shape=FilingOut, present=filing_line, tag=TAG,
)  # fmt: skip
for verb, path, body, kwargs in (
    (actions.detach, "/{rectification}/evidence/detach", DetachIn, _evidence),
    (actions.answer, "/{rectification}/answer", RectificationAnswersIn, _answers),
    (actions.accept_rectification, "/{rectification}/accept", RectificationRemarkIn, None),
    (actions.send_back_rectification, "/{rectification}/again", RectificationAgainIn, None),
    (actions.lapse, "/{rectification}/lapse", RectificationRemarkIn, None),
):
    expose(
        rectifications_router,
        verb,
        path,
        found=sees_rectification,
        body=body,
        kwargs=kwargs,
        shape=RectificationOut,
        present=rectification_line,
        tag=TAG,
    )
Exposed.operations[actions.attach.name] = ("POST", "/{rectification}/items/{position}/evidence")
