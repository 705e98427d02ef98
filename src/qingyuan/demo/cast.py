"""Bodies and people of the demo. Bodies are those the notices name; applicants and people are invented (演示)."""

from __future__ import annotations

from dataclasses import dataclass

from qingyuan.catalogue import regions

HENAN = "410000"
NOT_ADDRESSED = {"710000", "810000", "820000"}
CORPS = "660000"
DOMAIN = "demo.example.org"
PASSWORD = "qingyuan-demo-2022"  # noqa: S105 (printed by `make demo`; demo accounts exist nowhere else)


@dataclass(frozen=True)
class Body:
    """`key` names the body in this demo; `parent` is the key of the body it belongs to."""

    key: str
    kind: str
    name: str
    region: str = ""
    parent: str = ""


@dataclass(frozen=True)
class Person:
    """`places`: (body key, role) pairs."""

    key: str
    name: str
    places: tuple[tuple[str, str], ...] = ()

    @property
    def email(self) -> str:
        return f"{self.key}@{DOMAIN}"


STATE = (
    Body("mee", "state_ecology", "生态环境部办公厅"),
    Body("ndrc", "state_reform", "国家发展改革委办公厅"),
    Body("mee-desk", "desk", "生态环境部科技与财务司", parent="mee"),
    Body("ndrc-desk", "desk", "国家发展改革委资源节约和环境保护司", parent="ndrc"),
)
HENAN_DESKS = (
    Body("ecology-desk", "desk", "河南省生态环境厅科技标准处", HENAN, "ecology-410000"),
    Body("reform-desk", "desk", "河南省发展和改革委员会资源节约和环境保护处", HENAN, "reform-410000"),
)
APPLICANTS = (
    Body("park", "park", "洛阳新材料产业园区管委会（演示）", "410300"),
    Body("zone", "park", "南阳先进制造业开发区管委会（演示）", "411300"),
    Body("city", "government", "濮阳市人民政府（演示）", "410900"),
    Body("county", "government", "焦作市修武县人民政府（演示）", "410800"),
    Body("bureau", "department", "新乡市工业和信息化局（演示）", "410700"),
)
OTHERS = (
    Body("service", "service", "中原清洁生产咨询中心（演示）", "410100"),
    Body("institute", "institute", "河南环境科学研究院（演示）", "410100"),
    Body("factory", "enterprise", "洛阳新材料示范企业有限公司（演示）", "410300"),
)


def provincial_bodies() -> tuple[Body, ...]:
    """生态环境厅（局）、发展改革委 of every province that the national letter addresses, and of the Corps."""
    bodies = []
    for region in regions.regions().values():
        if region.level != "province" or region.code in NOT_ADDRESSED:
            continue
        office = "局" if region.name.endswith("市") or region.code == CORPS else "厅"
        bodies.append(
            Body(f"ecology-{region.code}", "province_ecology", f"{region.name}生态环境{office}", region.code)
        )
        bodies.append(
            Body(f"reform-{region.code}", "province_reform", f"{region.name}发展和改革委员会", region.code)
        )
    return tuple(bodies)


def prefecture_bodies() -> tuple[Body, ...]:
    """各省辖市、济源示范区生态环境局、发展改革委（发改统计局）."""
    bodies = []
    for region in regions.children(HENAN):
        reform = "发展和改革委员会" if region.name.endswith("市") else "发改统计局"
        bodies.append(
            Body(f"ecology-{region.code}", "prefecture_ecology", f"{region.name}生态环境局", region.code)
        )
        bodies.append(
            Body(f"reform-{region.code}", "prefecture_reform", f"{region.name}{reform}", region.code)
        )
    return tuple(bodies)


PEOPLE = (
    Person("bu-jingban", "演示·部经办", (("mee", "handler"), ("mee-desk", "handler"))),
    Person("bu-qianfa", "演示·部签发", (("mee", "signer"),)),
    Person("wei-qianfa", "演示·委签发", (("ndrc", "signer"), ("ndrc-desk", "lead"))),
    Person("ting-qiantou", "演示·厅牵头", (("ecology-410000", "lead"), ("ecology-desk", "lead"))),
    Person("ting-jingban", "演示·厅经办", (("ecology-410000", "handler"), ("ecology-desk", "handler"))),
    Person("ting-qianfa", "演示·厅签发", (("ecology-410000", "signer"),)),
    Person("fagai-jingban", "演示·省发改经办", (("reform-410000", "handler"), ("reform-desk", "handler"))),
    Person("fagai-qianfa", "演示·省发改签发", (("reform-410000", "signer"),)),
    Person("shiju-jingban", "演示·市局经办", (("ecology-410300", "handler"),)),
    Person("yuanqu-qiantou", "演示·园区牵头", (("park", "lead"),)),
    Person("yuanqu-jingban", "演示·园区经办", (("park", "handler"),)),
    Person("yuanqu-shenhe", "演示·园区审核", (("park", "reviewer"),)),
    Person("yuanqu-qianfa", "演示·园区签发", (("park", "signer"),)),
    Person("kaifaqu-jingban", "演示·开发区经办", (("zone", "handler"), ("zone", "lead"))),
    Person("kaifaqu-shenqian", "演示·开发区审签", (("zone", "reviewer"), ("zone", "signer"))),
    Person("shifu-jingban", "演示·市府经办", (("city", "handler"), ("city", "lead"))),
    Person("shifu-shenqian", "演示·市府审签", (("city", "reviewer"), ("city", "signer"))),
    Person(
        "xianfu-duogang",
        "演示·县府多岗",
        (("county", "lead"), ("county", "handler"), ("county", "reviewer"), ("county", "signer")),
    ),
    Person("gongxin-jingban", "演示·工信局经办", (("bureau", "handler"), ("bureau", "lead"))),
    Person("gongxin-shenqian", "演示·工信局审签", (("bureau", "reviewer"), ("bureau", "signer"))),
    Person("zixun", "演示·咨询师", (("service", "handler"), ("service", "lead"))),
    Person("zhuanjia", "演示·专家", (("institute", "handler"),)),
    Person("qiye", "演示·企业联系人", (("factory", "handler"),)),
    Person("xinren", "演示·尚无单位的新人"),
)
OPERATOR = Person("yunwei", "演示·平台运维")
