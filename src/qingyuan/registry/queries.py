"""Reads of the registry that pages and the API share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Max, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from qingyuan.catalogue import credit_code
from qingyuan.catalogue.regions import regions
from qingyuan.kernel import clock
from qingyuan.people.models import Organisation
from qingyuan.registry import duties, rules
from qingyuan.registry.models import AuditRecord, Enterprise

SOON = timedelta(days=365)
DISCHARGING = (AuditRecord.Kind.MANDATORY, AuditRecord.Kind.CREDIT)
"""Audits that discharge the duty of a mandatory one: not the voluntary."""
TONES = {"active": "good", "closed": "neutral", "merged": "neutral"}
STATE_TONES = {"done": "good", "done_late": "warn", "open": "info", "overdue": "bad"}


def day_of(instant: datetime) -> date:
    return clock.local(instant).date()


def today() -> date:
    return day_of(clock.now())


def place(code: str) -> str:
    known = regions().get(code) or regions().get(code[:4] + "00")
    return known.name if known else code


def _stem(code: str) -> str:
    """What the codes of all places inside a region begin with."""
    if code.endswith("0000"):
        return code[:2]
    return code[:4] if code.endswith("00") else code


def enterprises(
    user: Any, *, text: str = "", stage: str = "", region: str = "", due: str = ""
) -> QuerySet[Enterprise]:
    """The enterprises that a person sees, narrowed by what the page asks, each with `last_audit`."""
    found = Enterprise.objects.filter(rules.visible_enterprises(user))
    if text := text.strip():
        code = credit_code.normalise(text)
        found = found.filter(Q(name__icontains=text) | Q(credit_code__startswith=code))
    if stage:
        found = found.filter(stage=stage)
    if region:
        found = found.filter(region_code__startswith=_stem(region))
    last = (
        AuditRecord.objects.filter(
            Q(enterprise=OuterRef("pk")) | Q(enterprise__merged_into=OuterRef("pk")),
            stage=AuditRecord.Stage.VALID,
            kind__in=DISCHARGING,
        )
        .order_by()
        .values("stage")
        .annotate(last=Max("completed_on"))
        .values("last")
    )
    found = found.annotate(last_audit=Subquery(last))
    if due:
        day = today()
        before = duties.overdue_before(day)
        found = found.filter(stage=Enterprise.Stage.ACTIVE)
        if due == "overdue":
            found = found.filter(last_audit__lt=before)
        else:
            found = found.filter(last_audit__gte=before, last_audit__lt=duties.overdue_before(day + SOON))
    return found.order_by("credit_code")


def discharging_days(enterprises: Any) -> dict[UUID, list[date]]:
    """By enterprise (keys, or a subquery of them), when it completed audits that discharge its duty (two queries)."""
    valid = AuditRecord.objects.filter(stage=AuditRecord.Stage.VALID, kind__in=DISCHARGING).order_by()
    found: dict[UUID, list[date]] = {}
    # Its own, and those of what was merged into it: one condition of both would read the whole table.
    for of in ("enterprise", "enterprise__merged_into"):
        for key, day in valid.filter(**{f"{of}__in": enterprises}).values_list(of, "completed_on"):
            found.setdefault(key, []).append(day)
    return found


def records_of(enterprise: Enterprise) -> QuerySet[AuditRecord]:
    """All its audits, those of the entries merged into it too."""
    mine = Q(enterprise=enterprise) | Q(enterprise__merged_into=enterprise)
    return AuditRecord.objects.filter(mine).select_related("enterprise")


def duties_of(enterprise: Enterprise, records: Sequence[AuditRecord]) -> tuple[duties.Duty, ...]:
    """What is asked of it; nothing of one that is closed or merged (no query)."""
    if enterprise.stage != Enterprise.Stage.ACTIVE:
        return ()
    return duties.duties(
        today=today(),
        listed=enterprise.listed_on,
        disclosed=enterprise.disclosed_on,
        started=enterprise.started_on,
        audits=[
            one.completed_on
            for one in records
            if one.stage == AuditRecord.Stage.VALID and one.kind in DISCHARGING
        ],
    )


def blocked(department: Organisation, codes: Sequence[str]) -> dict[str, str]:
    """Codes that a list of this department must not hold, and why (one query)."""
    province = rules.province_of(department.region_code)
    elsewhere = Q(last_list__isnull=False) & ~Q(province=province)
    found = Enterprise.objects.filter(credit_code__in=list(codes)).filter(
        ~Q(stage=Enterprise.Stage.ACTIVE) | elsewhere
    )
    said = {}
    for one in found.select_related("merged_into"):
        if one.province != province and one.last_list_id:
            said[one.credit_code] = _("该企业在另一省的企业库中，请与该省核对后从清单中删去")
        elif one.merged_into is not None:
            said[one.credit_code] = _("该代码已并入 %s，应填并入后的代码") % one.merged_into.credit_code
        else:
            said[one.credit_code] = _("该企业已登记关停，应先恢复在册，或从清单中删去")
    return said


def looked_up(code: str) -> tuple[Enterprise, list[AuditRecord]] | None:
    """What anybody may know: the enterprise that stands for a code, and its valid audits (two queries)."""
    code = credit_code.normalise(code)
    if credit_code.check(code):
        return None
    found = Enterprise.objects.select_related("merged_into").filter(credit_code=code).first()
    if found is None:
        return None
    standing = found.merged_into or found
    return standing, list(records_of(standing).filter(stage=AuditRecord.Stage.VALID))
