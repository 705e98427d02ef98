"""Certificates that anybody checks, and how an enterprise stands with its own mandatory audit."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router, Schema
from pydantic import Field, StringConstraints

from qingyuan.api.problems import Problems, answers
from qingyuan.api.registry import TAG, LookupRate
from qingyuan.api.registry_records import AuditRecordOut, StandingOut, record_line, standing_line
from qingyuan.registry import certificates, own

own_router = Router(tags=[TAG])
public_router = Router(tags=["公开"], auth=None)
CertificateCode = Annotated[str, StringConstraints(min_length=1, max_length=60)]


class CertificateRate(LookupRate):
    """The same brake on codes of certificates, counted by itself."""

    what = "certificate"


class AuditCertificateOut(Schema):
    """视同审核证书。`valid` 为假时 `revoked_reason` 写明理由。"""

    code: str
    valid: bool
    holder: str
    credit_code: str
    holder_now: str = Field(description="更名或并入后的名称")
    credit_code_now: str
    pilot: str
    list_title: str
    document_number: str
    listed_on: date
    completed_on: date
    next_due: date
    issuer: str
    issued_at: datetime
    revoked_at: datetime | None
    revoked_reason: str


class OwnAudits(Schema):
    """本人所在的一家企业；`standing` 为空：企业库中没有，或已关停。"""

    organisation: UUID
    name: str
    credit_code: str
    enterprise: UUID | None
    standing: StandingOut | None
    audits: list[AuditRecordOut]


@public_router.get(
    "/audit-certificates/{code}",
    response={**answers(AuditCertificateOut, public=True, limited=True), 404: Problems},
    operation_id="audit_certificate",
    summary="按编码核验视同审核证书",
    throttle=CertificateRate(),
)
def certificate(request: HttpRequest, code: CertificateCode) -> Any:  # noqa: ARG001
    """任何人可查：持有编码即可，短横和大小写不论；已撤销的写明理由。"""
    found = certificates.checked(code)
    if found is None:
        raise Http404
    one, record = found.certificate, found.record
    names = ("pilot", "list_title", "document_number", "listed_on", "next_due", "issued_at")
    return {
        **{name: getattr(one, name) for name in names},
        "code": found.code,
        "valid": found.is_valid,
        "holder": one.holder_name,
        "credit_code": one.holder_code,
        "holder_now": found.holder.name,
        "credit_code_now": found.holder.credit_code,
        "completed_on": record.completed_on,
        "issuer": one.issuer_name,
        "revoked_at": record.revoked_at,
        "revoked_reason": record.revoked_reason,
    }


@own_router.get(
    "", response=answers(list[OwnAudits]), operation_id="my_audits", summary="本企业的强制性审核是否履行"
)
def my_audits(request: HttpRequest) -> Any:
    """本人所在、登记了信用代码的企业：是否履行、凭哪条记录、下一轮期限，试点不改变期限。"""
    return [
        {
            "organisation": row.organisation.pk,
            "name": row.organisation.name,
            "credit_code": row.organisation.credit_code,
            "enterprise": row.enterprise.pk if row.enterprise else None,
            "standing": standing_line(row.standing),
            "audits": [record_line(record) for record in row.records],
        }
        for row in own.own(request.user)
    ]
