"""The figures of a region's parts out of their JSON: river, air and selection, before and after the plan where that is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qingyuan.figures import Figure

Said = Mapping[str, Any]
MOST_BLOCKS = 30
"""Measures up to which a cost curve names each of them."""
MOST_POLLUTANTS = 4
MOST_GROUPS = 24
BEFORE, AFTER = "现状", "方案后"


def river(said: Said, *, stem: Sequence[Said] = ()) -> Iterator[Figure]:
    """By substance and scenario: the way down the longest course with the sections on it, and all sections."""
    keys = list(dict.fromkeys((one["substance"], one["scenario"]) for one in said["reaches"]))
    for place, key in enumerate(keys):
        yield from _profile(said, key, said.get("stem") or stem, name=_name("profile", place, len(keys)))
    for place, key in enumerate(keys):
        yield from _sections(said, key, name=_name("sections", place, len(keys)))


def _titled(words: str, key: tuple[str | None, str | None]) -> str:
    about = "，".join(one for one in key if one)
    return f"{words}：{about}" if about else words


def _of(rows: Sequence[Said], key: tuple[str | None, str | None]) -> list[Said]:
    return [one for one in rows if (one["substance"], one["scenario"]) == key]


def _profile(
    said: Said, key: tuple[str | None, str | None], stem: Sequence[Said], *, name: str
) -> Iterator[Figure]:
    from qingyuan.figures import river_profile

    after = said.get("after")
    profiles = {}
    for words, part in ((BEFORE if after else "浓度", said), (AFTER, after)):
        if part is None:
            continue
        by_reach = {one["reach"]: one for one in _of(part["reaches"], key)}
        points = [
            (km, conc)
            for one in stem
            if one["reach"] in by_reach
            for km, conc in (
                (one["from_km"], by_reach[one["reach"]]["conc_head_mg_l"]),
                (one["to_km"], by_reach[one["reach"]]["conc_end_mg_l"]),
            )
            if conc is not None
        ]
        if points:
            profiles[words] = points
    begins = {one["reach"]: one["from_km"] for one in stem}
    marks = [
        (one["section"], begins[one["reach"]] + one["at_m"] / 1000, one["limit_mg_l"])
        for one in _of(said["sections"], key)
        if one["limit_mg_l"] is not None and one["reach"] in begins
    ]
    if profiles:
        yield river_profile(
            profiles, sections=marks, substance=key[0] or "浓度", title=_titled("沿程浓度", key), name=name
        )


def _sections(said: Said, key: tuple[str | None, str | None], *, name: str) -> Iterator[Figure]:
    from qingyuan.figures import changes

    rows = [
        (one["section"], one["before_mg_l"], one["after_mg_l"], one["limit_mg_l"])
        for one in _of(said.get("changes") or (), key)
        if one["before_mg_l"] is not None and one["after_mg_l"] is not None
    ]
    if rows:
        yield changes(rows, title=_titled("断面浓度", key), unit="mg/L", name=name)


AIR = (("pm25", "pm25_ug_m3", "ug_m3", "PM2.5", "μg/m³"), ("o3", "o3_ppb", "ppb", "臭氧", "ppb"))


def air(said: Said) -> Iterator[Figure]:
    """PM2.5 and ozone at the receptors: before and after the plan, or as they are."""
    from qingyuan.figures import changes, ranked

    for name, key, tail, title, unit in AIR:
        moved = [
            (one["receptor"], one[f"{name}_before_{tail}"], one[f"{name}_after_{tail}"], None)
            for one in said.get("changes") or ()
            if one[f"{name}_before_{tail}"] is not None and one[f"{name}_after_{tail}"] is not None
        ]
        still = [(one["receptor"], one[key]) for one in said["receptors"] if one.get(key) is not None]
        if moved:
            yield changes(moved, title=f"各受体点的{title}", unit=unit, name=name, places="受体点")
        elif still:
            yield ranked(still, title=f"各受体点的{title}", unit=unit, name=name, heads=("受体点", title))


def select(said: Said, *, macc: Mapping[str, Sequence[Said]] | None = None) -> Iterator[Figure]:
    """The front with its bounds, cost curves by pollutant, who carries what, what rules cost."""
    yield from _front(said)
    curves = said.get("macc") or macc or {}
    for place, (pollutant, steps) in enumerate(curves.items()):
        yield _curve(steps, pollutant, name=_name("macc", place, len(curves)))
    for key, grouped in (said.get("allocation") or {}).items():
        yield from _allocation(key, grouped)
    yield from _premiums(said)


def _front(said: Said) -> Iterator[Figure]:
    from qingyuan.figures import pareto_front

    points = [
        one
        for one in said.get("front") or ()
        if one["cost"] is not None and isinstance(one["reached"], int | float)
    ]
    if len(points) < 2:
        return
    swept = (said.get("front_of") or {}).get("target")
    own = [
        place
        for place, one in enumerate(points)
        if abs(one["cost"] - said["cost"]) <= 1e-6 * max(abs(said["cost"]), 1.0)
    ]
    share = 100.0 if swept == "all" else 1.0
    yield pareto_front(
        [(share * one["reached"], one["cost"]) for one in points],
        chosen=own[0] if own else None,
        bounds=[one["bound"] for one in points],
        x_name="各目标同步完成要求的比例（%）" if swept == "all" else f"{swept or '目标'}的削减量",
        y_name="年费用",
        name="front",
    )


def _curve(steps: Sequence[Said], pollutant: str, *, name: str) -> Figure:
    from qingyuan.figures import abatement, macc

    title, unit = f"边际减排成本：{pollutant}", "金额/单位削减量"
    if len(steps) <= MOST_BLOCKS:
        listed = [(one["measure"], one["cost_per_unit"], one["effect"]) for one in steps]
        return macc(listed, title=title, cost_unit=unit, effect_unit="每年", name=name)
    named = [(one["measure"], one["cost_per_unit"], one["effect"], one["chosen"]) for one in steps]
    return abatement(named, title=title, cost_unit=unit, effect_unit="每年", name=name)


def _allocation(key: str, grouped: Said) -> Iterator[Figure]:
    """Loads before and after by group, of the pollutants that the plan cuts most; and the money."""
    from qingyuan.figures import allocations, ranked

    rows, title = grouped["rows"], grouped["title"]
    if len(rows) > MOST_GROUPS:
        return  # the table has them all

    def cut(name: str) -> float:
        before = sum(one["before_t"][name] for one in rows)
        return 1 - sum(one["after_t"][name] for one in rows) / before if before > 0 else 0.0

    names = sorted(grouped["gini"], key=cut, reverse=True)
    for place, name in enumerate([one for one in names if cut(one) > 0][:MOST_POLLUTANTS]):
        known = grouped["gini"][name]
        both = {BEFORE: known["before"], AFTER: known["after"]}
        yield allocations(
            [one["name"] for one in rows],
            {BEFORE: [one["before_t"][name] for one in rows], AFTER: [one["after_t"][name] for one in rows]},
            gini={words: value for words, value in both.items() if value is not None},
            title=f"各{title}的{name}排放量",
            name=f"{key}-{place + 1}",
        )
    yield ranked(
        [(one["name"], one["cost_per_year"]) for one in rows],
        title=f"各{title}承担的年费用",
        unit="单位同备选方案表",
        name=f"{key}-cost",
        heads=(title, "年费用"),
    )


def _premiums(said: Said) -> Iterator[Figure]:
    from qingyuan.figures import costs

    rows = [
        (one["title"], one["objective"], one["bound"])
        for one in said.get("premiums") or ()
        if one["objective"] is not None
    ]
    if len(rows) > 1:
        yield costs(rows, unit="单位同备选方案表")


def _name(stem: str, place: int, count: int) -> str:
    return stem if count == 1 else f"{stem}-{place + 1}"
