"""What the indicators of a sector cost in energy, water and pollutants: as the sheet says, else by unit and name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from qingyuan.catalogue.factors import energy_factors, pollutant_equivalents
from qingyuan.engine.diagnosis import Prices, Use
from qingyuan.engine.diagnosis.units import Unit, ratio_of
from qingyuan.engine.indices.system import Indicator
from qingyuan.workbooks.industry import RESOURCES
from qingyuan.workbooks.industry_settings import Settings

_WATER = re.compile(r"新鲜水|取水|耗水|水耗|用水|水消耗|水量")
_WASTE = re.compile(r"废水|污水|中水|回用")
_REUSE = re.compile(r"水.*(重复利用|回用|循环利用)")


def use_of(  # noqa: PLR0911 (every way out has its own reason)
    indicator: Indicator, asked: Mapping[str, Any], output: Unit | None
) -> tuple[Use | None, str]:
    """How to count an indicator, with the words for it; or None and why it is not counted."""
    wanted = RESOURCES.get(asked.get("resource") or "", "")
    if indicator.kind != "quantitative" or wanted == "none":
        return None, "定性指标" if indicator.kind != "quantitative" else "注明不折算"
    if asked.get("amount") is not None:
        if not wanted:
            return None, "写了折算系数，没有写“折算为”什么"
        pollutant = _pollutant(indicator, asked)
        if wanted == "pollutant" and not pollutant:
            return None, "没有写污染物的名称"
        amount = float(asked["amount"])
        return _use(indicator, wanted, amount, pollutant), f"按填写的折算系数 {asked['amount']}"
    if (
        wanted in {"", "water"}
        and indicator.unit == "%"
        and indicator.higher
        and _REUSE.search(indicator.title)
    ):
        return Use(indicator=indicator.id, resource="water", reuse=True), "按重复利用率推算新鲜水"
    over, under = ratio_of(indicator.unit)
    if over is None or under is None:
        return None, f"单位“{indicator.unit}”不能换算" if indicator.unit else "没有写单位"
    if output is None:
        return None, "企业表没有可用的产量单位"
    if under.dimension != output.dimension:
        return None, f"单位“{indicator.unit}”的分母与产量单位不是同一种量"
    return _counted(indicator, asked, wanted, over=over, scale=over.size * output.size / under.size)


def _counted(
    indicator: Indicator, asked: Mapping[str, Any], wanted: str, *, over: Unit, scale: float
) -> tuple[Use | None, str]:
    energy = {"coal": 1.0, "electricity": _factor("electricity"), "heat": _factor("heat")}
    if over.dimension in energy and wanted in {"", "energy"}:
        words = {"coal": "按单位换算", "electricity": "按电力当量值折标准煤", "heat": "按热力折标准煤"}
        return _use(indicator, "energy", scale * energy[over.dimension]), words[over.dimension]
    named_water = _WATER.search(indicator.title) and not _WASTE.search(indicator.title)
    if over.dimension in {"volume", "mass"} and (wanted == "water" or (not wanted and named_water)):
        return _use(indicator, "water", scale), "按单位换算" + (
            "（1 t 水 = 1 m3）" if over.dimension == "mass" else ""
        )
    pollutant = _pollutant(indicator, asked)
    if over.dimension == "mass" and pollutant and wanted in {"", "pollutant"}:
        return _use(indicator, "pollutant", scale, pollutant), "按单位换算"
    return None, f"不能由单位“{indicator.unit}”和名称识别折算为什么"


def _use(indicator: Indicator, resource: str, amount: float, pollutant: str = "") -> Use:
    return Use(
        indicator=indicator.id,
        resource=resource,  # type: ignore[arg-type]
        amount=amount,
        pollutant=pollutant if resource == "pollutant" else "",
    )


def _pollutant(indicator: Indicator, asked: Mapping[str, Any]) -> str:
    if asked.get("pollutant"):
        return str(asked["pollutant"])
    found = pollutant_equivalents().mentioned(indicator.title)
    return found.usual if found else ""


def _factor(name: str) -> float:
    found = energy_factors().find(name)
    assert found is not None
    return float(found.tce_per_unit)


def prices_of(settings: Settings, pollutants: set[str]) -> Prices:
    """CNY per tce and m3, and per t of a pollutant by its equivalent and the local rate of the environmental tax."""
    rates = {
        "water": settings.number("tax_cny_per_water_equivalent"),
        "air": settings.number("tax_cny_per_air_equivalent"),
    }
    priced = {}
    for name in pollutants:
        found = pollutant_equivalents().find(name)
        if found is not None and (rate := rates[found.medium]) is not None:
            priced[name] = 1000 / float(found.kg) * rate
    return Prices(
        energy=settings.number("price_energy_cny_per_tce"),
        water=settings.number("price_water_cny_per_m3"),
        pollutants=priced,
    )
