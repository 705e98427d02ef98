"""The tables of a part for workbook and report: its lists as `wording` names them, and those that a region adds, made flat."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from qingyuan.workbooks.audit_wording import PARTS, List, worded

Rows = Sequence[Mapping[str, Any]]
TOLD_BETTER = {"sections": "changes", "receptors": "changes", "chosen": "schemes"}
"""Lists that another one holds, with more: the other stands alone."""
SECTIONS = List(
    "changes",
    "断面浓度：现状与方案后（完整响应复算）",
    (
        ("section", "断面"),
        ("substance", "污染物"),
        ("scenario", "情景"),
        ("before_mg_l", "现状（mg/L）"),
        ("after_mg_l", "方案后（mg/L）"),
        ("limit_mg_l", "限值（mg/L）"),
        ("met_after", "方案后达标"),
    ),
)
RECEPTORS = List(
    "changes",
    "受体点浓度：现状与方案后（完整响应复算）",
    (
        ("receptor", "受体点"),
        ("pm25_before_ug_m3", "PM2.5 现状（μg/m³）"),
        ("pm25_after_ug_m3", "PM2.5 方案后（μg/m³）"),
        ("o3_before_ppb", "臭氧 现状（ppb）"),
        ("o3_after_ppb", "臭氧 方案后（ppb）"),
    ),
)
SCHEMES = List(
    "schemes",
    "选定的方案：费用与效果",
    (
        ("measure", "方案"),
        ("county", "区县"),
        ("fraction", "实施比例"),
        ("period", "时期"),
        ("invest", "投资"),
        ("cost_per_year", "年费用"),
        ("effects", "削减量（t/a）"),
    ),
    (5, 2, 1, 1, 2, 2, 4),
)
PREMIUMS = List(
    "premiums",
    "公平和把握的代价",
    (
        ("title", "要求"),
        ("objective", "年费用"),
        ("bound", "证明的下界"),
        ("price_pct", "多花（%）"),
        ("at_least_pct", "至少多花（%）"),
        ("at_most_pct", "至多多花（%）"),
        ("verified", "经独立复核"),
    ),
    (5, 2, 2, 2, 2, 2, 2),
)
FRONT = List(
    "front",
    "费用与削减的前沿",
    (("reached", "完成要求的比例或削减量"), ("cost", "年费用"), ("bound", "证明的下界"), ("gap", "相对差距"), ("chosen", "方案数")),
)  # fmt: skip
GINI = List(
    "gini",
    "排放量对工业总产值的基尼系数",
    (("grouping", "按"), ("pollutant", "污染物"), ("before", "现状"), ("after", "方案后")),
)


def tables_of(key: str, said: Mapping[str, Any], *, brief: bool = False) -> Iterator[tuple[List, Rows]]:
    """Each list with its rows, in the order of the report; empty ones are left out. `brief`: as wide as a page."""
    for one in (*_added(key, said, brief=brief), *((one, said.get(one.key)) for one in PARTS[key].lists)):
        table, rows = one
        if rows and not said.get(TOLD_BETTER.get(table.key, "")):
            yield table, rows


def _added(key: str, said: Mapping[str, Any], *, brief: bool) -> Iterator[tuple[List, Rows]]:
    if key in {"river", "air"}:
        yield (SECTIONS if key == "river" else RECEPTORS), said.get("changes") or ()
    if key == "select":
        yield SCHEMES, [_flat(one) for one in said.get("schemes") or ()]
        yield FRONT, said.get("front") or ()
        for grouping, grouped in (said.get("allocation") or {}).items():
            yield _grouped(grouping, grouped, brief=brief)
        yield (
            GINI,
            [
                {"grouping": grouped["title"], "pollutant": name, **found}
                for grouped in (said.get("allocation") or {}).values()
                for name, found in grouped["gini"].items()
            ],
        )
        yield PREMIUMS, [_percent(one) for one in said.get("premiums") or ()]


def _flat(scheme: Mapping[str, Any]) -> dict[str, Any]:
    effects = "；".join(f"{name} {worded(amount)}" for name, amount in scheme["effects"].items())
    return {**scheme, "effects": effects}


def _percent(row: Mapping[str, Any]) -> dict[str, Any]:
    def hundred(value: float | None) -> float | None:
        return None if value is None else round(100 * value, 2)

    return {
        **row,
        "price_pct": hundred(row["price"]),
        "at_least_pct": hundred(row["price_at_least"]),
        "at_most_pct": hundred(row["price_at_most"]),
    }


def _grouped(grouping: str, grouped: Mapping[str, Any], *, brief: bool) -> tuple[List, Rows]:
    """Cost of every group with its loads before and after, or in brief with the share that is cut."""
    names = list(grouped["gini"])
    columns = [
        ("name", grouped["title"]),
        ("value_wan_cny", "工业总产值（万元）"),
        ("cost_per_year", "年费用"),
    ]
    rows = []
    for one in grouped["rows"]:
        row = {key: one[key] for key, _heading in columns}
        for name in names:
            row[f"before {name}"] = one["before_t"][name]
            row[f"after {name}"] = one["after_t"][name]
            row[f"cut {name}"] = None if one["cut_pct"][name] is None else round(one["cut_pct"][name], 1)
        rows.append(row)
    for name in names:
        both = [(f"before {name}", f"{name} 现状（t/a）"), (f"after {name}", f"{name} 方案后（t/a）")]
        columns += [(f"cut {name}", f"{name} 削减（%）")] if brief else both
    return List(f"by_{grouping}", f"按{grouped['title']}的分配", tuple(columns)), rows
