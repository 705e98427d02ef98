"""A synthetic sector 演示电镀: what its enterprises use and make, of one year, with two faults that a check should find."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qingyuan.catalogue.diagnosis import settings
from qingyuan.demo.examples import Dice, Row, Sheets
from qingyuan.workbooks import industry

INDICATORS = (
    # id, title, unit, direction, I, II, III, how much worse a badly run enterprise is
    ("water", "单位产品新鲜水耗", "m3/万m2", "越小越好", 80, 240, 400, 0.55),
    ("power", "单位产品电耗", "kWh/万m2", "越小越好", 30_000, 38_000, 46_000, 0.30),
    ("cod", "单位产品COD产生量", "kg/万m2", "越小越好", 30, 48, 70, 0.45),
    ("nickel", "镍利用率", "%", "越大越好", 95, 92, 85, 0.05),
    ("reuse", "电镀用水重复利用率", "%", "越大越好", 60, 40, 30, 0.25),
)  # fmt: skip
QUALITATIVE = (("rinsing", "多级逆流漂洗"), ("meters", "计量器具配备"))
PROCESSES = ("滚镀", "挂镀")
SIZES = ("中型", "小型", "微型")
SCHEMES = (
    ("演示·单槽漂洗改三级逆流漂洗", "water", 24.0, 15.0, "water_m3", 0.30),
    ("演示·镀镍槽带出液回收", "nickel", 18.0, 11.0, "", 0.0),
    ("演示·整流器更换为高频开关电源", "power", 30.0, 9.0, "electricity_kwh", 0.08),
)  # fmt: skip


def sheets(names: Sequence[str]) -> Sheets:
    """The sheets of 行业审核数据采集表, always the same for the same enterprises."""
    dice = Dice(2015)
    firms, values = [], []
    for name in names:
        firm, own = _enterprise(dice, name)
        firms.append(firm)
        values += [{"enterprise": name, "indicator": key, "value": value} for key, value in own.items()]
    # Planted: one balance states less than it is off by, one discharge is ten times what the statistics say.
    firms[1] |= {"mass_in_t": 820.0, "mass_out_t": 802.8, "stated_closure_pct": 0.91}
    firms[2]["statistics:COD"] = round(firms[2]["emission:COD"] / 10, 4)
    return [
        (industry.setting_table(), _settings()),
        (industry.indicator_table(), _indicators()),
        (industry.enterprise_table(), firms),
        (industry.long_value_table(), values),
        (industry.scheme_table(), _schemes(dice, firms)),
    ]


def _enterprise(dice: Dice, name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Its yearly totals and its indicators; how badly it is run shows in all of them."""
    worse = dice.between(-1, 1)
    own: dict[str, Any] = {}
    for key, _title, unit, _way, _first, second, third, spread in INDICATORS:
        off = spread * (0.8 * worse + 0.4 * dice.between(-1, 1))
        middle = (second + third) / 2
        own[key] = round(min(99.0, middle * (1 - off)) if unit == "%" else middle * (1 + off), 2)
    for key, _title in QUALITATIVE:
        own[key] = ("I", "II", "III", "none")[min(3, int(2 * (worse + 1) + dice.between(0, 0.9)))]
    made = round(dice.between(4, 40), 1)
    discharged = round(own["cod"] * made / 1000 * 0.08, 4)
    return {
        "enterprise": name,
        "sector": "电镀",
        "process": dice.one_of(PROCESSES),
        "size": SIZES[0 if made > 25 else 1 if made > 8 else 2],
        "output": made,
        "output_unit": "万m2",
        "value_wan_cny": round(made * dice.between(110, 160), 1),
        "electricity_kwh": round(own["power"] * made * 1.02),
        "water_m3": round(own["water"] * made * 1.02),
        "emission:COD": discharged,
        "statistics:COD": discharged,
    }, own  # fmt: skip


def _settings() -> list[dict[str, str]]:
    rows = industry.setting_rows(list(settings().values()))
    for row, one in zip(rows, settings().values(), strict=True):
        if one.id == "price_water_cny_per_m3":
            row["value"], row["note"] = "4.8", "演示"
    return rows


def _indicators() -> list[Row]:
    rows: list[Row] = [
        {
            "indicator": key, "title": title, "unit": unit, "direction": way, "I": first, "II": second, "III": third,
            **({"resource": "不折算"} if unit == "%" else {}),
        }
        for key, title, unit, way, first, second, third, _spread in INDICATORS
    ]  # fmt: skip
    return rows + [
        {"indicator": key, "title": title, "kind": industry.QUALITATIVE} for key, title in QUALITATIVE
    ]


def _schemes(dice: Dice, firms: Sequence[Row]) -> list[Row]:
    rows: list[Row] = []
    for measure, indicator, invest, saving, resource, share in SCHEMES:
        for firm in firms[:2]:
            scale = firm["output"] / 20 * dice.between(0.8, 1.2)
            rows.append(
                {
                    "measure": measure, "enterprise": firm["enterprise"], "indicator": indicator,
                    "invest_wan_cny": round(invest * scale, 2), "saving_wan_cny": round(saving * scale, 2),
                    **({resource: round(firm[resource] * share)} if resource else {}),
                }
            )  # fmt: skip
    return rows
