"""Audit records and what they discharge, as the API shows them."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema
from pydantic import Field

from qingyuan.registry import codes
from qingyuan.registry.models import AuditRecord
from qingyuan.registry.standing import Standing


class AuditRecordOut(Schema):
    id: UUID
    revision: int
    enterprise: UUID
    stage: str = Field(description="valid 有效、revoked 已撤销")
    kind: str = Field(description="mandatory 强制性、voluntary 自愿性、credit 试点视同")
    completed_on: date
    level: str
    source: str
    revoked_reason: str
    note: str
    certificate: str = Field(description="视同审核证书的编码；其他记录为空")


class StandingOut(Schema):
    """强制性审核是否履行。`clock` 是不靠试点时仍须遵守的最后一天；参加试点不改变它。"""

    verdict: str = Field(
        description="not_asked 没有要求、discharged 已履行、discharged_late 逾期履行、open 未到期、overdue 已过期限"
    )
    record: UUID | None = Field(description="凭以履行的审核记录")
    completed_on: date | None
    next_due: date | None
    clock: date | None
    basis: list[str] = Field(description="clock 当日有效的依据")
    pilots_waiting: int = Field(description="尚未列入通过名单的试点数")


def record_line(one: AuditRecord, _request: HttpRequest | None = None) -> dict[str, Any]:
    names = ("revision", "stage", "kind", "completed_on", "level", "source", "revoked_reason", "note")
    certificate = getattr(one, "certificate", None) if one.reference else None
    return {
        **{name: getattr(one, name) for name in names},
        "id": one.pk,
        "enterprise": one.enterprise_id,
        "certificate": codes.shown(certificate.code) if certificate else "",
    }


def standing_line(found: Standing | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "verdict": found.verdict,
        "record": found.by.record.pk if found.by else None,
        "completed_on": found.by.on if found.by else None,
        "next_due": found.next.due if found.next else None,
        "clock": found.clock.due if found.clock else None,
        "basis": list(found.clock.basis) if found.clock else [],
        "pilots_waiting": len(found.waiting),
    }
