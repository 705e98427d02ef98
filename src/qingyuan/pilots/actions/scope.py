"""Verbs on the enterprises in a pilot's scope."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.catalogue import credit_code, sectors
from qingyuan.kernel import clock
from qingyuan.kernel.actions import Act, Invalid, Problem, action
from qingyuan.kernel.fields import misfits
from qingyuan.papers.canonical import canonical_bytes, sha256_hex
from qingyuan.pilots import returned, rules
from qingyuan.pilots.models import Pilot, ScopeEntry
from qingyuan.pilots.wording import check_prefecture, full_prefecture
from qingyuan.registry.actions import StatedEnterprise, ensure_enterprises
from qingyuan.registry.models import Enterprise
from qingyuan.workbooks.scope import check_audit_day

DRAFTING = (Pilot.Stage.DRAFTING,)
MAX_SCOPE = 5000
MAX_CHOSEN = 200
_SEPARATORS = re.compile(r"[,，;；、/\n]+")


@dataclass(frozen=True)
class ScopeRow:
    """An enterprise as a form or a workbook row states it; blank is "not stated"."""

    name: str
    credit_code: str
    sector: str = ""
    note: str = ""
    sector_code: str = ""
    size: str = ""
    permit: str = ""
    last_audit: dt.date | None = None
    pollutants: str = ""
    prefecture: str = ""
    county: str = ""


def normalised(row: ScopeRow) -> ScopeRow:
    """The row in the spelling that is kept."""
    pollutants = (" ".join(part.split()) for part in _SEPARATORS.split(row.pollutants))
    return ScopeRow(
        name=" ".join(row.name.split()),
        credit_code=credit_code.normalise(row.credit_code),
        sector=row.sector,
        note=row.note.strip(),
        sector_code=sectors.normalise_code(row.sector_code),
        size=row.size,
        permit=row.permit,
        last_audit=row.last_audit,
        pollutants="、".join(dict.fromkeys(part for part in pollutants if part)),
        prefecture=full_prefecture(row.prefecture),
        county=" ".join(row.county.split()),
    )


def _row_problems(row: ScopeRow, given: ScopeRow, known_sectors: set[str]) -> list[tuple[str, str]]:
    """What is wrong with one row, as field and message. `given` is the row as it was typed."""
    found = [("credit_code", message) for message in credit_code.check(row.credit_code)]
    if not row.name:
        found.append(("name", _("请填写企业名称")))
    if row.sector and row.sector not in known_sectors:
        found.append(("sector", _("“%s”不在通知所列行业内") % row.sector[:40]))
    if row.sector_code:
        found += [("sector_code", message) for message in sectors.check_code(given.sector_code)]
    if row.size and row.size not in ScopeEntry.Size.values:
        found.append(("size", _("没有这种企业规模：%s") % row.size[:20]))
    if row.permit and row.permit not in ScopeEntry.Permit.values:
        found.append(("permit", _("没有这种排污许可管理类别：%s") % row.permit[:20]))
    if row.last_audit is not None:
        today = clock.local(clock.now()).date()
        found += [("last_audit", _("应为%s") % message) for message in check_audit_day(row.last_audit, today)]
    found += [("prefecture", message) for message in check_prefecture(row.prefecture)]
    return found


def _checked(pilot: Pilot, rows: Sequence[ScopeRow]) -> list[ScopeRow]:
    """Normalised rows, or all problems at once."""
    problems: list[Problem] = []
    clean: list[ScopeRow] = []
    seen: dict[str, int] = {}
    known = set(pilot.notice.sectors.ids)
    for number, given in enumerate(rows, start=1):
        row = normalised(given)
        where = f"{number}" if len(rows) > 1 else ""
        problems.extend(
            Problem(message, where=f"{where}.{name}".lstrip("."))
            for name, message in _row_problems(row, given, known)
        )
        problems += misfits(
            ScopeEntry,
            at=where,
            stated_name=row.name,
            note=row.note,
            pollutants=row.pollutants,
            prefecture=row.prefecture,
            county=row.county,
        )
        if row.credit_code in seen:
            problems.append(
                Problem(
                    _("与第 %d 家重复：同一统一社会信用代码") % seen[row.credit_code],
                    where=f"{where}.credit_code".lstrip("."),
                )
            )
        seen.setdefault(row.credit_code, number)
        clean.append(row)
    if problems:
        raise Invalid(problems)
    return clean


def _enter(pilot: Pilot, rows: Sequence[ScopeRow]) -> None:
    enterprises = ensure_enterprises(
        StatedEnterprise(row.name, row.credit_code, sector_code=row.sector_code, is_demo=pilot.is_demo)
        for row in rows
    )
    ScopeEntry.objects.bulk_create(
        ScopeEntry(
            pilot=pilot,
            enterprise=enterprises[row.credit_code],
            stated_name=row.name,
            **{name: value for name, value in vars(row).items() if name not in {"name", "credit_code"}},
        )
        for row in rows
    )


@action(
    "pilot.add_enterprise",
    title=gettext_lazy("添加范围内企业"),
    on=Pilot,
    may=rules.can_write,
    stages=DRAFTING,
)
def add_enterprise(pilot: Pilot, act: Act, *, name: str, credit_code: str, **stated: Any) -> Pilot:
    """把一家企业列入试点范围；统一社会信用代码按 GB 32100 校验。`stated`：其余各列，见 ScopeRow。"""
    returned.require(pilot, now=act.now, part="scope")
    row = _checked(pilot, [ScopeRow(name, credit_code, **stated)])[0]
    if pilot.scope.filter(enterprise__credit_code=row.credit_code).exists():
        raise Invalid([Problem(_("该企业已在试点范围内"), where="credit_code")])
    if pilot.scope.count() >= MAX_SCOPE:
        raise Invalid([Problem(_("试点范围最多 %d 家企业") % MAX_SCOPE, where="credit_code")])
    _enter(pilot, [row])
    act.note(credit_code=row.credit_code)
    return pilot


@action(
    "pilot.add_known",
    title=gettext_lazy("从企业库添加"),
    on=Pilot,
    may=rules.can_write,
    stages=DRAFTING,
    idempotent=True,
)
def add_known(pilot: Pilot, act: Act, *, codes: Sequence[str], sector: str = "") -> Pilot:
    """把企业库中已有的企业列入试点范围；名称和行业代码取自企业库，其余各列可再补充。"""
    returned.require(pilot, now=act.now, part="scope")
    wanted = list(dict.fromkeys(codes))
    known = Enterprise.objects.in_bulk(wanted[: MAX_CHOSEN + 1], field_name="credit_code")
    present = set(
        pilot.scope.filter(enterprise__credit_code__in=wanted[:MAX_CHOSEN]).values_list(
            "enterprise__credit_code", flat=True
        )
    )
    problems = [
        Problem(_("企业库中没有这个代码：%s") % code[:18], where="codes")
        for code in wanted[:MAX_CHOSEN]
        if code not in known
    ]
    problems += [
        Problem(_("“%s”已在试点范围内") % known[code].name, where="codes")
        for code in wanted
        if code in present
    ]
    if not wanted:
        problems.append(Problem(_("请至少选择一家企业"), where="codes"))
    if len(wanted) > MAX_CHOSEN:
        problems.append(Problem(_("一次最多添加 %d 家") % MAX_CHOSEN, where="codes"))
    if sector and sector not in pilot.notice.sectors.ids:
        problems.append(Problem(_("“%s”不在通知所列行业内") % sector[:40], where="sector"))
    if pilot.scope.count() + len(wanted) > MAX_SCOPE:
        problems.append(Problem(_("试点范围最多 %d 家企业") % MAX_SCOPE, where="codes"))
    if problems:
        raise Invalid(problems)
    ScopeEntry.objects.bulk_create(
        ScopeEntry(
            pilot=pilot,
            enterprise=known[code],
            stated_name=known[code].name,
            sector=sector,
            sector_code=sectors.normalise_code(known[code].sector_code)[:4],
        )
        for code in wanted
    )
    act.items([[code, known[code].name, sector] for code in wanted])
    return pilot


@action(
    "pilot.import_scope",
    title=gettext_lazy("导入企业名单"),
    on=Pilot,
    may=rules.can_write,
    stages=DRAFTING,
    idempotent=True,
)
def import_scope(pilot: Pilot, act: Act, *, rows: Sequence[ScopeRow]) -> Pilot:
    """用一张企业名单整体替换试点范围；有一处错误就全部不导入，并逐格列出。"""
    returned.require(pilot, now=act.now, part="scope")
    if len(rows) > MAX_SCOPE:
        raise Invalid(
            [
                Problem(
                    _("名单有 %(n)d 家，最多 %(max)d 家") % {"n": len(rows), "max": MAX_SCOPE}, where="file"
                )
            ]
        )
    clean = _checked(pilot, rows)
    pilot.scope.all().delete()
    _enter(pilot, clean)
    act.items([[row.credit_code, row.name, row.sector, _digest(row)] for row in clean])
    return pilot


def _digest(row: ScopeRow) -> str:
    """The columns beside code, name and sector, so that the ledger's hash covers the whole row."""
    rest = {name: value for name, value in vars(row).items() if name not in {"name", "credit_code", "sector"}}
    rest["last_audit"] = row.last_audit.isoformat() if row.last_audit else ""
    return sha256_hex(canonical_bytes(rest))[:16]


@action(
    "pilot.remove_enterprise",
    title=gettext_lazy("移出范围内企业"),
    on=Pilot,
    may=rules.can_write,
    stages=DRAFTING,
)
def remove_enterprise(pilot: Pilot, act: Act, *, entry_id: int) -> Pilot:
    """把一家企业移出试点范围。"""
    returned.require(pilot, now=act.now, part="scope")
    entry = pilot.scope.select_related("enterprise").filter(pk=entry_id).first()
    if entry is None:
        raise Invalid([Problem(_("该企业已不在试点范围内"), where="entry_id")])
    act.note(credit_code=entry.enterprise.credit_code)
    entry.delete()
    return pilot
