"""The Word report of a whole audit, out of result.json and the figures: nothing in it is typed a second time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from qingyuan.papers.audit_docx import Chapter, Grid, Picture, Report, write_audit
from qingyuan.workbooks.audit_chapters import MOST_ROWS, WHY, grids, state
from qingyuan.workbooks.audit_wording import PARTS, STATUS

if TYPE_CHECKING:
    from qingyuan.figures import Figure

NUMERALS = "一二三四五六七八九十"


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
                paragraphs=(WHY[key], *state(key, said)),
                grids=tuple(grids(key, said)),
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
