"""The pool as a table: the same columns go out and come in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from qingyuan.catalogue.regions import regions
from qingyuan.people.models import Expert
from qingyuan.people.pool import wording
from qingyuan.people.pool.actions import PoolRow
from qingyuan.workbooks.read import Reading
from qingyuan.workbooks.schema import NA, Column, Table

MOST_EXPERTS = 5000


def _email_problems(text: str) -> list[str]:
    try:
        validate_email(text)
    except ValidationError:
        return [_("邮箱地址，如 name@example.org")]
    return []


def pool_table(*, check_code: Callable[[str], list[str]] | None = None) -> Table:
    """`check_code` tells what is wrong with an expert's code (one that another department keeps)."""
    return Table(
        name="experts",
        title=_("专家名单"),
        key=("code",),
        max_rows=MOST_EXPERTS,
        columns=(
            Column(name="code", title_zh="专家代码", kind="code", required=True, allow_na=False, longest=12, validate=check_code,
                   note="公开场合只显示代码，如 E-001；已有代码的行更新该专家。", aliases=("代码", "编号")),
            Column(name="name", title_zh="姓名", required=True, allow_na=False, longest=40),
            Column(name="email", title_zh="邮箱", required=True, allow_na=False, longest=254, validate=_email_problems,
                   note="没有账号的按此邮箱建立账号；已有代码的行须与登记的一致。", aliases=("电子邮箱", "电子邮件")),
            Column(name="title", title_zh="职称", longest=40),
            Column(name="employer", title_zh="工作单位", longest=120, allow_na=False, note="全称；与平台登记的单位同名的自动对应，回避以此为据。",
                   aliases=("单位",)),
            Column(name="region", title_zh="所在地区", longest=40, allow_na=False, validate=wording.region_problems,
                   note="省、设区的市名称或区划代码，如洛阳市。", aliases=("地区", "所在地")),
            Column(name="fields", title_zh="专业领域", longest=500, allow_na=False,
                   validate=lambda text: wording.unknown_words(text, wording.sector_titles()),
                   note="以顿号分开：" + "、".join(wording.sector_titles().values()), aliases=("熟悉行业", "行业领域")),
            Column(name="categories", title_zh="熟悉的试点类别", longest=500, allow_na=False,
                   validate=lambda text: wording.unknown_words(text, wording.category_titles()),
                   note="以顿号分开：" + "、".join(wording.category_titles().values()), aliases=("试点类别",)),
            Column(name="methods", title_zh="方法专长", longest=400, allow_na=False, validate=wording.method_problems,
                   note="以顿号分开，如物质流分析、能值分析。", aliases=("专长", "方法")),
        ),
        notes=("一行一位专家。", "已在库的专家按代码更新；名单中没有的专家不受影响。", "不要改动表头，不要合并单元格。"),
    )  # fmt: skip


def rows_of(reading: Reading) -> list[PoolRow]:
    """The rows of a workbook without problems."""

    def said(value: Any) -> str:
        return "" if value is None or value is NA else str(value).strip()

    return [
        PoolRow(
            code=said(row["code"]),
            name=said(row["name"]),
            email=said(row["email"]).lower(),
            title=said(row["title"]),
            employer=said(row["employer"]),
            region_code=wording.region_code(said(row["region"])),
            fields=tuple(wording.keys_of(said(row["fields"]), wording.sector_titles())),
            categories=tuple(wording.keys_of(said(row["categories"]), wording.category_titles())),
            methods=tuple(wording.parts(said(row["methods"]))),
        )
        for row in reading.rows()
    ]


def table_rows(experts: Iterable[Expert]) -> list[dict[str, str]]:
    places = regions()
    return [
        {
            "code": expert.code,
            "name": str(expert.user),
            "email": expert.user.email,
            "title": expert.title,
            "employer": expert.employer_label,
            "region": places[expert.region_code].name if expert.region_code in places else "",
            "fields": wording.titles(expert.fields, wording.sector_titles()),
            "categories": wording.titles(expert.categories, wording.category_titles()),
            "methods": "、".join(expert.methods),
        }
        for expert in experts
    ]
