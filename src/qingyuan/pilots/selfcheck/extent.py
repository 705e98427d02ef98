"""Where the object lies, and what pollutes there: the statements of the applicant against each other.

No official boundary is held: nothing here says that a place lies where it is said to lie.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from qingyuan.catalogue.notices.selfcheck import AnswerOf, Areas, ChosenPollutants, Nothing, Within
from qingyuan.catalogue.regions import regions
from qingyuan.pilots import geometry
from qingyuan.pilots.selfcheck.figures import has_any, nearest
from qingyuan.pilots.selfcheck.hits import Hit, Place, excerpt
from qingyuan.pilots.selfcheck.material import Material
from qingyuan.pilots.selfcheck.named import named

OBJECT = Place(area="object")
BOUNDARY, PLACES, BASIN, KEY_TASKS = (
    Place(area="object", part=part) for part in ("boundary", "places", "basin", "key-tasks")
)
YES = (True, "yes", "true")
NO = (False, "no", "false")
_IN_KM2 = {"平方公里": Decimal(1), "公顷": Decimal("0.01"), "亩": Decimal(1) / 1500}


def _name(code: str) -> str:
    return regions()[code].name if code in regions() else code


def _form(material: Material) -> str:
    form: str = material.snapshot["object"]["form"]
    return form


@named
def boundary_drawn(material: Material, told: Within) -> Iterator[Hit]:
    data = geometry.of_snapshot(material.snapshot)
    if _form(material) != "park" and not data.get("parcels"):
        return  # a cluster's form may have no line around it
    if not data.get("parcels"):
        yield Hit(
            message=_("尚未填写园区边界坐标"),
            place=BOUNDARY,
            mend=_("在“试点对象”的“园区边界”中上传 GeoJSON 或粘贴拐点坐标"),
        )
        return
    off = geometry.difference(data)
    if off is None:
        yield Hit(
            message=_("尚未填写批复面积，无法与边界核对"),
            place=BOUNDARY,
            mend=_("在“园区边界”中填写批复文件上的面积"),
        )
    elif abs(off) > told.tolerance:
        yield Hit(
            message=_("边界围成 %(drawn)s 平方公里，批复面积 %(stated)s 平方公里，相差 %(percent)s%%")
            % {
                "drawn": geometry.km2(data["area_m2"]),
                "stated": data["declared_km2"],
                "percent": f"{off:+.1f}",
            },
            place=BOUNDARY,
            mend=_("核对坐标和批复面积；口径不同的，在方案中说明"),
        )
    if not data["basis"]:
        yield Hit(
            message=_("没有写明划定边界的文件"), place=BOUNDARY, mend=_("在“园区边界”中写明文件名称和文号")
        )


@named
def within_one_prefecture(material: Material, told: AnswerOf) -> Iterator[Hit]:
    data = geometry.of_snapshot(material.snapshot)
    stated: list[str] = data.get("prefectures", []) if data.get("parcels") else []
    if not stated:
        return
    names = [_name(code) for code in stated]
    if len(stated) > 1:
        yield Hit(
            message=_("园区跨 %(count)d 个地市（%(names)s）；通知为“原则上不跨”，由受理部门核定")
            % {"count": len(stated), "names": "、".join(names)},
            place=BOUNDARY,
            mend=_("说明跨地市的理由，或缩小试点范围"),
        )
    answer = material.snapshot["answers"].get(told.condition, {}).get(told.question)
    if (answer in YES and len(stated) > 1) or (answer in NO and len(stated) == 1):
        yield Hit(
            message=_("申报条件中回答%(answer)s，边界中填写的所在地市是 %(names)s")
            % {
                "answer": _("全部位于一个地市") if answer in YES else _("不在一个地市"),
                "names": "、".join(names),
            },
            place=Place(area="eligibility", part=told.condition),
            mend=_("两处改成一致"),
        )
    home = material.snapshot["object"]["region"]
    if home and home in regions() and regions()[home].level == "prefecture" and home not in stated:
        yield Hit(
            message=_("试点对象的所在地是 %(home)s，边界中填写的所在地市是 %(names)s")
            % {"home": _name(home), "names": "、".join(names)},
            place=BOUNDARY,
            mend=_("两处改成一致"),
        )
    elsewhere = Counter(
        row.get("prefecture", "")
        for row in material.snapshot["scope"]
        if row.get("prefecture", "") and row.get("prefecture", "") not in names
    )
    if elsewhere:
        listed = "、".join(
            _("%(name)s %(n)d 家") % {"name": name, "n": n} for name, n in elsewhere.most_common(5)
        )
        yield Hit(
            message=_("范围内企业有 %(count)d 家不在边界所填的地市：%(listed)s")
            % {"count": sum(elsewhere.values()), "listed": listed},
            place=Place(area="scope"),
            mend=_("核对企业所在地，或补充所在地市"),
        )


@named
def figures_match_area(material: Material, told: Areas) -> Iterator[Hit]:
    """The area of the park in the text against the declared and the drawn one."""
    data = geometry.of_snapshot(material.snapshot)
    if not data.get("parcels"):
        return
    areas = [Decimal(data["area_m2"]) / geometry.M2_IN_KM2]
    if data["declared_km2"]:
        areas.append(Decimal(data["declared_km2"]))
    areas += [Decimal(row["area_m2"]) / geometry.M2_IN_KM2 for row in data["parcels"]]
    for mention in material.mentions:
        figure, sentence = mention.figure, mention.clause.text
        if figure.unit not in _IN_KM2 or not figure.is_exact or has_any(sentence, told.without):
            continue
        if not nearest(sentence, figure, told.words):
            continue
        value = figure.value * _IN_KM2[figure.unit]
        if all(
            abs(value - area) > max(area * told.tolerance / 100, figure.step * _IN_KM2[figure.unit])
            for area in areas
        ):
            yield Hit(
                message=_("“%(chapter)s”写面积“%(found)s”，边界围成 %(drawn)s 平方公里")
                % {
                    "chapter": mention.chapter.label,
                    "found": figure.written,
                    "drawn": geometry.km2(data["area_m2"]),
                },
                place=mention.place,
                excerpt=excerpt(mention.clause.sentence, around=figure.written),
                mend=_("核实后统一；口径不同的，在句中写明口径"),
            )


def _key_place(material: Material, kind: str) -> Iterator[Hit]:
    form = material.form
    place = geometry.of_snapshot(material.snapshot).get("place", "")
    if form is None or form.kind != kind:
        return
    if not place:
        yield Hit(
            message=_("尚未写明属于哪个重点区域") if kind == "region" else _("尚未写明属于哪个流域"),
            place=PLACES if kind == "region" else BASIN,
            mend=_("在“区域所含地市”中选择") if kind == "region" else _("在“河段和断面”中选择"),
        )
    elif place not in form.places:
        yield Hit(
            message=_("“%s”不在通知列出的区域（流域）之中；通知写的是“等”，由受理部门核定")
            % geometry.place_title(place),
            place=PLACES if kind == "region" else BASIN,
            mend=_("在方案中说明为什么选取"),
        )


@named
def region_places(material: Material, _told: Nothing) -> Iterator[Hit]:
    if _form(material) != "region":
        return
    data = geometry.of_snapshot(material.snapshot)
    yield from _key_place(material, "region")
    codes = data.get("prefectures", [])
    if not codes:
        yield Hit(message=_("尚未选择区域所含地市"), place=PLACES, mend=_("在“区域所含地市”中选择"))
    place = data.get("place", "")
    title = geometry.place_title(place)
    day = material.notice.issued.day
    lists = geometry.lists_in_force(day)
    outside = [
        _name(code) for code in codes if place in lists and place not in geometry.regions_of(code, day)
    ]
    if outside:
        yield Hit(
            message=_("%(names)s 不在%(region)s的名单中（%(source)s%(unverified)s）")
            % {
                "names": "、".join(outside),
                "region": title,
                "source": lists[place].source,
                "unverified": "" if geometry.lists_are_verified() else _("，未核对原件"),
            },
            place=PLACES,
            mend=_("核对地市；确需纳入的，在方案中说明，由受理部门核定"),
        )
    if len(codes) == 1:
        yield Hit(
            message=_("区域只有一个地市（%s）") % _name(codes[0]),
            place=PLACES,
            mend=_("协同审核一般跨几个地市；只有一个的，在方案中说明协同的各方"),
        )
    names = {_name(code) for code in codes}
    elsewhere = Counter(
        row.get("prefecture", "")
        for row in material.snapshot["scope"]
        if row.get("prefecture", "") not in {"", *names}
    )
    if codes and elsewhere:
        yield Hit(
            message=_("范围内企业有 %(count)d 家不在所选地市：%(names)s")
            % {"count": sum(elsewhere.values()), "names": "、".join(list(elsewhere)[:5])},
            place=Place(area="scope"),
            mend=_("核对企业所在地，或补选地市"),
        )


@named
def basin_places(material: Material, _told: Nothing) -> Iterator[Hit]:
    if _form(material) != "basin":
        return
    data = geometry.of_snapshot(material.snapshot)
    yield from _key_place(material, "basin")
    reaches, sections = data.get("reaches", []), data.get("sections", [])
    for rows, what in ((reaches, _("河段")), (sections, _("断面"))):
        if not rows:
            yield Hit(message=_("尚未填写%s") % what, place=BASIN, mend=_("在“河段和断面”中填写或导入"))
    lengths: dict[str, Decimal | None] = {}
    for row in reaches:
        before = lengths.get(row["river"], Decimal(0))
        known = before is not None and row["length_km"]
        lengths[row["river"]] = before + Decimal(row["length_km"]) if known and before is not None else None
    if lost := [row["name"] for row in sections if reaches and row["river"] not in lengths]:
        yield Hit(
            message=_("断面所在河流没有河段：%s") % "、".join(lost[:10]),
            place=BASIN,
            mend=_("核对河流名称，或补充河段"),
        )
    beyond = [
        row["name"]
        for row in sections
        if row["km"] and (total := lengths.get(row["river"])) is not None and Decimal(row["km"]) > total
    ]
    if beyond:
        yield Hit(
            message=_("断面里程超出河段总长：%s") % "、".join(beyond[:10]),
            place=BASIN,
            mend=_("里程从该河流第一个河段的起点算起，核对里程和河段长度"),
        )
    bare = [row["name"] for row in sections if not (row["target"] and row["present"])]
    if bare:
        yield Hit(
            message=_("断面没有写目标类别或现状类别：%s") % "、".join(bare[:10]),
            place=BASIN,
            mend=_("补充水质类别"),
        )


def _listed(material: Material) -> set[str]:
    form = material.form
    return {pollutant.id for pollutant in form.pollutants} if form is not None else set()


def _own(material: Material) -> list[str]:
    known = {pollutant.id for form in material.category.forms for pollutant in form.pollutants}
    return geometry.own_pollutants(material.form, material.snapshot["pollutants"], known)


@named
def pollutants_preferred(material: Material, _told: Nothing) -> Iterator[Hit]:
    form, chosen = material.form, set(material.snapshot["pollutants"])
    if form is None or not form.pollutants or not chosen:
        return
    titles = {
        pollutant.id: pollutant.title for one in material.category.forms for pollutant in one.pollutants
    }
    if not chosen & _listed(material):
        yield Hit(
            message=_("没有首选通知所列的特征污染物（%s）") % "、".join(p.title for p in form.pollutants),
            place=OBJECT,
            mend=_("首选通知所列的；只用自行选取的，由受理部门核定"),
        )
    if others := [titles[key] for key in chosen if key in titles and key not in _listed(material)]:
        yield Hit(
            message=_("%(names)s 是通知为另一种形态列出的，不是为“%(form)s”")
            % {"names": "、".join(sorted(others)), "form": form.title},
            place=OBJECT,
            mend=_("核对特征污染物；确需选取的，作为自行选取的写明依据"),
        )


@named
def own_pollutants_proved(material: Material, _told: Nothing) -> Iterator[Hit]:
    form = material.form
    if form is None or form.own_pollutants is None:
        return
    tasks = geometry.of_snapshot(material.snapshot).get("key_tasks", [])
    proved = {task["pollutant"] for task in tasks if task["file"]}
    written = {task["pollutant"] for task in tasks}
    for name in _own(material):
        if name in proved:
            continue
        yield Hit(
            message=_("自行选取的特征污染物“%s”登记了依据，但文件已被移除") % name
            if name in written
            else _("自行选取的特征污染物“%s”没有登记已纳入地方重点工作任务的依据") % name,
            place=KEY_TASKS,
            mend=_("在“重点工作任务依据”中写明文件、文号、日期、页码条款并上传文件"),
        )


@named
def pollutants_agree(material: Material, told: ChosenPollutants) -> Iterator[Hit]:
    """What is chosen for the object against what the eligibility condition was answered."""
    form = material.form
    given = material.snapshot["answers"].get(told.condition, {})
    if form is None or not form.pollutants or not given:
        return
    titles = {pollutant.id: pollutant.title for pollutant in form.pollutants}
    answered = {key for question in told.listed for key in given.get(question) or () if key in titles}
    chosen = set(material.snapshot["pollutants"]) & set(titles)
    place = Place(area="eligibility", part=told.condition)
    if answered != chosen:
        yield Hit(
            message=_("特征污染物两处不一致：试点对象中为“%(object)s”，申报条件中为“%(answers)s”")
            % {
                "object": "、".join(titles[key] for key in titles if key in chosen) or _("未选"),
                "answers": "、".join(titles[key] for key in titles if key in answered) or _("未选"),
            },
            place=place,
            mend=_("两处改成一致"),
        )
    own, said = bool(_own(material)), given.get(told.own)
    if (own and said in NO) or (not own and said in YES):
        yield Hit(
            message=_("申报条件中回答%(answer)s自行选取特征污染物，试点对象中%(object)s")
            % {"answer": _("有") if said in YES else _("没有"), "object": _("写了") if own else _("没有写")},
            place=place,
            mend=_("两处改成一致"),
        )
