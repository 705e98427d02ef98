"""The tables of `qingyuan water`: fixed load 用水过程表, fixed flow 水源和需水表, regeneration 再生装置表."""

from __future__ import annotations

from decimal import Decimal

from qingyuan.workbooks.measures import not_negative
from qingyuan.workbooks.schema import Column, Table

KINDS = {"source": "source", "demand": "demand", "水源": "source", "需水": "demand"}


def _number(name: str, title: str, unit: str, *, required: bool = True) -> Column:
    return Column(
        name=name,
        title_zh=title,
        kind="decimal",
        unit=unit,
        required=required,
        allow_na=not required,
        validate=not_negative,
    )


def load_table() -> Table:
    """A process and contaminant a row: its load, and the dirtiest water that may enter and leave."""
    return Table(
        name="processes",
        title="用水过程表",
        columns=(
            Column(
                name="process", title_zh="用水过程", required=True, allow_na=False, aliases=("过程", "单元")
            ),
            Column(name="contaminant", title_zh="污染物"),
            _number("load_kg_h", "污染负荷", "kg/h"),
            _number("c_in_max_ppm", "入口最大浓度", "ppm"),
            _number("c_out_max_ppm", "出口最大浓度", "ppm"),
        ),
        max_rows=200_000,
    )


def stream_table() -> Table:
    """A source or demand and contaminant a row: its flow, and the ppm it has or may have."""
    return Table(
        name="streams",
        title="水源和需水表",
        columns=(
            Column(name="name", title_zh="名称", required=True, allow_na=False),
            Column(
                name="kind",
                title_zh="类型",
                kind="choice",
                choices=tuple(KINDS),
                required=True,
                allow_na=False,
            ),
            Column(name="contaminant", title_zh="污染物"),
            _number("flow_t_h", "流量", "t/h"),
            _number("c_ppm", "浓度", "ppm"),
        ),
        max_rows=200_000,
    )


def regeneration_table() -> Table:
    """A unit and contaminant a row: outlet ppm or removal; capacity and cost are the unit's, the same in each row."""
    return Table(
        name="regeneration",
        title="再生装置表",
        columns=(
            Column(
                name="unit", title_zh="再生装置", required=True, allow_na=False, aliases=("装置", "处理单元")
            ),
            Column(name="contaminant", title_zh="污染物"),
            _number("c_out_ppm", "出口浓度", "ppm", required=False),
            Column(
                name="removal",
                title_zh="去除率",
                kind="decimal",
                validate=lambda text: [] if 0 <= Decimal(text) <= 1 else ["须为 0 到 1 的小数，如 0.9"],
            ),
            _number("capacity_t_h", "处理能力", "t/h", required=False),
            _number("cost_per_t", "处理成本", "元/t", required=False),
        ),
        max_rows=10_000,
    )
