"""The emissions of 区域流域审核数据采集表 as what the river and the air take in, and as an account that can be checked.

A problem found later in one of these tables points to the cell of the emissions from which it came.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from qingyuan.engine.emissions import ORDER, VOC_ORDER, Figure, Kind, findings, preferred, river_load_g_s
from qingyuan.workbooks import air, river
from qingyuan.workbooks.problems import Problem, letter, shown
from qingyuan.workbooks.read import Reading
from qingyuan.workbooks.region import AIR, METHODS, WATER
from qingyuan.workbooks.schema import NA, Table, fold

_VOC = frozenset(map(fold, ("VOC", "VOCs", "NMVOC", "NMVOCs", "挥发性有机物")))
_KINDS: tuple[tuple[Kind, str], ...] = (("production", "production_t"), ("discharge", "discharge_t"))


def loads(emissions: Reading) -> Reading:
    """Loads in g/s at the reaches: discharge x delivery (1 where blank), by enterprise."""

    def load(row: dict[str, Any]) -> float | None:
        tonnes, delivery = _number(row["discharge_t"]), _number(row["delivery"])
        return None if tonnes is None else river_load_g_s(tonnes, 1.0 if delivery is None else delivery)

    return _derived(
        emissions,
        river.load_table(),
        WATER,
        {
            "reach": ("reach", lambda row: _value(row["reach"])),
            "load_g_s": ("discharge_t", load),
            "substance": ("pollutant", lambda row: row["pollutant"]),
            "source": ("enterprise", _source),
        },
    )


def sources(emissions: Reading, county_of: Mapping[str, str]) -> Reading:
    """Sources of the air in t/a; the region of a source is its enterprise's county."""
    return _derived(
        emissions,
        air.source_table(),
        AIR,
        {
            "source": ("enterprise", _source),
            "enterprise": ("enterprise", lambda row: row["enterprise"]),
            "pollutant": ("pollutant", lambda row: row["pollutant"]),
            "t_per_year": ("discharge_t", lambda row: row["discharge_t"]),
            "base_t_per_year": ("base_t_per_year", lambda row: _value(row["base_t_per_year"])),
            "region": ("enterprise", lambda row: county_of.get(row["enterprise"])),
            "species": ("species", lambda row: row["species"]),
            "mir": ("mir", lambda row: _value(row["mir"])),
        },
    )


def figures(emissions: Reading) -> list[tuple[int, Figure]]:
    """Production and discharge as figures with their standing, each with its data row; incomplete rows are left out."""
    found = []
    for place, row in enumerate(emissions.rows()):
        if any(row[name] is None for name in ("enterprise", "medium", "pollutant", "discharge_t", "method")):
            continue
        uncertainty = _number(row["uncertainty_pct"])
        for kind, column in _KINDS:
            tonnes = _number(row[column])
            if tonnes is not None:
                figure = Figure(
                    source=f"{_source(row)}（{row['medium']}）",
                    pollutant=" ".join(filter(None, (row["pollutant"], row["species"]))),
                    kind=kind,
                    tonnes=tonnes,
                    method=METHODS[row["method"]],
                    date=row["date"],
                    evidence=row["evidence"] or "",
                    uncertainty=None if uncertainty is None else uncertainty / 100,
                )
                found.append((place, figure))
    return found


def counted(emissions: Reading) -> set[int]:
    """The data rows that count where a discharge is known by several methods: see engine.emissions.figure."""
    groups: dict[tuple[str, str], list[tuple[int, Figure]]] = {}
    for place, figure in figures(emissions):
        if figure.kind == "discharge":
            groups.setdefault((figure.source, figure.pollutant), []).append((place, figure))
    found = set()
    for group in groups.values():
        best = preferred(
            (figure for _place, figure in group),
            order=VOC_ORDER if fold(group[0][1].pollutant.split()[0]) in _VOC else ORDER,
        )
        found.add(next(place for place, figure in group if figure is best))
    return found


def contradictions(emissions: Reading) -> list[Problem]:
    """More discharged than produced is an error where the discharge counts; everything else is a warning."""
    known = figures(emissions)
    counting = counted(emissions)
    place_of = {id(figure): place for place, figure in known}
    said = []
    for one in findings(figure for _place, figure in known):
        column = "evidence" if one.rule == "no_evidence" else "discharge_t"
        last = one.figures[-1]
        if one.rule == "no_evidence" and last.kind == "production":
            continue  # the row says it once, with its discharge
        place = place_of[id(last)]
        said.append(
            Problem(
                file=emissions.file,
                sheet=emissions.sheet,
                row=emissions.row_numbers[place],
                letter=letter(emissions.places[column]) if column in emissions.places else "",
                title=emissions.table.column(column).title_zh,
                value=shown(one.message),
                expected={
                    "discharge_above_production": "排放量不大于产生量",
                    "no_evidence": "依据",
                    "methods_differ": "两种方法的数值在不确定度之内一致",
                }[one.rule],
                mend="请核对数值、单位和核算方法。",
                level="error"
                if one.rule == "discharge_above_production" and place in counting
                else "warning",
            )
        )
    return said


_Cell = tuple[str, Callable[[dict[str, Any]], Any]]


def _derived(emissions: Reading, table: Table, medium: str, cells: Mapping[str, _Cell]) -> Reading:
    """The rows of one medium that count as another table; each column says from which of the emissions it comes."""
    known = counted(emissions)
    kept = [
        (place, row)
        for place, row in enumerate(emissions.rows())
        if row["medium"] == medium and place in known
    ]
    columns: dict[str, Sequence[Any]] = {column.name: [None] * len(kept) for column in table.columns}
    columns |= {name: [make(row) for _place, row in kept] for name, (_from, make) in cells.items()}
    return Reading(
        table=table,
        file=emissions.file,
        sheet=emissions.sheet,
        columns=columns,
        row_numbers=[emissions.row_numbers[place] for place, _row in kept],
        places={
            name: emissions.places[origin]
            for name, (origin, _make) in cells.items()
            if origin in emissions.places
        },
    )


def _source(row: dict[str, Any]) -> str | None:
    return " ".join(filter(None, (row["enterprise"], row["outlet"]))) or None


def _value(cell: Any) -> Any:
    return None if cell is NA else cell


def _number(cell: Any) -> float | None:
    return None if cell is None or cell is NA else float(cell)
