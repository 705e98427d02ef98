"""The list of recommended projects that a province hands in which does not use the product: its table and its rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from qingyuan.catalogue import regions
from qingyuan.catalogue.notices.model import Notice
from qingyuan.workbooks.read import Reading
from qingyuan.workbooks.schema import NA, Column, Table

MOST_PROJECTS = 50


@dataclass(frozen=True, kw_only=True)
class Stated:
    """A project as the province's list states it."""

    title: str
    applicant: str
    category_id: str
    region_code: str
    object_name: str = ""
    enterprises: int | None = None
    letter_number: str = ""
    note: str = ""

    def as_data(self) -> dict[str, Any]:
        return {
            "object_name": self.object_name,
            "enterprises": self.enterprises,
            "letter_number": self.letter_number,
            "note": self.note,
        }


def list_table(notice: Notice) -> Table:
    """推荐项目汇总表. One row a project, in the order of recommendation."""
    return Table(
        name="recommended",
        title="推荐项目汇总表",
        key=("title", "applicant"),
        max_rows=MOST_PROJECTS,
        columns=(
            Column(
                name="title",
                title_zh="项目名称",
                required=True,
                allow_na=False,
                longest=120,
                note="与实施方案封面一致的全称。",
            ),
            Column(
                name="applicant",
                title_zh="申报单位",
                required=True,
                allow_na=False,
                longest=160,
                note="申报与实施单位全称，二者为同一主体。",
                aliases=("申报与实施单位",),
            ),
            Column(
                name="category",
                title_zh="申报类别",
                kind="choice",
                choices=tuple(category.title for category in notice.categories),
                required=True,
                allow_na=False,
                note="通知所列的类别。",
                aliases=("类别",),
            ),
            Column(
                name="place",
                title_zh="所在市",
                longest=50,
                note="试点对象所在的市（州、盟、区县）。",
                aliases=("所在地",),
            ),
            Column(name="object_name", title_zh="试点对象", longest=160, allow_na=False),
            Column(
                name="enterprises",
                title_zh="范围内企业数",
                kind="integer",
                unit="家",
                validate=_not_negative,
                aliases=("企业数",),
            ),
            Column(
                name="letter_number",
                title_zh="推荐函文号",
                longest=60,
                note="省级两部门推荐函的发文字号。",
                aliases=("文号",),
            ),
            Column(name="note", title_zh="备注", longest=500),
        ),
        notes=(
            f"一行填一个项目，按推荐次序排列，最多 {MOST_PROJECTS} 行。",
            "导入后逐个项目上传实施方案和推荐函。",
            "没有数据的留空；不适用的填 na。不要改动表头，不要合并单元格。",
        ),
    )


def _not_negative(text: str) -> list[str]:
    return ["不小于 0 的整数"] if int(text) < 0 else []


def rows_of(notice: Notice, reading: Reading, *, province: str) -> list[Stated]:
    """The rows of a workbook without problems; places that the catalogue knows below the province become codes."""
    categories = {category.title: category.id for category in notice.categories}
    places = {region.name: region.code for region in regions.children(province)}
    found = []
    for row in reading.rows():
        plain = {name: None if value is NA else value for name, value in row.items()}
        place = str(plain["place"] or "")
        note = str(plain["note"] or "")
        found.append(
            Stated(
                title=str(plain["title"]),
                applicant=str(plain["applicant"]),
                category_id=categories[str(plain["category"])],
                region_code=places.get(place, province),
                object_name=str(plain["object_name"] or ""),
                enterprises=None if plain["enterprises"] is None else int(plain["enterprises"]),
                letter_number=str(plain["letter_number"] or ""),
                note="；".join(part for part in ("" if place in places else place, note) if part),
            )
        )
    return found


def province_of(region_code: str) -> str:
    """The province's code of any place's code."""
    return f"{region_code[:2]}0000" if region_code else ""


def provinces() -> list[tuple[str, str]]:
    """Codes and names of the provinces, by code."""
    return [(one.code, one.name) for one in regions.regions().values() if one.level == "province"]
