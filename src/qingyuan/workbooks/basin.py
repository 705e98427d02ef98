"""The lists of reaches 河段 and sections 断面 of a basin."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from qingyuan.workbooks.schema import Column, Table

MOST_REACHES = 100
MOST_SECTIONS = 200
LEVELS: Final = {"national": "国控", "provincial": "省控", "city": "市控"}
CLASSES: Final = {"1": "Ⅰ类", "2": "Ⅱ类", "3": "Ⅲ类", "4": "Ⅳ类", "5": "Ⅴ类", "6": "劣Ⅴ类"}
TARGETS: Final = tuple(CLASSES.values())[:-1]
_NOTES = ("没有数据的留空；不适用的填 na；数值为零的填 0。三者含义不同。", "不要改动表头，不要合并单元格。")


def _length(text: str) -> list[str]:
    return [] if Decimal(text) > 0 else ["大于 0 的长度"]


def _downstream(text: str) -> list[str]:
    return [] if Decimal(text) >= 0 else ["不小于 0 的里程"]


def reach_table() -> Table:
    """The schema of the reaches, upstream first."""
    return Table(
        name="reaches",
        title="河段",
        key=("river", "name"),
        max_rows=MOST_REACHES,
        columns=(
            Column(name="name", title_zh="河段名称", required=True, allow_na=False, longest=80, aliases=("河段",)),
            Column(name="river", title_zh="河流", required=True, allow_na=False, longest=60, aliases=("所在河流", "河流名称")),
            Column(name="starts_at", title_zh="起点", longest=80, allow_na=False, aliases=("起始断面", "自")),
            Column(name="ends_at", title_zh="止点", longest=80, allow_na=False, aliases=("终止断面", "终点", "至")),
            Column(name="length_km", title_zh="长度", kind="decimal", unit="km", validate=_length, aliases=("河长",)),
            Column(
                name="target", title_zh="水质目标", kind="choice", choices=TARGETS,
                note="水功能区水质目标（GB 3838）。", aliases=("水功能区目标", "目标类别"),
            ),
        ),
        notes=("一行填一个河段，按水流方向从上游到下游。", *_NOTES),
    )  # fmt: skip


def section_table() -> Table:
    """The schema of the sections."""
    return Table(
        name="sections",
        title="断面",
        key=("river", "name"),
        max_rows=MOST_SECTIONS,
        columns=(
            Column(name="name", title_zh="断面名称", required=True, allow_na=False, longest=80, aliases=("断面",)),
            Column(name="river", title_zh="河流", required=True, allow_na=False, longest=60, aliases=("所在河流", "河流名称")),
            Column(name="level", title_zh="级别", kind="choice", choices=tuple(LEVELS.values()), aliases=("断面级别", "控制级别")),
            Column(name="code", title_zh="断面编码", kind="code", longest=30, allow_na=False, aliases=("编码", "断面代码")),
            Column(
                name="km", title_zh="里程", kind="decimal", unit="km", validate=_downstream,
                note="从该河流第一个河段的起点算起，向下游的公里数。", aliases=("距起点里程",),
            ),
            Column(name="target", title_zh="目标类别", kind="choice", choices=TARGETS, aliases=("水质目标",)),
            Column(name="present", title_zh="现状类别", kind="choice", choices=tuple(CLASSES.values()), aliases=("现状水质", "水质现状")),
        ),
        notes=("一行填一个断面；河流名称与河段表一致。", *_NOTES),
    )  # fmt: skip
