"""The table of schemes 清洁生产方案表, as the commands `measures` and `select` read it."""

from __future__ import annotations

from qingyuan.workbooks.bounds import above_zero, not_negative
from qingyuan.workbooks.schema import Column, Table


def measure_table() -> Table:
    """Measure, investment, gross yearly saving; running cost, life and effects where known."""
    return Table(
        name="measures",
        title="清洁生产方案表",
        columns=(
            Column(
                name="measure", title_zh="方案", required=True, allow_na=False, aliases=("方案名称", "name")
            ),
            Column(
                name="invest",
                title_zh="投资",
                kind="decimal",
                required=True,
                allow_na=False,
                validate=not_negative,
                aliases=("投资额",),
            ),
            Column(
                name="saving",
                title_zh="年节约",
                kind="decimal",
                required=True,
                allow_na=False,
                aliases=("年总节约", "年收益"),
                note="税前、未扣运行费的年总收益",
            ),
            Column(name="om", title_zh="年运行费", kind="decimal", allow_na=False, aliases=("运行费用",)),
            Column(
                name="life", title_zh="年限", kind="decimal", unit="年", allow_na=False, validate=above_zero
            ),
        ),
        key=("measure",),
        families=(Column(name="effect", title_zh="削减量", kind="decimal", validate=not_negative),),
        max_rows=1_000_000,
    )
