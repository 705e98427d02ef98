"""The Word report of a whole audit, out of result.json and the figures: nothing in it is typed a second time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from qingyuan.cli.compute.audit.tables import tables_of
from qingyuan.cli.compute.audit.wording import PARTS, STATUS, List, worded
from qingyuan.papers.audit_docx import Chapter, Grid, Picture, Report, write_audit

if TYPE_CHECKING:
    from qingyuan.figures import Figure

MOST_ROWS = 20
NUMERALS = "一二三四五六七八九十"
WHY = {
    "balance": "对园区各企业之间和进出园区的物质流，在守恒条件下协调测量值，判定哪些可信、哪些可疑。总体检验未通过的，协调值不可采用。",
    "heat": "按夹点分析确定最小公用工程和可回收热量，并比较各企业单独与全园区统筹的差别。目标是热力学极限，不是可直接施工的方案。",
    "match": "在可能的管线上匹配各企业的余热与需求，热泵不得高于卡诺上限。",
    "water": "按水夹点确定最少新鲜水和一个能达到它的水网络；网络的平衡已另行复核。",
    "exchange": "副产物由谁供给谁、建哪些共享设施、建在哪里，使全园区总费用最小；收益的分法保证无人受损。",
    "river": "完全混合、一级降解条件下各断面的浓度；标明超出模型适用范围的河段。",
    "air": "各受体点的 PM2.5（传输系数）和臭氧（响应面，界外不作外推）。",
    "select": "在达到各项目标的前提下年费用最低的方案组合，差距有证明，并经另一条计算路径复核。",
}


def write_report(
    result: Mapping[str, Any],
    figures: Mapping[str, Sequence[Figure]],
    pictures: Mapping[str, bytes],
    *,
    title: str,
    source: str,
    on: dt.date,
    enterprises: int,
) -> bytes:
    """Chapters: what it rests on, one for each part, what to check. `pictures`: the figures' PNG by their names."""
    present = [key for key in PARTS if key in result]
    chapters = [_basis(result, present, source=source, enterprises=enterprises)]
    for key in present:
        said = result[key]
        chapters.append(
            Chapter(
                number=_number(len(chapters)),
                title=PARTS[key].title,
                paragraphs=(WHY[key], *_state(key, said)),
                grids=tuple(_grids(key, said)),
                pictures=tuple(
                    Picture(title=one.title, alt=one.alt, png=pictures[one.name])
                    for one in figures.get(key, ())
                ),
            )
        )
    chapters.append(_flags(result, len(chapters)))
    return write_audit(
        Report(title=title, subject=f"数据：{source}；结果未经人工核定", on=on, chapters=tuple(chapters))
    )


def _number(place: int) -> str:
    return f"{NUMERALS[place]}、"


def _basis(result: Mapping[str, Any], present: Sequence[str], *, source: str, enterprises: int) -> Chapter:
    rows = tuple(
        (PARTS[key].title, STATUS.get(result[key]["status"], result[key]["status"])) for key in present
    )
    return Chapter(
        number=_number(0),
        title="数据与内容",
        paragraphs=(
            f"本报告由《审核数据采集表》（{source}）的数据计算而成，涉及企业 {enterprises} 家。采集表中填写了什么，就计算什么；没有数据的部分没有计算，也没有估计。",
            "各项最优值都给出下界和相对差距，并经独立复核；图表与附带的 results.xlsx、result.json 数值相同。",
        ),
        grids=(Grid(title="计算的部分", heads=("部分", "状态"), rows=rows, weights=(3, 2)),) if rows else (),
    )


def _state(key: str, said: Mapping[str, Any]) -> list[str]:
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


def _grids(key: str, said: Mapping[str, Any]) -> list[Grid]:
    bulk = {"reaches"} if said.get("changes") else set()  # the figures show them, the workbook has them
    return [_grid(one, found) for one, found in tables_of(key, said, brief=True) if one.key not in bulk]


def _grid(one: List, found: Sequence[Mapping[str, Any]]) -> Grid:
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


def _flags(result: Mapping[str, Any], place: int) -> Chapter:
    flags = result["flags"]
    if not flags:
        return Chapter(number=_number(place), title="核查疑点", paragraphs=("没有发现需要核对的数值。",))
    rows = tuple((PARTS[one["part"]].title, str(one["where"]), str(one["message"])) for one in flags)
    return Chapter(
        number=_number(place),
        title="核查疑点",
        paragraphs=("以下数值请逐项核对；疑点不等于错误。",),
        grids=(
            Grid(title="核查疑点", heads=("部分", "位置", "疑点"), rows=rows[:MOST_ROWS], weights=(2, 2, 5)),
        ),
    )
