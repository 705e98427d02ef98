"""行业审核数据采集表: the sheets of a sector's data, as `diagnose` reads and `template industry` writes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qingyuan.catalogue.diagnosis import Setting
from qingyuan.engine.indices.system import IndexSystem
from qingyuan.workbooks.measures import above_zero, not_negative
from qingyuan.workbooks.rating import rating_table
from qingyuan.workbooks.schema import Column, Table
from qingyuan.workbooks.scope import SIZES

MOST_ENTERPRISES = 20_000
RESOURCES = {"能源": "energy", "水": "water", "污染物": "pollutant", "不折算": "none"}
DIRECTIONS = {"越小越好": False, "越大越好": True}
LEVELS = ("I", "II", "III", "below")
QUANTITATIVE, QUALITATIVE = "定量", "定性"
_NOTES = (
    "没有数据的留空；不适用的填 na；数值为零的填 0。三者含义不同。",
    "不要改动表头和工作表名称，不要合并单元格。",
)


def _amount(
    name: str, title: str, unit: str, *, note: str = "", aliases: tuple[str, ...] = (), signed: bool = False
) -> Column:
    return Column(
        name=name, title_zh=title, kind="decimal", unit=unit, note=note, aliases=aliases,
        validate=None if signed else not_negative,
    )  # fmt: skip


def setting_table() -> Table:
    """Name and value of each assumption; the others keep their defaults."""
    return Table(
        name="settings",
        title="参数",
        optional=True,
        key=("parameter",),
        columns=(
            Column(name="parameter", title_zh="参数", required=True, allow_na=False),
            Column(name="value", title_zh="取值", allow_na=False),
            Column(name="unit", title_zh="单位", allow_na=False),
            Column(name="note", title_zh="说明", allow_na=False),
        ),
        notes=("灰字的默认值都是自拟的，请按本试点的实际改写；结果中逐项列出所用的取值和来处。",),
    )


def setting_rows(settings: Sequence[Setting], *, system: str = "") -> list[dict[str, str]]:
    """The settings with their defaults, to be written into a template."""
    return [
        {
            "parameter": one.title,
            "value": system if one.id == "system" else "" if one.default is None else str(one.default),
            "unit": one.unit,
            "note": one.note + (f"可选：{'、'.join(one.choices)}。" if one.choices else ""),
        }
        for one in settings
    ]


def indicator_table() -> Table:
    """What the indicators ask, where no index system says it; and what each costs in energy, water, pollutants."""
    return Table(
        name="indicators",
        title="评价指标",
        optional=True,
        key=("indicator",),
        max_rows=500,
        columns=(
            Column(name="indicator", title_zh="指标", required=True, allow_na=False, aliases=("指标编号",), longest=100),
            Column(name="title", title_zh="指标名称", allow_na=False, longest=200),
            Column(name="unit", title_zh="单位", allow_na=False, longest=40, note="如 kgce/t：分母须与产量单位一致，才能折算节约潜力。"),
            Column(name="kind", title_zh="性质", kind="choice", choices=(QUANTITATIVE, QUALITATIVE), allow_na=False, note="留空为定量。"),
            Column(name="direction", title_zh="方向", kind="choice", choices=tuple(DIRECTIONS), allow_na=False),
            *(
                Column(name=level, title_zh=f"{level}级基准值", kind="decimal", allow_na=False, note="采用指标体系时留空。")
                for level in ("I", "II", "III")
            ),
            Column(
                name="resource", title_zh="折算为", kind="choice", choices=tuple(RESOURCES), allow_na=False,
                note="超出基准的部分乘以产量折算成什么；留空则按单位和名称识别。",
            ),
            Column(name="pollutant", title_zh="污染物", allow_na=False, longest=40, note="折算为污染物时填名称，如 COD。"),
            Column(
                name="amount", title_zh="折算系数", kind="decimal", allow_na=False, validate=above_zero,
                note="每 1 指标单位、每 1 产量单位折合多少 tce、m3 或 t 污染物；留空则按单位换算。",
            ),
        ),
        notes=("参数表中写明了指标体系的，本表可以留空，或只填“指标”和折算的几列。", *_NOTES),
    )  # fmt: skip


def enterprise_table() -> Table:
    """The enterprises of the sector with their yearly totals."""
    return Table(
        name="enterprises",
        title="企业",
        key=("enterprise",),
        max_rows=MOST_ENTERPRISES,
        columns=(
            Column(name="enterprise", title_zh="企业名称", required=True, allow_na=False, longest=200, aliases=("企业", "单位名称")),
            Column(name="sector", title_zh="行业", allow_na=False, longest=80, aliases=("所属行业",)),
            Column(name="process", title_zh="工艺", allow_na=False, longest=80, aliases=("主要工艺",)),
            Column(name="size", title_zh="规模", kind="choice", choices=tuple(SIZES.values()), allow_na=False, aliases=("企业规模",)),
            Column(name="stratum", title_zh="分层", allow_na=False, longest=80, note="抽样分层；留空则按工艺和规模。"),
            _amount("output", "产品产量", "", note="单位写在下一列。", aliases=("产量",)),
            Column(name="output_unit", title_zh="产量单位", allow_na=False, longest=20, note="如 t、m2、万m。"),
            _amount("value_wan_cny", "工业总产值", "万元", aliases=("产值",)),
            _amount("energy_tce", "综合能耗", "tce", note="全年，折标准煤。"),
            _amount("electricity_kwh", "用电量", "kWh"),
            _amount("water_m3", "新鲜水用量", "m3", aliases=("用水量",)),
            _amount("wastewater_m3", "废水排放量", "m3"),
            _amount("mass_in_t", "物料输入", "t", note="全年进入的原辅料合计。"),
            _amount("mass_out_t", "物料输出", "t", note="产品、副产品、废物、排放合计。"),
            _amount("stated_closure_pct", "报告的平衡误差", "%", note="审核报告写明的误差。", signed=True),
            Column(
                name="stated_level", title_zh="报告的级别", kind="choice", choices=LEVELS, allow_na=False,
                note="审核报告写明的清洁生产水平；与按数据评出的级别核对。",
            ),
            Column(name="note", title_zh="备注", longest=500),
        ),
        families=(
            _amount("input", "投入", "", note="效率前沿的投入。"),
            _amount("product", "产出", "", note="效率前沿的产出。"),
            _amount("fuel", "能源实物量", "", note="按能源品种，如“能源实物量：原煤”，单位同因子表。"),
            _amount("emission", "排放量", "", note="吨/年，如“排放量：COD”。", aliases=("排放量（t）",)),
            _amount("statistics", "环境统计", "", note="同一年环境统计的排放量，吨/年。", aliases=("环境统计（t）",)),
        ),
        notes=(
            "一行一家企业，数值都是同一年的全年合计。",
            "可以按需要增加列：“投入：…”“产出：…”“能源实物量：…”“排放量：…”“环境统计：…”。",
            *_NOTES,
        ),
    )  # fmt: skip


def long_value_table() -> Table:
    """A value a row: enterprise, indicator, value."""
    return Table(
        name="values",
        title="指标数据",
        key=("enterprise", "indicator"),
        max_rows=5_000_000,
        columns=(
            Column(
                name="enterprise", title_zh="企业名称", required=True, allow_na=False, aliases=("企业", "单位名称"),
                refers="enterprises",
            ),
            Column(name="indicator", title_zh="指标", required=True, allow_na=False, aliases=("指标编号",), refers="indicators"),
            Column(name="value", title_zh="指标值", note="定量填数；定性填达到的级别 I、II、III，都未达到填 none。", aliases=("数值", "取值")),
        ),
        notes=("一行一个数；也可以一行一家企业、每项指标一列。", *_NOTES),
    )  # fmt: skip


def wide_value_table(system: IndexSystem) -> Table:
    """An enterprise a row, a column per indicator or parameter of the system: the data of `rate`."""
    plain = rating_table(system)
    first, *others = plain.columns
    return replace(
        plain,
        name="values",
        title="指标数据",
        max_rows=MOST_ENTERPRISES,
        columns=(replace(first, refers="enterprises"), *others),
        notes=_NOTES,
    )


def scheme_table() -> Table:
    """Schemes of the enterprises, and of a library (without enterprise): the two have one format."""
    return Table(
        name="schemes",
        title="清洁生产方案",
        optional=True,
        max_rows=200_000,
        columns=(
            Column(name="measure", title_zh="方案", required=True, allow_na=False, aliases=("方案名称",), longest=200),
            Column(
                name="enterprise", title_zh="企业名称", allow_na=False, aliases=("企业", "单位名称"), refers="enterprises",
                note="已采用或拟采用的企业；方案库中的方案留空。",
            ),
            Column(name="sector", title_zh="适用行业", allow_na=False, longest=80, note="留空为不限。"),
            Column(name="process", title_zh="适用工艺", allow_na=False, longest=80, note="留空为不限。"),
            Column(name="indicator", title_zh="改善的指标", allow_na=False, aliases=("指标",), refers="indicators"),
            _amount("output", "依据产量", "", note="节约量对应的产量；填了企业名称的可留空，取该企业的产量。"),
            Column(name="output_unit", title_zh="产量单位", allow_na=False, longest=20),
            _amount("invest_wan_cny", "投资", "万元", aliases=("投资额",)),
            _amount("saving_wan_cny", "年节约", "万元", note="税前、未扣运行费的年总收益。", aliases=("经济效益", "年总节约"), signed=True),
            _amount("om_wan_cny", "年运行费", "万元"),
            Column(name="life_years", title_zh="年限", kind="decimal", unit="年", allow_na=False, validate=above_zero),
            _amount("energy_tce", "节能量", "tce", aliases=("折标煤",)),
            _amount("electricity_kwh", "节电量", "kWh"),
            _amount("water_m3", "节水量", "m3"),
            _amount("cop", "热泵性能系数", "", note="热泵方案填 COP。"),
            _amount("t_source_c", "热源温度", "℃", signed=True),
            _amount("t_sink_c", "供热温度", "℃", signed=True),
            Column(name="note", title_zh="备注", longest=1000),
        ),
        families=(
            _amount("effect", "削减量", "", note="吨/年，如“削减量：COD”。", aliases=("削减量（t）",)),
        ),
        notes=("一行一个方案；同一方案被几家企业采用的，每家一行，方案名称写法一致。", *_NOTES),
    )  # fmt: skip
