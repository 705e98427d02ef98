"""The rich plan of the demo: some sixty pages, every figure from `firms`, the aims quoted live from the targets table."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from qingyuan.demo.blocks import numbered, of_trade, paragraphs, picture, table
from qingyuan.demo.firms import FIRMS, TRADES, sum_of, total
from qingyuan.demo.rich_work import contents_chapter
from qingyuan.demo.texts import MARK

OBJECT = "洛阳新材料产业园"
COUNT = len(FIRMS)
AUDITED = sum(bool(firm.last_audit) for firm in FIRMS)
SIZES = {"large": "大型", "medium": "中型", "small": "小型", "micro": "微型"}


def scope_chapter(pictures: Mapping[str, object]) -> str:
    sizes = [
        [
            title,
            sum(firm.size == size for firm in FIRMS),
            f"{sum(firm.size == size for firm in FIRMS) / COUNT:.0%}",
        ]
        for size, title in SIZES.items()
    ]
    return (
        MARK
        + paragraphs(
            f"试点对象为{OBJECT}，位于河南省洛阳市，规划面积 12.6 平方公里，东至环园东路，西至涧渠，南至纬七路，北至铁路专用线"
            '<span data-footnote="演示：四至范围为虚构，不对应任何实际园区。"></span>。',
            f"试点范围内共有{COUNT}家企业，分属石化化工、有色金属两个重点行业，名单见附表；园区管委会统一负责申报和实施。",
            "园区按功能分为化工新材料、有色金属加工、配套仓储和公用工程四个片区，公用工程片区设集中供热站和集中污水处理厂。",
        )
        + picture(pictures["layout"], "园区功能分区与公用工程示意图（演示）")
        + "<h3>企业规模构成</h3>"
        + table(["规模", "家数", "占比"], [*sizes, ["合计", COUNT, "100%"]])
        + "<h3>企业分布</h3>"
        + table(
            ["企业", "行业代码", "类别", "规模", "新水（万m³/年）", "用电（万kWh/年）"],
            [
                [
                    firm.full_name,
                    firm.trade.code,
                    firm.trade.title,
                    SIZES[firm.size],
                    firm.of(firm.trade.water),
                    firm.of(firm.trade.power),
                ]
                for firm in FIRMS
            ],
        )
        + "<h3>公用工程</h3>"
        + paragraphs(
            "集中供热站设两台背压机组，蒸汽主管沿纬三路东西向敷设，已接入十七家用户，东端三家自备锅炉用户尚未接入。",
            "集中污水处理厂采用水解酸化、两级生化和臭氧氧化工艺，出水执行流域排放标准，回用水管网只铺设到有色金属加工片区。",
            "园区建有统一的在线监测平台和危险废物集中贮存库，实验室、消防和应急物资由各企业共用。",
        )
    )


def industry_chapter(_pictures: Mapping[str, object]) -> str:
    html = MARK + paragraphs(
        f"{OBJECT}以化工新材料和有色金属精深加工为主导，上游溶剂和树脂供给下游涂料，铝、铜带材供给电子和装备，"
        "镁铝合金和钨钼制品面向汽车和耐高温部件，形成相对完整的产业链条。",
        "企业之间已有中间产品、蒸汽和副产盐的供需，但以双边合同为主，园区层面没有统一的资源要素配置机制。",
    )
    for key, trade in TRADES.items():
        firms = of_trade(key)
        html += f"<h3>{trade.title}</h3>" + paragraphs(
            f"本类有{len(firms)}户，代表产品为{trade.products}，主要工序依次为{trade.steps}。"
            f"主要产污环节是{trade.points}。",
        )
        for firm in firms:
            html += f"<h4>{firm.full_name}</h4>" + paragraphs(
                f"该公司为{SIZES[firm.size]}企业，建有{trade.products}生产线 {1 + firm.tenths // 6} 条，年用新水 {firm.of(trade.water)} 万立方米、"
                f"用电 {firm.of(trade.power)} 万千瓦时、蒸汽 {firm.of(trade.steam)} 万吨，年产生一般工业固体废物 {firm.of(trade.waste)} 吨。"
                f"{firm.name}的原料主要来自{'园区内上游' if firm.number % 3 else '省内供应商'}，产品{'供给园区内下游' if firm.number % 2 else '销往省外'}，"
                f"与相邻企业共用{'蒸汽支管' if firm.number % 2 else '循环水站'}。",
                f"{firm.name}现有环保设施与产能基本匹配，设能源、环保{'专职' if firm.size in {'large', 'medium'} else '兼职'}管理人员 {2 + firm.tenths // 5} 人，"
                + (
                    f"上一次清洁生产审核于 {firm.last_audit[:4]} 年通过验收。"
                    if firm.last_audit
                    else "尚未开展过清洁生产审核。"
                ),
            )
    return html


def environment_chapter(pictures: Mapping[str, object]) -> str:
    rows: list[list[object]] = [
        [firm.full_name, firm.of(firm.trade.cod), firm.of(firm.trade.vocs), firm.of(firm.trade.waste)]
        for firm in FIRMS
    ]
    rows.append(["合计", sum_of("cod"), sum_of("vocs"), sum_of("waste")])
    return (
        MARK
        + paragraphs(
            "近三年园区所在区域环境空气优良天数比例逐年上升，臭氧为夏季首要污染物；纳污河段断面水质稳定达到考核要求，枯水期氨氮接近限值。",
        )
        + table(
            ["年度", "优良天数比例", "PM2.5（μg/m³）", "O3-8h（μg/m³）", "断面水质"],
            [
                ["2019", "58.4%", 62, 178, "Ⅳ类"],
                ["2020", "66.7%", 55, 171, "Ⅳ类"],
                ["2021", "70.1%", 48, 167, "Ⅲ类"],
            ],
        )
        + "<h3>污染物排放现状</h3>"
        + paragraphs("各企业 2021 年排放和产生情况汇总如下，数据取自排污许可执行报告的演示口径。")
        + table(["企业", "COD（t/a）", "VOCs（t/a）", "一般固废（t/a）"], rows)
        + picture(pictures["bars"], "各企业用水占园区比重示意图（演示）")
        + "<h3>主要问题</h3>"
        + numbered(
            "同类企业工艺和管理水平差距较大，单位产品水耗最高与最低相差一倍以上，共性问题没有共同的解决办法；",
            "东端自备锅炉没有接入集中供热，企业余热在厂内散失，能源没有按品位梯级利用；",
            "高盐、含氨和一般废水混合进入集中处理厂，进水波动大，回用率低；",
            "罐区、投料和换色清缸环节的挥发性有机物以无组织形式排放，收集率不足；",
            "铝灰渣、酸洗废液等有回收价值的废物分散处置，单家规模不足以支撑回收装置。",
        )
    )


def foundation_chapter(_pictures: Mapping[str, object]) -> str:
    audited = [firm for firm in FIRMS if firm.last_audit]
    return (
        MARK
        + paragraphs(
            f"范围内已有{AUDITED}家企业完成过一轮清洁生产审核，无/低费方案全部实施，中/高费方案实施率为八成。",
            "园区管委会成立了清洁生产审核创新试点领导小组，管委会主要负责同志任组长，设工作专班，配专职管理人员 4 人；"
            "建立了领导小组月调度、企业联络员和联席会议三项机制。",
            "已印发清洁生产管理办法、数据报送制度和专家咨询规定，明确了企业、管委会和咨询服务机构的责任。",
            "资金来源为财政预算、企业自筹和绿色信贷，金额在申报条件中填报，与本节一致。",
        )
        + table(
            ["企业", "上次审核验收日期", "行业"],
            [[firm.full_name, firm.last_audit, firm.trade.title] for firm in audited],
        )
        + "<h3>已有工作的不足</h3>"
        + numbered(
            "逐家审核时间长，同一类企业重复采集、重复诊断；",
            "审核成果停留在单家，副产物和余热的企业间利用没有人牵头；",
            "验收之后缺少跟踪，中/高费方案的效果没有统一核算。",
        )
    )


def goals_chapter(_pictures: Mapping[str, object]) -> str:
    return (
        MARK
        + paragraphs(
            "与逐家开展的传统审核相比，试点从时间、费用、覆盖和受益四个方面提出目标。以下数字引自目标表，随目标表更新。",
            "一是压缩评估验收时间、提高审核效率：审核时间由{{目标:audit_days.基准值}}压缩到{{目标:audit_days.目标值}}，缩短{{目标:audit_days.变化幅度百分比}}。",
            "二是节省审核费用：审核费用由{{目标:audit_cost.基准值}}降到{{目标:audit_cost.目标值}}，节省{{目标:audit_cost.变化幅度}}。",
            "三是扩大覆盖范围：审核覆盖率由{{目标:coverage_share.基准值}}提高到{{目标:coverage_share.目标值}}。",
            "四是增加受益企业和行业：受益企业达到{{目标:benefit_enterprises.目标值}}，受益行业达到{{目标:benefit_sectors.目标值}}。",
        )
        + "<h3>资源环境目标</h3>"
        + paragraphs(
            "新鲜水用量由{{目标:t1.基准值}}降到{{目标:t1.目标值}}，变化{{目标:t1.变化率}}；用电量由{{目标:t2.基准值}}降到{{目标:t2.目标值}}；"
            "挥发性有机物排放量由{{目标:t3.基准值}}降到{{目标:t3.目标值}}，变化{{目标:t3.变化率}}。",
            "基准年为 2021 年，基准值取自排污许可执行报告、能源统计台账和用水计量台账，三者不一致的以计量台账为准并在平台上注明；"
            "审核用时从签订审核合同之日起算，到通过评估验收之日止；审核费用包括咨询、监测、专家评审和企业内部投入四项开支。",
            "上述目标由各企业方案效果汇总得出，扣除相互重叠的部分，完成情况以数据采集平台核定的数据为准。",
        )
    )


def methods_chapter(pictures: Mapping[str, object]) -> str:
    stages = (
        ("统一采集", "用一张数据采集表取得各企业三年的物料、能源、用水、排放和设备数据，一次填报、各环节共用；采集表由管委会组织培训，联络员每周核对。"),
        ("平衡核对", "对水、溶剂、金属和蒸汽逐家做平衡，输入与输出相差超过百分之五的，退回企业核实，不以估算数补齐。"),
        ("分层诊断", "按工艺类别和规模分层，每层选取代表性企业深度诊断，其余企业按类内共性问题清单对照自查、专家复核。"),
        ("方案统筹", "单家方案与企业间方案放在一起比选，先排除重复建设，再按投资、效果和成熟度排序。"),
        ("效果核算", "方案实施后按统一口径核算，评估验收按类集中进行，结果回到数据平台，供跟踪使用。"),
    )  # fmt: skip
    html = (
        MARK
        + paragraphs(
            "试点按“统一采集、平衡核对、分层诊断、方案统筹、效果核算”的路线开展，后一步发现的问题回到前一步修正。"
        )
        + picture(pictures["route"], "技术路线示意图（演示）")
    )
    for title, text in stages:
        html += f"<h3>{title}</h3>" + paragraphs(text)
    html += "<h3>各类企业的分层与实测安排</h3>"
    html += table(
        ["类别", "户数", "深度诊断", "对照自查", "实测周期（天）"],
        [
            [
                trade.title,
                len(of_trade(key)),
                (len(of_trade(key)) + 1) // 2,
                len(of_trade(key)) // 2,
                10 + len(of_trade(key)) * 3,
            ]
            for key, trade in TRADES.items()
        ],
    )
    for key, trade in TRADES.items():
        html += f"<h4>{trade.title}的实测要点</h4>" + paragraphs(
            f"沿{trade.steps}设置计量和采样点，{trade.points}逐点布设；"
            f"同类的{len(of_trade(key))}户使用同一套记录表，实测期间产量波动超过一成的，相应批次重测。",
            f"诊断结论按“问题、原因、方案、效果”四栏填写，其中{trade.cheap[0]}等无/低费措施边审核边实施。",
        )
    return html


def innovation_chapter(_pictures: Mapping[str, object]) -> str:
    return MARK + paragraphs(
        "主要创新点：审核组织由单家转为园区整体；数据一次采集、多处引用；评估验收由逐家改为按类集中，咨询服务机构对同类企业统一诊断。"
    )


def schedule_chapter(_pictures: Mapping[str, object]) -> str:
    return (
        MARK
        + paragraphs(
            "实施期为 2022 年 8 月至 2023 年 7 月，各阶段的起止日期、产出和责任单位见实施计划表，本节说明工作要求。"
        )
        + numbered(
            "启动阶段由管委会牵头组建工作专班，确定咨询服务机构，完成企业培训和数据采集表的发放；",
            "采集阶段各企业联络员按周填报，工作专班核对平衡，问题清单逐家销号；",
            "诊断阶段按类别分组进驻，先代表性企业后其他企业，诊断结论经专家组讨论；",
            "实施阶段无/低费方案随时实施，中/高费方案列入年度技改计划，管委会按月调度；",
            "总结阶段集中评估验收，编制规范和案例，召开现场交流会。",
        )
        + "<h3>责任分工</h3>"
        + table(
            ["单位", "职责", "责任人"],
            [
                ["园区管委会", "统筹组织、资金落实、月调度", "分管负责人"],
                ["工作专班", "数据核对、进度管理、成果归档", "专班组长"],
                ["咨询服务机构", "诊断、方案论证、技术培训", "项目负责人"],
                ["范围内企业", "数据填报、方案实施、内部培训", "联络员"],
                ["供热站和污水处理厂", "计量数据共享、接入改造", "运行负责人"],
            ],
        )
        + "<h3>保障措施</h3>"
        + paragraphs(
            "组织保障：领导小组每月调度一次，重大问题提交管委会办公会。",
            "资金保障：财政资金专款专用，企业自筹资金按方案进度落实，鼓励金融机构提供绿色信贷。",
            "质量保障：数据、诊断和核算实行双人复核，咨询服务机构对结论负责，管委会组织抽查。",
            "保密保障：企业工艺和商业信息按授权范围使用，签订保密协议。",
        )
    )


def outputs_chapter(_pictures: Mapping[str, object]) -> str:
    rows: list[list[object]] = []
    for key, trade in TRADES.items():
        firms = of_trade(key)
        rows.append(
            [
                trade.title,
                *(
                    sum(getattr(firm, name) for firm in firms)
                    for name in ("water_saved", "power_saved", "vocs_cut", "gained")
                ),
            ]
        )
    rows.append(["合计", *(total(name) for name in ("water_saved", "power_saved", "vocs_cut", "gained"))])
    return (
        MARK
        + paragraphs(
            "预期形成园区整体审核报告、数据采集规范、集中评估验收要点、典型案例集和数据平台五项成果，名称与效益见预期产出表。"
        )
        + "<h3>资源环境和经济效益</h3>"
        + table(
            ["类别", "节水（万m³/年）", "节电（万kWh/年）", "VOCs减排（t/年）", "经济收益（万元/年）"], rows
        )
        + "<h3>管理效益</h3>"
        + paragraphs(
            "审核由逐家组织变为整体组织，企业只填一次数据；{{目标:audit_cost.变化幅度}}的审核费用可用于方案实施。",
            "副产物互供和公用设施共享形成长期机制，管委会每半年发布供需清单。",
        )
        + "<h3>可复制、可推广</h3>"
        + paragraphs(
            "数据采集表和平衡核对方法不依赖特定行业，可用于同类园区；类内共性问题清单可直接供其他园区的相同行业使用。",
            "管理规范经省级部门认可后在全省园区交流，典型案例按先进经验、管理规范、技术方案三类整理。",
        )
    )


CHAPTERS: dict[str, Callable[[Mapping[str, object]], str]] = {
    "overview-scope": scope_chapter,
    "overview-industry": industry_chapter,
    "groundwork-environment": environment_chapter,
    "groundwork-cleaner-production": foundation_chapter,
    "goals": goals_chapter,
    "work-contents": contents_chapter,
    "work-methods": methods_chapter,
    "innovation": innovation_chapter,
    "schedule": schedule_chapter,
    "outputs": outputs_chapter,
}
UNFINISHED = ("innovation",)
