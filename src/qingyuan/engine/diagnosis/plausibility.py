"""Figures that cannot be so, or contradict each other: balances, statistics, physical bounds, savings beyond use.

A flag says what was found and what was expected. `error` is impossible or contradictory, `warning` wants a second look. Every
tolerance is the caller's.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

Level = Literal["error", "warning"]
KELVIN: Final = 273.15
_TEST_NAMES = re.compile(r"测试|试填|示例|样例|某某|(?i:\btest|xxx|asdf)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """`rule` names the check; `where` an indicator, a column or a scheme; `expected` what would be plausible."""

    rule: str
    level: Level
    enterprise: str | None
    where: str
    message: str
    value: float | str | None
    expected: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerances:
    """Percent, except for `stated_pct` (percentage points) and the least CNY that a unit saved is worth."""

    balance_pct: float
    stated_pct: float
    statistics_pct: float
    energy_pct: float
    robust_z: float
    low_water_cny_per_m3: float
    low_electricity_cny_per_kwh: float
    low_energy_cny_per_tce: float


def mass_balance(
    who: str, into: float, out: float, *, stated_pct: float | None, tolerances: Tolerances
) -> Iterator[Flag]:
    """Closure = 100 (in - out) / in: beyond the tolerance, and other than the report states."""
    if into <= 0:
        if out > 0:
            yield _flag("mass_balance", "error", who, "物料平衡", "没有输入却有输出", out, "输入大于 0")
        return
    closure = 100 * (into - out) / into
    if abs(closure) > tolerances.balance_pct:
        yield _flag(
            "mass_balance", "warning", who, "物料平衡", f"输入 {shown(into)} t、输出 {shown(out)} t，相差 {closure:.2f} %", closure,
            f"误差不超过 {tolerances.balance_pct:g} %",
        )  # fmt: skip
    if stated_pct is None:
        return
    # A report that gives no sign gives the size of its error.
    differs = abs(stated_pct) - abs(closure) if stated_pct >= 0 else stated_pct - closure
    if abs(differs) > tolerances.stated_pct:
        yield _flag(
            "stated_closure", "error", who, "物料平衡", f"报告写明误差 {stated_pct:g} %，按数据复算为 {closure:.2f} %",
            stated_pct, f"{closure:.2f} %",
        )  # fmt: skip


def against_statistics(
    who: str, pollutant: str, reported: float, statistics: float, *, tolerance_pct: float
) -> Iterator[Flag]:
    """The report and the environmental statistics of the same year, relative to the larger."""
    larger = max(reported, statistics)
    if larger <= 0 or 100 * abs(reported - statistics) / larger <= tolerance_pct:
        return
    slip = _power_of_ten(reported / statistics) if reported > 0 and statistics > 0 else None
    more = f"，恰为其{slip}" if slip else ""
    yield _flag(
        "environmental_statistics", "error" if slip else "warning", who, pollutant,
        f"填报 {shown(reported)} t，环境统计 {shown(statistics)} t{more}", reported, f"与 {shown(statistics)} t 相差不超过 {tolerance_pct:g} %",
    )  # fmt: skip


def carrier_energy(who: str, stated: float, computed: float, *, tolerance_pct: float) -> Iterator[Flag]:
    """The stated total of energy against the sum of its carriers, by the factors."""
    if computed <= 0 and stated <= 0:
        return
    if 100 * abs(stated - computed) / max(stated, computed) > tolerance_pct:
        yield _flag(
            "energy_conversion", "warning", who, "综合能耗", f"填报 {shown(stated)} tce，按能源实物量折算为 {shown(computed)} tce", stated,
            f"相差不超过 {tolerance_pct:g} %",
        )  # fmt: skip


def heat_pump(who: str | None, measure: str, *, cop: float, source_c: float, sink_c: float) -> Iterator[Flag]:
    """No heat pump reaches Carnot's T_sink / (T_sink - T_source), in kelvin."""
    if min(source_c, sink_c) <= -KELVIN:
        yield _flag(
            "absolute_zero",
            "error",
            who,
            measure,
            "温度低于绝对零度",
            min(source_c, sink_c),
            "高于 -273.15 ℃",
        )
        return
    if sink_c <= source_c:
        return  # heat flows down by itself; Carnot sets no bound
    bound = (sink_c + KELVIN) / (sink_c - source_c)
    if cop >= bound:
        yield _flag(
            "carnot", "error", who, measure,
            f"热泵从 {source_c:g} ℃ 供到 {sink_c:g} ℃，填报的 COP {cop:g} 不低于卡诺极限 {bound:.2f}", cop, f"低于 {bound:.2f}",
        )  # fmt: skip


def saved_beyond_used(
    who: str, where: str, *, what: str, unit: str, saved: float, used: float, of: str = "全年用量"
) -> Iterator[Flag]:
    """More is saved than was used."""
    if saved > used:
        yield _flag(
            "saved_beyond_used", "error", who, where, f"{what} {shown(saved)} {unit}，超过{of} {shown(used)} {unit}", saved,
            f"不超过 {shown(used)} {unit}",
        )  # fmt: skip


def worth(
    who: str | None, measure: str, *, money_cny: float, savings: Mapping[str, float], tolerances: Tolerances
) -> Iterator[Flag]:
    """The money that savings of `water_m3`, `electricity_kwh`, `energy_tce` are worth at least, beside what is stated.

    Electricity is a part of the energy: of the two the larger counts.
    """
    water = savings.get("water_m3", 0.0) * tolerances.low_water_cny_per_m3
    power = savings.get("electricity_kwh", 0.0) * tolerances.low_electricity_cny_per_kwh
    energy = savings.get("energy_tce", 0.0) * tolerances.low_energy_cny_per_tce
    least = water + max(power, energy)
    if least > money_cny:
        yield _flag(
            "worth", "warning", who, measure, f"所列节水、节电、节能量至少值 {shown(least)} 元，填报的年节约只有 {shown(money_cny)} 元",
            money_cny, f"不少于 {shown(least)} 元",
        )  # fmt: skip


def part_of_whole(
    who: str, indicator: str, *, part: float, whole: float, unit: str, tolerance_pct: float
) -> Iterator[Flag]:
    """What an indicator times the output makes, beside the year's total of the same."""
    if part > whole * (1 + tolerance_pct / 100):
        yield _flag(
            "part_of_whole", "error", who, indicator, f"指标值乘以产量为 {shown(part)} {unit}，超过全年总量 {shown(whole)} {unit}", part,
            f"不超过 {shown(whole)} {unit}",
        )  # fmt: skip


def percentage(who: str, indicator: str, value: float) -> Iterator[Flag]:
    """A share beyond 100 %."""
    if value > 100 or value < 0:
        yield _flag("percentage", "error", who, indicator, f"百分比为 {value:g} %", value, "0 到 100 之间")


def stated_level(who: str, stated: str, level: str) -> Iterator[Flag]:
    """The level of a report, and the one that its own figures give."""
    if stated != level:
        named = {"below": "低于 III 级"}
        yield _flag(
            "stated_level", "error", who, "综合评价",
            f"报告写明 {named.get(stated, stated + ' 级')}，按数据评级为 {named.get(level, level + ' 级')}", stated, level,
        )  # fmt: skip


def trial_rows(names: Sequence[str], *, what: str) -> Iterator[Flag]:
    """Rows that somebody typed to try the form."""
    for name in names:
        if _TEST_NAMES.search(name):
            yield _flag("test_row", "warning", name, what, "像是试填的行", name, "真实的数据，或删去这一行")


def times(exponent: int) -> str:
    """A power of ten in words: 1 万倍, 千分之一."""
    size = abs(exponent)
    if exponent > 0:
        return {4: "1 万倍", 8: "1 亿倍"}.get(size, f"{10**size} 倍")
    return {1: "十分之一", 2: "百分之一", 3: "千分之一", 4: "万分之一", 8: "亿分之一"}.get(
        size, f"10 的 {size} 次方分之一"
    )


def shown(amount: float) -> str:
    """A number as people read it, without powers."""
    return f"{amount:,.0f}" if abs(amount) >= 100_000 else f"{amount:.6g}"


def _power_of_ten(ratio: float) -> str | None:
    """How many powers of ten two figures of the same digits are apart."""
    exponent = round(math.log10(ratio))
    if exponent == 0 or abs(math.log10(ratio) - exponent) > 0.02:
        return None
    return f"{times(exponent)}，可能是单位写错"


def _flag(  # noqa: PLR0917 (the fields in their order)
    rule: str,
    level: Level,
    who: str | None,
    where: str,
    message: str,
    value: float | str | None,
    expected: str,
) -> Flag:
    return Flag(
        rule=rule, level=level, enterprise=who, where=where, message=message, value=value, expected=expected
    )
