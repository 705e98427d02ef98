"""From the tables of `qingyuan exchange` to a park, with everything that is wrong across them at once."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qingyuan.cli.compute import frame
from qingyuan.engine.exchange import Facility, Flag, Link, Need, Offer, Park
from qingyuan.workbooks import exchange as tables
from qingyuan.workbooks.problems import Problem
from qingyuan.workbooks.read import Reading
from qingyuan.workbooks.schema import NA

SEPARATORS = re.compile(r"[|｜、]")


@dataclass(frozen=True)
class Tables:
    """What the files hold."""

    offers: Reading
    needs: Reading
    links: Reading | None
    facilities: Reading | None

    @property
    def all(self) -> list[Reading]:
        return [one for one in (self.offers, self.needs, self.links, self.facilities) if one is not None]


def read(
    *,
    offers: Path,
    needs: Path,
    links: Path | None,
    facilities: Path | None,
    transport_cost: float,
    gap: float,
    more: Sequence[Problem] = (),
) -> tuple[Park, list[Flag]]:
    """The park, and remarks on what the tables leave open. Raises frame.BadInput with every problem of all files."""
    found = Tables(
        frame.look(offers, tables.OFFERS),
        frame.look(needs, tables.NEEDS),
        None if links is None else frame.look(links, tables.LINKS),
        None if facilities is None else frame.look(facilities, tables.FACILITIES),
    )
    options = list(_options(transport_cost, gap))
    carried = math.isfinite(transport_cost) and transport_cost > 0
    frame.refuse(found.all, [*options, *more, *_Across(found, carried=carried).problems()])
    return _park(found, transport_cost), _remarks(found)


def _options(transport_cost: float, gap: float) -> Iterator[Problem]:
    for name, value in (("--transport-cost", transport_cost), ("--gap", gap)):
        if not (math.isfinite(value) and value >= 0):
            yield Problem(file=name, value=f"{value:g}", expected="不小于 0 的数", mend="请改正参数。")


class _Across:
    """Faults that show only when the tables are laid side by side."""

    def __init__(self, found: Tables, *, carried: bool) -> None:
        self.found, self.carried = found, carried
        self.offers, self.needs = list(found.offers.rows()), list(found.needs.rows())
        self.plants = list(found.facilities.rows()) if found.facilities else []

    def problems(self) -> Iterator[Problem]:
        yield from self._references()
        yield from self._limits()
        yield from self._steps()
        yield from self._coordinates()
        yield from self._qualities()

    def _references(self) -> Iterator[Problem]:
        links = self.found.links
        if links is None:
            return
        for column, rows in (("offer", self.offers), ("need", self.needs)):
            if column not in (self.found.offers if column == "offer" else self.found.needs).places:
                continue  # the column itself is missing: said once
            known = {row[column] for row in rows}
            title = {"offer": "供给表里有的供给", "need": "需求表里有的需求"}[column]
            for index, name in enumerate(links.columns.get(column, ())):
                if name is not None and name not in known:
                    mend = "请核对名称，或在表里补上。"
                    yield frame.problem_at(links, index, column, value=name, expected=title, mend=mend)

    def _limits(self) -> Iterator[Problem]:
        needs = self.found.needs
        for name in (one.removeprefix("min:") for one in needs.columns if one.startswith("min:")):
            if f"max:{name}" not in needs.columns:
                continue
            for index, row in enumerate(self.needs):
                low, high = _float(row[f"min:{name}"]), _float(row[f"max:{name}"])
                if low is not None and high is not None and low > high:
                    expected = f"下限不高于上限 {high:g}"
                    mend = "请核对上下限，或把两栏对调。"
                    yield frame.problem_at(
                        needs, index, f"min:{name}", value=row[f"min:{name}"], expected=expected, mend=mend
                    )

    def _steps(self) -> Iterator[Problem]:
        seen: dict[tuple[Any, ...], int] = {}
        for index, row in enumerate(self.plants):
            assert self.found.facilities is not None
            key = (row["facility"], row["site"], _float(row["capacity_t"]))
            if row["facility"] is None:
                continue
            if key in seen:
                first = self.found.facilities.row_numbers[seen[key]]
                mend = f"与第 {first} 行重复，请删去一行，或写明不同的场址、能力。"
                yield frame.problem_at(
                    self.found.facilities,
                    index,
                    "facility",
                    value=row["facility"],
                    expected="设施、场址、能力不重复",
                    mend=mend,
                )
            else:
                seen[key] = index

    def _coordinates(self) -> Iterator[Problem]:
        taken = {name for row in self.plants for name in _names(row["takes"])}
        made = {row["gives"] for row in self.plants}
        paired = self.found.links is None
        offered = {row["material"] for row in self.offers}
        needed = {row["material"] for row in self.needs}
        meets_need, meets_offer = taken | (needed if paired else set()), made | (offered if paired else set())
        for reading, rows, partners in (
            (self.found.offers, self.offers, meets_need),
            (self.found.needs, self.needs, meets_offer),
            (self.found.facilities, self.plants, None),
        ):
            if reading is None or any(one.letter == "" and one.row == 0 for one in reading.problems):
                continue
            for index, row in enumerate(rows):
                wanted = self.carried and (partners is None or row["material"] in partners)
                lacking = [name for name in ("x_km", "y_km") if row[name] is None]
                if lacking and (wanted or len(lacking) == 1):
                    for name in lacking:
                        if not _said(reading, index, name):
                            yield frame.problem_at(
                                reading,
                                index,
                                name,
                                value="",
                                expected="坐标（km）：写了运输单价，要算运距" if wanted else "横、纵坐标都写",
                                mend="请补上坐标；不计运费的去掉运输单价。",
                            )

    def _qualities(self) -> Iterator[Problem]:
        """An offer whose quality is blank where a need that it may feed limits just that: unknown, and never guessed."""
        reached = self._reached()
        key = "offer" if self.found.links is not None else "material"
        offers = self.found.offers
        absent = set()
        for index, row in enumerate(self.offers):
            for name, need in reached.get(row[key], {}).items():
                column = f"q:{name}"
                if column in absent:
                    continue
                if column not in row:
                    absent.add(column)
                    yield Problem(
                        file=offers.file,
                        sheet=offers.sheet,
                        row=offers.row_numbers[index],
                        title=f"性质：{name}",
                        expected=f"有 {column} 列：需求 {need} 对它有限值",
                        mend="请补上这一列；确实没有这一性质、不能供给它的填 na。",
                    )
                elif row[column] is None and not _said(offers, index, column):
                    yield frame.problem_at(
                        offers,
                        index,
                        column,
                        value="",
                        expected=f"一个数：需求 {need} 对它有限值",
                        mend="请补上检测值；不能供给有限值的需求的填 na。",
                    )

    def _reached(self) -> dict[str, dict[str, str]]:
        """By offer (where links are given) or material: the limited properties of what it may feed, with a need that says so."""
        limited: dict[str, dict[str, str]] = {}
        materials: dict[str, str] = {}
        for row in self.needs:
            for column, value in row.items():
                if column.startswith(("min:", "max:")) and _float(value) is not None:
                    limited.setdefault(row["need"], {})[column.partition(":")[2]] = row["need"]
            materials[row["need"]] = row["material"]
        reached: dict[str, dict[str, str]] = {}
        if self.found.links is None:
            for need, names in limited.items():
                reached.setdefault(materials[need], {}).update(names)
        else:
            for row in self.found.links.rows():
                reached.setdefault(row["offer"], {}).update(limited.get(row["need"], {}))
        return reached


def _said(reading: Reading, index: int, column: str) -> bool:
    """Whether something else is already said about the cell."""
    letter = frame.problem_at(reading, index, column, value="", expected="").letter
    row = reading.row_numbers[index]
    return bool(letter) and any(one.row == row and one.letter == letter for one in reading.problems)


def _float(value: Any) -> float | None:
    return None if value is None or value is NA else float(value)


def _names(text: str | None) -> tuple[str, ...]:
    return tuple(name for part in SEPARATORS.split(text or "") if (name := part.strip()))


def _family(row: Mapping[str, Any], head: str) -> dict[str, float]:
    return {
        name.removeprefix(head): value
        for name in row
        if name.startswith(head) and (value := _float(row[name])) is not None
    }


def _park(found: Tables, transport_cost: float) -> Park:
    offers = tuple(
        Offer(
            offer=row["offer"],
            enterprise=row["enterprise"],
            material=row["material"],
            quantity_t=float(row["quantity_t"]),
            disposal_cost_per_t=_float(row["disposal_cost_per_t"]) or 0.0,
            price_per_t=_float(row["price_per_t"]),
            x_km=_float(row["x_km"]),
            y_km=_float(row["y_km"]),
            quality=_family(row, "q:"),
        )
        for row in found.offers.rows()
    )
    needs = tuple(
        Need(
            need=row["need"],
            enterprise=row["enterprise"],
            material=row["material"],
            quantity_t=float(row["quantity_t"]),
            value_per_t=_float(row["value_per_t"]) or 0.0,
            x_km=_float(row["x_km"]),
            y_km=_float(row["y_km"]),
            lowest=_family(row, "min:"),
            highest=_family(row, "max:"),
        )
        for row in found.needs.rows()
    )
    links = found.links and tuple(
        Link(
            offer=row["offer"],
            need=row["need"],
            net_cost_per_t=float(row["net_cost_per_t"]),
            rate=_or(row["yield"], 1.0),
            fixed_cost=_or(row["fixed_cost"], 0.0),
            capacity_t=_or(row["capacity_t"], math.inf),
        )
        for row in found.links.rows()
    )
    facilities = tuple(
        Facility(
            facility=row["facility"],
            kind=row["kind"] or "",
            site=row["site"] or "",
            takes=_names(row["takes"]),
            gives=row["gives"] or "",
            rate=_or(row["yield"], 1.0),
            capacity_t=_or(row["capacity_t"], math.inf),
            fixed_cost=_or(row["fixed_cost"], 0.0),
            cost_per_t=_or(row["cost_per_t"], 0.0),
            x_km=_float(row["x_km"]),
            y_km=_float(row["y_km"]),
            quality=_family(row, "q:"),
        )
        for row in (found.facilities.rows() if found.facilities else ())
    )
    return Park(
        offers=offers,
        needs=needs,
        links=None if found.links is None else links or (),
        facilities=facilities,
        transport_cost=transport_cost,
    )


def _or(value: Any, default: float) -> float:
    known = _float(value)
    return default if known is None else known


def _remarks(found: Tables) -> list[Flag]:
    """Blank costs and values count as 0, and that is said."""
    remarks = []
    for reading, column in ((found.offers, "disposal_cost_per_t"), (found.needs, "value_per_t")):
        blank = sum(value is None for value in reading.columns[column])
        if blank:
            title = reading.table.column(column).title_zh
            message = f"{reading.table.title}有 {blank} 行没有写{title}，按 0 计算：收益只会少算"
            remarks.append(Flag(kind="assumed_zero", where=column, message=message))
    return remarks
