"""The sheet of the financing reserve, as banks and funds read it."""

from __future__ import annotations

from qingyuan.workbooks.schema import Column, Kind, Table


def reserve_table() -> Table:
    """One project a row; for reading, not for filling in."""

    def column(name: str, title: str, kind: Kind = "text", unit: str = "") -> Column:
        return Column(name=name, title_zh=title, kind=kind, unit=unit)

    return Table(
        name="reserve",
        title="储备库项目",
        columns=(
            column("title", "项目名称"),
            column("enterprise", "企业名称"),
            column("credit_code", "统一社会信用代码", "code"),
            column("region", "所在地区"),
            column("stage", "状态"),
            column("investment_code", "投资项目代码", "code"),
            column("content", "建设内容"),
            column("total_invest_wan_cny", "总投资", "decimal", "万元"),
            column("own_funds_wan_cny", "自有资金", "decimal", "万元"),
            column("gap_wan_cny", "资金缺口", "decimal", "万元"),
            column("benefit_wan_cny", "年经济效益", "decimal", "万元"),
            column("om_wan_cny", "年运行费", "decimal", "万元"),
            column("life_years", "年限", "decimal", "年"),
            column("payback_years", "投资回收期", "decimal", "年"),
            column("npv_wan_cny", "净现值", "decimal", "万元"),
            column("irr_pct", "内部收益率", "decimal", "%"),
            column("environmental_benefit", "环境效益"),
            column("eia", "环评手续"),
            column("land", "用地手续"),
            column("permit", "排污许可"),
            column("approvals", "手续文号"),
            column("contact_body", "联系单位"),
            column("nominated_by", "推荐单位"),
            column("admitted_on", "入库日期", "date"),
            column("financed_on", "获得支持日期", "date"),
            column("financed_wan_cny", "获得支持金额", "decimal", "万元"),
            column("financed_by", "提供支持的单位"),
            column("missing", "入库还缺"),
        ),
    )
