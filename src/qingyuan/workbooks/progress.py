"""Which pilots have reported, and which are late 定期调度情况表."""

from __future__ import annotations

from qingyuan.workbooks.schema import Column, Table


def progress_table() -> Table:
    return Table(
        name="progress",
        title="定期调度情况表",
        may_be_empty=True,
        columns=(
            Column(name="title", title_zh="试点项目"),
            Column(name="body", title_zh="实施单位"),
            Column(name="period", title_zh="报告期"),
            Column(name="due", title_zh="报送期限", kind="date"),
            Column(name="state", title_zh="状态"),
            Column(name="handed_in", title_zh="已报送", unit="期", kind="integer"),
            Column(name="late", title_zh="逾期未报", unit="期", kind="integer"),
            Column(name="days", title_zh="最长逾期", unit="天", kind="integer"),
        ),
    )
