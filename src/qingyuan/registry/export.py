"""The base as a table to take away: in portions by credit code, so that 100,000 rows need no more memory than 2,000."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from qingyuan.registry import duties, queries
from qingyuan.registry.models import AuditRecord, Enterprise

PORTION = 2_000
HEADS = (
    "企业名称", "统一社会信用代码", "所在地区", "区划代码", "行业代码", "地址", "排污许可管理类别", "排污许可证编号",
    "状态", "并入后的代码", "列入名单日期", "公布信息日期", "启动审核日期", "审核次数", "其中试点视同", "最近审核完成日期",
    "最近审核水平", "下一轮审核期限", "下一轮情况",
)  # fmt: skip
WIDTHS = (36, 22, 12, 10, 10, 40, 14, 26, 8, 22, 13, 13, 13, 9, 12, 16, 16, 15, 12)


@dataclass(frozen=True)
class _Audit:
    kind: str
    on: date
    level: str


def wanted(user: Any, **asked: str) -> QuerySet[Enterprise]:
    """What the list shows by the same conditions."""
    return queries.enterprises(user, **asked)


def rows(found: QuerySet[Enterprise]) -> Iterator[Sequence[Any]]:
    """A row an enterprise, in the order of the codes; three queries a portion, no more for any number of audits."""
    today, last = queries.today(), ""
    plain = found.order_by("credit_code").select_related("merged_into")
    while portion := list(plain.filter(credit_code__gt=last)[:PORTION]):
        audits = _audits([one.pk for one in portion])
        for one in portion:
            yield _row(one, audits.get(one.pk, []), today)
        last = portion[-1].credit_code


def _audits(keys: list[UUID]) -> dict[UUID, list[_Audit]]:
    """Valid audits by who stands for them now."""
    valid = AuditRecord.objects.filter(stage=AuditRecord.Stage.VALID).order_by("completed_on")
    columns = ("kind", "completed_on", "level")
    own = valid.filter(enterprise__in=keys).values_list("enterprise", *columns)
    merged = valid.filter(enterprise__merged_into__in=keys).values_list("enterprise__merged_into", *columns)
    found: dict[UUID, list[_Audit]] = {}
    for key, kind, on, level in chain(own, merged):
        found.setdefault(key, []).append(_Audit(kind, on, level))
    return found


def _row(one: Enterprise, audits: list[_Audit], today: date) -> Sequence[Any]:
    asked = max(
        (audit for audit in audits if audit.kind in queries.DISCHARGING),
        key=lambda audit: audit.on,
        default=None,
    )
    due = duties.next_due(asked.on) if asked and one.stage == Enterprise.Stage.ACTIVE else None
    return (
        one.name,
        one.credit_code,
        queries.place(one.region_code) if one.region_code else "",
        one.region_code,
        one.sector_code,
        one.address,
        str(one.get_permit_display()),
        one.permit_number,
        str(one.get_stage_display()),
        one.merged_into.credit_code if one.merged_into else "",
        one.listed_on,
        one.disclosed_on,
        one.started_on,
        len(audits),
        sum(audit.kind == AuditRecord.Kind.CREDIT for audit in audits),
        asked.on if asked else None,
        asked.level if asked else "",
        due,
        ("已过期限" if due < today else "未到期") if due else "",
    )
