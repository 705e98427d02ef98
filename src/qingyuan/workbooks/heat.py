"""The tables of heat: streams 流股, utilities 公用工程 and links 管线, as `heat`, `match` and `park` read them."""

from __future__ import annotations

from qingyuan.workbooks.measures import not_negative
from qingyuan.workbooks.schema import Column, Table

HOT_WORDS = frozenset({"hot", "h", "热", "热流", "热流股", "放热", "热公用工程"})
COLD_WORDS = frozenset({"cold", "c", "冷", "冷流", "冷流股", "吸热", "冷公用工程"})
BOTH_WORDS = frozenset({"both", "两用", "冷热", "冷热两用", "产汽"})

_ABSOLUTE_ZERO, _HOTTEST, _WIDEST = -273.15, 5000.0, 1000.0


def possible_temperature(text: str) -> list[str]:
    """For temperatures in degC; above 5,000 no plant works, so it is a slip."""
    return [] if _ABSOLUTE_ZERO <= float(text) <= _HOTTEST else ["-273.15 至 5000 之间的温度"]


def possible_difference(text: str) -> list[str]:
    """For temperature differences in K."""
    return not_negative(text) or ([] if float(text) <= _WIDEST else ["不大于 1000 的温差"])


def kind_of(text: str) -> str:
    """hot, cold or both, in English or Chinese; empty for any other word."""
    word = "".join(text.split()).casefold()
    for kind, words in (("hot", HOT_WORDS), ("cold", COLD_WORDS), ("both", BOTH_WORDS)):
        if word in words:
            return kind
    return ""


def _hot_or_cold(text: str) -> list[str]:
    return [] if kind_of(text) in {"hot", "cold"} else ["hot（热）或 cold（冷）"]


def _hot_cold_or_both(text: str) -> list[str]:
    return [] if kind_of(text) else ["hot（热）、cold（冷）或 both（两用）"]


def _temperature(name: str, title: str, *aliases: str, required: bool = True) -> Column:
    return Column(
        name=name,
        title_zh=title,
        kind="decimal",
        unit="℃",
        required=required,
        allow_na=not required,
        validate=possible_temperature,
        aliases=aliases,
    )


_CONTRIBUTION = Column(
    name="dt_cont_k",
    title_zh="温差贡献值",
    kind="decimal",
    unit="K",
    allow_na=False,
    validate=possible_difference,
    aliases=("温差贡献",),
    note="空白的取最小传热温差的一半。",
)


def stream_table() -> Table:
    """Hot and cold streams. One name may stand on several rows: parts of one stream."""
    return Table(
        name="streams",
        title="热流股表",
        columns=(
            Column(
                name="stream", title_zh="流股", required=True, allow_na=False, aliases=("流股名称", "物流")
            ),
            Column(name="enterprise", title_zh="企业", aliases=("企业名称", "所属企业")),
            Column(name="kind", title_zh="类型", validate=_hot_or_cold, aliases=("冷热", "流股类型")),
            _temperature("t_supply_c", "供应温度", "初始温度", "起始温度", "入口温度"),
            _temperature("t_target_c", "目标温度", "终了温度", "出口温度"),
            Column(
                name="cp_kw_per_k",
                title_zh="热容流率",
                kind="decimal",
                unit="kW/K",
                validate=not_negative,
                aliases=("CP", "热容流率（kW/℃）"),
            ),
            Column(
                name="duty_kw",
                title_zh="热负荷",
                kind="decimal",
                unit="kW",
                validate=not_negative,
                aliases=("热量", "负荷"),
            ),
            _CONTRIBUTION,
        ),
        max_rows=1_000_000,
    )


def utility_table() -> Table:
    """Utilities with their temperatures and prices."""
    return Table(
        name="utilities",
        title="公用工程表",
        columns=(
            Column(name="utility", title_zh="公用工程", required=True, allow_na=False, aliases=("名称",)),
            Column(
                name="kind",
                title_zh="类型",
                required=True,
                allow_na=False,
                validate=_hot_cold_or_both,
                aliases=("冷热",),
            ),
            _temperature("t_supply_c", "供应温度", "初始温度", "入口温度"),
            _temperature("t_target_c", "目标温度", "终了温度", "出口温度", required=False),
            Column(name="cost_per_kwh", title_zh="单价", kind="decimal", unit="元/kWh", aliases=("价格",)),
            _CONTRIBUTION,
        ),
        key=("utility",),
        max_rows=10_000,
        notes=("目标温度空白或 na：恒温（蒸汽）。",),
    )


def link_table() -> Table:
    """Possible links between enterprises; `cop` and the price of power where the link has a heat pump."""
    return Table(
        name="links",
        title="热力管线表",
        columns=(
            Column(
                name="from",
                title_zh="供热企业",
                required=True,
                allow_na=False,
                aliases=("起点", "供方", "从"),
            ),
            Column(
                name="to", title_zh="用热企业", required=True, allow_na=False, aliases=("终点", "需方", "到")
            ),
            _amount("length_m", "长度", "m", "管线长度"),
            _amount("loss_kw_per_m", "单位长度热损失", "kW/m", "热损失"),
            _amount("fixed_cost", "固定费用", "元/年"),
            _amount("cost_per_kwh", "输送单价", "元/kWh"),
            Column(
                name="cop", title_zh="热泵性能系数", kind="decimal", validate=_above_one, aliases=("COP",)
            ),
            Column(
                name="power_cost_per_kwh",
                title_zh="电价",
                kind="decimal",
                unit="元/kWh",
                validate=not_negative,
            ),
        ),
        key=("from", "to"),
        max_rows=100_000,
    )


def _amount(name: str, title: str, unit: str, *aliases: str) -> Column:
    return Column(
        name=name,
        title_zh=title,
        kind="decimal",
        unit=unit,
        validate=not_negative,
        aliases=aliases,
    )


def _above_one(text: str) -> list[str]:
    return [] if float(text) > 1 else ["大于 1 的数（没有热泵的留空）"]
