"""The longest chapter of the rich plan: what is done, at each enterprise and between them."""

from __future__ import annotations

from collections.abc import Mapping

from qingyuan.demo.blocks import numbered, of_trade, paragraphs, table
from qingyuan.demo.firms import FIRMS, TRADES, Firm, total
from qingyuan.demo.texts import MARK


def contents_chapter(_pictures: Mapping[str, object]) -> str:
    html = (
        MARK
        + "<h3>总体安排</h3>"
        + paragraphs(
            "试点开展集中式审核，统一组织、统一数据、分类诊断、整体施策，包括五项内容。",
            "一是企业间资源要素配置：建立副产物、溶剂和中间产品供需清单，推动物料互供和空桶、托盘共享。",
            "二是物质代谢分析：以水、溶剂、铝、铜、氨五种物质为对象开展物质流分析，逐环节核对物料平衡，找出损失去向。",
            "三是能源梯级利用：摸清各企业余热余压的品位和时段，提出蒸汽梯级利用和热水管网方案。",
            "四是基础设施共建共享：统一建设溶剂再生、铝灰渣回收和分盐回用设施，东端用户接入集中供热。",
            "五是形成管理规范和典型案例：编制园区整体审核工作规范、数据采集规范和验收要点。",
        )
    )
    for key, trade in TRADES.items():
        html += f"<h3>{trade.title}类企业</h3>" + paragraphs(
            f"本类的共性问题是：{'；'.join(trade.problems)}。针对共性问题统一开展工艺诊断，形成类内通用的清洁生产方案。"
        )
        for firm in of_trade(key):
            html += diagnosis(firm)
    html += shared_schemes()
    rows: list[list[object]] = [
        [firm.full_name, firm.water_saved, firm.power_saved, firm.vocs_cut, firm.invested] for firm in FIRMS
    ]
    rows.append(["合计", total("water_saved"), total("power_saved"), total("vocs_cut"), total("invested")])
    return (
        html
        + "<h3>方案汇总</h3>"
        + table(["企业", "节水（万m³/年）", "节电（万kWh/年）", "VOCs减排（t/年）", "投资（万元）"], rows)
    )


def diagnosis(firm: Firm) -> str:
    """What the joint audit would do at one enterprise."""
    trade = firm.trade
    first = trade.problems[firm.number % 3]
    second = trade.problems[(firm.number + 1) % 3]
    cheap = [trade.cheap[(firm.number + step) % 3] for step in range(2)]
    dear = trade.dear[firm.number % 2]
    low = firm.invested // 10
    return (
        f"<h4>{firm.full_name}的诊断与方案</h4>"
        + paragraphs(
            f"对{firm.name}的{trade.steps}各工序逐段核对投入与产出，重点核查{trade.points}。预诊断发现：{first}；{second}。",
            f"{firm.name}的审核重点放在{trade.steps.split('、')[firm.number % 4]}工序，连续实测三个生产周期，"
            f"水、电、蒸汽分别计量到设备，实测结果录入统一的数据采集表，与{'供热站' if firm.number % 2 else '污水处理厂'}的计量数据互相校核。",
        )
        + table(
            ["方案", "类型", "投资（万元）", "年节水（万m³）", "年节电（万kWh）"],
            [
                [cheap[0], "无/低费", low // 2, 0 if firm.water_saved < 3 else 1, firm.power_saved // 8],
                [cheap[1], "无/低费", low - low // 2, 0, firm.power_saved // 9],
                [
                    dear,
                    "中/高费",
                    firm.invested - low,
                    firm.water_saved - (0 if firm.water_saved < 3 else 1),
                    firm.power_saved - firm.power_saved // 8 - firm.power_saved // 9,
                ],
                ["合计", "", firm.invested, firm.water_saved, firm.power_saved],
            ],
        )
        + paragraphs(
            f"{firm.name}方案实施后由工作专班组织效果核算，预计挥发性有机物减排 {firm.vocs_cut} 吨，经济收益约 {firm.gained} 万元，"
            f"实施责任落实到{'生产副总' if firm.size == 'large' else '生产负责人'}。"
        )
    )


def shared_schemes() -> str:
    """What no enterprise can do alone."""
    return (
        "<h3>企业间方案</h3>"
        + paragraphs(
            "以下方案由管委会牵头、两家以上企业共同实施，投资不计入单家方案，效果在效果核算阶段单独核定。"
        )
        + table(
            ["方案", "供方", "受方", "作用"],
            [
                [
                    "废溶剂集中再生站",
                    "涂料助剂类企业",
                    "有机化工类企业",
                    "清缸废溶剂蒸馏再生后回用，减少危险废物外委",
                ],
                ["铝灰渣集中回收线", "铝加工、有色合金类企业", "铝加工类企业", "回收金属铝，残渣作建材原料"],
                [
                    "东端集中供热接入",
                    "集中供热站",
                    "东端三家自备锅炉用户",
                    "停用燃气锅炉，蒸汽按压力等级梯级供应",
                ],
                ["含氨废水集中汽提", "稀有金属类企业", "专用化学品类企业", "回收氨水用作生产原料"],
                ["回用水管网东延", "集中污水处理厂", "化工新材料片区企业", "回用水替代循环冷却补水"],
                [
                    "空桶与托盘循环中心",
                    "化工新材料片区企业",
                    "园区全部企业",
                    "统一清洗、检测和周转，减少包装废物",
                ],
            ],
        )
        + numbered(
            "供需双方签订框架协议，数量、品质和价格按季度核对；",
            "公用设施由管委会平台公司建设，使用单位按量付费，收费标准公开；",
            "涉及危险废物的方案先办理环境影响评价和许可手续，手续齐备前不得实施；",
            "方案退出或中断的，供方提前三十日通知受方，管委会协调替代来源。",
        )
    )
