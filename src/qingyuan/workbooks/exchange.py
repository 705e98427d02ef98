"""The tables of industrial symbiosis: offers 供给, needs 需求, links 链接, shared facilities 共享设施."""

from __future__ import annotations

from qingyuan.workbooks.measures import above_zero, not_negative
from qingyuan.workbooks.schema import Column, Table

MOST_ROWS = 2_000_000


def _name(name: str, title: str, *aliases: str, required: bool = True) -> Column:
    return Column(name=name, title_zh=title, required=required, allow_na=False, aliases=aliases)


def _number(name: str, title: str, unit: str, *aliases: str, note: str = "") -> Column:
    return Column(name=name, title_zh=title, kind="decimal", unit=unit, aliases=aliases, note=note)


def _amount(name: str, title: str, unit: str, *aliases: str, required: bool = False) -> Column:
    return Column(
        name=name,
        title_zh=title,
        kind="decimal",
        unit=unit,
        required=required,
        allow_na=not required,
        validate=not_negative,
        aliases=aliases,
    )


def _place() -> tuple[Column, Column]:
    return (
        Column(name="x_km", title_zh="横坐标", kind="decimal", unit="km", allow_na=False, aliases=("X坐标",)),
        Column(name="y_km", title_zh="纵坐标", kind="decimal", unit="km", allow_na=False, aliases=("Y坐标",)),
    )


OFFERS = Table(
    name="offers",
    title="供给表",
    columns=(
        _name("offer", "供给", "供给编号", "供给名称"),
        _name("enterprise", "企业", "企业名称", "单位名称"),
        _name("material", "物料", "物料名称"),
        _amount("quantity_t", "数量", "t", "年产生量", required=True),
        _number("disposal_cost_per_t", "处置费", "元/t", "现处置费", note="现在每吨的处置费用，被利用后省下"),
        _number("price_per_t", "单价", "元/t", "转让单价", note="需方付给供方；只影响企业之间怎样分"),
        *_place(),
    ),
    key=("offer",),
    families=(Column(name="q", title_zh="性质", kind="decimal", aliases=("品质",)),),
    max_rows=MOST_ROWS,
)

NEEDS = Table(
    name="needs",
    title="需求表",
    columns=(
        _name("need", "需求", "需求编号", "需求名称"),
        _name("enterprise", "企业", "企业名称", "单位名称"),
        _name("material", "物料", "物料名称"),
        _amount("quantity_t", "数量", "t", "年需要量", required=True),
        _number("value_per_t", "价值", "元/t", "替代原料单价", note="每吨替代下来的原料值多少"),
        *_place(),
    ),
    key=("need",),
    families=(
        Column(name="min", title_zh="下限", kind="decimal", aliases=("最低",)),
        Column(name="max", title_zh="上限", kind="decimal", aliases=("最高",)),
    ),
    max_rows=MOST_ROWS,
)

LINKS = Table(
    name="links",
    title="链接表",
    columns=(
        _name("offer", "供给", "供给编号", "供给名称"),
        _name("need", "需求", "需求编号", "需求名称"),
        Column(
            name="net_cost_per_t",
            title_zh="净费用",
            kind="decimal",
            unit="元/t",
            required=True,
            allow_na=False,
            aliases=("单位净费用",),
            note="按每吨供给计，负数表示合算",
        ),
        Column(
            name="yield",
            title_zh="得率",
            kind="decimal",
            allow_na=False,
            validate=above_zero,
            aliases=("折合系数",),
            note="一吨供给折合多少吨需求，空白为 1",
        ),
        _amount("fixed_cost", "固定费用", "元/a", "年固定费用"),
        _amount("capacity_t", "能力", "t", "输送能力"),
    ),
    key=("offer", "need"),
    max_rows=MOST_ROWS,
    may_be_empty=True,
)

FACILITIES = Table(
    name="facilities",
    title="共享设施表",
    columns=(
        _name("facility", "设施", "设施名称"),
        _name("kind", "类型", "设施类型", required=False),
        _name("site", "场址", "候选场址", "选址", required=False),
        *_place(),
        _amount("capacity_t", "能力", "t", "处理能力"),
        _amount("fixed_cost", "固定费用", "元/a", "年固定费用"),
        _number("cost_per_t", "处理费用", "元/t", "单位处理费用"),
        _name("takes", "接收物料", "接收"),
        _name("gives", "产出物料", "产出", required=False),
        _amount("yield", "得率", "", "产出率"),
    ),
    families=(Column(name="q", title_zh="性质", kind="decimal", aliases=("品质",)),),
    max_rows=MOST_ROWS,
    may_be_empty=True,
    notes=("同一设施的几行是候选场址或能力档次，只建其中一行；接收多种物料用 | 隔开。",),
)
