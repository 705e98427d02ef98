"""What a sheet would change: worked out the same way for the preview and for the verb, in three queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from qingyuan.audits import extent
from qingyuan.audits.figures import put
from qingyuan.audits.models.scheme import Scheme, SchemeFigures
from qingyuan.pilots.models import Pilot
from qingyuan.workbooks.performance import SchemeRow

LOCKED = (Scheme.Stage.DROPPED,)
"""A sheet does not touch what was dropped."""


@dataclass(kw_only=True)
class Line:
    """One row against the record: `what` is new, changed, same or dropped; `changes` as [was, is] in words."""

    row: SchemeRow
    what: str
    scheme: Scheme
    figures: SchemeFigures
    enterprise_name: str
    changes: dict[str, list[str]] = field(default_factory=dict)
    by_title: bool = False
    index: int = 0
    """The row's place, from 0."""

    @property
    def code(self) -> str:
        return self.scheme.code


@dataclass(frozen=True, kw_only=True)
class Plan:
    lines: Sequence[Line]
    unknown: Sequence[tuple[int, str]] = ()
    """Rows (from 0) whose enterprise is not in the scope, with its code."""
    gaps: Sequence[tuple[int, str, str]] = ()
    """Rows (from 0) whose new code would leave a gap: the code, and the next one that is free."""

    def of(self, what: str) -> list[Line]:
        return [line for line in self.lines if line.what == what]

    @property
    def counts(self) -> dict[str, int]:
        return {what: len(self.of(what)) for what in ("new", "changed", "same", "dropped")}


def plan(pilot: Pilot, rows: Sequence[SchemeRow], *, basis: str) -> Plan:
    """Match by enterprise and code, else by enterprise and title; new ones without a code get the next of their kind."""
    covered = {one.credit_code: one for one in extent.of(pilot)}
    wanted = {covered[row.enterprise_code].id for row in rows if row.enterprise_code in covered}
    known = list(Scheme.objects.filter(pilot=pilot, enterprise__in=wanted).order_by("number"))
    kept = {one.scheme_id: one for one in SchemeFigures.objects.filter(scheme__in=known, basis=basis)}
    by_code: dict[tuple[UUID, str, int], Scheme] = {(s.enterprise_id, s.kind, s.number): s for s in known}
    by_title: dict[tuple[UUID, str], Scheme] = {}
    last: dict[tuple[UUID, str], int] = {}
    for scheme in known:
        by_title.setdefault((scheme.enterprise_id, scheme.title), scheme)
        last[scheme.enterprise_id, scheme.kind] = scheme.number
    new_numbers: dict[tuple[UUID, str], list[tuple[int, int]]] = {}
    found: list[Line] = []
    unknown = []
    without: list[Line] = []
    for index, row in enumerate(rows):
        one = covered.get(row.enterprise_code)
        if one is None:
            unknown.append((index, row.enterprise_code))
            continue
        key = (one.id, row.kind)
        match = by_code.get((*key, row.number)) if row.number else by_title.get((one.id, row.title))
        if match is None:
            match = Scheme(
                pilot=pilot, enterprise_id=one.id, kind=row.kind, number=row.number or 0, title=row.title
            )
            line = _line(row, match, SchemeFigures(scheme=match, basis=basis), one.name, what="new")
            if row.number:
                new_numbers.setdefault(key, []).append((row.number, index))
            else:
                without.append(line)
        else:
            figures = kept.get(match.pk) or SchemeFigures(scheme=match, basis=basis)
            line = _line(row, match, figures, one.name)
            line.by_title = not row.number
        line.index = index
        found.append(line)
    gaps = []
    for key, numbers in new_numbers.items():
        free = last.get(key, 0)
        for number, index in sorted(numbers):
            if number != free + 1:
                prefix = Scheme.PREFIX[key[1]]
                gaps.append((index, f"{prefix}{number}", f"{prefix}{free + 1}"))
                break
            free = number
        last[key] = free
    for line in without:
        key = (line.scheme.enterprise_id, line.scheme.kind)
        last[key] = line.scheme.number = last.get(key, 0) + 1
    return Plan(lines=found, unknown=unknown, gaps=gaps)


def _line(row: SchemeRow, scheme: Scheme, figures: SchemeFigures, name: str, *, what: str = "") -> Line:
    if not what and scheme.stage in LOCKED:
        return Line(row=row, what="dropped", scheme=scheme, figures=figures, enterprise_name=name)
    changes: dict[str, list[str]] = {}
    for part in ("title", "content"):
        stated = getattr(row, part)
        # A blank text says nothing; a blank figure of a column that is there says that it is not stated.
        if stated and getattr(scheme, part) != stated:
            changes[part] = [getattr(scheme, part), stated]
            setattr(scheme, part, stated)
    stated_figures: Mapping[str, Any] = {**row.figures, **({"other": row.other} if row.other else {})}
    changes |= put(figures, stated_figures)
    if what == "new":
        changes["title"] = ["", row.title]
    return Line(
        row=row,
        what=what or ("changed" if changes else "same"),
        scheme=scheme,
        figures=figures,
        enterprise_name=name,
        changes=changes,
    )
