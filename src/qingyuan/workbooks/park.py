"""园区审核数据采集表: the sheets of a park's data; the computing commands read the same sheets one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from qingyuan.workbooks import exchange, flows, heat, portfolio, water
from qingyuan.workbooks.schema import Column, Table

MOST_ENTERPRISES = 20_000
_NOTES = (
    "没有数据的留空；不适用的填 na；数值为零的填 0。三者含义不同。",
    "不要改动表头和工作表名称，不要合并单元格。",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """An assumption of the park's computation: the command and option that take it, and its default."""

    title: str
    option: str
    default: str
    unit: str
    note: str


SETTINGS = (
    Setting(title="最小传热温差", option="--dt-min", default="10", unit="K", note="热流股没有单独填写时采用"),
    Setting(title="新鲜水浓度", option="--fresh-ppm", default="0", unit="ppm", note=""),
    Setting(title="显著性水平", option="--alpha", default="0.05", unit="", note="物质平衡的总体检验"),
    Setting(
        title="报告所称平衡差额", option="--stated-closure-pct", default="", unit="%", note="没有称的留空"
    ),
    Setting(
        title="运输单价", option="--transport-cost", default="0", unit="元/(t·km)", note="产业共生的配对"
    ),
    Setting(title="年运行小时", option="--hours", default="8000", unit="h", note="企业之间的热量匹配"),
    Setting(title="折现率", option="--rate", default="0.06", unit="", note="方案的年费用"),
)


def setting_table() -> Table:
    """Name and value of each assumption; the others keep their defaults."""
    return Table(
        name="settings",
        title="参数",
        optional=True,
        key=("parameter",),
        columns=(
            Column(
                name="parameter", title_zh="参数", kind="choice", choices=tuple(one.title for one in SETTINGS),
                required=True, allow_na=False,
            ),
            Column(name="value", title_zh="取值", kind="decimal", allow_na=False),
            Column(name="unit", title_zh="单位", allow_na=False),
            Column(name="note", title_zh="说明", allow_na=False),
        ),
        notes=("默认值是自拟的，请按园区的实际改写。",),
    )  # fmt: skip


def enterprise_table() -> Table:
    """The enterprises of the park: every name in the other sheets stands here."""
    return Table(
        name="enterprises",
        title="企业",
        key=("enterprise",),
        max_rows=MOST_ENTERPRISES,
        columns=(
            Column(
                name="enterprise", title_zh="企业名称", required=True, allow_na=False, longest=200,
                aliases=("企业", "单位名称"),
            ),
            Column(name="sector", title_zh="行业", allow_na=False, longest=80, aliases=("所属行业",)),
            Column(name="x_km", title_zh="X坐标", kind="decimal", unit="km", note="园区平面坐标，任选原点。"),
            Column(name="y_km", title_zh="Y坐标", kind="decimal", unit="km"),
            Column(name="note", title_zh="备注", longest=500),
        ),
        notes=("一行一家企业。", *_NOTES),
    )  # fmt: skip


def _sheet(table: Table, *notes: str) -> Table:
    """The command's own table as a sheet of this book: absent or empty where the park has none of it."""
    columns = tuple(
        replace(column, refers="enterprises") if column.name == "enterprise" else column
        for column in table.columns
    )
    return replace(table, columns=columns, optional=True, notes=(*notes, *_NOTES))


FLOWS = "物质流表"
STREAMS, UTILITIES, HEAT_LINKS = "热流股表", "公用工程表", "热力管线表"
PROCESSES, WATERS, REGENERATION = "用水过程表", "水源和需水表", "再生装置表"
OFFERS, NEEDS, LINKS, FACILITIES = "供给表", "需求表", "链接表", "共享设施表"
MEASURES, TARGETS = "备选方案表", "目标表"


def park_tables() -> list[Table]:
    """All sheets in their order; only the enterprises must be there."""
    return [
        enterprise_table(),
        setting_table(),
        _sheet(flows.flow_table(), "一行一条物质流；environment 是园区以外。没有测量的，数值留空。"),
        _sheet(heat.stream_table(), "一行一股热流；写明企业，才能算各企业单独和全园区的差别。"),
        _sheet(heat.utility_table(), "一行一级公用工程。"),
        _sheet(heat.link_table(), "一行一条可能的热力管线。"),
        _sheet(water.load_table(), "固定负荷；与“水源和需水表”二选一。"),
        _sheet(water.stream_table(), "固定流量；与“用水过程表”二选一。"),
        _sheet(water.regeneration_table(), "一行一套再生装置。"),
        _sheet(exchange.OFFERS, "一行一种可供出的副产物、余料。"),
        _sheet(exchange.NEEDS, "一行一种可由他家副产物满足的需求。"),
        _sheet(exchange.LINKS, "填写时代替按距离计算出的配对。"),
        _sheet(exchange.FACILITIES, "一行一个可建的共享设施和场址。"),
        _sheet(portfolio.portfolio_measure_table(), "一行一个方案；削减量按年计，可增加“削减量：…”的列。"),
        _sheet(portfolio.target_table(), "方案组合要达到的目标。"),
    ]


def template_parts() -> list[tuple[Table, Sequence[dict[str, str]]]]:
    """The sheets with what the template begins with: the settings with their defaults."""
    settings = [
        {"parameter": one.title, "value": one.default, "unit": one.unit, "note": one.note} for one in SETTINGS
    ]
    return [(table, settings if table.name == "settings" else []) for table in park_tables()]
