"""The tables of the air's response: sources 大气污染源, receptors 受体点, the matrix 传输系数, the ozone surface 臭氧响应面."""

from __future__ import annotations

from qingyuan.workbooks.bounds import above_zero, between, not_negative
from qingyuan.workbooks.schema import Column, Table

MOST = 5_000_000


def source_table() -> Table:
    """One row a source and pollutant, or VOC species. `base_t_per_year` is what the ratios of ozone refer to."""
    return Table(
        name="sources",
        title="大气污染源表",
        columns=(
            Column(name="source", title_zh="污染源", required=True, allow_na=False, aliases=("排放口", "源")),
            Column(name="enterprise", title_zh="企业", aliases=("企业名称", "单位名称")),
            Column(name="pollutant", title_zh="污染物", required=True, allow_na=False, aliases=("污染因子",)),
            Column(
                name="t_per_year", title_zh="排放量", kind="decimal", unit="t/a", required=True, allow_na=False,
                validate=not_negative, aliases=("年排放量",),
            ),
            Column(
                name="base_t_per_year", title_zh="基准排放量", kind="decimal", unit="t/a", allow_na=False,
                validate=not_negative, aliases=("基准年排放量", "base_t"), note="臭氧响应面的比例以它为 1；整列没有时比例为 1",
            ),
            Column(name="region", title_zh="区域", aliases=("区县", "所在区域", "county"), note="传输系数按区域给出时要填"),
            Column(name="species", title_zh="VOC物种", aliases=("物种",)),
            Column(
                name="mir", title_zh="最大增量反应活性", kind="decimal", unit="gO3/gVOC", validate=not_negative,
                aliases=("MIR",),
            ),
        ),
        max_rows=MOST,
    )  # fmt: skip


def receptor_table() -> Table:
    """Where the air is judged."""
    return Table(
        name="receptors",
        title="受体点表",
        key=("receptor",),
        columns=(
            Column(name="receptor", title_zh="受体点", required=True, allow_na=False, aliases=("受体", "监测站点", "站点")),
            Column(
                name="background_ug_m3", title_zh="PM2.5背景浓度", kind="decimal", unit="ug/m3", validate=not_negative,
                aliases=("背景浓度", "background_pm25_ug_m3"), note="表中污染源以外的部分；留空按 0",
            ),
            Column(
                name="regime", title_zh="硝酸盐情形", aliases=("情形",),
                note="留空时两种情形中较小的一种起作用",
            ),
        ),
        max_rows=MOST,
    )  # fmt: skip


def matrix_table() -> Table:
    """PM2.5 at a receptor per tonne a year of a source, or of every source of a region. Negative ones occur."""
    return Table(
        name="matrix",
        title="传输系数表",
        columns=(
            Column(name="source", title_zh="污染源", allow_na=False, aliases=("排放口", "源")),
            Column(name="region", title_zh="区域", allow_na=False, aliases=("区县", "源区域")),
            Column(name="receptor", title_zh="受体点", required=True, allow_na=False, aliases=("受体", "监测站点", "站点")),
            Column(name="pollutant", title_zh="污染物", required=True, allow_na=False, aliases=("污染因子",)),
            Column(
                name="ug_m3_per_t", title_zh="传输系数", kind="decimal", unit="ug/m3/(t/a)", required=True, allow_na=False,
                aliases=("系数",),
            ),
            Column(name="regime", title_zh="硝酸盐情形", aliases=("情形",), note="两种情形下都起作用的系数留空"),
        ),
        max_rows=MOST,
    )  # fmt: skip


GRID = ("nox_ratio", "voc_ratio", "o3_ppb")
POLYNOMIAL = ("nox_power", "voc_power", "coefficient_ppb")
SECOND_ORDER = ("o3_base_ppb", "s_nox", "s_voc", "s_nox_nox", "s_voc_voc", "s_nox_voc")
BOUNDS = ("nox_min", "nox_max", "voc_min", "voc_max")


def surface_table() -> Table:
    """Ozone over NOx and VOC in one of three forms; which one, the columns say. `receptor` blank: for all."""

    def number(name: str, title: str, *, unit: str = "", checked: bool = True) -> Column:
        return Column(
            name=name, title_zh=title, kind="decimal", unit=unit, allow_na=False,
            validate=not_negative if checked else None,
        )  # fmt: skip

    def power(name: str, title: str) -> Column:
        return Column(name=name, title_zh=title, kind="integer", allow_na=False, validate=between(0, 20))

    return Table(
        name="surface",
        title="臭氧响应面表",
        columns=(
            Column(name="receptor", title_zh="受体点", aliases=("受体", "监测站点", "站点")),
            number("nox_ratio", "NOx比例"),
            number("voc_ratio", "VOC比例"),
            number("o3_ppb", "臭氧", unit="ppb"),
            power("nox_power", "NOx次数"),
            power("voc_power", "VOC次数"),
            Column(
                name="coefficient_ppb", title_zh="多项式系数", kind="decimal", unit="ppb", allow_na=False,
                aliases=("coefficient",),
            ),
            number("nox_min", "NOx比例下限"),
            number("nox_max", "NOx比例上限"),
            number("voc_min", "VOC比例下限"),
            number("voc_max", "VOC比例上限"),
            number("o3_base_ppb", "基准臭氧", unit="ppb"),
            number("s_nox", "NOx一阶敏感性", unit="ppb", checked=False),
            number("s_voc", "VOC一阶敏感性", unit="ppb", checked=False),
            number("s_nox_nox", "NOx二阶敏感性", unit="ppb", checked=False),
            number("s_voc_voc", "VOC二阶敏感性", unit="ppb", checked=False),
            number("s_nox_voc", "交叉二阶敏感性", unit="ppb", checked=False),
            Column(
                name="reach", title_zh="适用幅度", kind="decimal", allow_na=False, validate=above_zero,
                note="二阶敏感性适用的最大相对变化，留空按 0.5",
            ),
        ),
        max_rows=MOST,
    )  # fmt: skip
