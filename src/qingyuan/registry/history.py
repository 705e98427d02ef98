"""An enterprise over time: lists, names, audits, revocations, closings, merges, and every duty there ever was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.kernel.models import LedgerEntry
from qingyuan.registry import duties, queries
from qingyuan.registry.duties import Duty
from qingyuan.registry.models import AuditRecord, Enterprise, FormerName, Listing

TOLD = {
    "enterprise.close": gettext_lazy("登记关停"),
    "enterprise.reopen": gettext_lazy("恢复在册"),
    "enterprise.merge": gettext_lazy("并入另一企业"),
}


@dataclass(frozen=True)
class Event:
    """What happened on a day; `seq` is its entry in the ledger where it has one of its own."""

    when: date
    title: str
    detail: str = ""
    seq: int | None = None


@dataclass(frozen=True)
class History:
    events: Sequence[Event]
    duties: Sequence[Duty]


def history(enterprise: Enterprise) -> History:
    """Of the enterprise and of the entries merged into it, the newest first (five queries)."""
    entries = {enterprise.pk: enterprise, **{one.pk: one for one in enterprise.merged_from.all()}}
    records = list(queries.records_of(enterprise).select_related("certificate"))
    listings = list(Listing.objects.filter(enterprise__in=entries))
    events = [
        *_of_lists(listings),
        *_of_names(entries),
        *_of_records(records, enterprise),
        *_of_ledger(entries, enterprise),
    ]
    rounds = duties.rounds(
        today=queries.today(),
        listings=[one.listed_on for one in listings],
        audits=[
            one.completed_on
            for one in records
            if one.stage == AuditRecord.Stage.VALID and one.kind in queries.DISCHARGING
        ],
    )
    return History(sorted(events, key=lambda one: one.when, reverse=True), rounds)


def _of_lists(listings: Sequence[Listing]) -> Iterator[Event]:
    for one in listings:
        yield Event(one.listed_on, _("列入强制性清洁生产审核名单"))


def _of_names(entries: dict[Any, Enterprise]) -> Iterator[Event]:
    for one in FormerName.objects.filter(enterprise__in=entries):
        yield Event(one.until, _("更名"), _("原名：%s") % one.name)


def _of_records(records: Sequence[AuditRecord], standing: Enterprise) -> Iterator[Event]:
    for one in records:
        where = "" if one.enterprise_id == standing.pk else f"（{one.enterprise.credit_code}）"
        told = "；".join(part for part in (one.source, one.note) if part)
        yield Event(one.completed_on, _("完成%s") % one.get_kind_display() + where, told)
        if one.revoked_at is not None:
            day = one.completed_on.isoformat()
            yield Event(
                queries.day_of(one.revoked_at), _("撤销 %s 的审核记录") % day + where, one.revoked_reason
            )


def _of_ledger(entries: dict[Any, Enterprise], standing: Enterprise) -> Iterator[Event]:
    """Closings, reopenings and merges have no table of their own: their acts are in the ledger."""
    label = Enterprise._meta.label_lower
    acts = LedgerEntry.objects.filter(
        subject_type=label, subject_id__in=[str(key) for key in entries], verb__in=list(TOLD)
    )
    for act in acts:
        one = next(entry for key, entry in entries.items() if str(key) == act.subject_id)
        where = "" if one.pk == standing.pk else f"（{one.credit_code}）"
        yield Event(queries.day_of(act.at), f"{TOLD[act.verb]}{where}", "", act.seq)
