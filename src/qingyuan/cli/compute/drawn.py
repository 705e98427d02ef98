"""The figures of each command's result, made of what the engine gives: nothing is computed here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from qingyuan.figures import (
    Figure,
    composite_curves,
    grand_composite,
    level_map,
    limiting_composite,
    macc,
    ranked,
    sankey,
)

if TYPE_CHECKING:
    from qingyuan.catalogue.indices import LoadedSystem
    from qingyuan.engine.diagnosis import Diagnosis
    from qingyuan.engine.diagnosis.sector import Sector
    from qingyuan.engine.economics import Abatement
    from qingyuan.engine.indices import Rating

MOST_FLOWS = 200
"""Beyond so many a Sankey shows nothing any more: the largest are drawn."""
MOST_ENTERPRISES = 60
"""Beyond so many the first are drawn; the result's own table has all."""
LEVELS = {3: "I", 2: "II", 1: "III", 0: "below", -1: None, -2: "na", -3: None}
ENDS = {"environment": ("环境（进）", "环境（出）")}


def of_balance(flows: Sequence[Any]) -> list[Figure]:
    """A Sankey of every material, in the flows' own units; a flow reconciled below 0 runs the other way."""
    by_material: dict[str, list[tuple[str, str, float]]] = {}
    for one in flows:
        amount = None if one.reconciled is None else one.reconciled * one.row.coefficient
        start, end = one.row.tail, one.row.head
        if not amount or one.row.composition or start is None or end is None:
            continue
        if amount < 0:
            start, end, amount = end, start, -amount
        ends = (ENDS.get(start, (start, start))[0], ENDS.get(end, (end, end))[1])
        by_material.setdefault(one.row.material or "", []).append((*ends, amount))
    drawn = []
    for place, (material, found) in enumerate(by_material.items()):
        largest = sorted(found, key=lambda one: -one[2])[:MOST_FLOWS]
        title = f"协调后的物质流{'：' if material else ''}{material}"
        drawn.append(sankey(largest, title=title, unit="", name=_name("sankey", place, len(by_material))))
    return drawn


def of_heat(hot: Any, cold: Any, points: Any, pinches: Sequence[Any]) -> list[Figure]:
    """Composite curves where there are streams of both kinds, and the grand composite curve."""
    drawn = []
    if len(hot) and len(cold):
        drawn.append(composite_curves(_points(hot), _points(cold)))
    if len(points):
        drawn.append(grand_composite(_points(points), pinches=[float(one.shifted_c) for one in pinches]))
    return drawn


def of_water(plan: Any, *, fixed_load: bool, fresh_ppm: float, regenerated: bool) -> list[Figure]:
    """The limiting composite of each contaminant; the supply line where one contaminant and fixed loads define it."""
    composites: Mapping[str, Any] = plan.composites or {"": plan.composite}
    single = fixed_load and not plan.composites and not regenerated
    return [
        limiting_composite(
            _points(points),
            fresh_t_h=plan.freshwater if single else None,
            fresh_ppm=fresh_ppm,
            pinches=[] if plan.composites else list(plan.pinches),
            title=f"极限水复合曲线{'：' if name else ''}{name}",
            name=_name("limiting-composite", place, len(composites)),
        )
        for place, (name, points) in enumerate(composites.items())
        if len(points)
    ]


def of_measures(curves: Mapping[str, Sequence[Abatement]]) -> list[Figure]:
    """A marginal abatement cost curve of every pollutant."""
    return [
        macc(
            [(step.measure, step.marginal_cost, step.effect) for step in curve],
            title=f"边际减排成本：{pollutant}",
            cost_unit="金额/单位削减量",
            effect_unit="每年",
            name=_name("macc", place, len(curves)),
        )
        for place, (pollutant, curve) in enumerate(curves.items())
        if curve
    ]


def of_rating(rating: Rating, names: Sequence[str], loaded: LoadedSystem) -> list[Figure]:
    """The level of every indicator of every enterprise."""
    shown = list(names[:MOST_ENTERPRISES])
    rows = [[LEVELS[int(code)] for code in rating.reached[:, row]] for row in range(len(shown))]
    title = loaded.file.title + (f"（前 {MOST_ENTERPRISES} 家）" if len(names) > len(shown) else "")
    return [level_map(shown, [one.title for one in loaded.system.indicators], rows, title=title)]


def of_diagnosis(sector: Sector, found: Diagnosis) -> list[Figure]:
    """How many fail each indicator, what the schemes would save, and the levels of the sampled enterprises."""
    drawn = []
    failing = [
        (gap.title, 100 * share) for gap in found.gaps if (share := gap.share_failing["II"]) is not None
    ]
    if failing:
        drawn.append(
            ranked(
                failing, title="未达 II 级的企业占比", unit="%", name="gaps", heads=("指标", "未达 II 级占比")
            )
        )
    savings = [
        (one.measure, value) for one in found.replication if (value := one.amounts["saving_cny"]) is not None
    ]
    if savings:
        drawn.append(
            ranked(
                savings, title="方案推广的年节约", unit="元/a", name="replication", heads=("方案", "年节约")
            )
        )
    if found.sample.chosen and sector.profiles:
        places = found.sample.chosen[:MOST_ENTERPRISES]
        rows = [[LEVELS.get(int(one.reached[place])) for one in sector.profiles] for place in places]
        drawn.append(
            level_map(
                [sector.names[place] for place in places],
                [one.title for one in sector.profiles],
                rows,
                title="深入审核样本各项指标的级别",
            )
        )
    return drawn


def _points(found: Any) -> list[tuple[float, float]]:
    return [(float(first), float(second)) for first, second in found]


def _name(stem: str, place: int, count: int) -> str:
    """A file's stem; numbered where there are several, because names of materials are no file names."""
    return stem if count == 1 else f"{stem}-{place + 1}"
