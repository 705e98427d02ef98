"""统计: how many, of what, where and when. Published facts alone: what a public page or a published list says of each pilot.

Applications are counted as one number for the calls whose result is published: how many of them were refused in a
province would name the refused one where there was only one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from qingyuan.calls.models import Call
from qingyuan.catalogue import regions
from qingyuan.delivery.models import Conclusion, Practice, Project, ScopeEnterprise
from qingyuan.figures import FigureError, svg
from qingyuan.figures.counts import counts
from qingyuan.figures.model import Figure
from qingyuan.kernel import clock
from qingyuan.papers.canonical import canonical_bytes, sha256_hex
from qingyuan.review.bundles import province_of
from qingyuan.review.models import Case, DecisionItem
from qingyuan.review.queries.lists import public_decisions

KINDS = ("approved", "passed", "enterprises")
CHARTS = ("path", "category", "province", "year")


@dataclass(frozen=True)
class Row:
    """One group: pilots approved, pilots passed, enterprises of the passed ones."""

    name: str
    approved: int = 0
    passed: int = 0
    enterprises: int = 0


@dataclass(frozen=True, kw_only=True)
class Statistics:
    """All figures of the page; `path` are the steps from call to enterprise."""

    calls: int
    applications: int
    recommended: int
    approved: int
    passed: int
    enterprises: int
    lists: int
    cases: int
    by_category: tuple[Row, ...]
    by_province: tuple[Row, ...]
    by_year: tuple[Row, ...]

    @property
    def fingerprint(self) -> str:
        """Changes with any figure."""
        data = asdict(self)
        for name in ("by_category", "by_province", "by_year"):
            data[name] = [dict(row) for row in data[name]]
        return sha256_hex(canonical_bytes(data))[:32]

    @property
    def path(self) -> list[tuple[str, int]]:
        """The steps with their names, in the order in which a pilot goes them."""
        return [
            (_("发布的申报通知"), self.calls),
            (_("申报"), self.applications),
            (_("推荐"), self.recommended),
            (_("同意开展"), self.approved),
            (_("通过评估验收"), self.passed),
            (_("受益企业"), self.enterprises),
        ]


@dataclass(frozen=True)
class _Seen:
    """One pilot on a published list."""

    category: str
    region: str
    year: int


def statistics() -> Statistics:
    """Nine queries, however many pilots there are."""
    decisions = list(public_decisions())
    state = {one.pk: one for one in decisions if one.round.joint_body.level == "state"}
    province = {one.pk for one in decisions} - state.keys()
    received = Case.objects.filter(round__in=[one.round_id for one in decisions]).aggregate(
        own=Count("pk", filter=Q(submission__isnull=False))
    )
    chosen = DecisionItem.objects.filter(
        decision__in=[*state, *province], outcome__in=[Case.Stage.APPROVED, Case.Stage.RECOMMENDED]
    )
    approved: list[_Seen] = []
    recommended = 0
    for decision, category, region in chosen.values_list(
        "decision", "case__category_id", "case__region_code"
    ):
        if decision in province:
            recommended += 1
            continue
        found = state[decision]
        assert found.released_at is not None
        day = found.dated_on or clock.local(found.released_at).date()
        approved.append(_Seen(_title(found.round.call, category), region, day.year))
    elsewhere = Project.objects.filter(case__stage=Case.Stage.RECOMMENDED).select_related("pilot__call")
    approved += [
        _Seen(_title(one.pilot.call, one.category_id), one.region_code, one.approved_on.year)
        for one in elsewhere
    ]
    passed, enterprises = _passed()
    return Statistics(
        calls=Call.objects.filter(stage=Call.Stage.OPEN).count(),
        applications=received["own"],
        recommended=recommended,
        approved=len(approved),
        passed=len(passed),
        enterprises=sum(enterprises.values()),
        lists=len(decisions),
        cases=Practice.objects.filter(stage=Practice.Stage.PUBLISHED).count(),
        by_category=_rows(approved, passed, enterprises, lambda one: one.category),
        by_province=_rows(approved, passed, enterprises, lambda one: _province(one.region)),
        by_year=_rows(approved, passed, enterprises, lambda one: str(one.year)),
    )


def _passed() -> tuple[list[tuple[Any, _Seen]], Counter[Any]]:
    """Pilots on the passed list, and the enterprises that each brought through (two queries)."""
    found = Conclusion.objects.filter(
        outcome=Conclusion.Outcome.PASSED, listed_on__lte=clock.local(clock.now()).date()
    ).select_related("project__pilot__call")
    passed = [
        (
            one.project_id,
            _Seen(
                _title(one.project.pilot.call, one.project.category_id),
                one.project.region_code,
                one.listed_on.year,
            ),
        )
        for one in found
    ]
    scope = (
        ScopeEnterprise.objects.filter(
            project__in=[project for project, _seen in passed],
            dropped_on=None,
            exclusions__isnull=True,
        )
        .values("project")
        .annotate(number=Count("pk"))
        .values_list("project", F("number"))
    )
    return passed, Counter(dict(scope))


def _title(call: Call, category: str) -> str:
    return next((one.title for one in call.notice.categories if one.id == category), category)


def _province(code: str) -> str:
    known = regions.regions().get(province_of(code))
    return known.name if known else _("其他")


def _rows(
    approved: Iterable[_Seen], passed: Iterable[tuple[Any, _Seen]], enterprises: Counter[Any], group: Any
) -> tuple[Row, ...]:
    begun = Counter(group(one) for one in approved)
    ended: Counter[str] = Counter()
    brought: Counter[str] = Counter()
    for project, one in passed:
        ended[group(one)] += 1
        brought[group(one)] += enterprises[project]
    return tuple(
        Row(name, begun[name], ended[name], brought[name]) for name in sorted(begun.keys() | ended.keys())
    )


# --- charts


def headings() -> dict[str, str]:
    """What the columns are called."""
    return {"approved": _("同意开展"), "passed": _("通过评估验收"), "enterprises": _("受益企业")}


def figure(found: Statistics, chart: str) -> Figure | None:
    """A chart of the page; None while it has nothing to show."""
    try:
        if chart == "path":
            steps = found.path
            return counts(
                [name for name, _number in steps],
                {_("数量"): [number for _name, number in steps]},
                title=_("从申报到受益企业"),
                unit=_("个"),
                name=chart,
                head=_("环节"),
            )
        rows: tuple[Row, ...] = getattr(found, f"by_{chart}")
        names = headings()
        return counts(
            [row.name for row in rows],
            {names[kind]: [getattr(row, kind) for row in rows] for kind in ("approved", "passed")},
            title={"category": _("按类别"), "province": _("按省份"), "year": _("按年度")}[chart],
            unit=_("个"),
            name=chart,
            head={"category": _("类别"), "province": _("省份"), "year": _("年度")}[chart],
        )
    except FigureError:
        return None


@lru_cache(maxsize=32)
def _drawn(found: Statistics, chart: str, _language: str) -> str | None:
    made = figure(found, chart)
    return svg(made) if made else None


def drawn(found: Statistics, chart: str, language: str) -> str | None:
    """The chart as SVG: drawn once for the same figures in a process."""
    return _drawn(found, chart, language)
