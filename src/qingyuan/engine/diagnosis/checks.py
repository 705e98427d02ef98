"""Every check of plausibility over a whole case, in one list: what is impossible first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import numpy as np

from qingyuan.engine.diagnosis import plausibility
from qingyuan.engine.diagnosis.outliers import Column, copied, stand_out
from qingyuan.engine.diagnosis.plausibility import Flag
from qingyuan.engine.diagnosis.sector import Numbers

if TYPE_CHECKING:
    from qingyuan.engine.diagnosis.whole import Case

WAN: Final = 10_000
SAVED: Final = {
    "energy_tce": ("节能量", "tce"),
    "electricity_kwh": ("节电量", "kWh"),
    "water_m3": ("节水量", "m3"),
}
"""What schemes save, beside the enterprise's yearly total of the same name."""
INTENSITIES: Final = {
    "energy_tce": "单位产量综合能耗",
    "electricity_kwh": "单位产量用电量",
    "water_m3": "单位产量新鲜水用量",
    "value_wan_cny": "单位产量产值",
}


def flags(case: Case) -> list[Flag]:
    """Errors before warnings, each in the order of the checks and of the enterprises."""
    found = [
        *_balances(case),
        *_statistics(case),
        *_carriers(case),
        *_schemes(case),
        *_parts(case),
        *_percentages(case),
        *_levels(case),
        *plausibility.trial_rows(case.sector.names, what="企业名称"),
        *plausibility.trial_rows(list(dict.fromkeys(one.measure for one in case.reported)), what="方案"),
        *_outliers(case),
    ]
    return sorted(found, key=lambda flag: flag.level != "error")


def _balances(case: Case) -> Iterator[Flag]:
    into, out = case.amounts.get("mass_in_t"), case.amounts.get("mass_out_t")
    if into is None or out is None:
        return
    stated = case.amounts.get("stated_closure_pct")
    for place in np.flatnonzero(np.isfinite(into) & np.isfinite(out)).tolist():
        said = None if stated is None or np.isnan(stated[place]) else float(stated[place])
        yield from plausibility.mass_balance(
            case.sector.names[place],
            float(into[place]),
            float(out[place]),
            stated_pct=said,
            tolerances=case.tolerances,
        )


def _statistics(case: Case) -> Iterator[Flag]:
    for pollutant, statistics in case.statistics.items():
        reported = case.emissions.get(pollutant)
        if reported is None:
            continue
        for place in np.flatnonzero(np.isfinite(reported) & np.isfinite(statistics)).tolist():
            yield from plausibility.against_statistics(
                case.sector.names[place],
                pollutant,
                float(reported[place]),
                float(statistics[place]),
                tolerance_pct=case.tolerances.statistics_pct,
            )


def _carriers(case: Case) -> Iterator[Flag]:
    stated, computed = case.amounts.get("energy_tce"), case.carriers_tce
    if stated is None or computed is None:
        return
    for place in np.flatnonzero(np.isfinite(stated) & np.isfinite(computed)).tolist():
        yield from plausibility.carrier_energy(
            case.sector.names[place],
            float(stated[place]),
            float(computed[place]),
            tolerance_pct=case.tolerances.energy_pct,
        )


def _schemes(case: Case) -> Iterator[Flag]:
    names = case.sector.names
    for pump in case.heat_pumps:
        who = None if pump.place is None else names[pump.place]
        yield from plausibility.heat_pump(
            who, pump.measure, cop=pump.cop, source_c=pump.source_c, sink_c=pump.sink_c
        )
    sums: dict[tuple[int, str], list[float]] = {}
    for one in case.reported:
        who = None if one.place is None else names[one.place]
        money = one.amounts.get("saving_cny")
        savings = {name: value for name in SAVED if (value := one.amounts.get(name)) is not None}
        if money is not None:
            yield from plausibility.worth(
                who, one.measure, money_cny=money, savings=savings, tolerances=case.tolerances
            )
        if one.place is None or who is None:
            continue
        value = _at(case.amounts.get("value_wan_cny"), one.place)
        if money is not None and value is not None:
            yield from plausibility.saved_beyond_used(
                who,
                one.measure,
                what="年节约",
                unit="万元",
                saved=money / WAN,
                used=value,
                of="全年工业总产值",
            )
        for name, saved in savings.items():
            used = _at(case.amounts.get(name), one.place)
            if used is not None:
                sums.setdefault((one.place, name), []).append(saved)
                title, unit = SAVED[name]
                yield from plausibility.saved_beyond_used(
                    who, one.measure, what=title, unit=unit, saved=saved, used=used
                )
        for pollutant, cut in one.effects.items():
            emitted = _at(case.emissions.get(pollutant), one.place)
            if emitted is not None:
                yield from plausibility.saved_beyond_used(
                    who, one.measure, what=f"{pollutant} 削减量", unit="t", saved=cut, used=emitted
                )
    for (place, name), parts in sums.items():
        title, unit = SAVED[name]
        used = _at(case.amounts.get(name), place)
        if used is not None and len(parts) > 1 and max(parts) <= used:
            yield from plausibility.saved_beyond_used(
                names[place], "全部方案", what=f"{title}合计", unit=unit, saved=sum(parts), used=used
            )


def _levels(case: Case) -> Iterator[Flag]:
    for place, (stated, level) in enumerate(zip(case.stated_levels, case.levels, strict=True)):
        if stated and level is not None:
            yield from plausibility.stated_level(case.sector.names[place], stated, level)


def _parts(case: Case) -> Iterator[Flag]:
    for use in case.uses:
        name, unit = ("energy_tce", "tce") if use.resource == "energy" else ("water_m3", "m3")
        total = case.amounts.get(name)
        profile = case.sector.profile(use.indicator)
        if total is None or use.reuse or use.resource == "pollutant" or profile.higher:
            continue
        part = profile.values * case.sector.output * use.amount
        for place in np.flatnonzero(np.isfinite(part) & np.isfinite(total)).tolist():
            yield from plausibility.part_of_whole(
                case.sector.names[place],
                use.indicator,
                part=float(part[place]),
                whole=float(total[place]),
                unit=unit,
                tolerance_pct=case.tolerances.energy_pct,
            )


def _percentages(case: Case) -> Iterator[Flag]:
    for profile in case.sector.profiles:
        limits = profile.limits[np.isfinite(profile.limits)]
        # A growth rate is a percentage too; where the benchmarks are shares, the values are.
        if profile.unit != "%" or not len(limits) or limits.min() < 0 or limits.max() > 100:
            continue
        for place in np.flatnonzero(np.isfinite(profile.values)).tolist():
            yield from plausibility.percentage(
                case.sector.names[place], profile.id, float(profile.values[place])
            )


def _outliers(case: Case) -> Iterator[Flag]:
    names, limit = case.sector.names, case.tolerances.robust_z
    measured = [
        Column(name=one.id, title=one.title, values=one.values)
        for one in case.sector.profiles
        if one.quantitative
    ]
    made = np.where(case.sector.output > 0, case.sector.output, np.nan)
    rates = [
        Column(name=name, title=title, values=case.amounts[name] / made)
        for name, title in INTENSITIES.items()
        if name in case.amounts
    ]
    rates += [
        Column(name=f"emission:{name}", title=f"单位产量{name}排放量", values=column / made)
        for name, column in case.emissions.items()
    ]
    for column in (*measured, *rates):
        yield from stand_out(column, names, limit=limit)
    yield from copied(measured, names)


def _at(column: Numbers | None, place: int) -> float | None:
    if column is None or np.isnan(column[place]):
        return None
    return float(column[place])
