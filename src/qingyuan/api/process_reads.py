"""What goes on between the applicant and other bodies, for reading: requests for supplements, letters of certificates."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Path, Query
from pydantic import Field, StringConstraints

from qingyuan.api.problems import answers
from qingyuan.api.process import (
    CertificateId,
    CertificateOut,
    SupplementRequestOut,
    certificate_found,
    certificate_line,
    certificates_router,
    request_found,
    request_line,
    requests_router,
)
from qingyuan.api.reading import Page, Slice, page
from qingyuan.pilots import queries

RequestId = Annotated[UUID, Path(..., description="退回补充完善的编号（UUID）")]
Word = Annotated[str, StringConstraints(max_length=10)]


class RequestFilters(Slice):
    pilot: UUID | None = None
    stage: Word = Field(
        "", description="open 待补充、answered 已补充、cancelled 已取消、lapsed 已逾期", examples=["open"]
    )


class CertificateFilters(Slice):
    pilot: UUID | None = None
    asked: bool = Field(False, description="只要请您所在单位出具的，未答复的在前")
    stage: Word = Field("", description="sent 已发出、received 已收到、refused 已拒绝", examples=["sent"])


@requests_router.get(
    "",
    response=answers(Page[SupplementRequestOut]),
    operation_id="supplement_requests_list",
    summary="退回补充完善列表",
)
def supplement_requests(request: HttpRequest, wanted: Query[RequestFilters]) -> Any:
    """对本单位申报提出的，以及本单位受理的申报的，新的在前。"""
    rows = queries.requests_seen_by(request.user)
    return page(_narrowed(rows, wanted), wanted, request_line)


@requests_router.get(
    "/{supplement_request}",
    response=answers(SupplementRequestOut),
    operation_id="supplement_requests_detail",
    summary="一次退回补充完善",
)
def supplement_request(request: HttpRequest, supplement_request: RequestId) -> Any:
    """要求补充的章节和部分、理由、截止时刻；申报单位和受理单位都可以读。"""
    return request_line(request_found(request, supplement_request))


@certificates_router.get(
    "", response=answers(Page[CertificateOut]), operation_id="certificates_list", summary="证明函列表"
)
def certificates(request: HttpRequest, wanted: Query[CertificateFilters]) -> Any:
    """本单位（及授权您的单位）发出的，以及请本单位出具的。"""
    if wanted.asked:
        rows = queries.certificates_asked_of(request.user)
    else:
        rows = queries.certificates_seen_by(request.user)
    return page(_narrowed(rows, wanted), wanted, certificate_line)


@certificates_router.get(
    "/{certificate}",
    response=answers(CertificateOut),
    operation_id="certificates_detail",
    summary="一份证明函",
)
def certificate(request: HttpRequest, certificate: CertificateId) -> Any:
    """证明函的内容和办理情况；申报单位和被请出具证明的单位可以读。"""
    return certificate_line(certificate_found(request, certificate))


def _narrowed(rows: Any, wanted: RequestFilters | CertificateFilters) -> Any:
    if wanted.pilot is not None:
        rows = rows.filter(pilot=wanted.pilot)
    return rows.filter(stage=wanted.stage) if wanted.stage else rows
