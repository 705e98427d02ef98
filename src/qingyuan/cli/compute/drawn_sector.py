"""The figures of ratings and diagnoses, whose JSON names indicators by their ids only: made of what the engine gives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qingyuan.figures import Figure, level_map, ranked

if TYPE_CHECKING:
    from qingyuan.catalogue.indices import LoadedSystem
    from qingyuan.engine.diagnosis import Diagnosis
    from qingyuan.engine.diagnosis.sector import Sector
    from qingyuan.engine.indices import Rating

MOST_ENTERPRISES = 60
"""Beyond so many the first are drawn; the result's own table has all."""
LEVELS = {3: "I", 2: "II", 1: "III", 0: "below", -1: None, -2: "na", -3: None}


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
