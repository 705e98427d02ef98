"""Verbs on where the object lies: the boundary of a park, the places of a region, the reaches of a basin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.catalogue.regions import region_groups, regions
from qingyuan.kernel.actions import Act, Invalid, Problem, action
from qingyuan.kernel.fields import misfits
from qingyuan.kernel.models import Upload
from qingyuan.papers.canonical import canonical_bytes, sha256_hex
from qingyuan.pilots import geometry, returned, rules
from qingyuan.pilots.models import Boundary, Pilot, Reach, RegionPlace, Section, WaterClass
from qingyuan.workbooks.polygons import Parcel, as_data, problems_of

DRAFTING = (Pilot.Stage.DRAFTING,)
MOST_PLACES = 60
MOST_REACHES = 100
MOST_SECTIONS = 200


@dataclass(frozen=True)
class ReachRow:
    """A reach, as a form or a workbook row states it; blank is "not stated"."""

    name: str
    river: str
    starts_at: str = ""
    ends_at: str = ""
    length_km: Decimal | None = None
    target: str = ""


@dataclass(frozen=True)
class SectionRow:
    """A section of a river, in the same way."""

    name: str
    river: str
    level: str = ""
    code: str = ""
    km: Decimal | None = None
    target: str = ""
    present: str = ""


def _need_form(pilot: Pilot, kinds: frozenset[str] | set[str], what: str) -> None:
    if pilot.object_form not in kinds:
        raise Invalid(
            [
                Problem(
                    _("试点对象的形态不是%s，请先在“试点对象”中选择") % what,
                    where="object_form",
                    clause=pilot.category.clause,
                )
            ]
        )


@action(
    "pilot.set_boundary",
    title=gettext_lazy("填写园区（集群）边界"),
    on=Pilot,
    may=rules.can_write,
    stages=DRAFTING,
    clauses=("N3b", "N5.3"),
)
def set_boundary(
    pilot: Pilot,
    act: Act,
    *,
    parcels: Sequence[Parcel],
    declared_km2: Decimal | None = None,
    basis: str = "",
    prefectures: Sequence[str] = (),
    counties: str = "",
    reason: str = "",
    upload: Upload | None = None,
) -> Pilot:
    """填写边界坐标（CGCS2000 经纬度，可分几个片区）、批复面积和依据、所在地市；面积按椭球面计算。没有坐标就清除已有的边界。"""
    returned.require(pilot, now=act.now, part="object")
    _need_form(pilot, geometry.BOUNDED, _("园区或集群"))
    known = {code for code, region in regions().items() if region.level == "prefecture"}
    codes = list(dict.fromkeys(prefectures))
    stated: dict[str, Any] = {
        "basis": basis.strip(),
        "counties": " ".join(counties.split()),
        "reason": reason.strip(),
        "declared_km2": declared_km2,
    }
    problems = (
        [Problem(sentence, where="coordinates") for sentence in problems_of(parcels)] if parcels else []
    )
    problems += misfits(Boundary, **stated)
    problems += [
        Problem(_("没有这个地市：%s") % code[:12], where="prefectures") for code in codes if code not in known
    ]
    if declared_km2 is not None and declared_km2 <= 0:
        problems.append(Problem(_("面积应大于 0"), where="declared_km2"))
    if parcels and not codes:
        problems.append(Problem(_("请选择所在地市"), where="prefectures", clause="N5.3"))
    if len(codes) > 1 and not stated["reason"]:
        problems.append(
            Problem(
                _("跨 %d 个地市；通知为“原则上不跨地市行政区域”，请说明理由") % len(codes),
                where="reason",
                clause="N5.3",
            )
        )
    if not parcels and any([*stated.values(), codes]):
        problems.append(Problem(_("请填写边界坐标"), where="coordinates", clause="N5.3"))
    if problems:
        raise Invalid(problems)
    rows = as_data(parcels)
    area = sum(row["area_m2"] for row in rows)
    if parcels and not all(row["area_m2"] > 0 for row in rows):
        raise Invalid([Problem(_("边界围成的面积为 0"), where="coordinates")])
    Boundary.objects.filter(pilot=pilot).delete()
    if parcels:
        Boundary.objects.create(
            pilot=pilot, parcels=rows, area_m2=area, prefectures=codes, upload=upload, **stated
        )
    act.note(
        area_m2=area,
        parcels=len(rows),
        prefectures=codes,
        coordinates_sha256=sha256_hex(canonical_bytes(rows)),
        **({"file_sha256": upload.sha256} if upload else {}),
    )
    return pilot


@action(
    "pilot.set_places",
    title=gettext_lazy("选择区域所含地市"),
    on=Pilot,
    may=rules.can_write,
    stages=DRAFTING,
    clauses=("N3c",),
)
def set_places(pilot: Pilot, act: Act, *, key_place: str, codes: Sequence[str]) -> Pilot:
    """写明属于通知所列的哪个重点区域，由哪些地市组成；整体替换原有的选择。"""
    returned.require(pilot, now=act.now, part="object")
    _need_form(pilot, {"region"}, _("重点区域"))
    key_place = " ".join(key_place.split())
    problems = _key_place_problems(key_place, "region")
    known = {code for code, region in regions().items() if region.level in {"prefecture", "province"}}
    problems += [
        Problem(_("没有这个地市：%s") % code[:12], where="codes") for code in codes if code not in known
    ]
    codes = list(dict.fromkeys(codes))
    if len(codes) > MOST_PLACES:
        problems.append(Problem(_("最多 %d 个地市") % MOST_PLACES, where="codes"))
    if problems:
        raise Invalid(problems)
    pilot.places.all().delete()
    RegionPlace.objects.bulk_create(
        RegionPlace(pilot=pilot, position=number, code=code) for number, code in enumerate(codes, start=1)
    )
    pilot.key_place = key_place
    pilot.save(update_fields=["key_place"])
    act.note(key_place=key_place)
    act.items([[code] for code in codes])
    return pilot


def _key_place_problems(value: str, kind: str) -> list[Problem]:
    problems = misfits(Pilot, key_place=value)
    group = region_groups().get(value)
    if group is not None and group.kind != kind:
        problems.append(Problem(_("“%s”不是这种形态的区域") % group.title, where="key_place"))
    return problems


@action(
    "pilot.set_basin",
    title=gettext_lazy("填写流域的河段和断面"),
    on=Pilot,
    may=rules.can_write,
    stages=DRAFTING,
    clauses=("N3c",),
)
def set_basin(
    pilot: Pilot,
    act: Act,
    *,
    key_place: str | None = None,
    reaches: Sequence[ReachRow] | None = None,
    sections: Sequence[SectionRow] | None = None,
) -> Pilot:
    """写明属于哪个流域，由哪些河段组成，有哪些水质断面；给出的表整体替换，没有给出的保持原样。"""
    returned.require(pilot, now=act.now, part="object")
    _need_form(pilot, {"basin"}, _("流域"))
    problems: list[Problem] = []
    if key_place is not None:
        key_place = " ".join(key_place.split())
        problems += _key_place_problems(key_place, "basin")
    if reaches is not None:
        reaches = [_tidied(row) for row in reaches]
        problems += _reach_problems(reaches)
    if sections is not None:
        sections = [_tidied(row) for row in sections]
        problems += _section_problems(sections)
    if problems:
        raise Invalid(problems)
    items: list[Any] = []
    if key_place is not None:
        pilot.key_place = key_place
        pilot.save(update_fields=["key_place"])
        act.note(key_place=key_place)
    if reaches is not None:
        pilot.reaches.all().delete()
        Reach.objects.bulk_create(
            Reach(pilot=pilot, position=number, **vars(row)) for number, row in enumerate(reaches, start=1)
        )
        items += [["reach", *map(_said, vars(row).values())] for row in reaches]
    if sections is not None:
        pilot.sections.all().delete()
        Section.objects.bulk_create(
            Section(pilot=pilot, position=number, **vars(row)) for number, row in enumerate(sections, start=1)
        )
        items += [["section", *map(_said, vars(row).values())] for row in sections]
    act.items(items)
    return pilot


def _tidied(row: Any) -> Any:
    return type(row)(
        **{
            name: " ".join(value.split()) if isinstance(value, str) else value
            for name, value in vars(row).items()
        }
    )


def _said(value: Any) -> str:
    return "" if value is None else str(value)


def _row_problems(model: Any, rows: Sequence[Any], kind: str, most: int) -> list[Problem]:
    """What is wrong with any table of named rows of rivers: `kind` stands before the number of the row."""
    problems: list[Problem] = []
    seen: dict[tuple[str, str], int] = {}
    for number, row in enumerate(rows, start=1):
        at = f"{kind}-{number}"
        problems += misfits(model, at=at, **vars(row))
        problems += [
            Problem(_("第 %(n)d 行没有写%(what)s") % {"n": number, "what": what}, where=f"{at}.{name}")
            for name, what in (("name", _("名称")), ("river", _("河流")))
            if not getattr(row, name)
        ]
        key = (row.river, row.name)
        if all(key) and key in seen:
            problems.append(
                Problem(
                    _("第 %(a)d 行与第 %(b)d 行重复：%(name)s")
                    % {"a": number, "b": seen[key], "name": row.name},
                    where=f"{at}.name",
                )
            )
        seen.setdefault(key, number)
        if row.target and (row.target not in geometry.CLASSES or row.target == WaterClass.WORSE):
            problems.append(Problem(_("第 %d 行：没有这种水质目标") % number, where=f"{at}.target"))
    if len(rows) > most:
        problems.append(Problem(_("最多 %d 行") % most, where=kind))
    return problems


def _reach_problems(rows: Sequence[ReachRow]) -> list[Problem]:
    problems = _row_problems(Reach, rows, "reach", MOST_REACHES)
    problems += [
        Problem(_("第 %d 行：长度应大于 0") % number, where=f"reach-{number}.length_km")
        for number, row in enumerate(rows, start=1)
        if row.length_km is not None and row.length_km <= 0
    ]
    return problems


def _section_problems(rows: Sequence[SectionRow]) -> list[Problem]:
    problems = _row_problems(Section, rows, "section", MOST_SECTIONS)
    for number, row in enumerate(rows, start=1):
        at = f"section-{number}"
        if row.level and row.level not in Section.Level.values:
            problems.append(Problem(_("第 %d 行：没有这种断面级别") % number, where=f"{at}.level"))
        if row.present and row.present not in geometry.CLASSES:
            problems.append(Problem(_("第 %d 行：没有这种水质类别") % number, where=f"{at}.present"))
        if row.km is not None and row.km < 0:
            problems.append(Problem(_("第 %d 行：里程不能小于 0") % number, where=f"{at}.km"))
    return problems
