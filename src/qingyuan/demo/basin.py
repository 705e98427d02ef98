"""A synthetic basin 演示流域: 60 reaches, 80 enterprises of the four sectors of the basins, ammonia nitrogen and phosphorus."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from qingyuan.demo.examples import Dice, Row, Sheets
from qingyuan.engine.river import OUTLET, Channel, at_sections, at_temperature, network, route
from qingyuan.engine.river.network import Numbers
from qingyuan.workbooks import portfolio, region, river
from qingyuan.workbooks.emissions import loads as loads_of
from qingyuan.workbooks.read import Reading

SUBSTANCES = ("氨氮", "总磷")
LIMITS = {"氨氮": 1.0, "总磷": 0.2}
SECTORS = {"印染": (14.0, 1.2), "造纸": (10.0, 1.4), "化学原料药": (22.0, 2.0), "农副食品加工": (16.0, 3.2)}
"""Typical discharge of each substance, t/a: invented."""
COUNTIES = tuple(f"演示{name}县" for name in "甲乙丙丁戊己")
SCENARIOS = {"枯水期": (0.55, 0.7, 8.0), "平水期": (1.0, 1.0, 20.0)}
"""Share of the flow, share of the velocity, temperature."""
STEM, BRANCHES, BRANCH = 20, 5, 8
KINDS = (
    ("清洁原料替代", (0.10, 0.20), (2.0, 6.0), (0.6, 1.4), 10),
    ("分质回用", (0.20, 0.35), (6.0, 14.0), (0.3, 1.0), 10),
    ("强化脱氮除磷", (0.45, 0.65), (10.0, 24.0), (0.0, 0.1), 15),
    ("深度处理", (0.70, 0.85), (22.0, 45.0), (0.0, 0.1), 15),
)
"""Scheme, share removed, invest and saving in 万元 per t/a of ammonia removed, life."""


def _reaches() -> Iterator[tuple[str, str, bool]]:
    """Name, the reach below, whether it is on the main stem; each branch joins the stem further down."""
    for place in range(STEM):
        yield _stem(place), _stem(place + 1) if place + 1 < STEM else "", True
    for branch in range(BRANCHES):
        for place in range(BRANCH):
            below = f"演示支流{branch + 1}-{place + 2:02d}" if place + 1 < BRANCH else _stem(3 + 3 * branch)
            yield f"演示支流{branch + 1}-{place + 1:02d}", below, False


def _stem(place: int) -> str:
    return f"演示干流-{place + 1:02d}"


def reaches(dice: Dice) -> list[dict[str, Any]]:
    """Both scenarios of every reach."""
    rows: list[dict[str, Any]] = []
    for name, below, stem in _reaches():
        length = round(dice.between(3000, 9000), -2)
        speed = dice.between(0.25, 0.45)
        inflow = dice.between(0.5, 1.2) * (3 if name.endswith("-01") else 1)
        for scenario, (share, slower, temperature) in SCENARIOS.items():
            rows.append(
                {
                    "reach": name,
                    "down": below,
                    "length_m": length,
                    "velocity_m_s": round(speed * slower, 3),
                    "temperature_c": temperature,
                    "inflow_m3_s": round(inflow * share, 4),
                    "dispersion_m2_s": 8.0 if stem else 3.0,
                    "width_m": 60.0 if stem else 20.0,
                    "scenario": scenario,
                    "k_per_day:氨氮": 0.12,
                    "theta:氨氮": 1.08,
                    "inflow_conc_mg_l:氨氮": 0.15,
                    "k_per_day:总磷": 0.06,
                    "theta:总磷": 1.02,
                    "inflow_conc_mg_l:总磷": 0.04,
                }
            )
    return rows


def enterprises(dice: Dice) -> list[dict[str, Any]]:
    """80 of them; the county goes with the part of the basin."""
    names = [name for name, _below, _stem in _reaches()]
    rows = []
    for number in range(80):
        reach = dice.one_of(names)
        part = 5 if "干流" in reach else int(reach[4]) - 1
        sector = dice.one_of(tuple(SECTORS))
        rows.append(
            {
                "enterprise": f"演示{sector}{number + 1:02d}厂",
                "county": COUNTIES[part],
                "sector": sector,
                "value_wan_cny": round(dice.between(2000, 30000), -1),
                "reach": reach,
            }
        )
    return rows


def emissions(dice: Dice, firms: list[dict[str, Any]]) -> list[Row]:
    """Each firm's discharge of both, monitored or by coefficient."""
    rows: list[Row] = []
    for firm in firms:
        size = dice.between(0.4, 1.8)
        for substance, typical in zip(SUBSTANCES, SECTORS[firm["sector"]], strict=True):
            discharged = round(typical * size * dice.between(0.8, 1.2), 2)
            monitored = dice.chance(0.6)
            rows.append(
                {
                    "enterprise": firm["enterprise"],
                    "medium": region.WATER,
                    "pollutant": substance,
                    "production_t": round(discharged * dice.between(3, 8), 1),
                    "discharge_t": discharged,
                    "method": "自动监测" if monitored else "产排污系数",
                    "evidence": "演示：在线监测年报" if monitored else "演示：系数手册",
                    "uncertainty_pct": 8 if monitored else 30,
                    "reach": firm["reach"],
                    "delivery": 1,
                }
            )
    return rows


def measures(dice: Dice, firms: list[dict[str, Any]], discharged: list[Row]) -> list[Row]:
    """Schemes at the source, in the process, at the end; of the two at the end at most one."""
    amount = {(row["enterprise"], row["pollutant"]): row["discharge_t"] for row in discharged}
    rows: list[Row] = []
    for firm in firms:
        for kind, share, invest, saving, life in KINDS:
            if not dice.chance(0.85):
                continue
            removed = {
                one: amount[firm["enterprise"], one] * dice.between(*share) * 0.5 for one in SUBSTANCES
            }
            base = removed["氨氮"]
            end = kind in {"强化脱氮除磷", "深度处理"}
            rows.append(
                {
                    "measure": f"{firm['enterprise']}：{kind}",
                    "enterprise": firm["enterprise"],
                    "region": firm["county"],
                    "invest": round(base * dice.between(*invest), 1),
                    "life": life,
                    "om": round(base * dice.between(0.3, 1.2), 2),
                    "saving": round(base * dice.between(*saving), 2),
                    "group": f"{firm['enterprise']}末端" if end else "",
                    **{
                        f"effect:{one}": round(removed[one] * (1.0 if not end else 1.2), 3)
                        for one in SUBSTANCES
                    },
                }
            )
    return rows


def sections() -> list[Row]:
    """Four on the stem, one at the end of every branch: limits of class III."""
    places = [_stem(place) for place in (4, 9, 14, 19)]
    places += [f"演示支流{branch + 1}-{BRANCH:02d}" for branch in range(BRANCHES)]
    return [
        {
            "section": f"{reach}断面",
            "reach": reach,
            "at_m": 2000,
            "limit_mg_l": LIMITS[substance],
            "substance": substance,
        }
        for reach in places
        for substance in SUBSTANCES
    ]


def targets(rows: list[dict[str, Any]], given: list[dict[str, Any]], judged: list[Row]) -> list[Row]:
    """Class III at every section in both scenarios, with what the river has there now."""
    found: list[Row] = []
    for scenario in SCENARIOS:
        mine = [row for row in rows if row["scenario"] == scenario]
        index = {row["reach"]: place for place, row in enumerate(mine)}
        channel = Channel(
            network=network([index[row["down"]] if row["down"] else OUTLET for row in mine]),
            **{name: _column(mine, name) for name in ("length_m", "velocity_m_s", "inflow_m3_s")},
        )
        for substance in SUBSTANCES:
            rate = at_temperature(
                _column(mine, f"k_per_day:{substance}"),
                _column(mine, f"theta:{substance}"),
                _column(mine, "temperature_c"),
            )
            load = np.zeros(len(mine))
            for row in given:
                if row["substance"] == substance:
                    load[index[row["reach"]]] += row["load_g_s"]
            profile = route(
                channel,
                k_per_day=rate,
                load_g_s=load,
                inflow_conc_mg_l=_column(mine, f"inflow_conc_mg_l:{substance}"),
            )
            places = [row for row in judged if row["substance"] == substance]
            reach = np.array([index[row["reach"]] for row in places])
            there = at_sections(channel, profile.conc_head_mg_l, rate, reach, _column(places, "at_m"))
            found += [
                {
                    "target": f"{row['section']}:{substance}",
                    "max_value": row["limit_mg_l"],
                    "base": round(float(now), 4),
                    "scenario": scenario,
                }
                for row, now in zip(places, there, strict=True)
            ]
    return found


def _column(rows: Sequence[Row], name: str) -> Numbers:
    return np.array([row[name] for row in rows], dtype=np.float64)


def loads(discharged: Sequence[Row]) -> list[dict[str, Any]]:
    """What comes into the river, as `qingyuan river` takes it."""
    table = region.emission_table()
    read = Reading(
        table=table,
        file="emissions.csv",
        columns={one.name: [row.get(one.name) for row in discharged] for one in table.columns},
        row_numbers=range(2, 2 + len(discharged)),
    )
    return [
        {
            name: round(value, 8) if name == "load_g_s" else value
            for name, value in row.items()
            if value is not None
        }
        for row in loads_of(read).rows()
    ]


def sheets() -> Sheets:
    """The sheets of 区域流域审核数据采集表, and the loads as `qingyuan river` takes them."""
    dice = Dice(2022)
    river_rows = reaches(dice)
    firms = enterprises(dice)
    discharged = emissions(dice, firms)
    schemes = measures(dice, firms, discharged)
    given = loads(discharged)
    return [
        (region.enterprise_table(), [{k: v for k, v in firm.items() if k != "reach"} for firm in firms]),
        (region.emission_table(), discharged),
        (river.reach_table(), river_rows),
        (river.section_table(), sections()),
        (river.load_table(), given),
        (portfolio.portfolio_measure_table(), schemes),
        (portfolio.target_table(), targets(river_rows, given, sections())),
    ]
