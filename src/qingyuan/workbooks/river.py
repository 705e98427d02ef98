"""The tables of a river's response: reaches 河段, loads 入河负荷, sections 断面, oxygen 溶解氧."""

from __future__ import annotations

from qingyuan.workbooks.bounds import above_zero, between, not_negative
from qingyuan.workbooks.schema import Column, Table

MOST = 1_000_000
_REACH = Column(name="reach", title_zh="河段", required=True, allow_na=False, aliases=("河段名称",))
_SCENARIO = Column(
    name="scenario",
    title_zh="情景",
    allow_na=False,
    aliases=("水文情景",),
    note="如枯水期、平水期；只有一种情景时留空",
)
_SUBSTANCE = Column(name="substance", title_zh="污染物", allow_na=False, aliases=("污染因子", "指标"))


def reach_table() -> Table:
    """One row a reach and scenario. `k_per_day:氨氮` and the like hold for one substance instead of the plain column."""
    decay = Column(
        name="k_per_day", title_zh="降解系数", kind="decimal", unit="1/d", allow_na=False,
        validate=not_negative, aliases=("综合降解系数", "衰减系数"),
    )  # fmt: skip
    theta = Column(
        name="theta", title_zh="温度校正系数", kind="decimal", validate=above_zero, aliases=("温度系数",)
    )
    background = Column(
        name="inflow_conc_mg_l", title_zh="汇入浓度", kind="decimal", unit="mg/L", validate=not_negative,
        aliases=("来水浓度", "背景浓度"),
    )  # fmt: skip
    return Table(
        name="reaches",
        title="河段表",
        columns=(
            _REACH,
            Column(name="down", title_zh="下游河段", aliases=("流入河段", "downstream"), note="出口河段留空"),
            Column(
                name="length_m", title_zh="长度", kind="decimal", unit="m", required=True, allow_na=False,
                validate=not_negative, aliases=("河段长度", "河长"),
            ),
            Column(
                name="velocity_m_s", title_zh="流速", kind="decimal", unit="m/s", required=True, allow_na=False,
                validate=above_zero, aliases=("平均流速",),
            ),
            decay,
            theta,
            Column(name="temperature_c", title_zh="水温", kind="decimal", unit="℃", validate=between(-5, 60)),
            Column(
                name="inflow_m3_s", title_zh="汇入流量", kind="decimal", unit="m3/s", validate=not_negative,
                aliases=("来水流量", "区间流量"), note="从河段起点汇入；河段流量是上游所有汇入之和",
            ),
            background,
            Column(
                name="dispersion_m2_s", title_zh="纵向离散系数", kind="decimal", unit="m2/s", validate=not_negative,
                aliases=("纵向扩散系数",),
            ),
            Column(name="width_m", title_zh="河宽", kind="decimal", unit="m", validate=above_zero, aliases=("水面宽",)),
            _SCENARIO,
        ),
        families=(decay, theta, background),
        max_rows=MOST,
    )  # fmt: skip


def load_table() -> Table:
    """Loads at the heads of reaches; no row at all says that nothing is discharged."""
    return Table(
        name="loads",
        title="入河负荷表",
        columns=(
            _REACH,
            Column(
                name="load_g_s", title_zh="入河负荷", kind="decimal", unit="g/s", required=True, allow_na=False,
                validate=not_negative, aliases=("负荷", "入河量"),
            ),
            _SUBSTANCE,
            Column(name="source", title_zh="污染源", allow_na=False, aliases=("排污口", "企业", "企业名称", "enterprise")),
            _SCENARIO,
        ),
        may_be_empty=True,
        max_rows=MOST,
    )  # fmt: skip


def section_table() -> Table:
    """Where the water is judged; `at_m` from the head of the reach."""
    return Table(
        name="sections",
        title="断面表",
        columns=(
            Column(name="section", title_zh="断面", required=True, allow_na=False, aliases=("断面名称", "考核断面")),
            _REACH,
            Column(
                name="at_m", title_zh="距河段起点", kind="decimal", unit="m", required=True, allow_na=False,
                validate=not_negative, aliases=("距起点",),
            ),
            Column(
                name="limit_mg_l", title_zh="限值", kind="decimal", unit="mg/L", validate=not_negative,
                aliases=("浓度限值", "目标值"),
            ),
            Column(
                name="do_limit_mg_l", title_zh="溶解氧下限", kind="decimal", unit="mg/L", validate=not_negative,
                aliases=("溶解氧限值",),
            ),
            _SUBSTANCE,
            _SCENARIO,
        ),
        max_rows=MOST,
    )  # fmt: skip


def oxygen_table() -> Table:
    """Rates per day at 20 ℃ (or at the river's temperature, where no theta is given) and oxygen of the inflows."""

    def rate(name: str, title: str, *, required: bool, aliases: tuple[str, ...] = ()) -> Column:
        return Column(
            name=name, title_zh=title, kind="decimal", unit="1/d", required=required, allow_na=not required,
            validate=not_negative, aliases=aliases,
        )  # fmt: skip

    def inflow(name: str, title: str, alias: str) -> Column:
        return Column(
            name=name, title_zh=title, kind="decimal", unit="mg/L", allow_na=False, validate=not_negative,
            aliases=(alias,),
        )  # fmt: skip

    def theta(name: str, title: str) -> Column:
        return Column(name=name, title_zh=title, kind="decimal", validate=above_zero)

    return Table(
        name="oxygen",
        title="溶解氧参数表",
        columns=(
            _REACH,
            rate("ka", "复氧系数", required=True, aliases=("ka_per_day",)),
            rate("kc", "碳化耗氧系数", required=True, aliases=("kc_per_day",)),
            rate("kn", "硝化耗氧系数", required=False, aliases=("kn_per_day",)),
            Column(
                name="do_sat_mg_l", title_zh="饱和溶解氧", kind="decimal", unit="mg/L", required=True, allow_na=False,
                validate=above_zero,
            ),
            inflow("inflow_do_mg_l", "汇入溶解氧", "do_mg_l"),
            inflow("inflow_cbod_mg_l", "汇入碳化需氧量", "cbod_mg_l"),
            inflow("inflow_nbod_mg_l", "汇入硝化需氧量", "nbod_mg_l"),
            theta("theta_ka", "复氧温度系数"),
            theta("theta_kc", "碳化温度系数"),
            theta("theta_kn", "硝化温度系数"),
            _SCENARIO,
        ),
        max_rows=MOST,
    )  # fmt: skip
