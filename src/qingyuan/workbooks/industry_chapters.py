"""What a report says of a sector's diagnosis, out of its result.json: tables in the order of an audit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from qingyuan.papers.audit_docx import Grid
from qingyuan.workbooks.audit_chapters import grid
from qingyuan.workbooks.audit_wording import List

Said = Mapping[str, Any]
AIMS: Final = {"I": "Ⅰ级", "II": "Ⅱ级", "III": "Ⅲ级", "best_quartile": "最好的四分之一"}
COST: Final = {"low": "无/低费", "high": "中/高费"}
SEVERITY: Final = {"error": "错误", "warning": "疑点"}
LEVELS: Final = List(
    "levels",
    "各指标未达到各级的企业占比",
    (
        ("title", "指标"), ("unit", "单位"), ("judged", "有数据的企业"), ("I", "未达Ⅰ级（%）"), ("II", "未达Ⅱ级（%）"),
        ("III", "未达Ⅲ级（%）"), ("p25", "下四分位"), ("p50", "中位数"), ("p75", "上四分位"),
    ),
    (5, 3, 2, 2, 2, 2, 2, 2, 2),
)  # fmt: skip
FLAGS: Final = List(
    "flags",
    "核查疑点",
    (("enterprise", "企业"), ("where", "位置"), ("level", "程度"), ("message", "疑点")),
    (3, 2, 1, 5),
)
SAMPLE: Final = List(
    "strata", "深入审核样本的分层", (("stratum", "分层"), ("size", "企业数"), ("sampled", "样本数"))
)
BUNDLES: Final = List(
    "bundles",
    "一起不达标的指标（行业关键共性问题的候选）",
    (
        ("indicators", "指标"),
        ("level", "等级"),
        ("count", "企业数"),
        ("share", "占比（%）"),
        ("lift", "提升度"),
    ),
    (6, 1, 2, 2, 2),
)
POTENTIAL: Final = List(
    "potential",
    "节约潜力（每年；各指标不能相加）",
    (
        ("title", "指标"), ("to", "达到"), ("enterprises", "企业数"), ("energy_tce", "节能（tce）"), ("water_m3", "节水（m³）"),
        ("money_cny", "节约费用（元）"), ("pollutants", "少产生污染物（t）"),
    ),
    (4, 2, 2, 2, 2, 3, 3),
)  # fmt: skip
REPLICATION: Final = List(
    "replication",
    "可以推广的方案",
    (("measure", "方案"), ("class", "类别"), ("count", "适用企业"), ("saving_cny", "年节约（元）"), ("reports", "依据的报告")),
    (5, 2, 2, 3, 2),
)  # fmt: skip
EFFORT: Final = List(
    "effort",
    "审核工作量：逐家审核与整体审核（按所列假设核算）",
    (("title", "方式"), ("days", "天"), ("person_days", "人日"), ("money_cny", "费用（元）"), ("calendar_days", "历时（天）")),
)  # fmt: skip


def levels(said: Said) -> Iterable[Grid]:
    rows = [
        {**one, **{key: _percent(one["share_failing"].get(key)) for key in ("I", "II", "III")}}
        for one in said["indicators"]
    ]
    return _grids(LEVELS, rows)


def flags(said: Said) -> Iterable[Grid]:
    rows = [{**one, "level": SEVERITY.get(one["level"], one["level"])} for one in said.get("flags") or ()]
    return _grids(FLAGS, rows)


def sample(said: Said) -> Iterable[Grid]:
    return _grids(SAMPLE, (said.get("sample") or {}).get("strata") or ())


def bundles(said: Said) -> Iterable[Grid]:
    titles = _titles(said)
    rows = [
        {
            **one,
            "indicators": "、".join(titles.get(name, name) for name in one["indicators"]),
            "level": AIMS.get(one["level"], one["level"]),
            "share": _percent(one["support"]),
        }
        for one in said.get("bundles") or ()
    ]
    return _grids(BUNDLES, rows)


def potential(said: Said) -> Iterable[Grid]:
    titles = _titles(said)
    rows = [
        {
            **one,
            "title": titles.get(one["indicator"], one["indicator"]),
            "to": AIMS.get(one["to"], one["to"]),
            "pollutants": "；".join(f"{name} {value:,.4g}" for name, value in one["pollutants"].items()),
        }
        for one in said.get("potential") or ()
    ]
    return _grids(POTENTIAL, rows)


def replication(said: Said) -> Iterable[Grid]:
    rows = [
        {**one, "class": COST.get(one["cost_class"]), "count": len(one["enterprises"])}
        for one in said.get("replication") or ()
    ]
    return _grids(REPLICATION, rows)


def effort(said: Said) -> Iterable[Grid]:
    stated = said.get("effort") or {}
    rows = [
        {"title": title, **stated[key]}
        for key, title in (("one_by_one", "逐家审核"), ("this_way", "整体审核"), ("saved", "相差"))
        if stated.get(key)
    ]
    return _grids(EFFORT, rows)


def _grids(one: List, rows: Any) -> Iterable[Grid]:
    return [grid(one, rows)] if rows else []


def _titles(said: Said) -> dict[str, str]:
    return {one["id"]: one["title"] for one in said["indicators"]}


def _percent(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 1)
