"""The account of one pilot or of many, out of its rows: as many queries for fifty pilots as for one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Q, QuerySet

from qingyuan.catalogue import innovation
from qingyuan.delivery import account as pure
from qingyuan.delivery import account_words as words
from qingyuan.delivery.account import MEASURES, Coverage, Entry, Range, Result, Share
from qingyuan.delivery.efforts import AMOUNTS, EffortRow
from qingyuan.delivery.models import (
    AccountStatement,
    Assumption,
    CoverageFigure,
    EffortEntry,
    LogDeclaration,
    Project,
    ScopeEnterprise,
)
from qingyuan.delivery.queries.project import RELATED
from qingyuan.figures.comparison import Compared, compared
from qingyuan.figures.model import Figure

EFFORT_RELATED = tuple(f"project__{name}" for name in RELATED)
SCHEMA = 1
STATEMENT_TONES: Mapping[str, str] = {
    AccountStatement.Stage.STATED: "info",
    AccountStatement.Stage.PUBLIC: "good",
    AccountStatement.Stage.RETRACTED: "neutral",
}


@dataclass(frozen=True, kw_only=True)
class Assumed:
    """What is assumed of the traditional way, whose word it is, and since when; `usual` None: nothing is assumed."""

    measure: innovation.Measure
    usual: Range | None
    source: str
    is_default: bool
    set_at: datetime | None = None
    set_by: Any = None


@dataclass(frozen=True, kw_only=True)
class Book:
    """Everything that the account of a pilot says."""

    project: Project
    results: Mapping[str, Result]
    coverage: Coverage
    assumed: Mapping[str, Assumed]
    figures: tuple[CoverageFigure, ...]
    declared: Mapping[str, LogDeclaration]
    entries: int
    last_day: date | None
    large: tuple[EffortEntry, ...]
    """Entries whose size people must look at."""

    @property
    def sentences(self) -> list[words.Sentence]:
        return list(words.sentences(self.results, self.coverage))

    @property
    def doubts(self) -> list[words.Doubt]:
        defaults = {name: one.is_default for name, one in self.assumed.items()}
        found = list(words.doubts(self.results, defaults))
        found += [
            words.Doubt(measure="", text=f"第 {one.number} 笔（{one.day}）数额很大，请核对单位")
            for one in self.large
        ]
        if self.project.stage == Project.Stage.RUNNING and self.entries:
            found.append(words.Doubt(measure="", text="试点还在实施，账目截至最近一笔记录，不是最终结果"))
        return found


def book(project: Project) -> Book:
    """Six queries."""
    return books([project])[project.pk]


def books(projects: Iterable[Project]) -> dict[Any, Book]:
    """The accounts of many pilots, in six queries."""
    by_key = {project.pk: project for project in projects}
    scope: dict[Any, dict[str, str]] = {key: {} for key in by_key}
    for key, project, sector in ScopeEnterprise.objects.filter(
        project__in=by_key, dropped_on=None
    ).values_list("pk", "project_id", "sector_code"):
        scope[project][str(key)] = _division(sector)
    covers: defaultdict[Any, set[str]] = defaultdict(set)
    through = EffortEntry.enterprises.through
    for effort, key in through.objects.filter(
        effortentry__project__in=by_key, effortentry__stage=EffortEntry.Stage.VALID
    ).values_list("effortentry_id", "scopeenterprise_id"):
        covers[effort].add(str(key))
    efforts = _by_project(
        EffortEntry.objects.filter(project__in=by_key, stage=EffortEntry.Stage.VALID).order_by(
            "day", "number"
        )
    )
    assumptions = _by_project(Assumption.objects.filter(project__in=by_key).select_related("set_by"))
    declarations = _by_project(LogDeclaration.objects.filter(project__in=by_key))
    figures = _by_project(CoverageFigure.objects.filter(project__in=by_key).order_by("quantity"))
    return {
        key: _book(
            project,
            scope=scope[key],
            efforts=efforts[key],
            covers=covers,
            assumptions={one.measure: one for one in assumptions[key]},
            declared={one.measure: one for one in declarations[key]},
            figures=tuple(figures[key]),
        )
        for key, project in by_key.items()
    }


def _by_project(rows: Iterable[Any]) -> defaultdict[Any, list[Any]]:
    found: defaultdict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.project_id].append(row)
    return found


def _division(code: str) -> str:
    """The two digits of GB/T 4754, without the letter that may stand before them."""
    return code.lstrip("ABCDEFGHIJKLMNOPQRST")[:2]


def _book(
    project: Project,
    *,
    scope: Mapping[str, str],
    efforts: list[EffortEntry],
    covers: Mapping[Any, set[str]],
    assumptions: Mapping[str, Assumption],
    declared: Mapping[str, LogDeclaration],
    figures: tuple[CoverageFigure, ...],
) -> Book:
    assumed = {
        name: _assumed(measure, assumptions.get(name)) for name, measure in innovation.assumptions().items()
    }
    limits = innovation.innovation().flags
    return Book(
        project=project,
        results=pure.account(
            scope,
            [_entry(one, covers.get(one.pk, ())) for one in efforts],
            {name: one.usual for name, one in assumed.items() if one.usual is not None},
            complete=declared,
        ),
        coverage=pure.coverage(
            scope,
            before=assumed["enterprises"].usual,
            shares=[
                Share(
                    quantity=one.quantity,
                    unit=one.unit,
                    covered=_fraction(one.covered),
                    total=_fraction(one.total),
                )
                for one in figures
            ],
        ),
        assumed=assumed,
        figures=figures,
        declared=declared,
        entries=len(efforts),
        last_day=max((one.day for one in efforts), default=None),
        large=tuple(
            one
            for one in efforts
            if (one.person_days or 0) > limits.person_days_above or (one.money or 0) > limits.yuan_above
        ),
    )


def _assumed(measure: innovation.Measure, stated: Assumption | None) -> Assumed:
    if stated is not None:
        usual = Range(low=Fraction(stated.low), mid=Fraction(stated.mid), high=Fraction(stated.high))
        return Assumed(
            measure=measure,
            usual=usual,
            source=stated.source,
            is_default=False,
            set_at=stated.set_at,
            set_by=stated.set_by,
        )
    if measure.low is None or measure.mid is None or measure.high is None:
        return Assumed(measure=measure, usual=None, source="", is_default=True)
    usual = Range(low=Fraction(measure.low), mid=Fraction(measure.mid), high=Fraction(measure.high))
    return Assumed(measure=measure, usual=usual, source=innovation.innovation().source, is_default=True)


def _entry(one: EffortEntry, about: Iterable[str]) -> Entry:
    kind = innovation.kinds().get(one.kind)
    asks = set(kind.asks) if kind else set()
    amounts = {
        name: _fraction(value)
        for name in AMOUNTS
        if (value := getattr(one, name)) is not None or name in asks
    }
    if kind and kind.visits:
        amounts["visits"] = Fraction(kind.visits)
    return Entry(covers=frozenset(about), amounts=amounts)


def _fraction(value: Decimal | None) -> Fraction | None:
    return None if value is None else Fraction(value)


def identities(project: Project) -> dict[tuple[Any, ...], int]:
    """What is on record, as `EffortRow.identity` says it, with the number (two queries)."""
    rows = project.efforts.filter(stage=EffortEntry.Stage.VALID).prefetch_related("enterprises__enterprise")
    return {
        EffortRow(
            day=one.day,
            kind=one.kind,
            enterprises=tuple(each.enterprise.credit_code for each in one.enterprises.all()),
            done_by=one.done_by,
            note=one.note,
            **{name: getattr(one, name) for name in AMOUNTS},
        ).identity: one.number
        for one in rows
    }


def efforts(project: Project) -> QuerySet[EffortEntry]:
    """The log, the newest first, with whom each entry was about."""
    return project.efforts.select_related("recorded_by", "evidence").prefetch_related("enterprises")


# --- the account as a figure, as data, as quotes


def figure(book: Book) -> Figure:
    """What an enterprise takes by this way beside the traditional one; FigureError where nothing can be compared."""
    return compared(
        [
            Compared(
                title=measure.title,
                unit=measure.unit,
                low=float(usual.low),
                mid=float(usual.mid),
                high=float(usual.high),
                actual=None if (each := book.results[name].per_enterprise) is None else float(each),
            )
            for name, measure in innovation.measures().items()
            if (usual := book.results[name].tradition) is not None
        ],
        title="平均每家企业的投入：本试点与传统逐家审核",
        name="account",
        usual="传统逐家审核",
    )


def content_of(book: Book) -> dict[str, Any]:
    """The account as canonical JSON data, with everything that a reader needs to judge it."""
    cover = book.coverage
    return {
        "schema": SCHEMA,
        "measures": {name: pure.as_data(book.results[name]) for name in MEASURES},
        "coverage": {
            "enterprises": cover.enterprises,
            "sectors": cover.sectors,
            "without_sector": cover.without_sector,
            "shares": [
                {
                    "quantity": one.quantity,
                    "unit": one.unit,
                    "year": one.year,
                    "covered": _plain(one.covered),
                    "total": _plain(one.total),
                    "source": one.source,
                }
                for one in book.figures
            ],
        },
        "assumptions": {
            name: {
                "usual": [str(one.usual.low), str(one.usual.mid), str(one.usual.high)] if one.usual else None,
                "source": one.source,
                "is_default": one.is_default,
            }
            for name, one in book.assumed.items()
        },
        "entries": book.entries,
        "until": book.last_day.isoformat() if book.last_day else None,
        "sentences": [one.text for one in book.sentences],
        "doubts": [one.text for one in book.doubts],
    }


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else format(value.normalize(), "f")


def results_of(content: Mapping[str, Any]) -> dict[str, Result]:
    return {name: pure.from_data(data) for name, data in content["measures"].items()}


# --- many pilots


def together(books: Iterable[Book]) -> dict[str, tuple[Result, int]]:
    return pure.together([one.results for one in books])


def public_statements() -> list[AccountStatement]:
    """Of each pilot the newest statement that was released (one query)."""
    newest: dict[Any, AccountStatement] = {}
    for one in AccountStatement.objects.filter(Q(stage=AccountStatement.Stage.PUBLIC)).order_by("number"):
        newest[one.project_id] = one
    return list(newest.values())
