"""How an approved pilot is followed: rhythm of its reports and thresholds of deviations, as dated data."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from qingyuan.catalogue import yamlfile
from qingyuan.catalogue.model import Part, Slug, Text

Rhythm = Literal["monthly", "quarterly"]
RHYTHMS: dict[Rhythm, str] = {"monthly": "每月", "quarterly": "每季度"}
Days = Annotated[int, Field(ge=0, le=3650)]
Share = Annotated[Decimal, Field(ge=0, le=1)]
_FILE = Path(__file__).parent / "supervision.yaml"


class ShortestDays(Part):
    """How many days the first piece of a calendar period must have to be a period of its own."""

    monthly: Days
    quarterly: Days


class Supervision(Part):
    """One set of figures with the days between which it holds. `verified`: its source was read and says so.

    `tolerance` is a share of the planned change from baseline to target; `dropped_share` one of the enterprises of the
    first baseline.
    """

    id: Slug
    valid_from: date
    valid_to: date | None = None
    source: Text
    verified: bool
    note: str = ""
    rhythm: Rhythm
    due_days: Days
    shortest_days: ShortestDays
    most_returns: int = Field(ge=0, le=20)
    milestone_grace_days: Days
    report_grace_days: Days
    tolerance: Share
    dropped_share: Share
    stalled_days: int = Field(gt=0, le=3650)
    enterprise_stalled_days: int = Field(gt=0, le=3650)
    term_ending_days: Days
    read_days: Days
    explain_days: Days
    duty_warning_days: Days

    @property
    def is_ours(self) -> bool:
        """自拟: shown wherever one of the figures is used."""
        return self.source == "自拟"

    def shortest(self, rhythm: Rhythm) -> int:
        return self.shortest_days.monthly if rhythm == "monthly" else self.shortest_days.quarterly


class _Sets(Part):
    sets: tuple[Supervision, ...] = Field(min_length=1)


@cache
def _shipped() -> tuple[Supervision, ...]:
    return load_supervision(_FILE)


def supervision(*, on: date) -> Supervision:
    """The set that holds on a day; before the first one that one, so that every pilot has an answer."""
    known = sorted(_shipped(), key=lambda one: one.valid_from)
    holding = [one for one in known if one.valid_from <= on and (one.valid_to is None or on <= one.valid_to)]
    return holding[-1] if holding else known[0]


def load_supervision(path: Path) -> tuple[Supervision, ...]:
    """The sets of a file; raises CatalogueError with every problem."""
    return yamlfile.load(path, _Sets, crosscheck=_crosscheck).sets


def _crosscheck(found: _Sets) -> Iterable[yamlfile.Finding]:
    for index, one in enumerate(found.sets):
        place = ("sets", index)
        if one.id in {other.id for other in found.sets[:index]}:
            yield yamlfile.Finding((*place, "id"), f"编号“{one.id}”重复", "唯一的编号")
        if one.valid_to and one.valid_to < one.valid_from:
            yield yamlfile.Finding((*place, "valid_to"), "终止日早于起始日", f"不早于 {one.valid_from}")
        if one.verified and one.is_ours:
            yield yamlfile.Finding((*place, "verified"), "自拟的数不能标为已核对", "false")
        for other in found.sets[:index]:
            if one.valid_from <= (other.valid_to or date.max) and other.valid_from <= (
                one.valid_to or date.max
            ):
                yield yamlfile.Finding(
                    (*place, "valid_from"), f"与“{other.id}”的有效期重叠", "互不重叠的有效期"
                )
