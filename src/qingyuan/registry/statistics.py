"""The base in numbers: counted in SQL, whatever its size, with the figures that show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Case, CharField, Count, Max, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Greatest, Substr
from django.utils.translation import gettext_lazy as _

from qingyuan.catalogue import sectors
from qingyuan.figures import Figure, svg
from qingyuan.figures.counts import counts
from qingyuan.papers.canonical import canonical_bytes, sha256_hex
from qingyuan.registry import duties, queries, rules
from qingyuan.registry.models import AuditRecord, Enterprise

DAY = 24 * 3600
TITLES: Mapping[str, Any] = {
    "due": _("强制性审核的期限"),
    "region": _("所在地区"),
    "sector": _("行业大类"),
    "permit": _("排污许可管理类别"),
    "stage": _("企业状态"),
    "level": _("清洁生产水平（有效审核记录）"),
    "kind": _("审核性质（有效审核记录）"),
}
DUE: Mapping[str, Any] = {
    "report_overdue": _("列入名单，一年内没有完成"),
    "report_open": _("列入名单，一年期限未到"),
    "next_overdue": _("下一轮已过期限"),
    "next_soon": _("下一轮一年内到期"),
    "later": _("下一轮一年以后到期"),
    "none": _("没有列入名单，也没有审核"),
}
UNSTATED = _("未填")


@dataclass(frozen=True)
class Counted:
    """One cut: (what, how many), the most first; `unit` is what is counted."""

    slug: str
    title: str
    unit: str
    rows: tuple[tuple[str, int], ...]

    @property
    def figure(self) -> Figure:
        return figure_of(self)

    @property
    def total(self) -> int:
        return sum(count for _name, count in self.rows)


def statistics(user: Any) -> list[Counted]:
    """All cuts over the enterprises that this person sees (six queries)."""
    seen = Enterprise.objects.filter(rules.visible_enterprises(user))
    records = AuditRecord.objects.filter(stage=AuditRecord.Stage.VALID, enterprise__in=seen)
    return [
        _due(seen),
        _by_region(seen),
        # With its section's letter or without: three characters hold the division either way.
        _counted("sector", seen.annotate(part=Substr("sector_code", 1, 3)), "part", _division),
        _counted("permit", seen, "permit", dict(Enterprise.Permit.choices).get),
        _counted("stage", seen, "stage", dict(Enterprise.Stage.choices).get),
        _counted("level", records, "level", dict(AuditRecord.Level.choices).get, unit="条"),
        _counted("kind", records, "kind", dict(AuditRecord.Kind.choices).get, unit="条"),
    ]


def _counted(slug: str, rows: QuerySet[Any], column: str, name: Any, *, unit: str = "家") -> Counted:
    found = rows.order_by().values_list(column).annotate(count=Count("pk"))
    named: dict[str, int] = {}
    for key, count in found:
        label = str((name(key) if key else None) or key or UNSTATED)
        named[label] = named.get(label, 0) + count
    return Counted(
        slug, str(TITLES[slug]), unit, tuple(sorted(named.items(), key=lambda one: (-one[1], one[0])))
    )


def _division(text: str) -> str:
    code = text.lstrip("ABCDEFGHIJKLMNOPQRST")[:2]
    known = sectors.divisions().get(code)
    return f"{code} {known.name}" if known else text


def _by_region(seen: QuerySet[Enterprise]) -> Counted:
    """By prefecture; what is only known as a province by that."""
    return _counted(
        "region",
        seen.annotate(part=Substr("region_code", 1, 4)),
        "part",
        lambda code: queries.place(f"{code}00"),
    )


def _due(seen: QuerySet[Enterprise]) -> Counted:
    """Where each active enterprise stands, by the arithmetic of `duties`: its limits are days, so that SQL can count."""
    today = queries.today()
    mine = Q(audits__stage=AuditRecord.Stage.VALID, audits__kind__in=queries.DISCHARGING)
    merged = Q(
        merged_from__audits__stage=AuditRecord.Stage.VALID, merged_from__audits__kind__in=queries.DISCHARGING
    )
    unanswered = Q(listed_on__isnull=False) & (Q(last=None) | Q(last__lt=Coalesce("listed_on", "last")))
    state = Case(
        When(
            unanswered & Q(listed_on__lt=duties.overdue_before(today, step="report")),
            then=Value("report_overdue"),
        ),
        When(unanswered, then=Value("report_open")),
        When(last__lt=duties.overdue_before(today), then=Value("next_overdue")),
        When(last__lt=duties.overdue_before(today + timedelta(days=365)), then=Value("next_soon")),
        When(last__isnull=False, then=Value("later")),
        default=Value("none"),
        output_field=CharField(),
    )
    own, other = (
        Max("audits__completed_on", filter=mine),
        Max("merged_from__audits__completed_on", filter=merged),
    )
    standing = (
        seen.filter(stage=Enterprise.Stage.ACTIVE)
        .order_by()
        .annotate(own=own, other=other)
        # One of them may be missing: then the other is the latest.
        .annotate(last=Greatest(Coalesce("own", "other"), Coalesce("other", "own")))
        .annotate(state=state)
    )
    counted = standing.aggregate(**{key: Count("pk", filter=Q(state=key)) for key in DUE})
    rows = tuple((str(title), counted[key]) for key, title in DUE.items())
    return Counted("due", str(TITLES["due"]), "家", rows)


def figure_of(cut: Counted) -> Figure:
    named = {"家": _("企业数"), "条": _("记录数")}
    shown = [(name, count) for name, count in cut.rows if count]
    return counts(
        [name for name, _count in shown],
        {str(named[cut.unit]): [count for _name, count in shown]},
        title=cut.title,
        unit=cut.unit,
        name=cut.slug,
        head=cut.title,
    )


def drawn(cut: Counted) -> str:
    """The figure as SVG; drawn once for the same numbers."""
    key = f"registry-chart:{sha256_hex(canonical_bytes([cut.slug, cut.title, [list(row) for row in cut.rows]]))}"
    kept: str | None = cache.get(key)
    if kept is None:
        kept = svg(figure_of(cut))
        cache.set(key, kept, DAY)
    return kept
