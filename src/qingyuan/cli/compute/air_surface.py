"""The ozone of `qingyuan air`: the surface's form from its columns, NOx and VOC as ratios to the base."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from qingyuan.cli.compute.air_input import NOX, VOC, AirTables, canonical
from qingyuan.cli.compute.river_input import complained, value
from qingyuan.engine.air import Domain, Grid, OutsideSurface, Polynomial, SecondOrder, Surface
from qingyuan.workbooks.air import BOUNDS, GRID, POLYNOMIAL, SECOND_ORDER
from qingyuan.workbooks.problems import Problem
from qingyuan.workbooks.read import Reading

MOST_GAPS = 50
WIDEST = (0.0, 2.0)
FORMS = {"grid": GRID, "polynomial": POLYNOMIAL, "second_order": SECOND_ORDER[:3]}
_TITLES = {"grid": "网格", "polynomial": "多项式", "second_order": "二阶敏感性"}


def _said(reading: Reading, name: str) -> bool:
    return any(cell is not None for cell in reading.columns.get(name, ()))


def surfaces(tables: AirTables) -> tuple[str, dict[str | None, Surface]]:
    """The form, and a surface by receptor (None: for all that have none of their own)."""
    reading = tables.surface
    assert reading is not None
    named = [form for form, columns in FORMS.items() if set(columns) & set(reading.places)]
    # The template's sheet has the headers of all forms: the one that was filled in is meant.
    found = [form for form in named if any(_said(reading, name) for name in FORMS[form])] or named
    if len(found) != 1:
        said = "同时有几种" if found else "没有"
        _whole(
            tables, expected="一种臭氧响应面：" + "；".join(f"{_TITLES[form]}（{'、'.join(FORMS[form])}）" for form in FORMS),
            mend=f"本表{said}响应面的列。",
        )  # fmt: skip
        return "", {}
    form = found[0]
    rows: dict[str | None, list[int]] = {}
    known = set(tables.receptors.columns["receptor"])
    for row in range(len(reading)):
        receptor = value(reading, "receptor", row)
        if receptor is not None and receptor not in known:
            tables.wrong(
                reading, row, "receptor", value=receptor, expected="受体点表中的受体点", mend="请核对名称。"
            )
        rows.setdefault(receptor, []).append(row)
    before = len(tables.problems)
    _filled(tables, reading, FORMS[form])
    if len(tables.problems) > before or any(one.level == "error" for one in reading.problems):
        return form, {}
    make = {"grid": _grid, "polynomial": _polynomial, "second_order": _second_order}[form]
    made = {receptor: make(tables, reading, own) for receptor, own in rows.items()}
    return form, {receptor: surface for receptor, surface in made.items() if surface is not None}


def _whole(tables: AirTables, *, expected: str, mend: str, title: str = "", value: str = "") -> None:
    reading = tables.surface
    assert reading is not None
    tables.problems.append(
        Problem(
            file=reading.file, sheet=reading.sheet, title=title, value=value, expected=expected, mend=mend
        )
    )


def _filled(tables: AirTables, reading: Reading, columns: Sequence[str]) -> None:
    for name in columns:
        title = reading.table.column(name).title_zh
        if name not in reading.places:
            _whole(tables, title=title, expected=f"有“{title}”列（{name}）", mend="请补上这一列。")
            continue
        for row in range(len(reading)):
            if value(reading, name, row) is None and not complained(reading, row, name):
                tables.wrong(
                    reading, row, name, value="", expected="一个数", mend="响应面不能有空缺，数值为零的填 0。"
                )


def _keyed(
    tables: AirTables,
    reading: Reading,
    rows: Sequence[int],
    names: tuple[str, str],
    convert: Callable[[Any], Any],
) -> dict[tuple[Any, Any], int]:
    """Rows by two key columns; the same pair twice is noted."""
    found: dict[tuple[Any, Any], int] = {}
    for row in rows:
        key = (convert(value(reading, names[0], row)), convert(value(reading, names[1], row)))
        if key in found:
            tables.doubled(reading, row, found[key], names[0], f"{key[0]:g} {key[1]:g}")
        found.setdefault(key, row)
    return found


def _grid(tables: AirTables, reading: Reading, rows: Sequence[int]) -> Surface | None:
    points = _keyed(tables, reading, rows, ("nox_ratio", "voc_ratio"), float)
    nox, voc = (sorted({point[axis] for point in points}) for axis in (0, 1))
    gaps = len(nox) * len(voc) - len(points)
    if gaps:
        listed = 0
        for one in nox:
            for two in voc:
                if (one, two) not in points and listed < MOST_GAPS:
                    listed += 1
                    _whole(
                        tables, title="臭氧", value=f"NOx {one:g}，VOC {two:g}", expected="完整的网格",
                        mend=f"缺这一点（共缺 {gaps} 点）：每个 NOx 比例与每个 VOC 比例都要有一行。",
                    )  # fmt: skip
        return None
    table = np.array([[float(value(reading, "o3_ppb", points[one, two])) for two in voc] for one in nox])
    return Grid(np.array(nox), np.array(voc), table)


def _polynomial(tables: AirTables, reading: Reading, rows: Sequence[int]) -> Surface:
    terms = _keyed(tables, reading, rows, ("nox_power", "voc_power"), int)
    bounds = []
    for name, default in zip(BOUNDS, WIDEST * 2, strict=True):
        stated = [float(one) for row in rows if (one := value(reading, name, row)) is not None]
        if len(set(stated)) > 1:
            tables.wrong(
                reading, rows[0], name, value="、".join(f"{one:g}" for one in sorted(set(stated))),
                expected="同一个适用范围", mend="一个多项式只有一个适用范围。",
            )  # fmt: skip
        if not stated:
            note = f"臭氧多项式没有写全适用范围，没有写的按比例 {WIDEST[0]:g}—{WIDEST[1]:g}。"
            if note not in tables.notes:
                tables.notes.append(note)
        bounds.append(stated[0] if stated else default)
    return Polynomial(
        {key: float(value(reading, "coefficient_ppb", row)) for key, row in terms.items()},
        Domain(nox_low=bounds[0], nox_high=bounds[1], voc_low=bounds[2], voc_high=bounds[3]),
    )


def _second_order(tables: AirTables, reading: Reading, rows: Sequence[int]) -> Surface:
    for row in rows[1:]:
        tables.doubled(reading, row, rows[0], "receptor", value(reading, "receptor", row) or "")
    row = rows[0]

    def given(name: str, default: float) -> float:
        found = value(reading, name, row)
        return default if found is None else float(found)

    return SecondOrder(
        base_ppb=given("o3_base_ppb", 0.0),
        **{name: given(name, 0.0) for name in SECOND_ORDER[1:]},
        reach=given("reach", 0.5),
    )


def ratios(tables: AirTables, *, by_reactivity: bool) -> dict[str, float]:
    """NOx and VOC of all sources over their base; 1 where the table states no base. VOC by mass or by MIR."""
    sources = tables.sources
    based = "base_t_per_year" in sources.places
    now, base = {NOX: 0.0, VOC: 0.0}, {NOX: 0.0, VOC: 0.0}
    for row in range(len(sources)):
        pollutant = value(sources, "pollutant", row)
        key = canonical(pollutant or "")
        if key not in now:
            continue
        weight = 1.0
        if key == VOC and by_reactivity:
            found = value(sources, "mir", row)
            if found is None:
                tables.wrong(
                    sources,
                    row,
                    "mir",
                    value="",
                    expected="MIR（gO3/gVOC）",
                    mend="按反应活性计时，每行 VOC 都要有 MIR。",
                )
            weight = float(found or 0)
        amount, before = value(sources, "t_per_year", row), value(sources, "base_t_per_year", row)
        if based and before is None and not complained(sources, row, "base_t_per_year"):
            tables.wrong(
                sources,
                row,
                "base_t_per_year",
                value="",
                expected="基准排放量（t/a）",
                mend="基准年没有的源填 0。",
            )
        now[key] += weight * float(amount or 0)
        base[key] += weight * float((before if based else amount) or 0)
    if not based:
        tables.notes.append("大气污染源表没有基准排放量一列：臭氧按比例 1 取值。")
    found_ratios = {}
    for key, title in ((NOX, "NOx"), (VOC, "VOC")):
        if base[key] == 0 and now[key] > 0:
            tables.problems.append(
                Problem(
                    file=sources.file, sheet=sources.sheet, title="基准排放量", value="0",
                    expected=f"{title} 的基准排放量大于 0", mend="臭氧响应面按与基准的比例取值。",
                )
            )  # fmt: skip
        found_ratios[key] = now[key] / base[key] if base[key] > 0 else 1.0
    return found_ratios


def ozone(
    tables: AirTables, made: dict[str | None, Surface], ratio: dict[str, float]
) -> dict[str, float | None]:
    """O3 in ppb by receptor. A point outside the surface is noted as a problem of the surface."""
    found: dict[str, float | None] = {}
    told: set[int] = set()
    for receptor in tables.receptors.columns["receptor"]:
        surface = made.get(receptor, made.get(None))
        found[receptor] = None
        if surface is None:
            continue
        try:
            found[receptor] = float(surface.at(ratio[NOX], ratio[VOC]))
        except OutsideSurface as outside:
            if id(surface) not in told:
                told.add(id(surface))
                domain = outside.domain
                _whole(
                    tables,
                    title="NOx比例、VOC比例",
                    value=f"NOx {outside.nox_ratio:g}，VOC {outside.voc_ratio:g}",
                    expected=f"在响应面之内：NOx {domain.nox_low:g}—{domain.nox_high:g}，VOC {domain.voc_low:g}—{domain.voc_high:g}",
                    mend="响应面之外不作外推；请扩大响应面，或核对排放量。",
                )
    return found
