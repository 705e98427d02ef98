"""Received versions: for the applicant, those it authorised, and the departments that receive."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Path, Query, Router, Schema

from qingyuan.api.problems import answers
from qingyuan.api.reading import Page, Slice, page
from qingyuan.api.verbs import Found
from qingyuan.kernel import ledger
from qingyuan.kernel.gate.kinds import ACCEPTED
from qingyuan.kernel.gate.names import clean_name
from qingyuan.kernel.gate.serve import serve_blob
from qingyuan.kernel.models import LedgerEntry
from qingyuan.pilots import rules
from qingyuan.pilots.models import Submission

router = Router(tags=["提交"])
RELATED = ("pilot__applicant", "call__joint_body")
found = Found(Submission, rules.can_see_submission, "submission", RELATED)
SubmissionId = Annotated[UUID, Path(..., description="提交版本的编号（UUID）")]
LIGHT = ("snapshot", "manifest")
"""Large columns that lists do not load."""


class SubmissionLine(Schema):
    id: UUID
    pilot: UUID
    call: UUID
    applicant: str
    register_number: str
    version: int
    is_current: bool
    submitted_at: datetime
    package_name: str
    package_size: int
    package_sha256: str
    ledger_seq: int | None


class FileOut(Schema):
    name: str
    size: int
    sha256: str


class SubmissionDetail(SubmissionLine):
    """With what is needed to send the same package to the call's mail address."""

    name: str
    mailbox: str
    mail_subject: str
    plan_sha256: str
    snapshot_sha256: str
    files: list[FileOut]


class SubmissionFilters(Slice):
    call: UUID | None = None
    pilot: UUID | None = None
    current: bool | None = None


def binary(media_type: str) -> dict[str, Any]:
    return {"responses": {200: {"content": {media_type: {"schema": {"type": "string", "format": "binary"}}}}}}


def line(submission: Submission) -> dict[str, Any]:
    return {
        "id": submission.pk,
        "pilot": submission.pilot_id,
        "call": submission.call_id,
        "applicant": submission.pilot.applicant.name,
        "register_number": submission.register_label,
        "version": submission.version,
        "is_current": submission.is_current,
        "submitted_at": submission.submitted_at,
        "package_name": submission.package_name,
        "package_size": submission.package_size,
        "package_sha256": submission.package_sha256,
        "ledger_seq": submission.ledger_seq,
    }


def detail(submission: Submission) -> dict[str, Any]:
    return {
        **line(submission),
        "name": submission.snapshot["name"],
        "mailbox": submission.call.mailbox,
        "mail_subject": submission.mail_subject,
        "plan_sha256": submission.plan_sha256,
        "snapshot_sha256": submission.snapshot_sha256,
        "files": [
            {key: file[key] for key in ("name", "size", "sha256")} for file in submission.manifest["files"]
        ],
    }


def after(submission: Submission, _request: HttpRequest) -> dict[str, Any]:
    return detail(Submission.objects.select_related(*RELATED).get(pk=submission.pk))


@router.get(
    "", response=answers(Page[SubmissionLine]), operation_id="submissions_list", summary="提交版本列表"
)
def submissions(request: HttpRequest, asked: Query[SubmissionFilters]) -> Any:
    """本单位提交的，以及本单位受理的。"""
    visible = Submission.objects.filter(rules.visible_submissions(request.user)).values("pk")
    rows = Submission.objects.filter(pk__in=visible).select_related("pilot__applicant").defer(*LIGHT)
    for name, value in (("call", asked.call), ("pilot", asked.pilot), ("is_current", asked.current)):
        if value is not None:
            rows = rows.filter(**{name: value})
    return page(rows.order_by("-submitted_at", "pk"), asked, line)


@router.get(
    "/{submission}",
    response=answers(SubmissionDetail),
    operation_id="submissions_detail",
    summary="一个提交版本",
)
def submission(request: HttpRequest, submission: SubmissionId) -> Any:
    """收件登记号、版本、台账编号、各项哈希、材料清单，以及发送邮件用的题目和地址。"""
    return detail(found(request, submission))


@router.get(
    "/{submission}/package",
    response=answers(None),
    operation_id="submissions_package",
    summary="下载材料包",
    openapi_extra=binary("application/zip"),
)
def package(request: HttpRequest, submission: SubmissionId) -> Any:
    """封存的 zip，边读边发。"""
    one = found(request, submission)
    return serve_blob(one.package_sha256, name=one.package_name, media_type="application/zip")


@router.get(
    "/{submission}/plan",
    response=answers(None),
    operation_id="submissions_plan",
    summary="下载实施方案（Word）",
    openapi_extra=binary(ACCEPTED["docx"].media_type),
)
def plan(request: HttpRequest, submission: SubmissionId) -> Any:
    """封存的实施方案。"""
    one = found(request, submission)
    return serve_blob(
        one.plan_sha256,
        name=clean_name(f"{one.snapshot['name']}.docx"),
        media_type=ACCEPTED["docx"].media_type,
    )


@router.get(
    "/{submission}/receipt",
    response=answers(dict[str, Any]),
    operation_id="submissions_receipt",
    summary="收件回执",
)
def receipt(request: HttpRequest, submission: SubmissionId) -> Any:
    """供核验的回执：台账中的这一条，以及到现在链头的各个摘要。"""
    one = found(request, submission)
    entry = LedgerEntry.objects.filter(seq=one.ledger_seq).first() if one.ledger_seq else None
    if entry is None:
        raise Http404
    return ledger.receipt(entry)
