"""A small synthetic basin 演示支沟河: six reaches, the pilot's enterprises on them, ammonia nitrogen and phosphorus."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qingyuan.demo import basin
from qingyuan.demo.examples import Dice, Row, Sheets
from qingyuan.workbooks import portfolio, region, river

REACHES = tuple(f"支沟河{place}段（演示）" for place in ("一", "二", "三", "四", "五", "六"))
SECTIONS = (("县界断面（演示）", 2), ("入黄口断面（演示）", 5))
LIMITS = {"氨氮": 1.5, "总磷": 0.3}
"""Class IV."""


def sheets(names: Sequence[str], counties: Sequence[str]) -> Sheets:
    """The sheets of 区域流域审核数据采集表, always the same for the same enterprises."""
    dice = Dice(1855)
    firms: list[dict[str, Any]] = [
        {
            "enterprise": name,
            "county": counties[place % len(counties)],
            "sector": ("造纸", "农副食品加工")[place % 2],
            "value_wan_cny": round(dice.between(4000, 20000), -1),
            "reach": REACHES[place % len(REACHES)],
        }
        for place, name in enumerate(names)
    ]
    discharged = basin.emissions(dice, firms)
    schemes = basin.measures(dice, firms, discharged)
    reaches, judged = _reaches(dice), _sections()
    return [
        (region.enterprise_table(), [{k: v for k, v in firm.items() if k != "reach"} for firm in firms]),
        (region.emission_table(), discharged),
        (river.reach_table(), reaches),
        (river.section_table(), judged),
        (portfolio.portfolio_measure_table(), schemes),
        (portfolio.target_table(), basin.targets(reaches, basin.loads(discharged), judged)),
    ]


def _reaches(dice: Dice) -> list[dict[str, Any]]:
    rows = []
    for place, name in enumerate(REACHES):
        length, inflow = round(dice.between(2000, 3500), -2), 0.9 if place == 0 else dice.between(0.1, 0.2)
        for scenario, (share, slower, temperature) in basin.SCENARIOS.items():
            rows.append(
                {
                    "reach": name, "down": REACHES[place + 1] if place + 1 < len(REACHES) else "",
                    "length_m": length, "velocity_m_s": round(0.3 * slower, 3), "temperature_c": temperature,
                    "inflow_m3_s": round(inflow * share, 4), "dispersion_m2_s": 3.0, "width_m": 20.0,
                    "scenario": scenario, "k_per_day:氨氮": 0.12, "theta:氨氮": 1.08, "inflow_conc_mg_l:氨氮": 0.5,
                    "k_per_day:总磷": 0.06, "theta:总磷": 1.02, "inflow_conc_mg_l:总磷": 0.1,
                }
            )  # fmt: skip
    return rows


def _sections() -> list[Row]:
    return [
        {
            "section": section,
            "reach": REACHES[place],
            "at_m": 1500,
            "limit_mg_l": limit,
            "substance": substance,
        }
        for section, place in SECTIONS
        for substance, limit in LIMITS.items()
    ]
