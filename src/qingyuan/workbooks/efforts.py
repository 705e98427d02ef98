"""The log of a pilot's efforts 试点工作量记录, filled in outside and read back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from qingyuan.workbooks.bounds import not_negative
from qingyuan.workbooks.schema import Column, Table

MOST_EFFORTS = 5000


def effort_table(
    *,
    kinds: Sequence[str],
    check_codes: Callable[[str], list[str]] | None = None,
    check_day: Callable[[dt.date], list[str]] | None = None,
) -> Table:
    """The schema of the log. `kinds` are the titles of the kinds; the checks tell what is wrong with codes or a day."""
    return Table(
        name="efforts",
        title="试点工作量记录",
        max_rows=MOST_EFFORTS,
        columns=(
            Column(
                name="day", title_zh="日期", kind="date", required=True, allow_na=False,
                validate=None if check_day is None else lambda text: check_day(dt.date.fromisoformat(text)),
                note="做这件事的日期；跨几天的写最后一天。",
            ),
            Column(name="kind", title_zh="类型", kind="choice", choices=tuple(kinds), required=True, allow_na=False),
            Column(
                name="codes", title_zh="所涉企业信用代码", longest=20000, allow_na=False, validate=check_codes,
                note="统一社会信用代码，多家以顿号或逗号分开；留空为公共工作。", aliases=("企业信用代码", "统一社会信用代码"),
            ),
            Column(
                name="days", title_zh="历时", kind="decimal", unit="天", allow_na=False, validate=not_negative,
                note="评估验收从申请到出具意见的天数；其他类型不填。",
            ),
            Column(name="person_days", title_zh="人日", kind="decimal", unit="人日", allow_na=False, validate=not_negative),
            Column(name="money", title_zh="金额", kind="decimal", unit="元", allow_na=False, validate=not_negative),
            Column(name="documents", title_zh="份数", kind="integer", unit="份", allow_na=False, validate=not_negative),
            Column(name="done_by", title_zh="承担单位", longest=120, allow_na=False, note="填单位，不填个人姓名。"),
            Column(name="note", title_zh="说明", longest=300, allow_na=False),
        ),
        notes=(
            "一行一件事。没有数据的留空，数值为零的填 0：留空算作没有记录，不算零。",
            "同一件事只填一次；与平台上已有的记录完全相同的行会被退回。",
            "不要改动表头，不要合并单元格。",
        ),
    )  # fmt: skip
