"""An invented sector 演示, made by code: to try the diagnosis, to measure it, and to see that it finds what was planted.

Nothing in it is anybody's figure. The same number of enterprises and seed give the same data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO, Final

import numpy as np

from qingyuan.catalogue.diagnosis import settings
from qingyuan.workbooks import industry as tables
from qingyuan.workbooks.schema import Table
from qingyuan.workbooks.write import write_book

FEWEST: Final = 20
_INDICATORS: Final[tuple[tuple[str, str, str, str, float, float, float], ...]] = (
    ("energy", "单位产品综合能耗", "kgce/t", "越小越好", 900.0, 1100.0, 1400.0),
    ("power", "单位产品电耗", "kWh/t", "越小越好", 1200.0, 1500.0, 1900.0),
    ("water", "单位产品新鲜水耗", "m3/t", "越小越好", 90.0, 110.0, 140.0),
    ("reuse", "水重复利用率", "%", "越大越好", 60.0, 50.0, 40.0),
    ("cod", "单位产品COD产生量", "kg/t", "越小越好", 60.0, 75.0, 95.0),
    ("nitrogen", "单位产品氨氮产生量", "kg/t", "越小越好", 2.0, 2.6, 3.4),
    ("dye", "单位产品染化料用量", "kg/t", "越小越好", 110.0, 140.0, 180.0),
    ("first_time", "一次成功率", "%", "越大越好", 95.0, 92.0, 88.0),
)
_QUALITATIVE: Final = (("meters", "计量器具配备"), ("management", "清洁生产管理制度"))
_PROCESSES: Final = ("连续式", "间歇式", "印花")
_SIZES: Final = ("大型", "中型", "小型", "微型")
_SCHEMES: Final = (
    ("演示·定型机废气余热回收", "energy", 60.0, 45.0, "energy_tce", 0.03),
    ("演示·冷却水和冷凝水回用", "water", 20.0, 12.0, "water_m3", 0.05),
    ("演示·小浴比染缸改造", "water", 150.0, 60.0, "water_m3", 0.12),
    ("演示·自动称料配料", "dye", 40.0, 30.0, "", 0.0),
)


def demo_parts(
    enterprises: int = 1000, *, seed: int = 2022
) -> list[tuple[Table, Sequence[Mapping[str, Any]]]]:
    """The sheets; at least 20 enterprises, among them some faults that a check should find."""
    if enterprises < FEWEST:
        raise ValueError(f"at least {FEWEST} enterprises")
    random = np.random.default_rng(seed)
    firms, worse = _firms(enterprises, random)
    values = _values(firms, worse, random)
    for row, own in zip(firms, values, strict=True):
        made = row["output"]
        row["energy_tce"] = round(own["energy"] * made / 1000 * 1.02, 1)
        row["electricity_kwh"] = round(own["power"] * made, 0)
        row["water_m3"] = round(own["water"] * made * 1.02, 0)
        row["emission:COD"] = round(own["cod"] * made / 1000 * 0.05, 3)
        row["statistics:COD"] = row["emission:COD"]
    schemes = _schemes(firms, random)
    _plant(firms, values, schemes)
    enterprise_table = tables.enterprise_table()
    members = (enterprise_table.member(name) for name in ("排放量：COD", "环境统计：COD"))
    enterprise_table = enterprise_table.with_members(one for one in members if one is not None)
    return [
        (tables.setting_table(), _settings()),
        (tables.indicator_table(), _indicator_rows()),
        (enterprise_table, firms),
        (tables.long_value_table(), _long(firms, values)),
        (tables.scheme_table(), schemes),
    ]


def write_demo(target: BinaryIO, enterprises: int = 1000) -> None:
    """The sector as a workbook that `diagnose` reads."""
    write_book(target, demo_parts(enterprises), free_rows=10)


def _settings() -> list[dict[str, str]]:
    filled = {"price_energy_cny_per_tce": "1200", "price_water_cny_per_m3": "4.5"}
    rows = tables.setting_rows(list(settings().values()))
    for row, one in zip(rows, settings().values(), strict=True):
        if one.id in filled:
            row["value"], row["note"] = filled[one.id], "演示"
    return rows


def _indicator_rows() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [
        {
            "indicator": name,
            "title": title,
            "unit": unit,
            "direction": way,
            "I": first,
            "II": second,
            "III": third,
        }
        for name, title, unit, way, first, second, third in _INDICATORS
    ]
    rows[-1]["resource"] = rows[-2]["resource"] = "不折算"
    return rows + [
        {"indicator": name, "title": title, "kind": tables.QUALITATIVE} for name, title in _QUALITATIVE
    ]


def _firms(count: int, random: np.random.Generator) -> tuple[list[dict[str, Any]], Any]:
    """Enterprises, and how badly each is run (about 0)."""
    worse = random.normal(size=count)
    output = np.round(random.lognormal(8.5, 0.9, count), 0) + 50
    process = random.integers(0, len(_PROCESSES), count)
    size = np.digitize(-output, -np.array([12_000.0, 5_000.0, 1_500.0]))
    firms = [
        {
            "enterprise": f"演示·印染{place + 1:04d}厂",
            "sector": "印染",
            "process": _PROCESSES[int(process[place])],
            "size": _SIZES[int(size[place])],
            "output": float(output[place]),
            "output_unit": "t",
            "value_wan_cny": round(float(output[place] * random.uniform(1.2, 1.8)), 1),
        }
        for place in range(count)
    ]
    return firms, worse


def _values(firms: list[dict[str, Any]], worse: Any, random: np.random.Generator) -> list[dict[str, Any]]:
    """Energy, power and water go together: one cause, as in a sector with a common problem."""
    count = len(firms)
    common = 0.75 * worse[:, None] + 0.66 * random.normal(size=(count, len(_INDICATORS)))
    found: list[dict[str, Any]] = []
    for place in range(count):
        own: dict[str, Any] = {}
        for k, (name, _title, unit, _way, _first, second, _third) in enumerate(_INDICATORS):
            if unit == "%":
                own[name] = round(float(np.clip(second - 6 * common[place, k], 5, 99.5)), 1)
            else:
                own[name] = round(float(second * np.exp(0.18 * common[place, k])), 3)
        for k, (name, _title) in enumerate(_QUALITATIVE):
            grade = int(np.digitize(common[place, k], [-0.6, 0.3, 1.3]))
            own[name] = ("I", "II", "III", "none")[grade]
        if random.random() < 0.02:
            own["nitrogen"] = None
        if random.random() < 0.05:
            own["dye"] = "na"
        found.append(own)
    return found


def _schemes(firms: list[dict[str, Any]], random: np.random.Generator) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for measure, indicator, invest, saving, resource, share in _SCHEMES:
        for place in random.choice(len(firms), size=3, replace=False).tolist():
            firm = firms[place]
            scale = firm["output"] / 5000
            row: dict[str, Any] = {
                "measure": measure,
                "enterprise": firm["enterprise"],
                "indicator": indicator,
                "invest_wan_cny": round(invest * scale, 2),
                "saving_wan_cny": round(saving * scale * 5, 2),
            }
            if resource:
                row[resource] = round(firm[resource] * share, 1)
            rows.append(row)
    return rows


def _plant(firms: list[dict[str, Any]], values: list[dict[str, Any]], schemes: list[dict[str, Any]]) -> None:
    """Faults of the kinds that were seen in published work."""
    values[1]["water"] *= 10_000
    values[3] = {**values[3], **{name: values[2][name] for name, *_rest in _INDICATORS}}
    firms[4] |= {"mass_in_t": 10_000.0, "mass_out_t": 9_790.0, "stated_closure_pct": 0.91}
    firms[5]["statistics:COD"] = round(firms[5]["emission:COD"] * 1000, 3)
    schemes.append(
        {
            "measure": "演示·污水源热泵", "enterprise": firms[6]["enterprise"], "invest_wan_cny": 80, "saving_wan_cny": 30,
            "cop": 9.5, "t_source_c": 20, "t_sink_c": 60,
        }
    )  # fmt: skip
    schemes.append(
        {
            "measure": "演示·中水回用", "enterprise": firms[7]["enterprise"], "indicator": "water", "invest_wan_cny": 300,
            "saving_wan_cny": 20, "water_m3": round(firms[7]["water_m3"] * 1.5, 0),
        }
    )  # fmt: skip


def _long(firms: list[dict[str, Any]], values: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"enterprise": firm["enterprise"], "indicator": name, "value": value}
        for firm, own in zip(firms, values, strict=True)
        for name, value in own.items()
        if value is not None
    ]
