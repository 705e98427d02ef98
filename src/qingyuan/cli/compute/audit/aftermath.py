"""What the chosen plan does to a region: emissions after it, run again through the full responses of river and air.

The selection counts with linear coefficients; here the commands `river` and `air` themselves answer for the emissions that are
left. Targets that hold in the one and not in the other are told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from qingyuan.cli.compute.air_input import canonical
from qingyuan.cli.compute.audit.parts import Part, run
from qingyuan.engine.portfolio.case import Case
from qingyuan.workbooks import emissions
from qingyuan.workbooks.read import Reading
from qingyuan.workbooks.schema import NA, fold
from qingyuan.workbooks.write import write_csv

EDGE = 1e-6
Cuts = dict[tuple[str, str], float]


def same(pollutant: str) -> str:
    """One spelling of a pollutant in emissions, effects and targets."""
    return canonical(fold(pollutant))


def taken(case: Case, chosen: list[Mapping[str, Any]]) -> dict[int, float]:
    """Row of the measures -> fraction, of the plan as `select` says it."""
    measures = case.measures
    shares = {
        (one["measure"], one["enterprise"] or "", one["period"] or ""): one["fraction"] for one in chosen
    }
    found = {}
    for row, key in enumerate(zip(measures.measure, measures.enterprise, measures.period, strict=True)):
        if key in shares:
            found[row] = float(shares[key])
    return found


def cuts(case: Case, plan: Mapping[int, float]) -> Cuts:
    """What the plan takes off, by enterprise and pollutant."""
    found: Cuts = {}
    for pollutant, column in case.measures.effects.items():
        for row, share in plan.items():
            if column[row]:
                key = (case.measures.enterprise[row], same(pollutant))
                found[key] = found.get(key, 0.0) + share * float(column[row])
    return found


def totals(stated: Reading) -> Cuts:
    """Discharges that count, by enterprise and pollutant."""
    counting = emissions.counted(stated)
    found: Cuts = {}
    for place, row in enumerate(stated.rows()):
        if place in counting:
            key = (str(row["enterprise"]), same(str(row["pollutant"])))
            found[key] = found.get(key, 0.0) + _tonnes(row["discharge_t"])
    return found


def _tonnes(cell: Any) -> float:
    return 0.0 if cell is None or cell is NA else float(cell)


def left(stated: Reading, cut: Cuts) -> tuple[Reading, list[str]]:
    """The emissions after the plan: every outlet of an enterprise in proportion; and what would fall below nothing."""
    known = totals(stated)
    doubts = [
        f"{who} {pollutant}：选定方案共削减 {amount:.4g} t/a，排放量只有 {known.get((who, pollutant), 0.0):.4g} t/a"
        for (who, pollutant), amount in sorted(cut.items())
        if who and amount > known.get((who, pollutant), 0.0) * (1 + EDGE)
    ]
    after = []
    for row in stated.rows():
        key = (str(row["enterprise"]), same(str(row["pollutant"])))
        whole = known.get(key, 0.0)
        share = max(1.0 - cut.get(key, 0.0) / whole, 0.0) if whole > 0 else 1.0
        cell = row["discharge_t"]
        after.append(cell if cell is None or cell is NA else float(cell) * share)
    return replace(stated, columns={**stated.columns, "discharge_t": after}), doubts


def river_after(reading: Reading, arguments: tuple[str, ...], folder: Path) -> dict[str, Any] | None:
    """`river` once more on the loads that are left; `arguments` are those of the first run without its loads."""
    from qingyuan.cli.compute.river import river

    path = _written(emissions.loads(reading), folder / "削减后入河负荷表.csv")
    answer = run(Part("river", river, (*arguments, "--loads", str(path))))
    return answer.said if answer.code == 0 else None


def air_after(
    reading: Reading, county_of: Mapping[str, str], arguments: tuple[str, ...], folder: Path
) -> dict[str, Any] | None:
    """`air` once more on the emissions that are left."""
    from qingyuan.cli.compute.air import air

    path = _written(emissions.sources(reading, county_of), folder / "削减后大气污染源表.csv")
    answer = run(Part("air", air, (*arguments, "--sources", str(path))))
    return answer.said if answer.code == 0 else None


def _written(reading: Reading, path: Path) -> Path:
    with path.open("wb") as target:
        write_csv(target, reading.table, reading.rows())
    return path


def sections(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each section's concentration before and after, as the full response has it."""
    return [
        {
            "section": one["section"],
            "substance": one["substance"],
            "scenario": one["scenario"],
            "before_mg_l": one["conc_mg_l"],
            "after_mg_l": two["conc_mg_l"],
            "limit_mg_l": one["limit_mg_l"],
            "met_before": one["met"],
            "met_after": two["met"],
        }
        for one, two in zip(before["sections"], after["sections"], strict=True)
    ]


def receptors(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each receptor's PM2.5 and ozone before and after."""
    return [
        {
            "receptor": one["receptor"],
            "pm25_before_ug_m3": one["pm25_ug_m3"],
            "pm25_after_ug_m3": two["pm25_ug_m3"],
            "o3_before_ppb": one["o3_ppb"],
            "o3_after_ppb": two["o3_ppb"],
            "regime_changed": one["regime"] != two["regime"],
        }
        for one, two in zip(before["receptors"], after["receptors"], strict=True)
    ]


def differences(result: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """(part, where, message): targets that the linear coefficients meet and the full response does not."""
    river, air, select = (result.get(key) or {} for key in ("river", "air", "select"))
    met = {(one["target"], one["scenario"]): one for one in select.get("slack") or () if one["met"]}
    for one in river.get("changes") or ():
        for name in (one["section"], f"{one['section']}:{one['substance']}"):
            target = met.get((name, one["scenario"])) or met.get((name, None))
            limit = target and target["limit"]
            if limit is not None and one["after_mg_l"] is not None and one["after_mg_l"] > limit * (1 + 1e-3):
                said = f"按完整响应复算为 {one['after_mg_l']:.4g} mg/L，高于限值 {limit:.4g}"
                yield "river", f"{name}（{one['scenario'] or '—'}）", said
    for one in air.get("changes") or ():
        target = met.get((one["receptor"], None))
        before, after = one["pm25_before_ug_m3"], one["pm25_after_ug_m3"]
        if target is None or before is None or after is None:
            continue
        if before - after < target["required"] * (1 - 1e-3) - 1e-9:
            said = f"按完整响应复算只下降 {before - after:.4g} μg/m³，要求 {target['required']:.4g}"
            yield "air", one["receptor"], said
    for one in air.get("changes") or ():
        before, after = one["o3_before_ppb"], one["o3_after_ppb"]
        if before is not None and after is not None and after > before + 1e-6:
            yield (
                "air",
                one["receptor"],
                f"臭氧由 {before:.4g} 升到 {after:.4g} ppb：减 NOx 而少减 VOC 时会这样",
            )
            break
