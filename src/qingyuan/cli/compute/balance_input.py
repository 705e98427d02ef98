"""From the files of `qingyuan balance` to the engine's flows: everything wrong in all of them at once."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qingyuan.cli.compute import frame
from qingyuan.engine.balance.parts import smallest_correlation_eigenvalue
from qingyuan.engine.balance.table import OUTSIDE, Constraint, Flow, names_of
from qingyuan.workbooks.flows import correlation_table, flow_table, read_constraints
from qingyuan.workbooks.problems import Problem, letter
from qingyuan.workbooks.read import Reading
from qingyuan.workbooks.schema import NA

HALF_WIDTH = 1.96
"""Half of a 95 % interval in standard deviations, as VDI 2048 takes it."""
WIDTHS = ("sd", "rel_sd", "half_width_95")
_OUTSIDE = {"environment", "环境", "外界", "外部环境"}


@dataclass(slots=True)
class Inputs:
    """What the files hold, as far as it is sound."""

    flows: list[Flow] = field(default_factory=list)
    constraints: list[Constraint] | None = None
    correlations: list[tuple[str, str, float]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def inputs(
    file: Path, constraints: Path | None, correlations: Path | None, *, more: Sequence[Problem] = ()
) -> Inputs:
    """Raises BadInput with the problems of all files, and `more`."""
    reading = frame.look(file, flow_table(directed=constraints is None))
    problems = _header(reading)
    found = Inputs()
    rows = _flows(reading, found, problems)
    problems += _duplicates(reading, found.flows, rows) + _compositions(
        reading, found.flows, rows, constrained=constraints is not None
    )
    names = names_of(found.flows)
    readings = [reading]
    if correlations is not None:
        table = frame.look(correlations, correlation_table())
        readings.append(table)
        refused = {row for row, name in _refused(reading) if name == "value"}
        unmeasured = {
            name
            for name, one, row in zip(names, found.flows, rows, strict=True)
            if one.value is None and reading.row_numbers[row] not in refused
        }
        problems += _correlations(table, found, names, unmeasured)
    if constraints is not None:
        given, wrong = read_constraints(constraints, names)
        problems += wrong
        found.constraints = [
            Constraint(name=one.name, coefficients=one.coefficients, bound=one.bound) for one in given
        ]
    frame.refuse(readings, [*problems, *more])
    return found


def _header(reading: Reading) -> list[Problem]:
    if not reading.header_row or "value" in reading.places:
        return []
    return [
        Problem(
            file=reading.file,
            sheet=reading.sheet,
            row=reading.header_row,
            title="测量值",
            name="value",
            expected="有“value”（测量值）列",
            mend="请加上这一列；没有测量的格留空。",
        )
    ]


def _flows(reading: Reading, found: Inputs, problems: list[Problem]) -> list[int]:
    """Fills `found.flows`; returns the data row of each. Rows whose cells were refused are left to those refusals."""
    refused = _refused(reading)
    rows: list[int] = []
    large: list[str] = []
    for index, row in enumerate(reading.rows()):
        material = _material(reading, index, row["material"])
        value = _float(row["value"])
        spread = {name: amount for name in WIDTHS if (amount := _float(row[name])) is not None}
        number = reading.row_numbers[index]
        if row["flow"] is None:
            continue
        widths = {*spread, *(name for name in WIDTHS if (number, name) in refused)}
        if (value is not None or (number, "value") in refused) and len(widths) != 1:
            problems.append(_one_width(reading, index, widths))
        if spread.get("rel_sd", 0.0) > 1:
            large.append(row["flow"])
        coefficient = _float(row["coefficient"])
        rows.append(index)
        found.flows.append(
            Flow(
                flow=row["flow"],
                tail=_node(row["from"]),
                head=_node(row["to"]),
                value=value,
                sd=_deviation(value, spread),
                material=material,
                coefficient=1.0 if coefficient is None else coefficient,
                composition=row["kind"] == "composition",
            )
        )
    if large:
        found.notes.append(f"rel_sd 大于 1（即 100%）：{'、'.join(large[:10])}；该列填小数，2% 填 0.02。")
    return rows


def _refused(reading: Reading) -> set[tuple[int, str]]:
    """(row, column) of the cells that hold something, but nothing sound."""
    by_letter = {letter(place): name for name, place in reading.places.items()}
    return {
        (problem.row, by_letter[problem.letter])
        for problem in reading.problems
        if problem.level == "error" and problem.letter in by_letter and problem.value
    }


def _one_width(reading: Reading, index: int, spread: Collection[str]) -> Problem:
    has = next(
        (name for name in (*(one for one in WIDTHS if one in spread), *WIDTHS) if name in reading.places),
        "value",
    )
    return frame.problem_at(
        reading,
        index,
        has,
        value="、".join(name for name in WIDTHS if name in spread),
        expected="有测量值的行，sd、rel_sd、half_width_95 中恰好填一项",
        mend="没有测量的请把测量值留空。" if not spread else "请只留一项。",
    )


def _deviation(value: float | None, spread: Mapping[str, float]) -> float | None:
    if value is None or len(spread) != 1:
        return None
    ((name, amount),) = spread.items()
    if name == "rel_sd":
        return amount * abs(value)
    return amount / HALF_WIDTH if name == "half_width_95" else amount


def _node(text: str | Any) -> str | None:
    if text is None or text is NA:
        return None
    return OUTSIDE if text.casefold() in _OUTSIDE else str(text)


def _material(reading: Reading, index: int, value: Any) -> str:
    """`Na` is sodium; na is no answer."""
    if value is NA:
        raw = str(reading.cells[reading.row_numbers[index] - 1][reading.places["material"]]).strip()
        return raw if raw == "Na" else ""
    return value or ""


def _float(value: Any) -> float | None:
    return None if value is None or value is NA else float(value)


def _duplicates(reading: Reading, flows: Sequence[Flow], rows: Sequence[int]) -> list[Problem]:
    first: dict[tuple[str, str], int] = {}
    problems = []
    several: dict[str, set[tuple[str | None, str | None]]] = {}
    for one, index in zip(flows, rows, strict=True):
        key = (one.flow, one.material)
        if key in first:
            problems.append(
                frame.problem_at(
                    reading,
                    index,
                    "flow",
                    value=one.flow,
                    expected="流不重复（同一流的几种物质各占一行）",
                    mend=f"与第 {first[key]} 行重复，请删去或改正其中一行。",
                )
            )
        else:
            first[key] = reading.row_numbers[index]
        if not one.composition and one.tail is not None and one.head is not None:
            ends = several.setdefault(one.flow, set())
            ends.add((one.tail, one.head))
            if len(ends) > 1 and key in first and first[key] == reading.row_numbers[index]:
                problems.append(
                    frame.problem_at(
                        reading,
                        index,
                        "from",
                        value=f"{one.tail} → {one.head}",
                        expected="同一流的起点、终点相同",
                        mend="不同的流请用不同的名称。",
                    )
                )
                ends.discard((one.tail, one.head))
    return problems


def _compositions(
    reading: Reading, flows: Sequence[Flow], rows: Sequence[int], *, constrained: bool
) -> list[Problem]:
    carriers = {one.flow: one for one in flows if not one.composition and not one.material}
    problems = []
    for one, index in zip(flows, rows, strict=True):
        if not one.composition:
            continue
        carrier = carriers.get(one.flow)
        ends = (one.tail, one.head)
        if constrained:
            wanted = "在给定约束（--constraints）时没有 composition 行"
        elif not one.material:
            wanted = "composition 行写明物质"
        elif carrier is None:
            wanted = "有同名、物质为空的流量行"
        elif any(ends) and ends != (carrier.tail, carrier.head):
            wanted = "起点、终点与同名的流相同"
        else:
            continue
        problems.append(
            frame.problem_at(reading, index, "kind", value=one.flow, expected=wanted, mend="请核对这一行。")
        )
    return problems


def _correlations(
    table: Reading, found: Inputs, names: Sequence[str], unmeasured: Collection[str]
) -> list[Problem]:
    problems: list[Problem] = []
    seen: dict[frozenset[str], int] = {}
    known = set(names)
    for index, row in enumerate(table.rows()):
        both = [row["flow_a"], row["flow_b"]]
        for column, name in zip(("flow_a", "flow_b"), both, strict=True):
            if name is None:
                continue
            wanted = "流表中的流" if name not in known else "有测量值的流" if name in unmeasured else ""
            if wanted:
                problems.append(
                    frame.problem_at(table, index, column, value=name, expected=wanted, mend="请核对名称。")
                )
        pair = frozenset(both)
        if None in pair:
            continue
        if len(pair) == 1 or pair in seen:
            expected = "两条不同的流" if len(pair) == 1 else "每对流只出现一次"
            mend = "请核对。" if len(pair) == 1 else f"与第 {seen[pair]} 行重复。"
            problems.append(
                frame.problem_at(table, index, "flow_b", value=both[1], expected=expected, mend=mend)
            )
            continue
        seen[pair] = table.row_numbers[index]
        if row["rho"] is not None:
            found.correlations.append((*both, float(row["rho"])))  # type: ignore[arg-type]
    if not problems and table.ok:
        problems += _possible(table, found, names)
    return problems


def _possible(table: Reading, found: Inputs, names: Sequence[str]) -> list[Problem]:
    import numpy as np

    from qingyuan.engine.balance.parts import Correlations

    place = {name: number for number, name in enumerate(names)}
    pairs = Correlations(
        first=np.array([place[first] for first, _, _ in found.correlations], np.int64),
        second=np.array([place[second] for _, second, _ in found.correlations], np.int64),
        rho=np.array([rho for _, _, rho in found.correlations], np.float64),
    )
    least = smallest_correlation_eigenvalue(pairs)
    if least >= -1e-9 and math.isfinite(least):
        return []
    return [
        Problem(
            file=table.file,
            sheet=table.sheet,
            title="相关系数",
            value=f"最小特征值 {least:.3g}",
            expected="相关系数矩阵没有负特征值",
            mend="这些相关系数不可能同时成立，请核对。",
        )
    ]
