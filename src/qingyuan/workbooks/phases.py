"""The phases of the audits in a pilot 企业审核阶段表."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qingyuan.workbooks.schema import Column, Table

MOST_ROWS = 5000


def phase_table(*, phases: Sequence[str], check_code: Callable[[str], list[str]]) -> Table:
    """The schema; `phases` are their titles, from the one that has not begun on."""
    return Table(
        name="phases",
        title="企业审核阶段表",
        key=("code",),
        max_rows=MOST_ROWS,
        columns=(
            Column(
                name="code", title_zh="统一社会信用代码", kind="code", required=True, allow_na=False, longest=18,
                validate=check_code, note="范围内企业的 18 位代码，按此对应；单元格须为文本格式。", aliases=("信用代码",),
            ),
            Column(
                name="name", title_zh="企业名称", longest=120, allow_na=False,
                note="只供核对，不据此改动名称。", aliases=("单位名称",),
            ),
            Column(
                name="phase", title_zh="审核阶段", kind="choice", choices=tuple(phases), required=True, allow_na=False,
                note="七个阶段之一；没有开始的选“未开始”。", aliases=("阶段",),
            ),
            Column(
                name="on", title_zh="进入日期", kind="date", allow_na=False,
                note="进入该阶段的日期，如 2023-05-31；“未开始”且原来也未开始的留空。", aliases=("日期", "阶段日期"),
            ),
            Column(
                name="note", title_zh="说明", longest=300, allow_na=False,
                note="退回前一阶段或更正日期的，写明原因。", aliases=("备注",),
            ),
        ),
        notes=(
            "一行填一家企业；不在表中的企业保持现状，与现状相同的行略过。",
            "有一处错误就全部不导入，并逐格列出。",
            "不要改动表头，不要合并单元格。",
        ),
    )  # fmt: skip
