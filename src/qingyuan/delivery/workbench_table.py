"""What happened on the platform beside what was estimated, as a sheet of a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from qingyuan.delivery.account_table import SheetPart
from qingyuan.delivery.queries.workbench import Line
from qingyuan.workbooks.schema import Column, Table


def sheet(lines: Sequence[Line], *, subtitle: str) -> SheetPart:
    """Every line with its figures as numbers; what is missing stays empty and says why."""
    return (_WORKBENCH, [_row(one) for one in lines], subtitle)


def _row(one: Line) -> dict[str, Any]:
    return {
        "title": one.title,
        "unit": one.unit,
        "actual": _number(one.actual),
        "of": one.of,
        "estimate": _number(one.estimate.value) if one.estimate else None,
        "difference": _number(one.difference),
        "percent": None if one.percent is None else round(float(one.percent), 1),
        "why": one.why,
        "source": one.estimate.source if one.estimate else "",
    }


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


_WORKBENCH = Table(
    name="workbench",
    title="平台上实际发生的与估算",
    columns=(
        Column(name="title", title_zh="项目"),
        Column(name="unit", title_zh="单位"),
        Column(name="actual", title_zh="实际", kind="decimal"),
        Column(name="of", title_zh="总数", kind="integer"),
        Column(name="estimate", title_zh="估算", kind="decimal"),
        Column(name="difference", title_zh="实际比估算", kind="decimal"),
        Column(name="percent", title_zh="相差百分比", kind="decimal"),
        Column(name="why", title_zh="缺什么"),
        Column(name="source", title_zh="估算的来源"),
    ),
)
