"""Which figures of a scheme are doubted, and why: asked back, never refused.

Electricity and coal equivalent: 1 万kWh is 10,000 kWh times the factor of the catalogue (tce per kWh); a scheme may save
other energy as well, so that more is no doubt, unless it is off by a round power of ten. Simple payback is investment
over yearly benefit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from qingyuan.catalogue.factors import energy_factors
from qingyuan.catalogue.performance import COST_CLASSES, QUANTITIES, Layout

if TYPE_CHECKING:
    from qingyuan.workbooks.performance import Figure

WAN = Decimal(10_000)
SLIPS = (Decimal(1000), Decimal(10_000))
EQUIVALENT = "electricity-equivalent"


@dataclass(frozen=True, slots=True)
class Doubt:
    """`column` is the quantity that is doubted; `message` says what was expected of it."""

    column: str
    message: str


def doubts_of(figures: Mapping[str, Figure], layout: Layout, *, kind: str = "") -> list[Doubt]:
    """All doubts of one scheme. `kind` is that of its code (low, high), empty where it has none."""
    return list(_doubts(figures, layout, kind))


def _doubts(figures: Mapping[str, Any], layout: Layout, kind: str) -> Iterator[Doubt]:
    numbers = {name: value for name, value in figures.items() if isinstance(value, Decimal)}
    for name, value in numbers.items():
        if value < 0 and name in QUANTITIES:
            yield Doubt(name, "减少量和效益一般不为负；确实增加的，在“其他”中说明")
    yield from _energy(numbers, layout)
    yield from _payback(numbers, layout, kind)
    invest = numbers.get("invest_wan_cny")
    if kind and invest is not None and layout.cost_classes.kind_of(invest) != kind:
        stated = "无/低费" if kind == "low" else "中/高费"
        cost = COST_CLASSES[layout.cost_classes.of(invest)]
        yield Doubt("invest_wan_cny", f"编号为{stated}方案，按投资额属{cost}（界限见费用分类）")


def _energy(numbers: Mapping[str, Decimal], layout: Layout) -> Iterator[Doubt]:
    rules = layout.plausibility
    slack = rules.tolerance_pct / 100
    saved, coal, co2 = (numbers.get(name) for name in ("electricity_wan_kwh", "coal_tce", "co2_t"))
    factors = _electricity(rules.electricity_factor)
    if saved and saved > 0 and factors:
        low, high = min(factors), max(factors)
        expected = f"节电折标煤 {_round(saved * low)}（当量）至 {_round(saved * high)}（等价）t"
        if coal is None or coal == 0:
            if coal is not None:
                yield Doubt("coal_tce", f"填了节电，折标煤为 0；{expected}")
        elif coal > 0:
            slip = next((word for factor in factors if (word := _slip(coal / (saved * factor), slack))), "")
            if slip:
                yield Doubt("coal_tce", f"{expected}；{slip}，请核对单位")
            elif coal < saved * low * (1 - slack):
                yield Doubt("coal_tce", f"不少于{expected}")
    if coal and co2 and coal > 0 and co2 > 0:
        ratio = co2 / coal
        if not rules.co2_t_per_tce_low <= ratio <= rules.co2_t_per_tce_high:
            between = f"每吨标煤 {rules.co2_t_per_tce_low}—{rules.co2_t_per_tce_high} t CO2"
            slips = [
                word
                for times in SLIPS
                for turned, word in (
                    (ratio / times, f"大了约 {times} 倍"),
                    (ratio * times, f"小了约 {times} 倍"),
                )
                if rules.co2_t_per_tce_low <= turned <= rules.co2_t_per_tce_high
            ]
            yield Doubt(
                "co2_t", f"{between}，现为 {_round(ratio)}" + (f"；{slips[0]}，请核对单位" if slips else "")
            )


def _payback(numbers: Mapping[str, Decimal], layout: Layout, kind: str) -> Iterator[Doubt]:
    rules = layout.plausibility
    invest, benefit = numbers.get("invest_wan_cny"), numbers.get("benefit_wan_cny")
    if not invest or not benefit or invest <= 0 or benefit <= 0:
        return
    years = invest / benefit
    high_cost = kind == "high" or (not kind and layout.cost_classes.kind_of(invest) == "high")
    if years > rules.payback_years_high:
        hint = "；投资额可能以元填写" if years / WAN <= rules.payback_years_high and years > 1000 else ""
        yield Doubt(
            "benefit_wan_cny",
            f"静态投资回收期 {_round(years)} 年，一般不超过 {rules.payback_years_high} 年{hint}",
        )
    elif high_cost and years < rules.payback_years_low:
        hint = (
            "；经济效益可能以元填写"
            if years * WAN >= rules.payback_years_low and years < Decimal("0.01")
            else ""
        )
        yield Doubt(
            "benefit_wan_cny",
            f"静态投资回收期 {_round(years)} 年，中/高费方案一般不短于 {rules.payback_years_low} 年{hint}",
        )


def _slip(ratio: Decimal, slack: Decimal) -> str:
    for times in SLIPS:
        if 1 - slack <= ratio / times <= 1 + slack:
            return f"大了约 {times} 倍"
        if 1 - slack <= ratio * times <= 1 + slack:
            return f"小了约 {times} 倍"
    return ""


def _electricity(name: str) -> list[Decimal]:
    """Tonnes of coal equivalent per 万kWh: the layout's factor, and the equivalent-value one where the table has it."""
    found = {factor.id: factor.tce_per_unit * WAN for factor in energy_factors().rows if factor.unit == "kWh"}
    return [found[one] for one in dict.fromkeys((name, EQUIVALENT)) if one in found]


def _round(value: Decimal) -> str:
    return format(value.quantize(Decimal("0.01")).normalize(), "f")
