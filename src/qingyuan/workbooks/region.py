"""区域流域审核数据采集表: the sheets of a region's or basin's data; the computing commands read the same sheets one by one."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from qingyuan.engine.emissions import Method
from qingyuan.workbooks import air, portfolio, river
from qingyuan.workbooks.bounds import between, not_negative
from qingyuan.workbooks.schema import Column, Table

MOST_ENTERPRISES = 100_000
WATER, AIR = "水", "大气"
METHODS: Final[dict[str, Method]] = {
    "自动监测": "automatic",
    "手工监测": "manual",
    "产排污系数": "coefficient",
    "物料衡算": "balance",
}
FIRST_POLLUTANTS = ("氨氮", "总磷", "NOx", "VOC")
"""Columns that the template begins with; any others may be added."""
_NOTES = (
    "没有数据的留空；不适用的填 na；数值为零的填 0。三者含义不同。",
    "不要改动表头和工作表名称，不要合并单元格。",
)


def enterprise_table() -> Table:
    """The enterprises, and where they stand for the split by county and sector."""
    return Table(
        name="enterprises",
        title="企业",
        key=("enterprise",),
        max_rows=MOST_ENTERPRISES,
        columns=(
            Column(name="enterprise", title_zh="企业名称", required=True, allow_na=False, longest=200, aliases=("企业", "单位名称")),
            Column(name="county", title_zh="区县", required=True, allow_na=False, longest=80, aliases=("地区", "所在区县")),
            Column(name="sector", title_zh="行业", allow_na=False, longest=80, aliases=("所属行业",)),
            Column(
                name="value_wan_cny", title_zh="工业总产值", kind="decimal", unit="万元", validate=not_negative,
                aliases=("产值",),
            ),
            Column(name="note", title_zh="备注", longest=500),
        ),
        notes=("一行一家企业。", *_NOTES),
    )  # fmt: skip


def emission_table() -> Table:
    """Every emission with its method, date, evidence and uncertainty; water with its reach, air with its base."""

    def tonnes(name: str, title: str, *, required: bool = False, note: str = "") -> Column:
        return Column(
            name=name, title_zh=title, kind="decimal", unit="t/a", required=required, allow_na=not required,
            validate=not_negative, note=note,
        )  # fmt: skip

    return Table(
        name="emissions",
        title="污染排放",
        max_rows=1_000_000,
        columns=(
            Column(
                name="enterprise", title_zh="企业名称", required=True, allow_na=False, aliases=("企业", "单位名称"),
                refers="enterprises",
            ),
            Column(name="outlet", title_zh="排放口", allow_na=False, longest=80, note="一家企业有几个排放口的逐个填；留空为全厂。"),
            Column(name="medium", title_zh="介质", kind="choice", choices=(WATER, AIR), required=True, allow_na=False),
            Column(name="pollutant", title_zh="污染物", required=True, allow_na=False, aliases=("污染因子",), longest=40),
            tonnes("production_t", "产生量", note="不小于排放量。"),
            tonnes("discharge_t", "排放量", required=True),
            Column(
                name="method", title_zh="核算方法", kind="choice", choices=tuple(METHODS), required=True, allow_na=False,
                note="几种方法都有的，按自动监测、手工监测、产排污系数、物料衡算的次序取用；VOCs 物料衡算先于系数。",
            ),
            Column(name="date", title_zh="数据截止日", kind="date", allow_na=False),
            Column(name="evidence", title_zh="依据", allow_na=False, longest=500, note="在哪里查得到：监测报告、台账、系数手册的页码等。"),
            Column(
                name="uncertainty_pct", title_zh="不确定度", kind="decimal", unit="%", validate=not_negative,
                note="相对标准不确定度；不知道的留空，不要填 0。",
            ),
            Column(name="reach", title_zh="受纳河段", aliases=("河段",), refers="reaches", note="水污染物填，从河段起点汇入。"),
            Column(
                name="delivery", title_zh="入河系数", kind="decimal", validate=between(0, 1),
                note="排放量中进入河流的比例，是注明日期的地方数；直接排河填 1。",
            ),
            tonnes("base_t_per_year", "基准排放量", note="大气 NOx、VOC 填：臭氧响应面以它为 1。"),
            Column(name="species", title_zh="VOC物种", allow_na=False, aliases=("物种",)),
            Column(name="mir", title_zh="最大增量反应活性", kind="decimal", unit="gO3/gVOC", validate=not_negative, aliases=("MIR",)),
        ),
        notes=("一行是一家企业（排放口）一种污染物一年的量。", *_NOTES),
    )  # fmt: skip


def region_tables() -> list[Table]:
    """All sheets in their order. Those of a river, of the air and of the split by county may be absent or empty."""
    optional = (
        replace(river.reach_table(), key=("reach", "scenario")),
        river.section_table(),
        replace(river.oxygen_table(), title="溶解氧参数表"),
        air.receptor_table(),
        air.matrix_table(),
        air.surface_table(),
    )
    measures = portfolio.portfolio_measure_table()
    return [
        enterprise_table(),
        emission_table(),
        *(replace(table, optional=True, notes=_NOTES) for table in optional),
        replace(measures, notes=("一行一个方案；削减量按年计，可增加“削减量：…”的列。", *_NOTES)),
        replace(
            portfolio.target_table(),
            notes=("目标是污染物、断面或受体点；几种污染物的断面写成“断面:污染物”。", *_NOTES),
        ),
        replace(
            portfolio.base_table(), optional=True, notes=("公平分配所依据的数，如地区生产总值。", *_NOTES)
        ),
    ]


def begun() -> list[Table]:
    """The sheets as the template has them: with the columns of the notice's own pollutants."""
    families = {"measures": "effect", "bases": "load"}
    return [
        table.with_members(
            column
            for pollutant in FIRST_POLLUTANTS
            if (column := table.member(f"{families[table.name]}:{pollutant}")) is not None
        )
        if table.name in families
        else table
        for table in region_tables()
    ]
