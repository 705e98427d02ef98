"""The geometry of a snapshot in words: rows for pages, for the printed plan, and for the differences of versions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.catalogue.notices.model import Notice
from qingyuan.pilots import geometry
from qingyuan.pilots.wording import region_name, sector_titles
from qingyuan.workbooks.polygons import degrees


@dataclass(frozen=True)
class Grid:
    """A table: its title, its heads with the weight of each column, and rows of text."""

    title: str
    heads: tuple[tuple[str, int], ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def labelled(self) -> list[list[tuple[str, str]]]:
        """Rows as pairs of head and text."""
        return [
            [(head, text) for (head, _weight), text in zip(self.heads, row, strict=True)] for row in self.rows
        ]


def stated_in(notice: Notice, data: dict[str, Any]) -> list[tuple[str, str]]:
    """The object of a stored snapshot in words."""
    category = notice.category(data["category"]["id"])
    form = category.form(data["object"]["form"])
    titles = sector_titles(notice)
    known = {pollutant.id: pollutant.title for one in category.forms for pollutant in one.pollutants}
    rows = [
        (_("试点对象的形态"), form.title if form else ""),
        (_("试点对象名称"), data["object"]["name"]),
        (_("所在地"), region_name(data["object"]["region"])),
        (_("涉及的重点行业"), "、".join(titles.get(key, key) for key in data["sectors"])),
    ]
    if known:
        rows.append((_("特征污染物"), "、".join(known.get(key, key) for key in data["pollutants"])))
    return rows


def facts_of(data: dict[str, Any]) -> list[tuple[str, str]]:
    """Single facts as label and text; the empty ones are left out."""
    rows: list[tuple[str, str]] = []
    if data.get("parcels"):
        off = geometry.difference(data)
        drawn = _("%s 平方公里") % geometry.km2(data["area_m2"])
        rows = [
            (
                _("边界围成的面积"),
                drawn + (_("（比批复面积 %s%%）") % f"{off:+.1f}" if off is not None else ""),
            ),
            (_("批复面积"), _("%s 平方公里") % data["declared_km2"] if data["declared_km2"] else ""),
            (_("划定边界的文件"), data["basis"]),
            (
                _("所在地市（申报单位填写）"),
                "、".join(map(region_name, data["prefectures"]))
                + (f"（{data['counties']}）" if data["counties"] else ""),
            ),
            (_("跨地市的理由"), data["reason"]),
            (_("坐标系"), _("%s 经纬度") % data["crs"]),
            (_("坐标来源"), _("文件 %s") % data["file"]["name"] if data["file"] else _("逐点填写")),
        ]
    if data.get("place"):
        label = _("所属流域") if data["kind"] == "basin" else _("所属重点区域")
        rows.append((label, geometry.place_title(data["place"])))
    return [(label, value) for label, value in rows if value]


def grids_of(data: dict[str, Any], *, day: date) -> list[Grid]:
    """The tables of a geometry, those with rows. `day`: that of the notice, on which lists of members are looked up."""
    grids: list[Grid] = []
    heads: tuple[tuple[str, int], ...]
    if data.get("parcels"):
        heads = (
            (_("片区"), 12),
            (_("面积（平方公里）"), 8),
            (_("拐点数"), 5),
            (_("经度范围"), 12),
            (_("纬度范围"), 12),
        )
        grids.append(Grid(_("边界"), heads, tuple(map(_parcel, data["parcels"]))))
    if data.get("prefectures") and data["kind"] == "region":
        heads = ((_("地市"), 14), (_("列入的重点区域"), 28))
        grids.append(
            Grid(
                _("区域所含地市"),
                heads,
                tuple(
                    (
                        region_name(code),
                        "、".join(geometry.groups_of(code, day)) or _("未见列入"),
                    )
                    for code in data["prefectures"]
                ),
            )
        )
    if data.get("reaches"):
        heads = (
            (_("河段"), 10),
            (_("河流"), 8),
            (_("起点"), 9),
            (_("止点"), 9),
            (_("长度（km）"), 6),
            (_("水质目标"), 6),
        )
        grids.append(Grid(_("河段"), heads, tuple(map(_reach, data["reaches"]))))
    if data.get("sections"):
        heads = (
            (_("断面"), 10),
            (_("河流"), 8),
            (_("级别"), 5),
            (_("编码"), 8),
            (_("里程（km）"), 6),
            (_("目标类别"), 6),
            (_("现状类别"), 6),
        )
        grids.append(Grid(_("断面"), heads, tuple(map(_section, data["sections"]))))
    if data.get("key_tasks"):
        heads = (
            (_("污染物"), 8),
            (_("文件"), 14),
            (_("文号"), 9),
            (_("发文机关"), 9),
            (_("印发日期"), 7),
            (_("页码、条款"), 8),
            (_("附件"), 9),
        )
        grids.append(Grid(_("重点工作任务依据"), heads, tuple(map(_task, data["key_tasks"]))))
    return grids


def _parcel(row: dict[str, Any]) -> tuple[str, ...]:
    points = [point for polygon in row["polygons"] for ring in polygon for point in ring]
    spans = [
        f"{degrees(min(values))}–{degrees(max(values))}"
        for values in ([x for x, _y in points], [y for _x, y in points])
    ]
    return row["name"] or _("整体"), geometry.km2(row["area_m2"]), str(len(points)), *spans


def _reach(row: dict[str, Any]) -> tuple[str, ...]:
    return (
        row["name"],
        row["river"],
        row["from"],
        row["to"],
        row["length_km"] or "",
        geometry.CLASSES.get(row["target"], ""),
    )


def _section(row: dict[str, Any]) -> tuple[str, ...]:
    return (
        row["name"],
        row["river"],
        str(geometry.LEVELS.get(row["level"], "")),
        row["code"],
        row["km"] or "",
        geometry.CLASSES.get(row["target"], ""),
        geometry.CLASSES.get(row["present"], ""),
    )


def _task(row: dict[str, Any]) -> tuple[str, ...]:
    return (
        row["pollutant"],
        row["document"],
        row["number"],
        row["issuer"],
        row["issued_on"],
        row["page"],
        row["file"]["name"] if row["file"] else _("文件已移除"),
    )


def lines_of(data: dict[str, Any], *, day: date) -> dict[str, str]:
    """Everything by a label, for comparing two versions."""
    lines = dict(facts_of(data))
    for grid in grids_of(data, day=day):
        for row in grid.rows:
            key = f"{grid.title}：{'，'.join(row[: 2 if grid.title in {_('河段'), _('断面'), _('重点工作任务依据')} else 1])}"
            lines[key] = "，".join(filter(None, row[1:]))
    if data.get("parcels"):
        for parcel in data["parcels"]:
            lines[_("坐标 SHA-256：%s") % (parcel["name"] or _("整体"))] = geometry.coordinates_hash(parcel)
    return lines
