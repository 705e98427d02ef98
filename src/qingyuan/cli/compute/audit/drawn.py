"""The figures of an audit out of its result, each part's as the single command draws them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from qingyuan.cli.compute import drawn, drawn_region
from qingyuan.cli.compute.audit.parts import Sheets

if TYPE_CHECKING:
    from qingyuan.figures import Figure

OUTSIDE = "园区以外"


def figures_of(result: Mapping[str, Any], sheets: Sheets) -> dict[str, list[Figure]]:
    """By part; what has nothing to draw is left out. A figure's file begins with its part."""
    from qingyuan.figures import FigureError

    found: dict[str, list[Figure]] = {}
    for key, draw in _draws(sheets).items():
        if key not in result or result[key]["status"] == "infeasible":
            continue
        figures: list[Figure] = []
        with suppress(FigureError):  # nothing above zero to show: the tables say so
            figures.extend(replace(one, name=f"{key}-{one.name}") for one in draw(result[key]))
        if figures:
            found[key] = figures
    return found


def _draws(sheets: Sheets) -> dict[str, Callable[[Mapping[str, Any]], Iterator[Figure]]]:
    return {
        "balance": partial(drawn.balance, outside=OUTSIDE),
        "heat": drawn.heat,
        "water": partial(
            drawn.water, fixed_load="用水过程表" in sheets.readings, fresh_ppm=_fresh(sheets),
            regenerated="再生装置表" in sheets.readings,
        ),
        "exchange": partial(drawn.exchange, parties=parties(sheets)),
        "river": drawn_region.river,
        "air": drawn_region.air,
        "select": drawn_region.select,
    }  # fmt: skip


def _fresh(sheets: Sheets) -> float:
    from qingyuan.cli.compute.audit.park import settings

    return float(settings(sheets).get("--fresh-ppm", 0.0))


def parties(sheets: Sheets) -> drawn.Parties:
    """Whose the offers and needs are, and what facilities give."""

    def rows(title: str) -> Iterator[Mapping[str, Any]]:
        reading = sheets.readings.get(title)
        return iter(()) if reading is None else iter(reading.rows())

    return drawn.Parties(
        offers={str(row["offer"]): (str(row["enterprise"]), str(row["material"])) for row in rows("供给表")},
        needs={str(row["need"]): str(row["enterprise"]) for row in rows("需求表")},
        gives={str(row["facility"]): str(row["gives"] or "") for row in rows("共享设施表")},
    )
