"""What the parts of an audit are called, and which of their figures stand in which table: for workbook and report alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

STATUS = {"done": "已算出", "infeasible": "不可行", "stopped": "到限停止"}


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure of a part: its key in the JSON, what it is called, its unit."""

    key: str
    title: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class List:
    """A list of objects of a part: its key, the sheet's title, and the columns as (key, heading)."""

    key: str
    title: str
    columns: tuple[tuple[str, str], ...]
    weights: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    title: str
    facts: tuple[Fact, ...]
    lists: tuple[List, ...]


_PROVEN = (Fact("bound", "下界"), Fact("gap", "相对差距"), Fact("verified", "经独立复核"))
PARTS: dict[str, Words] = {
    "balance": Words(
        "物质代谢",
        (
            Fact("passed", "总体检验通过"),
            Fact("chi2", "χ²"),
            Fact("dof", "自由度"),
            Fact("p_value", "p 值"),
            Fact("closure_raw_pct", "原始数据进出差额", "%"),
            Fact("closure_stated_wrong", "所称差额与实际不符"),
        ),
        (
            List(
                "flows",
                "物质流协调结果",
                (
                    ("flow", "流"),
                    ("material", "物质"),
                    ("measured", "测量值"),
                    ("reconciled", "协调值"),
                    ("adjustment", "调整"),
                    ("status", "类别"),
                ),
            ),
        ),
    ),
    "heat": Words(
        "能量梯级利用",
        (
            Fact("hot_utility_kw", "最小热公用工程", "kW"),
            Fact("cold_utility_kw", "最小冷公用工程", "kW"),
            Fact("recovery_kw", "可回收热量", "kW"),
            Fact("gain_kw", "全园区比各自为政少用", "kW"),
            Fact("verified", "经独立复核"),
        ),
        (
            List(
                "pinches",
                "夹点",
                (("shifted_c", "平移温度（℃）"), ("hot_c", "热流（℃）"), ("cold_c", "冷流（℃）")),
            ),
            List(
                "utilities", "公用工程", (("utility", "公用工程"), ("kind", "侧"), ("duty_kw", "负荷（kW）"))
            ),
            List(
                "enterprises",
                "各企业单独的能量目标",
                (
                    ("enterprise", "企业"),
                    ("hot_utility_kw", "热公用工程（kW）"),
                    ("cold_utility_kw", "冷公用工程（kW）"),
                    ("recovery_kw", "可回收（kW）"),
                ),
            ),
        ),
    ),
    "match": Words(
        "企业之间的热量匹配",
        (Fact("saved_kw", "少用热公用工程", "kW"), Fact("cost_per_year", "年费用", "元"), *_PROVEN),
        (
            List(
                "matches",
                "热量匹配",
                (
                    ("from", "供热企业"),
                    ("to", "用热企业"),
                    ("heat_kw", "送到（kW）"),
                    ("loss_kw", "损失（kW）"),
                    ("power_kw", "热泵耗电（kW）"),
                    ("cost_per_year", "年费用（元）"),
                ),
            ),
        ),
    ),
    "water": Words(
        "水资源梯级利用",
        (
            Fact("without_reuse_t_h", "不回用时的新鲜水", "t/h"),
            Fact("freshwater_t_h", "最少新鲜水", "t/h"),
            Fact("wastewater_t_h", "最少废水", "t/h"),
            *_PROVEN,
        ),
        (
            List("network", "水网络", (("from", "从"), ("to", "到"), ("flow_t_h", "流量（t/h）"))),
            List(
                "regeneration",
                "再生装置",
                (("unit", "装置"), ("flow_t_h", "流量（t/h）"), ("cost_per_h", "费用（元/h）")),
            ),
        ),
    ),
    "exchange": Words(
        "产业共生与共享设施",
        (Fact("objective", "总费用（负数为收益）", "元"), *_PROVEN, Fact("scope", "配对核算范围")),
        (
            List("matches", "副产物交换", (("offer", "供给"), ("need", "需求"), ("quantity_t", "数量（t）"))),
            List(
                "facilities",
                "建设的共享设施",
                (
                    ("facility", "设施"),
                    ("kind", "类型"),
                    ("site", "场址"),
                    ("taken_t", "接收（t）"),
                    ("given_t", "产出（t）"),
                    ("cost", "费用（元）"),
                ),
            ),
            List("by_enterprise", "各企业的收益", (("enterprise", "企业"), ("gain", "收益（元）"))),
        ),
    ),
    "river": Words(
        "河流水质响应",
        (),
        (
            List(
                "sections",
                "断面浓度",
                (
                    ("section", "断面"),
                    ("substance", "污染物"),
                    ("scenario", "情景"),
                    ("conc_mg_l", "浓度（mg/L）"),
                    ("limit_mg_l", "限值（mg/L）"),
                    ("met", "达标"),
                ),
            ),
            List(
                "reaches",
                "河段浓度",
                (
                    ("reach", "河段"),
                    ("substance", "污染物"),
                    ("scenario", "情景"),
                    ("flow_m3_s", "流量（m³/s）"),
                    ("conc_head_mg_l", "起点（mg/L）"),
                    ("conc_end_mg_l", "终点（mg/L）"),
                ),
            ),
            List(
                "warnings", "模型适用性提示", (("reach", "河段"), ("scenario", "情景"), ("message", "提示"))
            ),
        ),
    ),
    "air": Words(
        "大气环境响应",
        (),
        (
            List(
                "receptors",
                "受体点浓度",
                (("receptor", "受体点"), ("pm25_ug_m3", "PM2.5（μg/m³）"), ("o3_ppb", "臭氧（ppb）")),
            ),
        ),
    ),
    "select": Words(
        "清洁生产方案组合",
        (Fact("objective", "年费用（单位同备选方案表）"), *_PROVEN),
        (
            List(
                "chosen",
                "选定的方案",
                (("measure", "方案"), ("enterprise", "企业"), ("fraction", "实施比例"), ("period", "时期")),
            ),
            List(
                "slack",
                "目标的达成",
                (
                    ("target", "目标"),
                    ("scenario", "情景"),
                    ("required", "要求削减"),
                    ("reached", "可削减"),
                    ("after", "削减后"),
                    ("met", "达成"),
                ),
            ),
        ),
    ),
}
WORDS = {
    "hot": "热",
    "cold": "冷",
    "both": "冷热两侧",
    "full": "全部配对",
    "restricted": "部分配对",
    "measured-redundant": "测量、冗余",
    "measured-nonredundant": "测量、无冗余",
    "unmeasured-observable": "未测、可算出",
    "unobservable": "不可观测",
    "freshwater": "新鲜水",
    "wastewater": "废水",
    "environment": "园区以外",
}


def worded(value: Any) -> str:
    """A value of the JSON for the eye; “—” where there is none."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.1f}"
    return WORDS.get(str(value), str(value))
