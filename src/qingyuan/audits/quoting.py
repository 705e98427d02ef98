"""Figures and charts of computations in other rooms' texts: what a code stands for, what newer there is, and taking it over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.audits import charts, focus_quotes
from qingyuan.audits.models import Finding, Run
from qingyuan.audits.pins import Pin, Place, Quoted, newest_of, renewed
from qingyuan.kernel import quotables
from qingyuan.kernel.errors import NotFound
from qingyuan.kernel.quotables import Key, Quote
from qingyuan.papers import quoting
from qingyuan.pilots import drafts
from qingyuan.pilots.models import Chapter, Pilot
from qingyuan.pilots.quotes import FINDING


def resolve(keys: Sequence[Key]) -> Mapping[Key, Quote]:
    """Answer for keys of the form PILOT:CODE with the computation's number as version (two queries for all)."""
    wanted: dict[tuple[UUID, str, int], Key] = {}
    for key in keys:
        pilot, _sep, code = key.id.partition(":")
        if (identity := _uuid_of(pilot)) is not None and key.version.isdecimal():
            wanted[identity, code, int(key.version)] = key
    if not wanted:
        return {}
    latest = newest({pilot for pilot, _code, _number in wanted}, {code for _pilot, code, _number in wanted})
    rows = Finding.objects.filter(
        code__in={code for _pilot, code, _number in wanted},
        run__dataset__pilot__in={pilot for pilot, _code, _number in wanted},
        run__number__in={number for _pilot, _code, number in wanted},
        run__stage=Run.Stage.DONE,
    ).select_related("run__dataset")
    found = {}
    for row in rows:
        asked = wanted.get((row.run.dataset.pilot_id, row.code, row.run.number))
        if asked is not None:
            found[asked] = Quote(
                label=row.title,
                value=row.text,
                unit=row.unit,
                source_url=reverse("audits:run", args=[row.run_id]),
                is_stale=latest[row.run.dataset.pilot_id, row.code] > row.run.number,
            )
    return found | _ranked({place: key for place, key in wanted.items() if key not in found})


def _ranked(wanted: Mapping[tuple[UUID, str, int], Key]) -> dict[Key, Quote]:
    """What no computation says may be of a ranking (one query, none where nothing is left)."""
    if not wanted:
        return {}
    known = focus_quotes.of_pilots({pilot for pilot, _code, _number in wanted})
    latest = {(pilot, code): number for pilot, code, number in sorted(known, key=lambda one: one[2])}
    return {
        key: Quote(
            label=known[place].title,
            value=known[place].text,
            source_url=known[place].url,
            is_stale=latest[place[:2]] > place[2],
        )
        for place, key in wanted.items()
        if place in known
    }


quotables.register(FINDING, resolve)


def newest(pilots: set[UUID], codes: set[str]) -> dict[tuple[UUID, str], int]:
    """The number of the newest computation that has the figure, by pilot and code (one query)."""
    rows = (
        Finding.objects.filter(code__in=codes, run__dataset__pilot__in=pilots, run__stage=Run.Stage.DONE)
        .order_by()
        .values_list("run__dataset__pilot", "code")
        .annotate(last=Max("run__number"))
    )
    return {(pilot, code): last for pilot, code, last in rows}


def _uuid_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@dataclass(frozen=True)
class Figure:
    """A figure of a computation (`pins.Quoted`)."""

    row: Finding

    @property
    def code(self) -> str:
        return self.row.code

    @property
    def number(self) -> int:
        return self.row.run.number

    @property
    def title(self) -> str:
        return self.row.title

    @property
    def text(self) -> str:
        return self.row.text

    sign = text

    @property
    def typed(self) -> str:
        return quoting.code_of(f"{quoting.FINDING}{self.row.code}", str(self.row.run.number))

    @property
    def origin(self) -> str:
        return _("第 %d 次计算") % self.row.run.number

    @property
    def source(self) -> str:
        return f"{self.row.run.dataset.title}，{self.origin}"

    @property
    def url(self) -> str:
        return self.row.run.get_absolute_url()

    @property
    def sha256(self) -> str:
        return self.row.run.result_sha256


@dataclass(frozen=True)
class Pinned(Pin):
    """One that stands in a chapter of the plan."""

    chapter: Chapter
    title: str
    """The chapter's."""


def pins(pilot: UUID, places: Iterable[Place]) -> dict[Place, Pin]:
    """What these places of a pilot's texts quote (two queries for figures, three for charts, none where they quote neither)."""
    places = list(places)
    found: dict[Place, Pin] = {}
    for kind, known_of in ((quoting.FINDING, _figures), (quoting.CHART, _charts)):
        wanted = {
            (key, number): (key.removeprefix(kind), int(number))
            for key, number in places
            if key.startswith(kind)
        }
        if not wanted:
            continue
        known = known_of(pilot, set(wanted.values()))
        latest = newest_of(known)
        found |= {
            place: Pin(code, number, known.get((code, number)), latest.get(code))
            for place, (code, number) in wanted.items()
        }
    return {place: found[place] for place in places if place in found}


def _figures(pilot: UUID, wanted: set[tuple[str, int]]) -> dict[tuple[str, int], Quoted]:
    """The figures asked for, and the newest of each; what no computation says may be of a ranking."""
    latest = newest({pilot}, {code for code, _number in wanted})
    numbers = {number for _code, number in wanted} | set(latest.values())
    rows = Finding.objects.filter(
        code__in={code for code, _number in wanted},
        run__dataset__pilot=pilot,
        run__stage=Run.Stage.DONE,
        run__number__in=numbers,
    ).select_related("run__dataset")
    found: dict[tuple[str, int], Quoted] = {(row.code, row.run.number): Figure(row) for row in rows}
    if {code for code, _number in wanted} <= {code for code, _number in found}:
        return found
    ranked = focus_quotes.of_pilots({pilot})
    return found | {(code, number): one for (_pilot, code, number), one in ranked.items()}


def _charts(pilot: UUID, _wanted: set[tuple[str, int]]) -> dict[tuple[str, int], Quoted]:
    return {**charts.of_pilot(pilot)}


def pinned(pilot: Pilot) -> list[Pinned]:
    """Every quoted figure of a pilot's chapters, in the order of the plan (three queries)."""
    chapters = list(pilot.chapters.filter(html__contains=quoting.FINDING))
    places = {chapter: list(dict.fromkeys(quoting.quoted(chapter.html))) for chapter in chapters}
    found = pins(pilot.pk, [place for each in places.values() for place in each])
    headings = {heading.id: heading.title for heading in pilot.notice.leaves()}
    order = list(headings)
    quoted = [
        Pinned(
            pin.code,
            pin.number,
            pin.said,
            pin.newest,
            chapter,
            headings.get(chapter.outline_id, chapter.outline_id),
        )
        for chapter, each in places.items()
        for place in each
        if (pin := found.get(place)) is not None
    ]
    return sorted(
        quoted,
        key=lambda one: (
            order.index(one.chapter.outline_id) if one.chapter.outline_id in order else len(order)
        ),
    )


def renew(pilot: Pilot, *, outline_id: str, codes: set[str], revision: int, by: Any) -> Chapter:
    """Let a chapter quote the newest computation instead; a new revision of its text, by the same rights as typing it.

    Raises NotFound, or what saving a chapter raises.
    """
    chapter = pilot.chapters.filter(outline_id=outline_id).first()
    if chapter is None:
        raise NotFound(_("没有这一章"))
    to = renewed(pins(pilot.pk, quoting.quoted(chapter.html)), codes)
    return drafts.save_chapter(
        pilot,
        outline_id=outline_id,
        html=quoting.moved(chapter.html, to),
        revision=revision,
        by=by,
    )


@dataclass(frozen=True)
class Offer:
    """A result with what can be quoted of it, by part."""

    title: str
    origin: str
    groups: list[tuple[str, list[Quoted]]]


def offered(pilot: Pilot) -> list[Offer]:
    """The newest result of every dataset of a pilot and of every ranking, with their figures (three queries)."""
    from qingyuan.audits.queries.run import grouped

    runs: dict[UUID, Run] = {}
    done = Run.objects.filter(dataset__pilot=pilot, stage=Run.Stage.DONE).order_by("dataset", "-number")
    for run in done.select_related("dataset", "version").prefetch_related("findings__run__dataset"):
        runs.setdefault(run.dataset_id, run)
    return [
        Offer(
            run.dataset.title,
            _("第 %d 次计算") % run.number,
            [(group, [Figure(row) for row in rows]) for group, rows in grouped(list(run.findings.all()))],
        )
        for run in runs.values()
    ] + [
        Offer(
            sheet.title,
            _("第 %d 次打分") % sheet.number,
            [(_("审核重点"), list(focus_quotes.of_sheet(sheet)))],
        )
        for sheet in focus_quotes.newest(pilot.pk)
    ]
