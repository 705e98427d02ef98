"""Chapter texts of the example pilots: invented, and every chapter says so."""

from __future__ import annotations

MARK = "<p><strong>（演示文本，单位、企业和数字均为虚构）</strong></p>"

CHAPTERS: dict[str, str] = {
    "overview-scope": (
        "<p>试点对象为{object}，位于{place}，范围内共有{count}家企业，集中在{sector}行业。"
        "试点范围以附件所列企业名单为准，四至范围见批复文件。</p>"
        "<table><tr><th>类型</th><th>家数</th><th>占比</th></tr>"
        "<tr><td>规模以上企业</td><td>{big}</td><td>{big_share}</td></tr>"
        "<tr><td>规模以下企业</td><td>{small}</td><td>{small_share}</td></tr></table>"
    ),
    "overview-industry": (
        "<p>{object}以{sector}为主导产业，上下游配套基本齐全。企业间已有部分中间产品和蒸汽的供需关系，"
        "但以双边合同为主，没有统一的资源配置。</p>"
    ),
    "groundwork-environment": (
        "<p>近三年空气质量优良天数比例逐年上升，主要问题有三项：</p><ol><li>同类企业工艺水平差距较大，单位产品水耗相差一倍以上；</li>"
        "<li>公共蒸汽管网未覆盖东片区，零散锅炉仍有保留；</li><li>废水分质回用不足，集中处理厂进水波动大。</li></ol>"
    ),
    "groundwork-cleaner-production": (
        "<p>范围内已有{audited}家企业完成过清洁生产审核，建立了领导小组、联席会议和专兼职管理人员队伍，"
        "制定了管理办法，资金来源为财政专项和企业自筹。</p>"
    ),
    "goals": (
        "<p>与逐家开展的传统审核相比，压缩评估验收时间，提高审核效率，节省审核费用，扩大覆盖范围和受益企业、行业数量。"
        "具体指标见目标表。</p>"
    ),
    "work-contents": (
        "<p>一是统一开展全过程诊断，形成共性问题清单；二是分类提出无/低费和中/高费方案；"
        "三是建立统一的数据采集表，一次填报、各环节共用；四是形成可复制的管理规范。</p><p>{treats}</p>"
    ),
    "work-methods": (
        "<p>按“统一采集—分层抽样—深度审核—结果推广”的路线开展：先对{count}家企业统一采集数据并做物料平衡核对，"
        "再选取代表性企业深度审核，最后把成熟方案推广到同类企业。</p>"
    ),
    "innovation": "<p>主要创新点：审核组织由单家转为整体；数据一次采集、多处引用；评估验收由逐家改为按类集中。</p>",
    "schedule": (
        "<table><tr><th>阶段</th><th>时间</th><th>主要工作</th></tr>"
        "<tr><td>启动</td><td>2022年8月—9月</td><td>组建队伍、统一采集</td></tr>"
        "<tr><td>审核</td><td>2022年10月—2023年3月</td><td>诊断、方案产生与筛选</td></tr>"
        "<tr><td>实施与总结</td><td>2023年4月—7月</td><td>方案实施、评估验收、总结推广</td></tr></table>"
    ),
    "outputs": (
        "<p>预期形成整体审核报告、管理规范和典型案例各一份；{count}家企业全部完成审核，审核总费用和用时按目标表下降。</p>"
    ),
}
TREATS: dict[str, str] = {
    "sector": "围绕{sector}行业开展生产工艺全过程诊断，梳理行业关键共性问题，形成并实施具有行业特色的清洁生产方案，避免逐家简单复制。",
    "park": "开展集中式审核：摸清企业间资源要素配置和物质代谢，提出副产物互供、能源梯级利用的方案，推动供热、治污等基础设施共建共享。",
    "region": "创新协同审核的组织方式：明确牵头和参与单位的分工，建立联席会议，围绕氨氮、总磷等特征污染物提出协同减排方案。",
}
"""What the notice expects of each category, in the chapter on the work."""
PARTIAL = ("overview-scope", "overview-industry", "groundwork-environment")
"""What is written in a pilot that is still being drafted."""


def chapter(outline_id: str, *, facts: dict[str, str], title: str) -> str:
    """The text of a chapter; an outline of another notice gets a plain sentence."""
    template = CHAPTERS.get(outline_id, "<p>{object}：" + title + "。</p>")
    treats = TREATS.get(facts.get("category", ""), "").format_map(facts)
    return MARK + template.format_map({**facts, "treats": treats})
