"""A diagnosis as a workbook that an auditor would hand in: a sheet for each question, sources and assumptions with it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO

from qingyuan.engine.diagnosis import Diagnosis
from qingyuan.engine.diagnosis.checks import INTENSITIES
from qingyuan.engine.indices.exact import NAMES
from qingyuan.engine.indices.system import LEVELS
from qingyuan.workbooks.appraisal import CLASSES
from qingyuan.workbooks.industry_case import SectorData
from qingyuan.workbooks.industry_result import assumptions, cost_class_of, defaults_source
from qingyuan.workbooks.schema import Column, Table
from qingyuan.workbooks.write import write_sheets

Part = tuple[Table, Sequence[Mapping[str, Any]], str]
TARGETS = {"II": "II 级", "I": "I 级", "best_quartile": "本行业最好四分之一"}
SEVERITY = {"error": "矛盾", "warning": "存疑"}
ACCOUNTS = {
    "days": "历时合计（天）",
    "person_days": "人日",
    "money_cny": "费用（元）",
    "calendar_days": "日历天数",
}


def write_report(target: BinaryIO, data: SectorData, found: Diagnosis) -> None:
    """All sheets; the numbers are those of result.json, rounded for reading."""
    write_sheets(target, list(report(data, found)))


def report(data: SectorData, found: Diagnosis) -> list[Part]:
    """The sheets as tables, for the workbook and for the terminal."""
    return [
        _summary(data, found),
        _gaps(data, found),
        _bundles(data, found),
        _potential(data, found),
        _replication(data, found),
        _where(data, found),
        _frontier(data, found),
        _sample(data, found),
        _effort(found),
        _flags(data, found),
        _assumptions(data),
    ]


def _table(name: str, title: str, *columns: tuple[str, str]) -> Table:
    """Columns as (title, kind); their names are their places."""
    return Table(
        name=name,
        title=title,
        columns=tuple(
            Column(name=f"c{place}", title_zh=head, kind=kind)  # type: ignore[arg-type]
            for place, (head, kind) in enumerate(columns)
        ),
    )


def _rows(lines: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
    return [{f"c{place}": value for place, value in enumerate(line)} for line in lines]


def _round(value: float | None, digits: int = 2) -> float | None:
    return None if value is None else round(value, digits)


def _percent(value: float | None) -> float | None:
    return None if value is None else round(100 * value, 1)


def title_of(data: SectorData, name: str) -> str:
    """An indicator as people call it."""
    assert data.case is not None
    return data.case.sector.profile(name).title


def _summary(data: SectorData, found: Diagnosis) -> Part:
    assert data.case is not None
    loaded = data.indicators.loaded if data.indicators else None
    count = len(data.case.sector.names)
    serious = sum(flag.level == "error" for flag in found.flags)
    saved = found.effort.saved
    lines: list[tuple[str, Any, str]] = [
        ("企业数", count, "家"),
        ("评价指标", len(found.gaps), "项"),
        ("评价指标体系", loaded.file.title if loaded else "数据表自带的评价指标", _verified(data)),
        (
            "共性问题（同时未达标的指标组合）",
            len(found.bundles),
            f"组，级别 {data.case.options.bundle_level}",
        ),
        ("可推广的方案", sum(bool(one.places) for one in found.replication), "个"),
        ("深入审核的企业", len(found.sample.chosen), "家"),
        ("被代表的企业占比", _percent(found.sample.coverage), "%"),
        ("核查疑点", len(found.flags), f"处，其中 {serious} 处矛盾"),
        ("比逐家审核节约人日", _round(saved.person_days), "人日"),
        ("比逐家审核节约费用", _round(saved.money_cny), "元"),
        ("比逐家审核缩短日历天数", _round(saved.calendar_days), "天"),
    ]
    if data.rated and data.rating is not None:
        codes = data.rating.levels.tolist()
        for code, level in (
            (3, "I 级"),
            (2, "II 级"),
            (1, "III 级"),
            (0, "低于 III 级"),
            (-1, "缺数据不定级"),
        ):
            lines.append((f"综合评价：{level}", codes.count(code), "家"))
    lines += [("说明", note, "") for note in data.notes]
    table = _table("summary", "诊断概要", ("项目", "text"), ("结果", "text"), ("单位、说明", "text"))
    return table, _rows(lines), f"数据：{data.file}"


def _verified(data: SectorData) -> str:
    loaded = data.indicators.loaded if data.indicators else None
    return "" if loaded is None else "已核对" if loaded.file.verified else "指标体系未经核对"


def _gaps(data: SectorData, found: Diagnosis) -> Part:
    table = _table(
        "gaps", "指标差距", ("指标", "text"), ("单位", "text"), ("评判企业数", "integer"), ("缺数据", "integer"),
        *((f"未达{level}级占比（%）", "decimal") for level in LEVELS),
        ("未达II级占比下限（%）", "decimal"), ("未达II级占比上限（%）", "decimal"), ("未达II级企业的产量占比（%）", "decimal"),
        ("25%分位", "decimal"), ("中位数", "decimal"), ("75%分位", "decimal"),
    )  # fmt: skip
    lines = []
    for gap in sorted(found.gaps, key=lambda one: -(one.share_failing["II"] or 0)):
        low, high = gap.ci95["II"] or (None, None)
        lines.append(
            (
                gap.title, gap.unit, gap.judged, gap.missing, *(_percent(gap.share_failing[level]) for level in LEVELS),
                _percent(low), _percent(high), _percent(gap.output_share_failing["II"]),
                _round(gap.p25, 4), _round(gap.p50, 4), _round(gap.p75, 4),
            )
        )  # fmt: skip
    return (
        table,
        _rows(lines),
        f"按未达 II 级的企业占比排列；上下限为 95 % 置信区间（Wilson）。{_verified(data)}",
    )


def _bundles(data: SectorData, found: Diagnosis) -> Part:
    assert data.case is not None
    table = _table(
        "bundles", "共性问题", ("同时未达标的指标", "text"), ("企业数", "integer"), ("占比（%）", "decimal"), ("提升度", "decimal"),
    )  # fmt: skip
    lines = [
        (
            "、".join(title_of(data, name) for name in one.indicators),
            one.count,
            _percent(one.support),
            _round(one.lift),
        )
        for one in found.bundles
    ]
    note = f"达不到 {data.case.options.bundle_level} 级算作未达标；提升度大于 1 表示比各自独立时更常同时出现。是候选，须由审核人员判断。"
    return table, _rows(lines), note


def _potential(data: SectorData, found: Diagnosis) -> Part:
    table = _table(
        "potential", "节约潜力", ("指标", "text"), ("达到", "text"), ("节能（tce/年）", "decimal"), ("节水（m3/年）", "decimal"),
        ("金额（元/年）", "decimal"), ("污染物（t/年）", "text"), ("需改进的企业", "integer"), ("无法计量的企业", "integer"), ("折算方法", "text"),
    )  # fmt: skip
    lines = [
        (
            title_of(data, one.indicator), TARGETS[one.to], _round(one.energy_tce), _round(one.water_m3), _round(one.money_cny),
            "、".join(f"{name} {value:.4g}" for name, value in one.pollutants.items()), one.enterprises, one.unknown,
            data.counted.get(one.indicator, ""),
        )
        for one in found.potential
    ]  # fmt: skip
    return (
        table,
        _rows(lines),
        "各指标的潜力互有重叠（如综合能耗含电耗），不能相加。没有填价格的不计金额；单位存疑或自相矛盾的数值不计入，列为无法计量。",
    )


def _replication(data: SectorData, found: Diagnosis) -> Part:
    assert data.case is not None
    table = _table(
        "replication", "方案推广", ("方案", "text"), ("类别", "text"), ("改善的指标", "text"), ("适用企业数", "integer"), ("已计量", "integer"),
        ("年节约（元）", "decimal"), ("投资（元）", "decimal"), ("节能（tce/年）", "decimal"), ("节水（m3/年）", "decimal"),
        ("依据的企业或方案数", "integer"),
    )  # fmt: skip
    lines = [
        (
            one.measure, CLASSES.get(cost_class_of(data, one) or "", ""), "、".join(title_of(data, name) for name in one.indicators), len(one.places), one.counted, _round(one.amounts["saving_cny"]), _round(one.amounts["invest_cny"]),
            _round(one.amounts["energy_tce"]), _round(one.amounts["water_m3"]), one.reports,
        )
        for one in found.replication
    ]  # fmt: skip
    note = f"适用：同行业、同工艺、对应指标达不到 {data.case.options.replicate_level} 级且尚未采用的企业；节约量按产量推算，实施前须逐家核实。"
    return table, _rows(lines), note


def _where(data: SectorData, found: Diagnosis) -> Part:
    """Scheme by scheme the enterprises that it fits, with their share of what it would save."""
    assert data.case is not None
    sector = data.case.sector
    table = _table(
        "where",
        "推广名单",
        ("方案", "text"),
        ("企业", "text"),
        ("工艺", "text"),
        ("年节约（元）", "decimal"),
        ("投资（元）", "decimal"),
    )
    lines = []
    for one in found.replication:
        for place in one.places:
            made = float(sector.output[place])
            share = made / one.made if one.made > 0 and math.isfinite(made) else None
            money = [
                None if share is None or amount is None else round(amount * share, 2)
                for amount in (one.amounts["saving_cny"], one.amounts["invest_cny"])
            ]
            lines.append((one.measure, sector.names[place], data.case.processes[place], *money))
    return table, _rows(lines), "按产量分摊的估算，实施前须逐家核实；空白为没有可用的产量或依据。"


def _frontier(data: SectorData, found: Diagnosis) -> Part:
    assert data.case is not None
    names = data.case.sector.names
    table = _table(
        "frontier", "效率前沿", ("企业", "text"), ("规模报酬不变", "decimal"), ("规模报酬可变", "decimal"), ("规模效率", "decimal"), ("参照企业", "text"),
    )  # fmt: skip
    lines = [
        (
            names[place], _round(one.crs, 4), _round(one.vrs, 4), _round(one.scale, 4),
            "、".join(names[peer] for peer in one.peers if peer != place),
        )
        for place, one in enumerate(found.frontier)
    ]  # fmt: skip
    titles = {
        "energy_tce": "综合能耗",
        "electricity_kwh": "用电量",
        "water_m3": "新鲜水用量",
        "output": "产品产量",
        "value_wan_cny": "工业总产值",
    }
    inputs = "、".join(titles.get(name, name) for name in data.case.inputs) or "（没有）"
    outputs = "、".join(titles.get(name, name) for name in data.case.outputs) or "（没有）"
    return table, _rows(lines), f"数据包络分析，投入导向。投入：{inputs}；产出：{outputs}。空白为数据不全。"


def _sample(data: SectorData, found: Diagnosis) -> Part:
    assert data.case is not None
    names, strata = data.case.sector.names, data.case.strata
    table = _table(
        "sample", "深入审核样本", ("企业", "text"), ("分层", "text"), ("是否样本", "text"), ("由哪家代表", "text"), ("距离（标准差）", "decimal"),
    )  # fmt: skip
    chosen = set(found.sample.chosen)
    lines = [
        (
            name, strata[place], "是" if place in chosen else "",
            names[found.sample.stands_for[place]] if found.sample.stands_for[place] >= 0 else "（本层没有样本）",
            _round(found.sample.distance[place], 3),
        )
        for place, name in enumerate(names)
    ]  # fmt: skip
    far = "—" if found.sample.max_distance is None else f"{found.sample.max_distance:.2f}"
    return table, _rows(lines), f"各层内围绕中心点划分（PAM）；代表半径 {found.sample.radius:g}，最远 {far}。"


def _effort(found: Diagnosis) -> Part:
    table = _table(
        "effort", "工作量核算", ("项目", "text"), ("逐家审核", "decimal"), ("整体审核", "decimal"), ("节约", "decimal"), ("节约（%）", "decimal"),
    )  # fmt: skip
    effort = found.effort
    lines = [
        (
            title, _round(getattr(effort.one_by_one, name)), _round(getattr(effort.this_way, name)),
            _round(getattr(effort.saved, name)), _round(effort.saved_pct[name], 1),
        )
        for name, title in ACCOUNTS.items()
    ]  # fmt: skip
    return (
        table,
        _rows(lines),
        f"{effort.enterprises} 家企业，其中 {effort.in_depth} 家深入审核；所用的每个数见“假设与来源”。",
    )


def _flags(data: SectorData, found: Diagnosis) -> Part:
    assert data.case is not None
    titles = {one.id: one.title for one in data.case.sector.profiles} | INTENSITIES
    table = _table(
        "flags", "核查疑点", ("程度", "text"), ("企业", "text"), ("位置", "text"), ("疑点", "text"), ("应为", "text"), ("规则", "text"),
    )  # fmt: skip
    lines = [
        (
            SEVERITY[one.level],
            one.enterprise or "",
            titles.get(one.where, one.where),
            one.message,
            one.expected,
            one.rule,
        )
        for one in found.flags
    ]
    return table, _rows(lines), "疑点不等于错误：请企业核实并说明。"


def _assumptions(data: SectorData) -> Part:
    table = _table(
        "assumptions", "假设与来源", ("参数", "text"), ("取值", "text"), ("单位", "text"), ("来源", "text")
    )
    lines = [
        (one["title"], "" if one["value"] is None else str(one["value"]), one["unit"], one["source"])
        for one in assumptions(data)
    ]
    return table, _rows(lines), f"默认值：{defaults_source()}"


def level_name(code: int) -> str:
    """A judgement as people read it."""
    return {**NAMES, 0: "低于 III", -1: "缺数据", -2: "不适用", -3: "没有评判"}[code]
