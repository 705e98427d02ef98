"""A province's list, taken in set-wise: as many statements for 100,000 rows as for ten."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from operator import attrgetter
from uuid import uuid4

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.catalogue import credit_code
from qingyuan.kernel.actions import Act, Invalid, Problem, action
from qingyuan.kernel.fields import misfits
from qingyuan.people.models import Organisation
from qingyuan.registry import queries, rules
from qingyuan.registry.actions.audits import BY_HAND
from qingyuan.registry.actions.enterprise import not_later
from qingyuan.registry.models import AuditRecord, Enterprise, FormerName, ListImport, Listing

FIELDS = (
    "name",
    "region_code",
    "sector_code",
    "address",
    "permit",
    "permit_number",
    "listed_on",
    "disclosed_on",
    "started_on",
)
"""What a list says of an enterprise; blank says nothing."""
_LONGEST: dict[str, int] = {
    name: most for name in FIELDS if (most := getattr(Enterprise._meta.get_field(name), "max_length", None))
}
_DAYS = ("listed_on", "disclosed_on", "started_on", "audit_on")


@dataclass(frozen=True)
class ListRow:
    """An enterprise as a row of the list states it; `credit_code` is normalised, days and texts may be blank."""

    name: str
    credit_code: str
    region_code: str
    sector_code: str = ""
    address: str = ""
    permit: str = ""
    permit_number: str = ""
    listed_on: date | None = None
    disclosed_on: date | None = None
    started_on: date | None = None
    audit_on: date | None = None
    audit_kind: str = ""
    audit_level: str = ""
    audit_source: str = ""


_PARTS = attrgetter(*(part.name for part in fields(ListRow)))


@action(
    "registry.import_list",
    title=gettext_lazy("导入企业清单"),
    on=Organisation,
    may=rules.keeps_registry,
    stages=(Organisation.Stage.ACTIVE,),
    creates=ListImport,
    idempotent=True,
)
def import_list(department: Organisation, act: Act, *, rows: Sequence[ListRow]) -> ListImport:
    """按统一社会信用代码对应，新增或更新本省企业及其最近一次审核；清单中没有的企业不受影响，同样的清单再导入不改动什么。"""
    if problems := [*_content(department, rows), *_standing(department, rows)]:
        raise Invalid(problems)
    made = ListImport.objects.create(department=department, at=act.now, by=act.by, rows=len(rows))
    codes = [row.credit_code for row in rows]
    known = {
        one.credit_code: one
        for one in Enterprise.objects.select_for_update().filter(credit_code__in=codes).order_by("pk")
    }
    province = rules.province_of(department.region_code)
    written = [
        one
        for row in rows
        if (one := _taken(row, known.get(row.credit_code), province=province, source=made)) is not None
    ]
    former = [
        FormerName(
            enterprise=known[row.credit_code],
            name=known[row.credit_code].name,
            until=queries.day_of(act.now),
            recorded_at=act.now,
        )
        for row in rows
        if row.credit_code in known and known[row.credit_code].name != row.name
    ]
    # New and changed ones in one statement: a pilot may enter the same enterprise at this moment.
    Enterprise.objects.bulk_create(
        written,
        update_conflicts=True,
        unique_fields=["credit_code"],
        update_fields=[*FIELDS, "province", "last_list", "revision"],
    )
    FormerName.objects.bulk_create(former)
    _listings(rows, made)
    made.added = sum(row.credit_code not in known for row in rows)
    made.changed, made.renamed = len(written) - made.added, len(former)
    made.records = _audits(rows, act)
    made.save(update_fields=["added", "changed", "renamed", "records"])
    act.items([[str(part or "") for part in _PARTS(row)] for row in rows])
    act.note(added=made.added, changed=made.changed, renamed=made.renamed, records=made.records)
    return made


def _taken(row: ListRow, known: Enterprise | None, *, province: str, source: ListImport) -> Enterprise | None:
    """The enterprise as it shall stand, under a key of its own (the code decides who is meant); None if nothing is new."""
    stated = {name: value for name in FIELDS if (value := getattr(row, name))}
    if known is None:
        return Enterprise(credit_code=row.credit_code, province=province, last_list=source, **stated)
    same = known.last_list_id is not None and known.province == province
    if same and all(getattr(known, name) == value for name, value in stated.items()):
        return None
    merged = {name: stated.get(name, getattr(known, name)) for name in FIELDS}
    return Enterprise(
        id=uuid4(),
        credit_code=row.credit_code,
        province=province,
        last_list=source,
        revision=known.revision + 1,
        is_demo=known.is_demo,
        **merged,
    )


def _listings(rows: Sequence[ListRow], source: ListImport) -> None:
    """Remember on which list each stands: a later list must not make the earlier one forgotten."""
    listed = {row.credit_code: day for row in rows if (day := row.listed_on) is not None}
    if not listed:
        return
    keys = dict(Enterprise.objects.filter(credit_code__in=list(listed)).values_list("credit_code", "pk"))
    Listing.objects.bulk_create(
        [Listing(enterprise_id=keys[code], listed_on=day, source=source) for code, day in listed.items()],
        ignore_conflicts=True,
    )


def _audits(rows: Sequence[ListRow], act: Act) -> int:
    """Enter the audits that are not on record; one that was revoked stays so. How many came."""
    stated = {(row.credit_code, row.audit_kind, on): row for row in rows if (on := row.audit_on) is not None}
    if not stated:
        return 0
    codes = [code for code, _kind, _on in stated]
    keys = dict(Enterprise.objects.filter(credit_code__in=codes).values_list("credit_code", "pk"))
    # By key and not by code: two tables just filled, of which the database knows nothing yet, are joined row by row.
    there = set(
        AuditRecord.objects.filter(enterprise__in=list(keys.values())).values_list(
            "enterprise_id", "kind", "completed_on"
        )
    )
    new = [
        AuditRecord(
            enterprise_id=keys[row.credit_code],
            kind=row.audit_kind,
            completed_on=on,
            level=row.audit_level,
            source=row.audit_source,
            made_at=act.now,
        )
        for (code, kind, on), row in stated.items()
        if (keys[code], kind, on) not in there
    ]
    AuditRecord.objects.bulk_create(new)
    return len(new)


# --- what is wrong with a list


def _content(department: Organisation, rows: Sequence[ListRow]) -> Iterator[Problem]:
    """What each row says wrongly by itself, and codes that come twice."""
    province = rules.province_of(department.region_code)
    first: dict[str, int] = {}
    for number, row in enumerate(rows, start=1):
        at = f"rows.{number - 1}"
        for message in credit_code.check(row.credit_code):
            yield Problem(message, where=f"{at}.credit_code")
        if (seen := first.setdefault(row.credit_code, number)) != number:
            yield Problem(_("与第 %d 家企业的信用代码重复") % seen, where=f"{at}.credit_code")
        if not row.name:
            yield Problem(_("没有填写"), where=f"{at}.name")
        if rules.province_of(row.region_code) != province or len(row.region_code) != 6:
            yield Problem(
                _("不是本省的地区"),
                where=f"{at}.region_code",
                expected=_("以 %s 开头的六位区划代码") % province,
            )
        if any(len(getattr(row, name)) > most for name, most in _LONGEST.items()):
            yield from misfits(Enterprise, at=at, **{name: getattr(row, name) for name in _LONGEST})
        if row.permit and row.permit not in Enterprise.Permit.values:
            yield Problem(
                _("没有这个类别"), where=f"{at}.permit", expected="、".join(Enterprise.Permit.values)
            )
        for name in _DAYS:
            if day := getattr(row, name):
                yield from not_later(day, where=f"{at}.{name}")
        yield from _audit(row, at)


def _audit(row: ListRow, at: str) -> Iterator[Problem]:
    if row.audit_on is None:
        if row.audit_kind or row.audit_level or row.audit_source:
            yield Problem(_("填了审核的其他内容，没有填完成日期"), where=f"{at}.audit_on")
        return
    if row.audit_kind not in BY_HAND:
        yield Problem(
            _("填了审核完成日期，须填审核性质"), where=f"{at}.audit_kind", expected="、".join(BY_HAND)
        )
    if not row.audit_source:
        yield Problem(_("填了审核完成日期，须填依据文件"), where=f"{at}.audit_source")
    if row.audit_level and row.audit_level not in AuditRecord.Level.values:
        yield Problem(
            _("没有这个等级"), where=f"{at}.audit_level", expected="、".join(AuditRecord.Level.values)
        )
    yield from misfits(AuditRecord, at=at, source=row.audit_source)


def _standing(department: Organisation, rows: Sequence[ListRow]) -> Iterator[Problem]:
    """Codes that the registry knows as somebody else's, closed or merged (one query)."""
    blocked: Mapping[str, str] = queries.blocked(department, [row.credit_code for row in rows])
    for number, row in enumerate(rows):
        if row.credit_code in blocked:
            yield Problem(blocked[row.credit_code], where=f"rows.{number}.credit_code")
