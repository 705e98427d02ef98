"""The list of enterprises in a pilot's scope 试点范围企业名单."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Final

from qingyuan.workbooks.schema import Column, Table

MOST_ENTERPRISES = 5000
SIZES: Final = {"large": "大型", "medium": "中型", "small": "小型", "micro": "微型"}
PERMITS: Final = {"key": "重点管理", "simplified": "简化管理", "registered": "登记管理"}
EARLIEST_AUDIT = dt.date(1993, 1, 1)
"""The first audits in China; an older date is a slip."""


def scope_table(
    *,
    check_code: Callable[[str], list[str]],
    sectors: Sequence[str],
    check_sector_code: Callable[[str], list[str]] | None = None,
    check_prefecture: Callable[[str], list[str]] | None = None,
    today: dt.date | None = None,
) -> Table:
    """The schema of the list. The checks tell what is wrong with a code or place; `sectors` are those of the notice.

    `today` is the last day that may stand as the day of an audit.
    """
    return Table(
        name="scope",
        title="试点范围企业名单",
        key=("code",),
        max_rows=MOST_ENTERPRISES,
        columns=(
            Column(
                name="name", title_zh="企业名称", required=True, allow_na=False, longest=200,
                note="与营业执照一致的全称。", aliases=("单位名称", "企业全称"),
            ),
            Column(
                name="code", title_zh="统一社会信用代码", kind="code", required=True, allow_na=False, longest=18, validate=check_code,
                note="营业执照上的 18 位代码；单元格须为文本格式。", aliases=("信用代码", "社会信用代码"),
            ),
            Column(
                name="sector", title_zh="所属行业", kind="choice", choices=tuple(sectors), required=True, allow_na=False,
                note="申报通知所列的行业。", aliases=("行业", "行业类别"),
            ),
            Column(
                name="sector_code", title_zh="行业代码", kind="code", validate=check_sector_code, longest=8, allow_na=False,
                note="《国民经济行业分类》（GB/T 4754）的大类至小类代码，如 2522，前面可有门类字母；单元格须为文本格式。",
                aliases=("国民经济行业代码", "GB/T 4754代码"),
            ),
            Column(
                name="size", title_zh="企业规模", kind="choice", choices=tuple(SIZES.values()), allow_na=False,
                note="按国家统计局大中小微型企业划分办法。", aliases=("规模",),
            ),
            Column(
                name="permit", title_zh="排污许可管理类别", kind="choice", choices=tuple(PERMITS.values()),
                note="按固定污染源排污许可分类管理名录；无需办理的填 na。", aliases=("排污许可类别", "许可管理类别"),
            ),
            Column(
                name="last_audit", title_zh="上次审核日期", kind="date", validate=_day_check(today),
                note="上一轮清洁生产审核通过评估或验收的日期，如 2019-06-30；没有做过的填 na。", aliases=("上次审核时间", "最近审核日期"),
            ),
            Column(
                name="pollutants", title_zh="主要污染物", longest=200,
                note="多种污染物以顿号分开，如 COD、氨氮、VOCs。", aliases=("特征污染物",),
            ),
            Column(
                name="prefecture", title_zh="所在市", longest=50, validate=check_prefecture, allow_na=False,
                note="省辖市（示范区）全称，如洛阳市。", aliases=("市", "省辖市", "地市"),
            ),
            Column(name="county", title_zh="所在县（市、区）", longest=50, allow_na=False, aliases=("县", "区县", "所在县区")),
            Column(name="note", title_zh="备注", longest=500),
        ),
        notes=(
            f"一行填一家企业，最多 {MOST_ENTERPRISES:,} 家；同一家企业只填一次。",
            "没有数据的留空；不适用的填 na；数值为零的填 0。三者含义不同。",
            "不要改动表头，不要合并单元格。",
        ),
    )  # fmt: skip


def check_audit_day(day: dt.date, today: dt.date | None) -> list[str]:
    """What is wrong with the day of the last audit."""
    if day < EARLIEST_AUDIT:
        return [f"不早于 {EARLIEST_AUDIT.isoformat()} 的日期"]
    if today is not None and day > today:
        return [f"已经过去的日期（今天是 {today.isoformat()}）"]
    return []


def _day_check(today: dt.date | None) -> Callable[[str], list[str]]:
    return lambda text: check_audit_day(dt.date.fromisoformat(text), today)
