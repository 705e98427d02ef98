"""The response of a river as the table that `qingyuan select` reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from qingyuan.cli.compute.responses import G_S_PER_T, Coefficient, source_name
from qingyuan.cli.compute.river_input import Tables, value
from qingyuan.workbooks.schema import fold


def coefficients(tables: Tables, said: dict[str, Any]) -> Iterator[Coefficient]:
    """mg/L at each section per t/a less of each named source that reaches its river.

    A source with several outfalls of one substance is cut at all of them in proportion. Targets are named by section,
    and `section:substance` where there are several substances. Loads without a source's name have no row.
    """
    substances = sorted({row["substance"] or "" for row in said["reaches"]})
    scenarios = {row["scenario"] for row in said["reaches"]}
    labels = [next(iter(scenarios)), substances[0] or None] if len(scenarios) * len(substances) == 1 else []
    by_place: dict[tuple[str | None, str | None, str], list[tuple[str, float]]] = {}
    for (receptor, reach, amount), (scenario, substance) in zip(
        said["response"], said.get("response_of") or [labels] * len(said["response"]), strict=True
    ):
        by_place.setdefault((scenario, substance, reach), []).append((receptor, amount))
    for scenario in scenarios:
        for substance in substances:
            for source, shares in _shares(tables, substance, scenario).items():
                total: dict[str, float] = {}
                for reach, share in shares:
                    for receptor, amount in by_place.get((scenario, substance or None, reach), ()):
                        total[receptor] = total.get(receptor, 0.0) + share * amount
                for receptor, amount in total.items():
                    yield Coefficient(
                        target=receptor if len(substances) == 1 else f"{receptor}:{substance}",
                        source=source_name(source, substance) if substance else source,
                        coefficient=amount * G_S_PER_T,
                        scenario=scenario or "",
                    )


def _shares(tables: Tables, substance: str, scenario: str | None) -> dict[str, Sequence[tuple[str, float]]]:
    """Per source the reaches that it enters, and its load's share there."""
    loads = tables.loads
    found: dict[str, list[tuple[str, float]]] = {}
    for row in range(len(loads)):
        source = value(loads, "source", row)
        same = fold(value(loads, "substance", row) or "") == fold(substance)
        if source is not None and same and value(loads, "scenario", row) in {None, scenario}:
            found.setdefault(source, []).append(
                (value(loads, "reach", row), float(value(loads, "load_g_s", row)))
            )
    shares: dict[str, Sequence[tuple[str, float]]] = {}
    for source, entries in found.items():
        whole = sum(amount for _reach, amount in entries)
        shares[source] = [(reach, amount / whole if whole else 1 / len(entries)) for reach, amount in entries]
    return shares
