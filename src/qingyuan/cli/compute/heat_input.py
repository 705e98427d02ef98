"""What the tables of heat say, as the library takes it, with everything wrong in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from qingyuan.cli.compute import frame
from qingyuan.engine.heat import Streams, Utility
from qingyuan.engine.heat.matching import Link
from qingyuan.engine.heat.streams import AGREE
from qingyuan.workbooks.heat import kind_of
from qingyuan.workbooks.problems import Problem
from qingyuan.workbooks.read import Reading, letter_of
from qingyuan.workbooks.schema import NA

AMOUNTS = ("length_m", "loss_kw_per_m", "fixed_cost", "cost_per_kwh")
STREAM_AGAIN = "删去重复的行；同一流股的各段应有不同的温度或热负荷。"


@dataclass(frozen=True, kw_only=True)
class StreamRows:
    """The streams and, in the same order, whose they are ("" where nobody is named) and what they are called."""

    streams: Streams
    enterprises: Sequence[str]
    names: Sequence[str]

    def by_enterprise(self) -> dict[str, Streams]:
        """The streams of each enterprise, in the order in which they first occur."""
        places: dict[str, list[int]] = {}
        for index, name in enumerate(self.enterprises):
            places.setdefault(name, []).append(index)
        return {name: self.streams.part(np.array(mine)) for name, mine in places.items()}


class Faults:
    """Collects problems of the rows of one reading, leaving out cells that the reader has complained about."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.found: list[Problem] = []
        self._known = {(one.row, one.letter) for one in reading.problems if one.level == "error"}

    def bad(self, index: int, *columns: str) -> bool:
        """Whether one of the cells (or a whole required column) has been complained about already."""
        row = self.reading.row_numbers[index]
        return any((row, letter_of(self.reading, name)) in self._known for name in columns)

    def add(self, index: int, column: str, *, expected: str, mend: str, value: object = None) -> None:
        """One more problem; nothing if the cell has one already."""
        if self.bad(index, column):
            return
        shown = self.reading.columns[column][index] if value is None else value
        shown = "" if shown is None else "na" if shown is NA else shown
        self.found.append(
            frame.problem_at(self.reading, index, column, value=shown, expected=expected, mend=mend)
        )


def option(text: str, name: str, problems: list[Problem], *, least: float | None = 0.0) -> float:
    """A number given as an option, or a problem."""
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not np.isfinite(value) or (least is not None and value < least):
        wanted = "有限的数" if least is None else f"不小于 {least:g} 的数"
        problems.append(
            Problem(file="", title=name, value=text[:60], expected=wanted, mend="请改正命令的参数。")
        )
        return 0.0
    return value


def streams_of(
    reading: Reading, *, dt_min: float, need_enterprise: bool
) -> tuple[StreamRows | None, list[Problem]]:
    """The streams, or what is wrong with them (besides what the reader has said)."""
    faults = Faults(reading)
    if need_enterprise and len(reading) and "enterprise" not in reading.places:
        faults.found.append(
            Problem(
                file=reading.file,
                sheet=reading.sheet,
                row=reading.header_row,
                title="企业",
                name="enterprise",
                expected="有“企业”（enterprise）列",
                mend="按企业分别计算需要知道每个流股属于哪家企业。",
            )
        )
        need_enterprise = False
    seen: dict[tuple[Any, ...], int] = {}
    rows = []
    for index, row in enumerate(reading.rows()):
        _known_enterprise(faults, index, row, needed=need_enterprise)
        _not_again(faults, index, row, seen)
        rows.append(_one_stream(faults, index, row, dt_min))
    if faults.found or not reading.ok or not rows:
        return None, faults.found
    supply, target, duty, hot, contribution = zip(*rows, strict=True)
    names = [_text(one) for one in reading.columns["enterprise"]]
    streams = Streams.of(
        np.array(supply),
        np.array(target),
        duty_kw=np.array(duty),
        hot=np.array(hot),
        dt_cont_k=np.array(contribution),
    )
    return StreamRows(streams=streams, enterprises=names, names=[*map(str, reading.columns["stream"])]), []


def _text(value: Any) -> str:
    return "" if value is None or value is NA else str(value)


def _float(value: Any) -> float | None:
    return None if value is None or value is NA else float(value)


def _known_enterprise(faults: Faults, index: int, row: dict[str, Any], *, needed: bool) -> None:
    if needed and not _text(row["enterprise"]):
        faults.add(index, "enterprise", expected="企业的名称", mend="按企业分别计算时每个流股都要写明企业。")


def _not_again(faults: Faults, index: int, row: dict[str, Any], seen: dict[tuple[Any, ...], int]) -> None:
    """One name may stand for several parts of a stream, but the same part twice is a slip."""
    if row["stream"] is None:
        return
    key = (_text(row["enterprise"]), *(value for name, value in row.items() if name != "enterprise"))
    if key in seen:
        again = faults.reading.row_numbers[seen[key]]
        faults.add(index, "stream", expected=f"不重复的流股（与第 {again} 行完全相同）", mend=STREAM_AGAIN)
    else:
        seen[key] = index


def _one_stream(
    faults: Faults, index: int, row: dict[str, Any], dt_min: float
) -> tuple[float, float, float, bool, float]:
    """(supply, target, duty, hot, contribution) of a row; placeholders where it is faulty."""
    nothing = (0.0, 0.0, 0.0, True, 0.0)
    duty, cp = _float(row["duty_kw"]), _float(row["cp_kw_per_k"])
    figures_bad = faults.bad(index, "duty_kw", "cp_kw_per_k")
    if duty is None and cp is None and not figures_bad:
        column = "cp_kw_per_k" if "cp_kw_per_k" in faults.reading.places else "duty_kw"
        expected = "热容流率（kW/K）或热负荷（kW），两者有其一"
        faults.add(index, column, expected=expected, mend="没有热量的流股填 0，或移出本表。")
    supply, target = _float(row["t_supply_c"]), _float(row["t_target_c"])
    if supply is None or target is None:
        return nothing
    kind = kind_of(_text(row["kind"]))
    contribution = _float(row["dt_cont_k"])
    if supply == target:
        if not kind:
            mend = "供应温度与目标温度相同（相变）时，冷热无法由温度看出。"
            faults.add(index, "kind", expected="hot（热）或 cold（冷）", mend=mend)
        if duty is None and not (figures_bad or cp is None):
            mend = "温度不变的流股没有热容流率，请填热负荷。"
            faults.add(index, "duty_kw", expected="热负荷，kW", mend=mend)
        elif cp is not None and duty is not None and not figures_bad:
            mend = "温度不变的流股没有热容流率，请留空或填 na。"
            faults.add(index, "cp_kw_per_k", expected="空白或 na", mend=mend)
        return (
            supply,
            target,
            duty or 0.0,
            kind == "hot",
            dt_min / 2 if contribution is None else contribution,
        )
    hot = supply > target
    if kind and (kind == "hot") != hot:
        expected = "hot（热）" if hot else "cold（冷）"
        faults.add(index, "kind", expected=f"{expected}，与温度一致", mend="请核对供应温度、目标温度和类型。")
    spread = abs(supply - target)
    if cp is not None and duty is not None and abs(cp * spread - duty) > AGREE * max(cp * spread, duty):
        expected = f"与热容流率相符的热负荷（{cp * spread:g} kW）"
        faults.add(index, "duty_kw", expected=expected, mend="热负荷＝热容流率×温差；两者填其一即可。")
    if duty is None:
        duty = (cp or 0.0) * spread
    return supply, target, duty, hot, dt_min / 2 if contribution is None else contribution


def utilities_of(reading: Reading, *, dt_min: float) -> tuple[list[Utility], list[Problem]]:
    """The utilities, or what is wrong with them."""
    faults = Faults(reading)
    found = []
    priced: dict[str, list[tuple[int, bool]]] = {"hot": [], "cold": []}
    for index, row in enumerate(reading.rows()):
        kind = kind_of(_text(row["kind"]))
        supply, target = _float(row["t_supply_c"]), _float(row["t_target_c"])
        if supply is None or not kind or faults.bad(index, "t_target_c"):
            continue
        target = supply if target is None else target
        if (kind == "hot" and target > supply) or (kind == "cold" and target < supply):
            wanted = "不高于供应温度" if kind == "hot" else "不低于供应温度"
            mend = "热公用工程放热降温，冷公用工程吸热升温；请核对。"
            faults.add(index, "t_target_c", expected=wanted, mend=mend)
        cost, contribution = _float(row["cost_per_kwh"]), _float(row["dt_cont_k"])
        # na: it has no price, which is a price of nothing; blank: the price is missing.
        stated = cost is not None or row["cost_per_kwh"] is NA or faults.bad(index, "cost_per_kwh")
        for side in ("hot", "cold"):
            if kind in {side, "both"}:
                priced[side].append((index, stated))
        found.append(
            Utility(
                utility=_text(row["utility"]),
                kind=kind,  # type: ignore[arg-type]
                t_supply_c=supply,
                t_target_c=target,
                cost_per_kwh=cost,
                dt_cont_k=dt_min / 2 if contribution is None else contribution,
            )
        )
    for index in _unpriced(priced.values()):
        mend = "同一侧的公用工程要么都有单价，要么都没有（那时按温度安排）；不计价的填 na。"
        faults.add(index, "cost_per_kwh", expected="单价，元/kWh", mend=mend)
    return found, faults.found


def _unpriced(sides: Iterable[list[tuple[int, bool]]]) -> list[int]:
    """Rows without a price on a side where others have one."""
    missing: set[int] = set()
    for rows in sides:
        if any(stated for _index, stated in rows):
            missing.update(index for index, stated in rows if not stated)
    return sorted(missing)


def links_of(reading: Reading, *, enterprises: Iterable[str] | None) -> tuple[list[Link], list[Problem]]:
    """The links, or what is wrong with them. `enterprises`: who has streams; None where that is not known.

    A column that is absent counts nothing; a blank cell in one that stands there is a figure that is missing.
    """
    faults = Faults(reading)
    known = None if enterprises is None else set(enterprises)
    found = []
    for index, row in enumerate(reading.rows()):
        for name in ("from", "to"):
            if row[name] is not None and known is not None and row[name] not in known:
                faults.add(index, name, expected="流股表中的企业", mend="请核对企业名称，或补上它的流股。")
        if row["from"] is not None and row["from"] == row["to"]:
            faults.add(index, "to", expected="另一家企业", mend="企业内部的热回收不需要管线。")
        wanted = [name for name in AMOUNTS if name in reading.places]
        if row["cop"] not in {None, NA}:
            wanted.append("power_cost_per_kwh")
        for name in wanted:
            if row[name] is None and not faults.bad(index, name):
                if name not in reading.places:
                    mend = "有热泵的管线要有电价；不计的填 0。"
                    faults.add(index, "cop", expected="同时有“电价”（power_cost_per_kwh）列", mend=mend)
                else:
                    faults.add(index, name, expected="一个数", mend="没有的填 0，不适用的填 na。")
        found.append(
            Link(
                source=_text(row["from"]),
                sink=_text(row["to"]),
                cop=_float(row["cop"]),
                **{name: _float(row[name]) or 0.0 for name in (*AMOUNTS, "power_cost_per_kwh")},
            )
        )
    return found, faults.found
