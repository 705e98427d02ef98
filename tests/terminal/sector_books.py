"""A small sector as a workbook, invented, for the tests of the diagnosis."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import xlsxwriter

Sheets = dict[str, list[list[Any]]]

SHEETS: Sheets = {
    "参数": [["参数", "取值"], ["能源价格", 1000], ["sample_size", 2], ["bundle_min_support", 0.25]],
    "评价指标": [
        ["指标", "指标名称", "单位", "方向", "I级基准值", "II级基准值", "III级基准值"],
        ["e", "单位产品综合能耗", "kgce/t", "越小越好", 100, 120, 150],
        ["w", "单位产品新鲜水耗", "m3/t", "越小越好", 10, 12, 15],
        ["c", "单位产品COD产生量", "kg/t", "越小越好", 1, 2, 3],
    ],
    "企业": [
        ["企业名称", "行业", "工艺", "规模", "产品产量", "产量单位", "综合能耗（tce）", "新鲜水用量（m3）", "排放量：COD", "环境统计：COD"],
        ["甲", "印染", "连续", "大型", 1000, "t", 140, 13000, 2, 2],
        ["乙", "印染", "连续", "大型", 2, "万t", 2200, 260000, 1, 30],
        ["丙", "印染", "间歇", "小型", 500, "t", 95, 4100, 1, 1],
        ["丁", "印染", "间歇", "小型", 500000, "kg", 62, 9000, 1, "na"],
    ],
    "指标数据": [
        ["企业名称", "指标", "指标值"],
        ["甲", "e", 130], ["甲", "w", 13], ["甲", "c", 2],
        ["乙", "e", 105], ["乙", "w", 12.5],
        ["丙", "单位产品综合能耗", 180], ["丙", "w", 8], ["丙", "c", 0],
        ["丁", "e", 120], ["丁", "w", "na"], ["丁", "c", 3],
    ],
    "清洁生产方案": [
        ["方案", "企业名称", "改善的指标", "投资（万元）", "年节约（万元）", "节能量（tce）", "节水量（m3）", "热泵性能系数", "热源温度", "供热温度"],
        ["余热回收", "丁", "e", 10, 8, 5, "", "", "", ""],
        ["热泵", "甲", "e", 50, 2, "", 20000, 9, 20, 60],
    ],
}  # fmt: skip


def write(path: Path, sheets: Sheets) -> Path:
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return path
