"""How one enterprise stands in the diagnosis of its sector, line by line."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from qingyuan.engine.diagnosis import Diagnosis
from qingyuan.engine.diagnosis.potential import TARGETS, savings
from qingyuan.engine.diagnosis.sector import Profile
from qingyuan.workbooks.industry_case import SectorData
from qingyuan.workbooks.industry_report import SEVERITY, level_name
from qingyuan.workbooks.industry_report import TARGETS as TARGET_TITLES

UNITS = {"energy": "tce", "water": "m3", "pollutant": "t"}


def explained(data: SectorData, found: Diagnosis, place: int) -> Iterator[str]:
    """Every indicator with its level and rank, what it could save, its efficiency, its sample, schemes and flags."""
    case = data.case
    assert case is not None
    names = case.sector.names
    yield names[place]
    if data.rated and data.rating is not None:
        yield f"综合评价：{level_name(int(data.rating.levels[place])).replace('缺数据', '缺数据，不定级')}"
    yield "指标："
    for profile in case.sector.profiles:
        value = profile.values[place]
        shown = "—" if np.isnan(value) or not profile.quantitative else f"{value:g} {profile.unit}"
        yield f"  {profile.title}：{shown} → {level_name(int(profile.reached[place]))}{_rank(profile, place)}"
    yield from _potential(data, place)
    yield from _frontier(found, place, names)
    other = found.sample.stands_for[place]
    if other == place:
        represented = sum(one == place for one in found.sample.stands_for) - 1
        yield f"深入审核：是样本，代表另外 {represented} 家"
    else:
        yield "深入审核：" + (f"由 {names[other]} 代表" if other >= 0 else "所在分层没有样本")
    fitting = [one.measure for one in found.replication if place in one.places]
    yield "可推广的方案：" + ("、".join(fitting) or "没有")
    own = [flag for flag in found.flags if flag.enterprise == names[place]]
    yield "核查疑点：" + ("" if own else "没有")
    yield from (f"  {SEVERITY[flag.level]}：{flag.message}（应为：{flag.expected}）" for flag in own)


def _rank(profile: Profile, place: int) -> str:
    values = profile.values[np.isfinite(profile.values)]
    value = profile.values[place]
    if not profile.quantitative or np.isnan(value):
        return ""
    better = int((values > value).sum() if profile.higher else (values < value).sum())
    return f"（第 {better + 1} 名，共 {len(values)} 家）"


def _potential(data: SectorData, place: int) -> Iterator[str]:
    case = data.case
    assert case is not None
    yield "节约潜力（各指标不能相加）：" + ("" if case.uses else "没有可以折算的指标")
    for use in case.uses:
        profile = case.sector.profile(use.indicator)
        parts = []
        for to in TARGETS:
            saved = savings(case.sector, profile, use, to, water=case.amounts.get("water_m3"))[place]
            parts.append(
                f"到{TARGET_TITLES[to]} "
                + ("—" if np.isnan(saved) else f"{saved:,.4g} {UNITS[use.resource]}")
            )
        yield f"  {profile.title}：" + "，".join(parts)


def _frontier(found: Diagnosis, place: int, names: tuple[str, ...]) -> Iterator[str]:
    if not found.frontier or found.frontier[place].crs is None:
        yield "效率前沿：数据不全"
        return
    score = found.frontier[place]
    peers = "、".join(names[peer] for peer in score.peers if peer != place) or "自身"
    yield f"效率前沿：规模报酬不变 {score.crs:.4f}，可变 {score.vrs:.4f}；参照 {peers}"
