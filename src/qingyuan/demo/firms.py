"""The enterprises of the demo's rich plan: invented, with figures that agree with one another."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Trade:
    """What the enterprises of one kind have in common, per unit of `scale`."""

    title: str
    sector: str
    code: str
    products: str
    steps: str
    points: str
    problems: tuple[str, str, str]
    cheap: tuple[str, str, str]
    dear: tuple[str, str]
    water: int
    """万 m³ a year."""
    power: int
    """万 kWh a year."""
    steam: int
    """万 t a year."""
    cod: int
    vocs: int
    waste: int


TRADES = {
    "organics": Trade(
        "有机化工", "petrochemical", "2614", "醇醚溶剂", "原料储存、加氢反应、精馏分离、尾气吸收、产品灌装",
        "反应釜放空气、精馏不凝气、罐区呼吸气和设备清洗水",
        ("精馏塔回流比长期偏大，蒸汽单耗高出同类先进企业约两成", "罐区呼吸气直接引入火炬，溶剂没有回收", "设备清洗采用整釜换水，清洗水没有分级使用"),
        ("按产品批次优化清洗顺序，末遍清洗水用于下一批首遍", "校准精馏塔在线仪表，调整回流比控制点", "更换老化的机械密封，减少泵区泄漏"),
        ("罐区呼吸气两级冷凝加膜回收", "精馏塔热泵改造，塔顶余热用于塔釜再沸"),
        46, 920, 9, 38, 26, 310,
    ),
    "resin": Trade(
        "合成树脂", "petrochemical", "2651", "不饱和聚酯树脂", "备料、缩聚、真空脱水、兑稀、过滤、包装",
        "真空系统排气、兑稀釜呼吸气、过滤残渣和缩聚废水",
        ("真空机组为水环泵，新水直排，带走部分单体", "兑稀工序敞口投料，挥发性有机物无组织排放", "过滤网一次性使用，残渣按危险废物外委处置"),
        ("投料口加装密闭罩和压力平衡管", "过滤网改为可清洗金属滤芯", "循环水旁滤投运，减少排污次数"),
        ("水环真空泵改为干式螺杆机组", "缩聚废水汽提回收醇类后回用"),
        28, 640, 6, 44, 31, 260,
    ),
    "coating": Trade(
        "涂料助剂", "petrochemical", "2641", "工业防护涂料", "配料、预分散、研磨、调漆、过滤、灌装",
        "分散缸敞口挥发、研磨机冷却水、清缸废溶剂和废包装",
        ("换色清缸用新溶剂，废溶剂产生量大", "研磨机冷却水直流使用", "溶剂型产品比例偏高，低挥发产品不足三成"),
        ("同色系集中排产，减少清缸次数", "分散缸加盖并改为下料管投料", "冷却水接入循环管网"),
        ("清缸溶剂集中蒸馏再生", "溶剂型产品线改造为水性产品线"),
        12, 310, 2, 15, 42, 140,
    ),
    "reagent": Trade(
        "专用化学品", "petrochemical", "2661", "水处理药剂", "溶解、合成、结晶、离心、干燥、包装",
        "离心母液、干燥尾气、结晶洗水和包装粉尘",
        ("离心母液含盐量高，与低浓度废水混合处理", "干燥机热风一次通过，余热没有利用", "包装工序粉料损失率高于设计值"),
        ("母液套用次数由两次增加到四次", "包装工位加装负压回收罩", "干燥尾气温度与风量联锁控制"),
        ("母液膜浓缩与蒸发结晶分盐回用", "干燥尾气余热预热进风"),
        34, 520, 5, 52, 6, 420,
    ),
    "aluminium": Trade(
        "铝加工", "nonferrous", "3252", "高精铝板带", "熔铸、铣面、热轧、冷轧、退火、精整",
        "熔炼烟气、轧制油雾、铝灰渣和循环冷却水排污",
        ("熔炼炉换向周期固定，排烟温度偏高", "轧制油雾回收效率不足，油耗高", "铝灰渣露天堆存后外售，金属回收率低"),
        ("熔炼炉炉门密封和换向周期优化", "轧机油雾罩密封条更换", "循环水浓缩倍数由三倍提高到五倍"),
        ("熔炼炉蓄热式燃烧改造", "全油回收装置和铝灰渣集中回收线"),
        22, 2600, 3, 12, 18, 2100,
    ),
    "copper": Trade(
        "铜加工", "nonferrous", "3251", "铜带材与铜箔", "熔铸、粗轧、酸洗、精轧、电解、表面处理",
        "酸洗废水、电解酸雾、表面处理含铬废水和边角料",
        ("酸洗采用单槽漂洗，新水用量大", "电解槽酸雾收集罩破损", "含铬废水与综合废水没有完全分质"),
        ("单槽漂洗改为三级逆流漂洗", "酸雾收集罩修复并调平风量", "边角料按牌号分类回炉"),
        ("酸洗液再生与铜离子电解回收", "含铬废水分质处理与离子交换回用"),
        39, 1850, 4, 33, 5, 880,
    ),
    "alloy": Trade(
        "有色合金", "nonferrous", "3240", "镁铝合金锭", "配料、熔炼、精炼、浇铸、切割、检验",
        "熔炼烟尘、精炼废渣、切割乳化液和浇铸冷却水",
        ("精炼剂投加凭经验，渣量波动大", "冷却水直排雨水管网的历史接口尚有保留", "切割乳化液更换周期短"),
        ("精炼剂称量投加并建立台账", "封堵历史接口，冷却水改为闭路", "乳化液旁路过滤延长使用周期"),
        ("烟尘覆膜滤袋改造与余热回收", "精炼废渣金属回收与建材利用"),
        9, 980, 1, 6, 3, 1350,
    ),
    "rare": Trade(
        "稀有金属", "nonferrous", "3254", "钨钼制品", "焙烧、氨溶、结晶、还原、压制、烧结",
        "焙烧烟气、结晶母液含氨废水、还原氢气放空和粉末损失",
        ("结晶母液氨氮浓度高，吹脱效率低", "还原炉氢气过量放空", "粉末转运损失没有计量"),
        ("还原炉氢气流量按炉次设定", "粉末转运改为密闭容器并称重交接", "氨吸收塔填料清洗和更换"),
        ("结晶母液氨回收塔改造", "氢气净化循环使用系统"),
        18, 1420, 3, 21, 2, 330,
    ),
}  # fmt: skip
_NAMES = (
    # short name, trade, scale in tenths, size, permit class, day of the last audit
    ("瀍源溶剂", "organics", 14, "large", "key", "2019-10-18"),
    ("北岭化学", "organics", 9, "medium", "key", ""),
    ("洛浦精化", "organics", 6, "small", "simplified", ""),
    ("河阳石化", "organics", 18, "large", "key", "2020-06-24"),
    ("首阳树脂", "resin", 11, "medium", "key", ""),
    ("邙岭聚合", "resin", 8, "medium", "simplified", ""),
    ("涧东新材", "resin", 5, "small", "simplified", ""),
    ("万安涂料", "coating", 10, "medium", "key", ""),
    ("龙门防腐", "coating", 6, "small", "simplified", ""),
    ("彩陶助剂", "coating", 3, "micro", "registered", ""),
    ("清渠药剂", "reagent", 9, "medium", "key", "2021-04-09"),
    ("伊滨盐化", "reagent", 12, "medium", "key", ""),
    ("白云催化", "reagent", 7, "small", "simplified", ""),
    ("金谷铝业", "aluminium", 20, "large", "key", "2018-12-07"),
    ("隋唐板带", "aluminium", 13, "large", "key", ""),
    ("周山铝箔", "aluminium", 8, "medium", "simplified", ""),
    ("丽景型材", "aluminium", 6, "small", "simplified", ""),
    ("铜驼带材", "copper", 12, "large", "key", ""),
    ("凤翼铜箔", "copper", 9, "medium", "key", ""),
    ("安乐合金", "alloy", 10, "medium", "simplified", ""),
    ("定鼎镁业", "alloy", 7, "small", "simplified", ""),
    ("应天压铸", "alloy", 4, "micro", "registered", ""),
    ("含嘉钨钼", "rare", 11, "medium", "key", "2021-09-30"),
    ("玄武靶材", "rare", 6, "small", "simplified", ""),
)


@dataclass(frozen=True)
class Firm:
    """One enterprise of the rich plan."""

    name: str
    trade: Trade
    tenths: int
    size: str
    permit: str
    last_audit: str
    number: int

    def of(self, figure: int) -> int:
        """A figure of the trade at this firm's scale."""
        return max(1, figure * self.tenths // 10)

    @property
    def full_name(self) -> str:
        return f"演示{self.name}有限公司"

    @property
    def pollutants(self) -> str:
        if self.trade.sector == "petrochemical":
            return "VOCs、COD、氨氮"
        return "颗粒物、氮氧化物、COD" if self.trade.cod > 15 else "颗粒物、氮氧化物"

    @property
    def water_saved(self) -> int:
        return max(1, self.of(self.trade.water) * (9 + self.number % 5) // 100)

    @property
    def power_saved(self) -> int:
        return max(1, self.of(self.trade.power) * (4 + self.number % 3) // 100)

    @property
    def vocs_cut(self) -> int:
        return max(1, self.of(self.trade.vocs) * (14 + self.number % 7) // 100)

    @property
    def invested(self) -> int:
        """万元 for the dear schemes."""
        return 40 + 12 * self.tenths + 5 * (self.number % 4)

    @property
    def gained(self) -> int:
        """万元 a year."""
        return 9 * self.water_saved + self.power_saved * 7 // 10 + 3 * self.tenths


FIRMS = tuple(
    Firm(name, TRADES[trade], tenths, size, permit, audited, number)
    for number, (name, trade, tenths, size, permit, audited) in enumerate(_NAMES, start=1)
)


def total(attribute: str) -> int:
    return sum(getattr(firm, attribute) for firm in FIRMS)


def sum_of(figure: str) -> int:
    return sum(firm.of(getattr(firm.trade, figure)) for firm in FIRMS)
