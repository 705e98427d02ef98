"""The tables of the command `select`: measures, targets, responses of receptors, bases of fairness."""

from __future__ import annotations

from qingyuan.workbooks.measures import above_zero, not_negative
from qingyuan.workbooks.schema import Column, Table

YES = frozenset({"yes", "是", "1", "true", "y"})
_YES_NO = ("yes", "no", "是", "否", "1", "0", "true", "false", "y", "n")
MOST = 1_000_000


def _text(name: str, title: str, **more: object) -> Column:
    return Column(name=name, title_zh=title, **more)  # type: ignore[arg-type]


def _number(name: str, title: str, **more: object) -> Column:
    return Column(name=name, title_zh=title, kind="decimal", **more)  # type: ignore[arg-type]


def _flag(name: str, title: str, **more: object) -> Column:
    return Column(name=name, title_zh=title, kind="choice", choices=_YES_NO, **more)  # type: ignore[arg-type]


def portfolio_measure_table() -> Table:
    """Measures with cost, effects, and what ties them to each other."""
    return Table(
        name="measures",
        title="备选方案表",
        columns=(
            _text("measure", "方案", required=True, allow_na=False, aliases=("方案名称", "name")),
            _text("enterprise", "企业", aliases=("企业名称",)),
            _flag("divisible", "可分", aliases=("可部分实施",)),
            _number(
                "cost_per_year", "年费用", note="按年计的净费用，节约大于费用时为负", aliases=("年净费用",)
            ),
            _number("invest", "投资", validate=not_negative, aliases=("投资额",)),
            _number("life", "年限", unit="年", validate=above_zero),
            _number("om", "年运行费", aliases=("运行费用",)),
            _number("saving", "年节约", aliases=("年总节约", "年收益")),
            _text("group", "互斥组", aliases=("组",)),
            _text("needs", "前提", aliases=("前提方案",)),
            _flag("mandatory", "必选"),
            _flag("done", "已完成", aliases=("已实施",)),
            _text("period", "时期", aliases=("年度",)),
            _text("region", "地区", aliases=("区县",)),
        ),
        families=(
            _number("effect", "削减量"),
            _number("sd", "标准差", validate=not_negative),
            _number("dev", "最大偏差", validate=not_negative),
        ),
        max_rows=MOST,
    )


def target_table() -> Table:
    """Targets by pollutant or receptor."""
    return Table(
        name="targets",
        title="目标表",
        columns=(
            _text("target", "目标", required=True, allow_na=False, aliases=("污染物或受体",)),
            _number("min_reduction", "最少削减", aliases=("削减要求",)),
            _number("max_value", "限值", validate=not_negative, aliases=("上限",)),
            _number("base", "现状值", validate=not_negative, aliases=("基准值",)),
            _text("scenario", "情景"),
            _text("period", "时期", aliases=("期限",)),
        ),
        max_rows=10_000,
    )


def response_table() -> Table:
    """How a receptor answers a unit less of a source."""
    return Table(
        name="responses",
        title="响应系数表",
        columns=(
            _text("target", "目标", required=True, allow_na=False, aliases=("受体", "断面")),
            _text("source", "来源", required=True, allow_na=False, aliases=("污染源",)),
            _number("coefficient", "系数", required=True, allow_na=False, aliases=("响应系数",)),
            _text("scenario", "情景"),
            _number("rel_sd", "相对标准差", validate=not_negative),
            _text("factor", "共同因子"),
        ),
        max_rows=MOST,
    )


def base_table() -> Table:
    """Regions (or enterprises) with their base and present loads."""
    return Table(
        name="bases",
        title="公平基准表",
        columns=(
            _text("region", "地区", required=True, allow_na=False, aliases=("区县", "enterprise", "企业")),
            _number(
                "base",
                "基准",
                required=True,
                allow_na=False,
                validate=not_negative,
                aliases=("GDP", "gdp", "地区生产总值"),
            ),
        ),
        key=("region",),
        families=(_number("load", "现状排放量", validate=not_negative),),
        max_rows=100_000,
    )
