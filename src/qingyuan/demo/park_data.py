"""A synthetic park 演示园区: 30 enterprises with flows, heat, water, by-products, shared facilities and schemes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qingyuan.demo.examples import Dice, Row, Sheets
from qingyuan.workbooks import park

SECTORS = (
    "化工",
    "化学原料药",
    "电镀",
    "印染",
    "造纸",
    "建材",
    "有色金属",
    "农副食品加工",
    "工业涂装",
    "热电",
)
SEWAGE, PLANT = "演示污水处理厂", "演示水厂"
NAMES = tuple(f"演示企业{number:02d}" for number in range(1, 31))
DOUBT = 0.01
"""Relative standard deviation of the measurements."""


def enterprises(dice: Dice, names: Sequence[str]) -> list[dict[str, Any]]:
    return [
        {
            "enterprise": name,
            "sector": SECTORS[(number - 1) % len(SECTORS)],
            "x_km": round(dice.between(0, 6), 2),
            "y_km": round(dice.between(0, 4), 2),
            "note": "演示",
        }
        for number, name in enumerate(names, start=1)
    ]


def flows(dice: Dice, names: list[str]) -> list[dict[str, Any]]:
    """Water through the park, ten thousand tonnes a year: in by the plant, out by the sewage works and as vapour."""

    def measured(value: float) -> dict[str, Any]:
        seen = value * (1 + DOUBT * dice.between(-1.2, 1.2))
        return {"value": round(seen, 3), "rel_sd": DOUBT}

    rows: list[dict[str, Any]] = []
    total = spent = 0.0
    for number, name in enumerate(names, start=1):
        taken = round(dice.between(4, 40), 2)
        lost = round(taken * dice.between(0.15, 0.4), 2)
        total, spent = total + taken, spent + taken - lost
        rows.append(
            {"flow": f"供水{number:02d}", "from": PLANT, "to": name, "material": "水", **measured(taken)}
        )
        rows.append(
            {
                "flow": f"排水{number:02d}",
                "from": name,
                "to": SEWAGE,
                "material": "水",
                **measured(taken - lost),
            }
        )
        vapour = {"flow": f"耗水{number:02d}", "from": name, "to": "environment", "material": "水"}
        rows.append(vapour | (measured(lost) if number % 3 else {}))
    reused = round(spent * 0.2, 2)
    rows += [
        {"flow": "取水", "from": "environment", "to": PLANT, "material": "水", **measured(total - reused)},
        {"flow": "再生水", "from": SEWAGE, "to": PLANT, "material": "水", **measured(reused)},
        {"flow": "外排", "from": SEWAGE, "to": "environment", "material": "水", **measured(spent - reused)},
    ]
    return rows


def streams(dice: Dice, names: list[str]) -> list[dict[str, Any]]:
    rows = []
    for number, name in enumerate(names, start=1):
        hot, cold = dice.between(80, 190), dice.between(70, 170)
        rows.append(
            {
                "stream": f"热{number:02d}", "enterprise": name, "t_supply_c": round(hot), "t_target_c": round(dice.between(35, 60)),
                "cp_kw_per_k": round(dice.between(1, 9), 1),
            }
        )  # fmt: skip
        rows.append(
            {
                "stream": f"冷{number:02d}", "enterprise": name, "t_supply_c": round(dice.between(20, 50)),
                "t_target_c": round(cold), "cp_kw_per_k": round(dice.between(2, 20), 1),
            }
        )  # fmt: skip
    return rows


UTILITIES: list[Row] = [
    {"utility": "中压蒸汽", "kind": "hot", "t_supply_c": 250, "t_target_c": 250, "cost_per_kwh": 0.24},
    {"utility": "低压蒸汽", "kind": "both", "t_supply_c": 120, "t_target_c": 120, "cost_per_kwh": 0.18},
    {"utility": "循环水", "kind": "cold", "t_supply_c": 22, "t_target_c": 32, "cost_per_kwh": 0.012},
    {"utility": "冷冻水", "kind": "cold", "t_supply_c": 5, "t_target_c": 10, "cost_per_kwh": 0.16},
]


def heat_links(dice: Dice, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Pipes between enterprises that lie near each other."""
    found: list[dict[str, Any]] = []
    for one in rows:
        for other in rows:
            far = 1000 * ((one["x_km"] - other["x_km"]) ** 2 + (one["y_km"] - other["y_km"]) ** 2) ** 0.5
            if one is not other and far < 900 and len(found) < 40:
                found.append(
                    {
                        "from": one["enterprise"], "to": other["enterprise"], "length_m": round(far), "loss_kw_per_m": 0.05,
                        "fixed_cost": round(far * dice.between(60, 120)), "cost_per_kwh": 0.01,
                    }
                )  # fmt: skip
    return found


def processes(dice: Dice, names: list[str]) -> list[dict[str, Any]]:
    rows = []
    for number, name in enumerate(names[:18], start=1):
        inlet = dice.one_of((0, 0, 20, 50, 100, 150))
        outlet = inlet + dice.one_of((50, 100, 200, 400))
        rows.append(
            {
                "process": f"{name}用水{number:02d}", "contaminant": "COD", "load_kg_h": round(dice.between(0.5, 8), 2),
                "c_in_max_ppm": inlet, "c_out_max_ppm": outlet,
            }
        )  # fmt: skip
    return rows


MATERIALS = (
    ("粉煤灰", 90.0, 45.0),
    ("废硫酸", 400.0, 260.0),
    ("氧化铁泥", 300.0, 60.0),
    ("有机溶剂", 1800.0, 2600.0),
    ("余热蒸汽凝液", 2.0, 6.0),
)
"""Material, present cost of disposal and value to who needs it, yuan a tonne: invented."""


def offers(dice: Dice, rows: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    given, wanted = [], []
    for number, one in enumerate(rows, start=1):
        place = {"x_km": one["x_km"], "y_km": one["y_km"]}
        material, disposal, _value = MATERIALS[number % len(MATERIALS)]
        given.append(
            {
                "offer": f"供{number:02d}", "enterprise": one["enterprise"], "material": material,
                "quantity_t": round(dice.between(200, 4000)), "disposal_cost_per_t": disposal, **place,
            }
        )  # fmt: skip
        if number % 2:
            other, _disposal, value = MATERIALS[(number + 2) % len(MATERIALS)]
            wanted.append(
                {
                    "need": f"需{number:02d}", "enterprise": one["enterprise"], "material": other,
                    "quantity_t": round(dice.between(300, 5000)), "value_per_t": value, **place,
                }
            )  # fmt: skip
    return given, wanted


FACILITIES: list[Row] = [
    {
        "facility": "集中溶剂回收", "kind": "回收", "site": site, "x_km": x, "y_km": y, "capacity_t": capacity,
        "fixed_cost": fixed, "cost_per_t": 500, "takes": "有机溶剂", "gives": "再生溶剂", "yield": 0.9,
    }
    for site, x, y, capacity, fixed in (
        ("东区", 5.0, 2.0, 6000, 900_000), ("东区", 5.0, 2.0, 15000, 1_700_000), ("西区", 1.0, 2.0, 6000, 800_000),
    )
]  # fmt: skip
RECYCLED: Row = {
    "need": "需再生溶剂", "material": "再生溶剂", "quantity_t": 9000, "value_per_t": 2400, "x_km": 3.0, "y_km": 2.0,
}  # fmt: skip


def measures(dice: Dice, names: list[str]) -> list[dict[str, Any]]:
    kinds = (
        ("余热回收", 120.0, 0.30, 0.0, 1.0),
        ("分质回用", 60.0, 0.10, 1.0, 0.1),
        ("清洁原料替代", 20.0, 0.05, 0.6, 0.2),
        ("变频改造", 30.0, 0.12, 0.0, 0.5),
    )
    rows = []
    for name in names:
        for title, invest, saving, cod, carbon in kinds:
            size = dice.between(0.4, 2.0)
            rows.append(
                {
                    "measure": f"{name}{title}", "enterprise": name, "invest": round(invest * size * 1e4), "life": 10,
                    "saving": round(invest * size * saving * 1e4), "om": round(invest * size * 0.03 * 1e4),
                    "effect:COD": round(cod * size * 8, 2), "effect:CO2": round(carbon * size * 900, 1),
                }
            )  # fmt: skip
    return rows


def sheets(enterprise_names: Sequence[str] = NAMES, *, heated: int = 24, choosing: int = 30) -> Sheets:
    """All sheets of the book, always the same for the same enterprises.

    The first `heated` of them have hot and cold streams, the first `choosing` have schemes to choose from.
    """
    dice = Dice(30)
    rows = enterprises(dice, enterprise_names)
    names = list(enterprise_names)
    given, wanted = offers(dice, rows)
    schemes = measures(dice, names[:choosing])
    cod = sum(row["effect:COD"] for row in schemes)
    carbon = sum(row["effect:CO2"] for row in schemes)
    filled: dict[str, list[Any]] = {
        "企业": rows,
        "参数": [
            {"parameter": one.title, "value": "0.6" if one.option == "--transport-cost" else one.default, "unit": one.unit, "note": one.note}
            for one in park.SETTINGS
        ],
        park.FLOWS: flows(dice, names),
        park.STREAMS: streams(dice, names[:heated]),
        park.UTILITIES: UTILITIES,
        park.HEAT_LINKS: heat_links(dice, rows[:heated]),
        park.PROCESSES: processes(dice, names),
        park.OFFERS: given,
        park.NEEDS: [*wanted, {**RECYCLED, "enterprise": names[0]}],
        park.FACILITIES: FACILITIES,
        park.MEASURES: schemes,
        park.TARGETS: [
            {"target": "COD", "min_reduction": round(cod * 0.45, 1)},
            {"target": "CO2", "min_reduction": round(carbon * 0.4, 1)},
        ],
    }  # fmt: skip
    return [(table, filled.get(table.title, [])) for table in park.park_tables()]
