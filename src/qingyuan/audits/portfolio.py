"""The portfolio that a run chose, as schemes that a pilot may take over: read once, before the verb."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from qingyuan.audits import datasets, extent
from qingyuan.audits.layouts import layout_of
from qingyuan.audits.models import Run, RunFile, Scheme
from qingyuan.kernel import storage
from qingyuan.papers.canonical import canonical_bytes, sha256_hex
from qingyuan.workbooks.performance_intake import bare_name, effects_of, figures_of
from qingyuan.workbooks.portfolio import YES

COMMANDS = ("park", "region")
"""Whose results may hold a portfolio."""
CHOSEN = "select:chosen"
"""The finding that says how many were chosen."""
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One chosen measure. `credit_code` is empty where its enterprise is not among those covered, and `why` says so."""

    measure: str
    name: str
    """The measure with its period: what the scheme remembers."""
    stated: str
    """The enterprise as the data name it."""
    fraction: Decimal
    figures: Mapping[str, Any]
    kind: str
    """By its investment; empty where the data state none."""
    credit_code: str = ""
    enterprise: str = ""
    enterprise_id: UUID | None = None
    why: str = ""
    done: bool = False
    """Stands already, as the data say."""


@dataclass(frozen=True, kw_only=True)
class Portfolio:
    """What a run chose, and by which result."""

    run_id: UUID
    result_sha256: str
    offers: Sequence[Offer]

    @property
    def fingerprint(self) -> str:
        said = [[one.name, one.stated, {k: str(v) for k, v in one.figures.items()}] for one in self.offers]
        return sha256_hex(canonical_bytes([str(self.run_id), self.result_sha256, said]))


def may_hold_one(run: Run) -> bool:
    """Without reading the result: was it computed by a command that chooses measures, and is it done?"""
    return run.stage == Run.Stage.DONE and run.command in COMMANDS


def read(run: Run, *, money: Decimal = Decimal(1), mass: Decimal = Decimal(1)) -> Portfolio:
    """The portfolio of a run that is done; empty where it chose nothing (three or four queries, one file).

    `money` and `mass` turn the units of the sheet of measures into 万元 and t.
    """
    chosen = _chosen(run)
    pilot = run.dataset.pilot
    layout = layout_of(pilot)
    covered = extent.of(pilot)
    by_code = {one.credit_code: one for one in covered}
    by_name: dict[str, list[extent.Covered]] = {}
    for firm in covered:
        by_name.setdefault(bare_name(firm.name), []).append(firm)
    reading = datasets.reading(run.version, "measures") if chosen else None
    rows = {_key(row): row for row in (reading.rows() if reading else ())}
    effects = effects_of(layout)
    offers = []
    for one in chosen:
        stated = one.get("enterprise") or ""
        row = rows.get(_key(one), {})
        fraction = Decimal(str(one.get("fraction", 1)))
        figures = figures_of(row, effects, fraction=fraction, money=money, mass=mass)
        invest = figures.get("invest_wan_cny")
        fits = [by_code[stated]] if stated in by_code else by_name.get(bare_name(stated), [])
        period = one.get("period") or ""
        match = fits[0] if len(fits) == 1 else None
        offers.append(
            Offer(
                measure=one["measure"],
                name=f"{one['measure']}（{period}）" if period else one["measure"],
                stated=stated,
                fraction=fraction,
                figures=figures,
                kind="" if invest is None else layout.cost_classes.kind_of(invest),
                credit_code=match.credit_code if match else "",
                enterprise=match.name if match else "",
                enterprise_id=match.id if match else None,
                why="" if match else _why(stated, fits),
                done=str(row.get("done") or "").casefold() in YES,
            )
        )
    return Portfolio(run_id=run.pk, result_sha256=run.result_sha256, offers=tuple(offers))


def _chosen(run: Run) -> list[dict[str, Any]]:
    file = RunFile.objects.filter(run=run.holder_id, name="result.json").first()
    if file is None or not may_hold_one(run):
        return []
    with storage.open_blob(file.sha256) as source:
        found = json.load(source, parse_float=Decimal).get("select", {}).get("chosen") or []
    return [one for one in found if isinstance(one, dict) and one.get("measure")]


def _key(row: Mapping[str, Any]) -> tuple[str, str, str]:
    return (str(row["measure"]), str(row.get("enterprise") or ""), str(row.get("period") or ""))


def _why(stated: str, fits: Sequence[extent.Covered]) -> str:
    if not stated:
        return _("数据中没有写明企业")
    return _("同名企业不止一家") if fits else _("不是试点范围内的企业")


def standing(pilot_id: UUID, offers: Sequence[Offer]) -> dict[int, Scheme]:
    """Offers (by their place) that are schemes of the pilot already: by what a run called them, else by title (one query)."""
    wanted = {one.enterprise_id for one in offers if one.enterprise_id}
    by_measure: dict[tuple[UUID, str], Scheme] = {}
    by_title: dict[tuple[UUID, str], Scheme] = {}
    for scheme in Scheme.objects.filter(pilot=pilot_id, enterprise__in=wanted).order_by("number"):
        if scheme.run_measure:
            by_measure[scheme.enterprise_id, scheme.run_measure] = scheme
        by_title.setdefault((scheme.enterprise_id, scheme.title), scheme)
    found = {}
    for place, one in enumerate(offers):
        if one.enterprise_id is not None:
            match = by_measure.get((one.enterprise_id, one.name)) or by_title.get(
                (one.enterprise_id, title_of(one))
            )
            if match is not None:
                found[place] = match
    return found


def title_of(offer: Offer) -> str:
    """As a scheme's title: what is longer is kept whole in the content."""
    return " ".join(offer.name.split())[:120]


def codes(pilot_id: UUID, wanted: Sequence[tuple[int, Any, str]]) -> dict[int, tuple[str, int]]:
    """The code each would get, by its place: kinds run on without gaps in every enterprise (one query)."""
    from django.db.models import Max

    last: dict[tuple[Any, str], int] = {
        (row["enterprise"], row["kind"]): row["last"]
        for row in Scheme.objects.filter(pilot=pilot_id)
        .order_by()
        .values("enterprise", "kind")
        .annotate(last=Max("number"))
    }
    found = {}
    for place, enterprise, kind in wanted:
        if kind in Scheme.PREFIX:
            last[enterprise, kind] = number = last.get((enterprise, kind), 0) + 1
            found[place] = (f"{Scheme.PREFIX[kind]}{number}", number)
    return found
