"""What the account of the innovation measures, and what the traditional audit is assumed to take: dated data, replaced by each pilot."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from pydantic import Field

from qingyuan.catalogue import yamlfile
from qingyuan.catalogue.model import Part, Slug, Text

_FILE = Path(__file__).parent / "data" / "innovation.yaml"


class Measure(Part):
    """One measure. `low`, `mid`, `high`: what an enterprise takes by the traditional way, as long as the pilot says nothing else."""

    id: Slug
    title: Text
    unit: Text
    clause_wording: Text
    low: Decimal | None = None
    mid: Decimal | None = None
    high: Decimal | None = None
    note: str = ""


class EntryKind(Part):
    """A kind of entry: it asks for these measures (blank is then "not stated"); others may be stated as well."""

    id: Slug
    title: Text
    asks: tuple[Slug, ...] = Field(min_length=1)
    visits: int = 0
    note: str = ""


class FlagLimits(Part):
    """Beyond these people must look: a doubt, not an error."""

    percent_above: Decimal
    person_days_above: Decimal
    yuan_above: Decimal


class Innovation(Part):
    valid_from: date
    source: Text
    verified: bool
    measures: tuple[Measure, ...] = Field(min_length=1)
    before: Measure
    kinds: tuple[EntryKind, ...] = Field(min_length=1)
    flags: FlagLimits


@cache
def innovation() -> Innovation:
    return load_innovation(_FILE)


def load_innovation(path: Path) -> Innovation:
    """The data of a file; raises CatalogueError with every problem."""
    return yamlfile.load(path, Innovation, crosscheck=_crosscheck)


def measures() -> dict[str, Measure]:
    """The measures by id, in the order in which they are shown; not the number of enterprises audited before."""
    return {one.id: one for one in innovation().measures}


def assumptions() -> dict[str, Measure]:
    """Everything that is assumed of the traditional way, by id."""
    return {one.id: one for one in (*innovation().measures, innovation().before)}


def kinds() -> dict[str, EntryKind]:
    return {one.id: one for one in innovation().kinds}


def _crosscheck(file: Innovation) -> Iterable[yamlfile.Finding]:
    known = {one.id for one in file.measures}
    ids = {
        "measures": [*(one.id for one in file.measures), file.before.id],
        "kinds": [one.id for one in file.kinds],
    }
    for name, group in ids.items():
        for index, one in enumerate(group):
            if one in group[:index]:
                yield yamlfile.Finding((name, index, "id"), f"“{one}”重复", "唯一的编号")
    for index, measure in enumerate(file.measures):
        stated = [one for one in (measure.low, measure.mid, measure.high) if one is not None]
        if len(stated) not in (0, 3) or stated != sorted(stated) or any(one < 0 for one in stated):
            yield yamlfile.Finding(
                ("measures", index), "低、中、高须一并给出、依次不降", "0 ≤ low ≤ mid ≤ high"
            )
    for index, kind in enumerate(file.kinds):
        if strange := set(kind.asks) - known:
            yield yamlfile.Finding(
                ("kinds", index, "asks"), f"没有 {sorted(strange)}", "、".join(sorted(known))
            )
