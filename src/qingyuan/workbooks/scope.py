"""The list of enterprises in a pilot's scope 试点范围企业名单."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from qingyuan.workbooks.schema import Column, Table

MOST_ENTERPRISES = 5000
_SECTOR_CODE = re.compile(r"[A-T]?\d{2,4}")


def scope_table(*, check_code: Callable[[str], list[str]], sectors: Sequence[str]) -> Table:
    """The schema of the list. `check_code` tells what is wrong with a credit code; `sectors` are those of the notice."""
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
                name="sector_code", title_zh="行业代码", kind="code", validate=_check_sector_code,
                note="《国民经济行业分类》（GB/T 4754）的大类至小类代码，如 2522；单元格须为文本格式。",
            ),
            Column(
                name="sector", title_zh="所属行业", kind="choice", choices=tuple(sectors), required=True, allow_na=False,
                note="申报通知所列的行业。", aliases=("行业", "行业类别"),
            ),
            Column(name="prefecture", title_zh="所在市", longest=50, aliases=("市", "省辖市", "地市")),
            Column(name="county", title_zh="所在县（市、区）", longest=50, aliases=("县", "区县", "所在县区")),
            Column(name="note", title_zh="备注", longest=500),
        ),
        notes=(
            f"一行填一家企业，最多 {MOST_ENTERPRISES:,} 家；同一家企业只填一次。",
            "没有数据的留空；不适用的填 na；数值为零的填 0。三者含义不同。",
            "不要改动表头，不要合并单元格。",
        ),
    )  # fmt: skip


def _check_sector_code(code: str) -> list[str]:
    if _SECTOR_CODE.fullmatch(code):
        return []
    return ["2 至 4 位数字的行业代码（前面可有门类字母）"]
