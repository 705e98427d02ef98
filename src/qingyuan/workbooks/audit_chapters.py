"""What a report says of each part of a computation: why it was computed, its figures in a sentence, its tables.

The terminal's report and the platform's audit report say it in these same words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from qingyuan.papers.audit_docx import Grid
from qingyuan.workbooks.audit_tables import tables_of
from qingyuan.workbooks.audit_wording import PARTS, List, worded

MOST_ROWS: Final = 20
WHY: Final = {
    "balance": "对园区各企业之间和进出园区的物质流，在守恒条件下协调测量值，判定哪些可信、哪些可疑。总体检验未通过的，协调值不可采用。",
    "heat": "按夹点分析确定最小公用工程和可回收热量，并比较各企业单独与全园区统筹的差别。目标是热力学极限，不是可直接施工的方案。",
    "match": "在可能的管线上匹配各企业的余热与需求，热泵不得高于卡诺上限。",
    "water": "按水夹点确定最少新鲜水和一个能达到它的水网络；网络的平衡已另行复核。",
    "exchange": "副产物由谁供给谁、建哪些共享设施、建在哪里，使全园区总费用最小；收益的分法保证无人受损。",
    "river": "完全混合、一级降解条件下各断面的浓度；标明超出模型适用范围的河段。",
    "air": "各受体点的 PM2.5（传输系数）和臭氧（响应面，界外不作外推）。",
    "select": "在达到各项目标的前提下年费用最低的方案组合，差距有证明，并经另一条计算路径复核。",
}


def state(key: str, said: Mapping[str, Any]) -> list[str]:
    """The part's figures in a sentence, and what makes it infeasible or stopped."""
    if said["status"] == "infeasible":
        lines = [
            f"{one.get('target')}：要求 {worded(one.get('required'))}，最多 {worded(one.get('max_reachable'))}"
            for one in said.get("certificate", ())
        ]
        return ["这一部分不可行。" + "；".join(lines) + f"{said.get('joint') or ''}"]
    facts = [
        f"{fact.title} {worded(said[fact.key])}{' ' + fact.unit if fact.unit else ''}"
        for fact in PARTS[key].facts
        if fact.key in said and said[fact.key] is not None
    ]
    lines = ["；".join(facts) + "。"] if facts else []
    lines += _aside(key, said)
    if said.get("message"):
        lines.append(str(said["message"]))
    if said["status"] == "stopped":
        lines.append("计算到限停止：以上是找到的最好结果，还不到要求的差距。")
    return lines


def _aside(key: str, said: Mapping[str, Any]) -> list[str]:
    """What the reader must know of figures that only whole regions have."""
    lines = []
    if said.get("changes"):
        lines.append("方案后的浓度不是由线性系数推算，而是把削减后的排放量代回完整响应重新计算。")
    if said.get("premiums"):
        sure = any(one["kind"] == "certainty" for one in said["premiums"])
        lines.append(
            "公平和把握的代价，是同一批方案在不加要求和加上要求时最低年费用之差；两者各有下界，所以代价也给出至少和至多。"
            + (
                "效果的标准差取自备选方案表；没有这些列时，取该企业排放量核算的相对不确定度（各方案相互独立，是近似）。"
                if sure
                else ""
            )
        )
    if said.get("macc"):
        lines.append(
            "边际减排成本曲线把方案的全部费用算在每一种污染物上，互斥的方案都在图上，几条曲线和同组的方案都不能相加。"
        )
    if key == "select" and said.get("allocation"):
        lines.append("基尼系数以工业总产值为基准：0 为各组排放量与产值成比例；产值不全时不计算。")
    return lines


def grids(key: str, said: Mapping[str, Any]) -> list[Grid]:
    """The part's tables, as wide as a page and cut to its length."""
    bulk = {"reaches"} if said.get("changes") else set()  # the figures show them, the workbook has them
    return [grid(one, found) for one, found in tables_of(key, said, brief=True) if one.key not in bulk]


def grid(one: List, found: Sequence[Mapping[str, Any]]) -> Grid:
    rows = tuple(tuple(worded(row.get(name)) for name, _heading in one.columns) for row in found[:MOST_ROWS])
    left = len(found) - len(rows)
    return Grid(
        title=one.title,
        heads=tuple(heading for _name, heading in one.columns),
        rows=rows,
        weights=one.weights or tuple(3 if place == 0 else 2 for place in range(len(one.columns))),
        numeric=frozenset(
            place for place, (name, _heading) in enumerate(one.columns) if _numeric(found, name)
        ),
        note=f"另有 {left} 行，见 results.xlsx。" if left else "",
    )


def _numeric(found: Sequence[Mapping[str, Any]], name: str) -> bool:
    return any(
        isinstance(row.get(name), int | float) and not isinstance(row.get(name), bool) for row in found
    )
