"""A synthetic airshed 演示区域: 120 enterprises in ten counties, 12 receptors, PM2.5 by transfer and ozone by the generic box."""

from __future__ import annotations

from typing import Any

from qingyuan.demo.examples import Dice, Row, Sheets
from qingyuan.engine.air.box import generic_surface
from qingyuan.workbooks import air, portfolio, region

SECTORS: dict[str, dict[str, float]] = {
    "钢铁": {"PPM": 160, "SO2": 240, "NOx": 420, "VOC": 60},
    "石化化工": {"PPM": 30, "SO2": 90, "NOx": 160, "VOC": 420, "NH3": 40},
    "焦化": {"PPM": 90, "SO2": 150, "NOx": 210, "VOC": 180, "NH3": 15},
    "工业涂装": {"PPM": 6, "NOx": 12, "VOC": 150},
    "包装印刷": {"NOx": 5, "VOC": 90},
}
"""Typical discharge, t/a: invented."""
COUNTIES = tuple(f"演示{name}区" for name in "子丑寅卯辰巳午未申酉")
STRENGTH = {"PPM": 2.4e-3, "SO2": 5e-4, "NOx": 3.2e-4, "NH3": 7.6e-3, "VOC": 8e-5}
"""ug/m3 per t/a next to the source; falls with distance as (1 + d/10 km)^-1.6."""
RICH, POOR = "富氨", "贫氨"
LEAST_REDUCTION = 1.0
"""ug/m3 of PM2.5 at every receptor."""
NOX_PPB, VOC_PPB = 20.0, 100.0
RATIOS = tuple(round(0.3 + 0.1 * step, 1) for step in range(9))
KINDS = (
    ("源头替代", ("VOC",), (0.3, 0.6), (0.4, 1.6), 8),
    ("密闭收集和高效治理", ("VOC",), (0.5, 0.8), (0.8, 2.4), 10),
    ("低氮燃烧", ("NOx",), (0.2, 0.4), (0.2, 0.8), 12),
    ("脱硝提标", ("NOx",), (0.5, 0.75), (0.6, 1.8), 15),
    ("氨逃逸控制和回收", ("NH3",), (0.3, 0.6), (0.5, 1.5), 10),
    ("脱硫除尘一体化", ("SO2", "PPM"), (0.4, 0.7), (0.4, 1.2), 15),
)


def _places() -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    """Centres of the counties and the receptors, km: two rows of five, and twelve points among them."""
    counties = [(20.0 * (n % 5), 25.0 * (n // 5)) for n in range(len(COUNTIES))]
    receptors = [(16.0 * (n % 6), 6.0 + 14.0 * (n // 6)) for n in range(12)]
    return counties, receptors


def matrix() -> list[Row]:
    """Coefficients by county; nitrate by what is short: NOx where ammonia is plenty, ammonia left by sulfate where not."""
    counties, receptors = _places()
    rows: list[Row] = []
    for number, (x, y) in enumerate(receptors):
        for county, (u, v) in zip(COUNTIES, counties, strict=True):
            nearness = (1 + ((x - u) ** 2 + (y - v) ** 2) ** 0.5 / 10) ** -1.6
            for pollutant, strength in STRENGTH.items():
                regime = {"NOx": RICH, "NH3": POOR}.get(pollutant, "")
                rows.append(_coefficient(county, number, pollutant, strength * nearness, regime))
            # Sulfate takes the ammonia first: less SO2 frees some for nitrate.
            rows.append(_coefficient(county, number, "SO2", -8e-5 * nearness, POOR))
    return rows


def _coefficient(county: str, receptor: int, pollutant: str, amount: float, regime: str) -> Row:
    return {
        "region": county,
        "receptor": _receptor(receptor),
        "pollutant": pollutant,
        "ug_m3_per_t": round(amount, 9),
        "regime": regime,
    }


def _receptor(number: int) -> str:
    return f"演示站{number + 1:02d}"


def firms(dice: Dice) -> list[dict[str, Any]]:
    names = tuple(SECTORS)
    return [
        {
            "enterprise": f"演示{sector}{number + 1:03d}厂",
            "county": COUNTIES[number % len(COUNTIES)],
            "sector": sector,
            "value_wan_cny": round(dice.between(5000, 200000), -2),
        }
        for number in range(120)
        for sector in [dice.one_of(names)]
    ]


def emissions(dice: Dice, known: list[dict[str, Any]]) -> list[Row]:
    """The present year, which is the base of the ozone surface as well."""
    rows: list[Row] = []
    for firm in known:
        size = dice.between(0.3, 1.7)
        for pollutant, typical in SECTORS[firm["sector"]].items():
            tonnes = round(typical * size * dice.between(0.8, 1.2), 2)
            monitored = pollutant in {"SO2", "NOx"} and dice.chance(0.7)
            rows.append(
                {
                    "enterprise": firm["enterprise"],
                    "medium": region.AIR,
                    "pollutant": pollutant,
                    "discharge_t": tonnes,
                    "base_t_per_year": tonnes,
                    "method": "自动监测" if monitored else "物料衡算" if pollutant == "VOC" else "产排污系数",
                    "evidence": "演示：在线监测年报" if monitored else "演示：台账和系数手册",
                    "uncertainty_pct": 5 if monitored else 30,
                }
            )
    return rows


def measures(dice: Dice, known: list[dict[str, Any]], emitted: list[Row]) -> list[Row]:
    amount = {(row["enterprise"], row["pollutant"]): row["discharge_t"] for row in emitted}
    rows: list[Row] = []
    for firm in known:
        for kind, pollutants, share, cost, life in KINDS:
            removed = {
                one: round(amount[firm["enterprise"], one] * dice.between(*share) * 0.7, 2)
                for one in pollutants
                if amount.get((firm["enterprise"], one), 0) > 8
            }
            if not removed:
                continue
            whole = sum(removed.values())
            rows.append(
                {
                    "measure": f"{firm['enterprise']}：{kind}",
                    "enterprise": firm["enterprise"],
                    "region": firm["county"],
                    "invest": round(whole * dice.between(*cost) * 3, 1),
                    "life": life,
                    "om": round(whole * dice.between(*cost) * 0.2, 2),
                    "saving": round(whole * dice.between(0, 0.5), 2),
                    "group": f"{firm['enterprise']}{pollutants[0]}"
                    if pollutants[0] in {"VOC", "NOx"}
                    else "",
                    **{f"effect:{one}": tonnes for one, tonnes in removed.items()},
                }
            )
    return rows


def sheets() -> Sheets:
    """The sheets of 区域流域审核数据采集表, and the sources as `qingyuan air` takes them."""
    dice = Dice(2023)
    known = firms(dice)
    emitted = emissions(dice, known)
    county_of = {firm["enterprise"]: firm["county"] for firm in known}
    surface = generic_surface(nox_ppb=NOX_PPB, rh_ppb=VOC_PPB, nox_ratios=RATIOS, voc_ratios=RATIOS)
    return [
        (region.enterprise_table(), known),
        (region.emission_table(), emitted),
        (
            air.source_table(),
            [
                {
                    "source": row["enterprise"],
                    "enterprise": row["enterprise"],
                    "pollutant": row["pollutant"],
                    "t_per_year": row["discharge_t"],
                    "base_t_per_year": row["base_t_per_year"],
                    "region": county_of[row["enterprise"]],
                }
                for row in emitted
            ],
        ),
        (
            air.receptor_table(),
            [{"receptor": _receptor(n), "background_ug_m3": 14 + 0.5 * n} for n in range(12)],
        ),
        (air.matrix_table(), matrix()),
        (
            air.surface_table(),
            [
                {"nox_ratio": nox, "voc_ratio": voc, "o3_ppb": round(float(surface.o3_ppb[i, j]), 2)}
                for i, nox in enumerate(RATIOS)
                for j, voc in enumerate(RATIOS)
            ],
        ),
        (portfolio.portfolio_measure_table(), measures(dice, known, emitted)),
        (
            portfolio.target_table(),
            [{"target": _receptor(n), "min_reduction": LEAST_REDUCTION} for n in range(12)],
        ),
    ]
