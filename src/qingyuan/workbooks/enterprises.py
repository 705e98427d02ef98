"""A province's list of enterprises 企业基础信息清单."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Final

from qingyuan.workbooks.schema import Column, Table
from qingyuan.workbooks.scope import PERMITS, check_audit_day

MOST_ENTERPRISES = 100_000
KINDS: Final = {"mandatory": "强制性审核", "voluntary": "自愿性审核"}
LEVELS: Final = {"I": "Ⅰ级", "II": "Ⅱ级", "III": "Ⅲ级"}


def enterprise_table(
    *,
    check_code: Callable[[str], list[str]],
    check_region: Callable[[str], list[str]],
    check_sector_code: Callable[[str], list[str]],
    today: dt.date | None = None,
) -> Table:
    """The schema of the list. The checks tell what is wrong with a code or place; no day may lie after `today`."""

    def day(text: str) -> list[str]:
        return check_audit_day(dt.date.fromisoformat(text), today)

    return Table(
        name="enterprises",
        title="企业基础信息清单",
        key=("code",),
        max_rows=MOST_ENTERPRISES,
        columns=(
            Column(
                name="name", title_zh="企业名称", required=True, allow_na=False, longest=120,
                note="与营业执照一致的全称；与库中不同的，原名记为曾用名。", aliases=("单位名称", "企业全称"),
            ),
            Column(
                name="code", title_zh="统一社会信用代码", kind="code", required=True, allow_na=False, longest=18, validate=check_code,
                note="营业执照上的 18 位代码，按此与库中企业对应；单元格须为文本格式。", aliases=("信用代码", "社会信用代码"),
            ),
            Column(
                name="region", title_zh="所在地区", kind="code", required=True, allow_na=False, longest=40, validate=check_region,
                note="本省的省辖市名称，或六位区划代码（可到县），如洛阳市、410300。", aliases=("地区", "区划代码", "所在市"),
            ),
            Column(
                name="sector_code", title_zh="行业代码", kind="code", allow_na=False, longest=8, validate=check_sector_code,
                note="《国民经济行业分类》（GB/T 4754）的大类至小类代码；单元格须为文本格式。", aliases=("国民经济行业代码",),
            ),
            Column(name="address", title_zh="地址", longest=200, allow_na=False, aliases=("生产地址", "详细地址")),
            Column(
                name="permit", title_zh="排污许可管理类别", kind="choice", choices=tuple(PERMITS.values()), allow_na=False,
                aliases=("排污许可类别", "许可管理类别"),
            ),
            Column(name="permit_number", title_zh="排污许可证编号", kind="code", longest=40, allow_na=False),
            Column(
                name="listed_on", title_zh="列入名单日期", kind="date", allow_na=False, validate=day,
                note="强制性清洁生产审核企业名单公布的日期；不在名单的留空。", aliases=("名单公布日期",),
            ),
            Column(
                name="disclosed_on", title_zh="信息公布日期", kind="date", allow_na=False, validate=day,
                note="企业公布应公开信息的日期。",
            ),
            Column(name="started_on", title_zh="审核启动日期", kind="date", allow_na=False, validate=day),
            Column(
                name="audit_on", title_zh="最近审核完成日期", kind="date", allow_na=False, validate=day,
                note="通过评估验收的日期；填了的须同时填审核性质和依据文件。", aliases=("上次审核日期", "最近审核日期"),
            ),
            Column(name="audit_kind", title_zh="审核性质", kind="choice", choices=tuple(KINDS.values()), allow_na=False),
            Column(
                name="audit_level", title_zh="达到的清洁生产水平", kind="choice", choices=tuple(LEVELS.values()), allow_na=False,
                aliases=("清洁生产水平",),
            ),
            Column(
                name="audit_source", title_zh="依据文件", longest=200, allow_na=False,
                note="验收意见的文号或名称。", aliases=("验收文号",),
            ),
        ),
        notes=(
            f"一行一家企业，最多 {MOST_ENTERPRISES:,} 家；同一家企业只填一次。",
            "留空的单元格不改动库中已有的内容；清单中没有的企业不受影响。",
            "不要改动表头，不要合并单元格。",
        ),
    )  # fmt: skip
