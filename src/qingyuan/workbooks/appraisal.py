"""The economics of schemes as a workbook that an auditor would hand in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO, Final

from qingyuan.engine.economics import Abatement, Appraisal
from qingyuan.workbooks.schema import Column, Table
from qingyuan.workbooks.write import write_sheets

CLASSES: Final = {"low": "无/低费", "high": "中/高费"}
_FIGURES: Final = {
    "years": "年限（年）",
    "P": "P 年运行费用总节省",
    "D": "D 年折旧",
    "T": "T 应税利润",
    "E": "E 净利润",
    "F": "F 年净现金流量",
    "N": "N 投资偿还期（年）",
    "NPV": "净现值",
    "NPVR_pct": "净现值率（%）",
    "IRR_pct": "内部收益率（%）",
    "IRR_interpolated_pct": "内部收益率 插值（%）",
}


def write_appraisal(
    target: BinaryIO,
    appraised: Sequence[Appraisal],
    classes: Sequence[str | None],
    curves: Mapping[str, Sequence[Abatement]],
    *,
    rate: float,
    tax_rate: float,
) -> None:
    """A sheet of the figures, and one of the marginal abatement costs where effects are stated. Money is in the file's unit."""
    table = Table(
        name="appraisal",
        title="方案经济分析",
        columns=(
            Column(name="_measure", title_zh="方案"),
            Column(name="_class", title_zh="类别"),
            *(Column(name=name, title_zh=title, kind="decimal") for name, title in _FIGURES.items()),
            Column(name="_reasons", title_zh="算不出的原因"),
        ),
    )
    rows = [
        {
            "_measure": one.measure,
            "_class": CLASSES.get(kind or "", ""),
            **{name: _rounded(getattr(one, name)) for name in _FIGURES},
            "_reasons": "；".join(dict.fromkeys(one.reasons.values())),
        }
        for one, kind in zip(appraised, classes, strict=True)
    ]
    parts: list[tuple[Table, Sequence[Mapping[str, Any]], str]] = [
        (table, rows, f"折现率 {100 * rate:g} %，所得税率 {100 * tax_rate:g} %；金额与原表同一单位。")
    ]
    if curves:
        parts.append(_curves(curves))
    write_sheets(target, parts)


def _curves(curves: Mapping[str, Sequence[Abatement]]) -> tuple[Table, Sequence[Mapping[str, Any]], str]:
    heads = {"pollutant": "污染物", "measure": "方案"}
    figures = {"cost": "单位减排成本", "effect": "年削减量", "cumulative": "累计削减量"}
    table = Table(
        name="macc",
        title="边际减排成本",
        columns=(
            *(Column(name=name, title_zh=title) for name, title in heads.items()),
            *(Column(name=name, title_zh=title, kind="decimal") for name, title in figures.items()),
        ),
    )
    rows = [
        {
            "pollutant": pollutant,
            "measure": step.measure,
            "cost": _rounded(step.marginal_cost),
            "effect": step.effect,
            "cumulative": _rounded(step.cumulative),
        }
        for pollutant, curve in curves.items()
        for step in curve
    ]
    return table, rows, "每种污染物各承担方案的全部净费用，不同污染物的曲线不能相加；负值表示有净收益。"


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
