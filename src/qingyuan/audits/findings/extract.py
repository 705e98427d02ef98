"""Figures out of the JSON of `qingyuan diagnose|park|region`. Pure.

Only what concerns the whole is taken: how one enterprise stands remains with those who may read raw data. A figure
that the result does not have is not made up; where a part is infeasible or was stopped, its figures are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from qingyuan.audits.findings.model import Figure

Said = Mapping[str, Any]
COMPUTED: Final = "done"
_EFFORT: Final = (
    ("days", "审核天数", "天", 0),
    ("person_days", "审核人日", "人日", 0),
    ("money_cny", "审核费用", "元", 0),
    ("calendar_days", "审核历时", "天", 0),
)
_EFFORT_OF: Final = (("one_by_one", "逐家审核"), ("this_way", "整体审核"), ("saved", "比逐家审核少"))
_ASSUMED: Final = frozenset({"collect_days", "joint_review_days"})
"""Assumptions of the effort that the account of the innovation holds against what happened."""
_LEVELS: Final = {"I": "Ⅰ级", "II": "Ⅱ级", "III": "Ⅲ级"}
_AIMS: Final = {**_LEVELS, "best_quartile": "同行最好的四分之一水平"}
_POTENTIAL: Final = (
    ("energy_tce", "可节能", "tce/年", 1),
    ("water_m3", "可节水", "m³/年", 0),
    ("money_cny", "可节约费用", "元/年", 0),
)
_FACTS: Final[Mapping[str, tuple[str, tuple[tuple[str, str, str, int], ...]]]] = {
    "heat": (
        "能量梯级利用",
        (
            ("hot_utility_kw", "园区最小热公用工程", "kW", 1),
            ("cold_utility_kw", "园区最小冷公用工程", "kW", 1),
            ("recovery_kw", "园区可回收热量", "kW", 1),
            ("gain_kw", "统筹利用比各自回收多节约", "kW", 1),
        ),
    ),
    "match": ("企业之间的热量匹配", (("saved_kw", "匹配方案少用热公用工程", "kW", 1),)),
    "water": (
        "水资源梯级利用",
        (
            ("without_reuse_t_h", "不回用时的新鲜水用量", "t/h", 2),
            ("freshwater_t_h", "梯级利用后的最少新鲜水用量", "t/h", 2),
            ("wastewater_t_h", "梯级利用后的最少废水量", "t/h", 2),
        ),
    ),
}


def extract(command: str, result: Said) -> tuple[Figure, ...]:
    """Every figure of a result, in the order of the report; keys are unique."""
    if command == "diagnose":
        found = list(_diagnosis(result))
    else:
        found = [
            figure
            for part, read in _PARTS.items()
            if result.get(part, {}).get("status") == COMPUTED
            for figure in read(result[part])
        ]
    keys = [figure.key for figure in found]
    assert len(keys) == len(set(keys)), "two figures of one key"
    return tuple(found)


def _figure(
    key: str, group: str, title: str, value: Any, *, unit: str = "", places: int = 0
) -> Iterator[Figure]:
    """One figure, or none where the result has no number there."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        number = Decimal(repr(value))
        yield Figure(key=key, group=group, title=title, value=number, unit=unit, places=places)


def _count(key: str, group: str, title: str, rows: Iterable[Any], unit: str) -> Iterator[Figure]:
    yield from _figure(key, group, title, sum(1 for _row in rows), unit=unit)


# --- a sector


def _diagnosis(said: Said) -> Iterator[Figure]:
    if said.get("status") != COMPUTED:
        return
    yield from _figure("enterprises", "规模", "诊断企业数", said["enterprises"], unit="家")
    for one in said["indicators"]:
        for level, title in _LEVELS.items():
            share = one["share_failing"].get(level)
            yield from _figure(
                f"failing:{one['id']}:{level}",
                "共性问题",
                f"“{one['title']}”未达到{title}的企业占比",
                None if share is None else 100 * share,
                unit="%",
                places=1,
            )
    titles = {one["id"]: one["title"] for one in said["indicators"]}
    for one in said["potential"]:
        whose, aim = titles.get(one["indicator"], one["indicator"]), _AIMS.get(one["to"], one["to"])
        for field, verb, unit, places in _POTENTIAL:
            yield from _figure(
                f"potential:{one['indicator']}:{one['to']}:{field}",
                "节约潜力",
                f"“{whose}”达到{aim}{verb}",
                one.get(field),
                unit=unit,
                places=places,
            )
    sample = said.get("sample") or {}
    yield from _count("sample", "深入审核样本", "深入审核企业数", sample.get("enterprises", ()), "家")
    coverage = sample.get("coverage")
    yield from _figure(
        "sample:coverage",
        "深入审核样本",
        "样本可代表的企业占比",
        None if coverage is None else 100 * coverage,
        unit="%",
        places=1,
    )
    effort = said.get("effort") or {}
    for part, of in _EFFORT_OF:
        for field, title, unit, places in _EFFORT:
            yield from _figure(
                f"effort:{part}:{field}",
                "审核工作量",
                f"{of}的{title}" if part != "saved" else f"{of}用的{title}",
                (effort.get(part) or {}).get(field),
                unit=unit,
                places=places,
            )
    for field, title, _unit, _places in _EFFORT:
        yield from _figure(
            f"effort:saved_pct:{field}",
            "审核工作量",
            f"{title}的降幅",
            (effort.get("saved_pct") or {}).get(field),
            unit="%",
            places=1,
        )
    for one in effort.get("assumptions", ()):
        if one["id"] in _ASSUMED:
            yield from _figure(
                f"effort:assumed:{one['id']}",
                "审核工作量",
                f"核算所用：{one['title']}",
                one["value"],
                unit=one["unit"],
            )
    yield from _count("flags", "核查疑点", "需要核查的疑点数", said.get("flags", ()), "处")


# --- a park


def _plain(part: str) -> Any:
    group, facts = _FACTS[part]

    def read(said: Said) -> Iterator[Figure]:
        for field, title, unit, places in facts:
            yield from _figure(f"{part}:{field}", group, title, said.get(field), unit=unit, places=places)

    return read


def _balance(said: Said) -> Iterator[Figure]:
    group = "物质代谢"
    yield from _count("balance:flows", group, "参加协调的物质流数", said["flows"], "条")
    yield from _figure(
        "balance:closure", group, "原始数据的进出差额", said.get("closure_raw_pct"), unit="%", places=2
    )
    yield from _count("balance:suspects", group, "疑似有显著误差的物质流数", said["suspects"], "条")


def _match(said: Said) -> Iterator[Figure]:
    yield from _plain("match")(said)
    yield from _count("match:pairs", _FACTS["match"][0], "企业之间的热量匹配数", said["matches"], "对")


def _water(said: Said) -> Iterator[Figure]:
    yield from _plain("water")(said)
    before, after = said.get("without_reuse_t_h"), said.get("freshwater_t_h")
    if before and after is not None:
        yield from _figure(
            "water:saved_pct",
            _FACTS["water"][0],
            "新鲜水用量可降低",
            100 * (before - after) / before,
            unit="%",
            places=1,
        )


def _exchange(said: Said) -> Iterator[Figure]:
    group = "产业共生与共享设施"
    yield from _figure("exchange:gain", group, "副产物交换与共享设施的年收益", -said["objective"], unit="元")
    yield from _count("exchange:matches", group, "副产物交换数", said["matches"], "项")
    yield from _count("exchange:facilities", group, "建设的共享设施数", said["facilities"], "处")
    yield from _figure(
        "exchange:quantity",
        group,
        "交换的副产物数量",
        sum(one["quantity_t"] for one in said["matches"]),
        unit="t/年",
        places=1,
    )


# --- a region or basin


def _river(said: Said) -> Iterator[Figure]:
    group = "河流水质响应"
    for substance in dict.fromkeys(one["substance"] for one in said["sections"]):
        limited = [
            one for one in said["sections"] if one["substance"] == substance and one["met"] is not None
        ]
        yield from _count(
            f"river:{substance}:judged", group, f"{substance}：考核的断面（分情景）", limited, "个"
        )
        yield from _count(
            f"river:{substance}:exceeding",
            group,
            f"{substance}：现状超过限值的断面（分情景）",
            (one for one in limited if not one["met"]),
            "个",
        )


def _air(said: Said) -> Iterator[Figure]:
    for field, title, unit in (("pm25_ug_m3", "PM2.5", "μg/m³"), ("o3_ppb", "臭氧", "ppb")):
        values = [one[field] for one in said["receptors"] if one.get(field) is not None]
        if values:
            group = "大气环境响应"
            yield from _figure(
                f"air:{field}:max", group, f"受体点{title}的最高值", max(values), unit=unit, places=2
            )
            yield from _figure(
                f"air:{field}:mean",
                group,
                f"受体点{title}的平均值",
                sum(values) / len(values),
                unit=unit,
                places=2,
            )


def _select(said: Said) -> Iterator[Figure]:
    group = "方案组合"
    chosen = said["chosen"]
    yield from _count("select:chosen", group, "选定的方案数", chosen, "项")
    yield from _count(
        "select:enterprises", group, "承担方案的企业数", {one["enterprise"] for one in chosen}, "家"
    )
    yield from _figure("select:cost", group, "方案组合的年费用（单位同备选方案表）", said["cost"], places=2)
    yield from _figure(
        "select:bound", group, "任何组合的年费用都不低于（单位同备选方案表）", said["bound"], places=2
    )
    for name, value in said["effects"].items():
        yield from _figure(
            f"select:effect:{name}", group, f"方案组合的{name}削减量（单位同备选方案表）", value, places=2
        )
    for one in said["slack"]:
        scenario = one.get("scenario") or ""
        yield from _figure(
            f"select:after:{one['target']}:{scenario}",
            group,
            f"目标“{one['target']}”{f'（{scenario}）' if scenario else ''}削减后的值",
            one.get("after"),
            places=3,
        )


_PARTS: Final[Mapping[str, Any]] = {
    "balance": _balance,
    "heat": _plain("heat"),
    "match": _match,
    "water": _water,
    "exchange": _exchange,
    "river": _river,
    "air": _air,
    "select": _select,
}
