"""One of each figure, with invented data (演示): the tests draw them all, and whoever changes a figure looks at them.

`python -m tests.figures.samples FOLDER` writes SVG and PNG of each.
"""

from __future__ import annotations

import sys
from pathlib import Path

from qingyuan import figures
from qingyuan.figures import Figure


def samples() -> list[Figure]:
    return [
        figures.compared(
            [
                figures.Compared(title="评估验收历时", unit="天", low=20, mid=30, high=60, actual=3.3),
                figures.Compared(
                    title="审核费用", unit="元", low=60000, mid=80000, high=120000, actual=90500
                ),
                figures.Compared(title="专家现场", unit="次", low=2, mid=3, high=4, actual=None),
            ],
            title="平均每家企业的投入（演示）",
            name="compared",
        ),
        figures.changes(
            [("演示断面一", 1.57, 0.99, 1.0), ("演示断面二", 1.2, 1.02, 1.0), ("演示断面三", 0.7, 0.6, None)],
            title="断面浓度（演示）",
            unit="mg/L",
            name="changes",
        ),
        figures.costs(
            [
                ("不加要求", 541.6, 541.5),
                ("基尼系数不高于现状", 547.9, 547.0),
                ("以 95 % 的把握达到", 662.4, 659.2),
            ],
            title="公平和把握的代价（演示）",
            unit="万元/a",
        ),
        figures.abatement(
            [(f"方案{k}", (k - 8) * 0.4 + k**3 / 900, 10 + k % 7, k < 14) for k in range(40)],
            title="边际减排成本：NOx（演示）",
            cost_unit="万元/t",
            name="abatement",
        ),
        figures.sankey(
            [
                ("原料库", "氯碱厂", 520),
                ("外购电石", "聚氯乙烯厂", 180),
                ("氯碱厂", "聚氯乙烯厂", 210),
                ("氯碱厂", "盐酸车间", 130),
                ("聚氯乙烯厂", "产品", 300),
                ("聚氯乙烯厂", "水泥厂", 75),
                ("盐酸车间", "产品", 120),
                ("盐酸车间", "中水站", 25),
                ("氯碱厂", "中水站", 160),
                ("中水站", "氯碱厂", 90),
                ("中水站", "排放", 95),
                ("水泥厂", "产品", 70),
                ("水泥厂", "水泥厂", 12),
            ],
            title="演示园区物质流",
            unit="kt/a",
        ),
        figures.composite_curves(
            [(40, 0), (80, 320), (150, 1480), (210, 1840)],
            [(25, 258), (60, 640), (128, 1500), (190, 2120)],
            title="复合曲线（演示）",
        ),
        figures.grand_composite(
            [(205, 280), (185, 190), (145, 60), (125, 0), (85, 240), (45, 330), (30, 258)],
            pinches=[125],
            title="总复合曲线（演示）",
        ),
        figures.limiting_composite(
            [(0, 0), (50, 1), (100, 9), (400, 21), (800, 41)],
            fresh_t_h=90,
            pinches=[100],
            title="极限水复合曲线（Wang 和 Smith 1994）",
        ),
        figures.exchange_graph(
            [
                ("热电厂", "石膏板厂", "脱硫石膏", 80000),
                ("热电厂", "水泥厂", "粉煤灰", 170000),
                ("热电厂", "炼油厂", "蒸汽", 140000),
                ("炼油厂", "热电厂", "冷却水", 700000),
                ("炼油厂", "硫酸厂", "硫磺", 2800),
                ("制药厂", "共享污泥干化", "污泥", 36000),
                ("造纸厂", "共享污泥干化", "污泥", 54000),
                ("共享污泥干化", "水泥厂", "干化污泥", 27000),
            ],
            facilities=["共享污泥干化"],
            title="产业共生网络（演示）",
        ),
        figures.gains(
            [
                ("热电厂", 5_400_000),
                ("水泥厂", 3_850_000),
                ("石膏板厂", 2_100_000),
                ("炼油厂", 960_000),
                ("造纸厂", 410_000),
                ("制药厂", 0),
                ("试验：未补偿的企业", -320_000),
            ],
            title="各企业的收益（演示）",
        ),
        figures.river_profile(
            {
                "现状": [(0, 0.6), (3, 1.1), (3.01, 1.8), (9, 1.5), (9.01, 1.95), (18, 1.42), (26, 1.2)],
                "方案一": [(0, 0.6), (3, 1.0), (3.01, 1.3), (9, 1.1), (9.01, 1.28), (18, 0.95), (26, 0.8)],
                "方案二": [(0, 0.6), (3, 0.9), (3.01, 1.1), (9, 0.93), (9.01, 1.02), (18, 0.76), (26, 0.64)],
            },
            sections=[("国控断面甲", 9, 1.5), ("省界断面乙", 24, 1.0)],
            substance="氨氮",
            title="氨氮沿程浓度（演示）",
        ),
        figures.pareto_front(
            [(0, -120), (100, -60), (210, 35), (330, 180), (430, 420), (500, 800), (540, 1500)],
            chosen=3,
            x_name="化学需氧量削减（t/a）",
            y_name="年费用（万元/a）",
            title="费用与削减的前沿（演示）",
        ),
        figures.macc(
            [
                ("冷凝水回用", -1800, 120),
                ("变频改造", -950, 80),
                ("逆流漂洗", -300, 160),
                ("碱回收", 250, 210),
                ("膜浓缩", 900, 140),
                ("高级氧化", 2100, 90),
                ("蒸发结晶", 3900, 60),
                ("应急吸附", 5200, 12),
            ],
            title="化学需氧量边际减排成本曲线（演示）",
        ),
        figures.level_map(
            ["甲印染", "乙印染", "丙针织", "丁染整", "戊涂层", "己水洗"],
            [
                "单位产品取水量",
                "综合能耗",
                "废水产生量",
                "COD 产生量",
                "水重复利用率",
                "清洁原料",
                "应急预案",
            ],
            [
                ["I", "II", "I", "II", "III", "I", "II"],
                ["II", "II", "below", "III", "III", None, "II"],
                ["below", "III", "below", "below", "III", "II", "I"],
                ["I", "I", "I", "I", "II", "I", "I"],
                ["III", "below", "II", "III", "na", "II", None],
                ["II", "III", "III", "II", "below", "III", "II"],
            ],
            title="各企业各项指标的级别（演示）",
        ),
        figures.allocations(
            ["上游县", "开发区", "老城区", "新城区", "下游市"],
            {
                "等比例": [120, 340, 210, 90, 260],
                "费用最小": [40, 520, 300, 20, 140],
                "按 GDP": [90, 410, 180, 130, 210],
            },
            gini={"等比例": 0.0, "费用最小": 0.318, "按 GDP": 0.124},
            title="削减量分配（演示）",
        ),
    ]


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for one in samples():
        (folder / f"{one.name}.svg").write_text(figures.svg(one), "utf-8")
        (folder / f"{one.name}.png").write_bytes(figures.png(one, scale=1))
