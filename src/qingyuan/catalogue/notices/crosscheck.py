"""Whether the parts of a notice fit each other, and fit the rest of the catalogue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import time

from qingyuan.catalogue.clauses import clause_ids
from qingyuan.catalogue.law import legal_bases
from qingyuan.catalogue.model import Part
from qingyuan.catalogue.notices import text as texts
from qingyuan.catalogue.notices.conditions import Condition
from qingyuan.catalogue.notices.model import Notice
from qingyuan.catalogue.notices.parts import NAME_FIELDS, SHANGHAI, Category, Deadline, EvidencePlace, Item
from qingyuan.catalogue.notices.rulecheck import check_conditions
from qingyuan.catalogue.notices.rulesetcheck import check_self_check
from qingyuan.catalogue.regions import region_groups, regions
from qingyuan.catalogue.sectors import sectors
from qingyuan.catalogue.yamlfile import Finding, Place, show


def check(notice: Notice, *, stem: str, parent: Notice | None, own_text: str | None) -> Iterator[Finding]:
    """Every finding. `own_text`: the notice's own words, None where it names no text."""
    if notice.id != stem:
        yield Finding(("id",), f"编号“{notice.id}”与文件名不同", stem)
    yield from _check_levels(notice, parent)
    yield from _check_ids(notice)
    yield from _check_categories(notice)
    yield from check_conditions(notice)
    yield from check_self_check(notice)
    yield from _check_schedule(notice, parent)
    yield from _check_package(notice)
    yield from _check_reporting(notice, parent)
    yield from _check_law(notice)
    yield from _check_words(notice, own_text)


def walk(value: object, place: Place = ()) -> Iterator[tuple[Place, Part]]:
    """Every part inside a part, with its place."""
    if isinstance(value, Part):
        yield place, value
        for name in type(value).model_fields:
            yield from walk(getattr(value, name), (*place, name))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from walk(item, (*place, index))


def _check_levels(notice: Notice, parent: Notice | None) -> Iterator[Finding]:
    if notice.level == "national":
        if notice.parent:
            yield Finding(("parent",), "国家通知没有上级通知", "删去 parent")
        if notice.region:
            yield Finding(("region",), "国家通知不限于一个地区", "删去 region")
    else:
        if not notice.parent:
            yield Finding(("level",), "省级通知要写明上级通知", "parent: 国家通知的编号")
        if not notice.region:
            yield Finding(("level",), "省级通知要写明地区", "region: 省级代码")
    if parent is not None and parent.level != "national":
        yield Finding(("parent",), f"上级通知“{parent.id}”不是国家通知", "国家通知的编号")
    for place, code in ((("region",), notice.region), (("addressees", "within"), notice.addressees.within)):
        if code is not None and (code not in regions() or regions()[code].level != "province"):
            yield Finding(place, f"“{code}”不是省级代码", "regions-provinces.csv 中的代码")
    leads = sum(issuer.role == "lead" for issuer in notice.issuers)
    if leads != 1:
        yield Finding(("issuers",), f"主办单位有 {leads} 个", "恰好一个 role: lead，其余 cosign")


def _check_ids(notice: Notice) -> Iterator[Finding]:
    first: dict[tuple[object, str], Place] = {}
    for place, part in walk(notice):
        identity = getattr(part, "id", None)
        if not place or not isinstance(identity, str):
            continue
        # Questions, measures and chapters are keys of what applicants fill in: unique in the whole notice,
        # whatever condition, aim or chapter they stand in. Other ids are unique in their own list.
        whole = next((name for name in ("questions", "measures", "outline") if name in place), None)
        known = first.setdefault((whole or place[:-1], identity), place)
        if known != place:
            yield Finding((*place, "id"), f"编号“{identity}”重复，先见于 {show(known)}", "唯一的编号")


def _check_categories(notice: Notice) -> Iterator[Finding]:
    for index, sector in enumerate(notice.sectors.ids):
        if sector not in sectors():
            yield Finding(("sectors", "ids", index), f"行业“{sector}”不存在", "sectors.yaml 中的编号")
    conditions = {condition.id for condition in notice.eligibility}
    for number, category in enumerate(notice.categories):
        here: Place = ("categories", number)
        if category.number != number + 1:
            yield Finding((*here, "number"), f"类别序号 {category.number} 不连续", str(number + 1))
        for index, condition in enumerate(category.conditions):
            if condition not in conditions:
                place = (*here, "conditions", index)
                yield Finding(place, f"申报条件“{condition}”不存在", "eligibility 中的编号")
        yield from _check_forms(notice, category, here)
    used = {condition for category in notice.categories for condition in category.conditions}
    for index, unused in enumerate(notice.eligibility):
        if unused.id not in used:
            yield Finding(("eligibility", index, "id"), f"没有类别使用条件“{unused.id}”", "至少一个类别使用")


def _check_forms(notice: Notice, category: Category, here: Place) -> Iterator[Finding]:
    kinds = Counter(form.kind for form in category.forms)
    place: Place
    for index, form in enumerate(category.forms):
        inside: Place = (*here, "forms", index)
        if kinds[form.kind] > 1:
            yield Finding((*inside, "kind"), f"对象形态“{form.kind}”重复", "每种形态一次")
        for position, sector in enumerate(form.sectors):
            if sector not in notice.sectors.ids:
                place = (*inside, "sectors", position)
                yield Finding(place, f"行业“{sector}”不在本通知的行业之中", "sectors.ids 中的编号")
        for position, group in enumerate(form.places):
            found = region_groups().get(group)
            if found is None or found.kind != form.kind:
                place = (*inside, "places", position)
                yield Finding(place, f"“{group}”不是已知的区域或流域", "region-groups.yaml 中同类的编号")
        if form.own_pollutants is not None and not _asked(notice, category, form.own_pollutants):
            place = (*inside, "own_pollutants")
            yield Finding(place, "申报条件中没有这个问题", "本类别 conditions 中的条件和它的问题")


def _asked(notice: Notice, category: Category, place: EvidencePlace) -> bool:
    return any(
        question.id == place.question
        for condition in notice.eligibility
        if condition.id == place.condition and condition.id in category.conditions
        for question in condition.questions
    )


def _check_schedule(notice: Notice, parent: Notice | None) -> Iterator[Finding]:
    closing = sum(deadline.kind == "close" for deadline in notice.schedule)
    if closing != 1:
        yield Finding(("schedule",), f"截止时点有 {closing} 个", "恰好一个 kind: close")
    for index, deadline in enumerate(notice.schedule):
        place = ("schedule", index, "at")
        if deadline.stated_as == "date" and not _is_edge_of_day(deadline):
            edge = "00:00:00+08:00" if deadline.kind == "open" else "23:59:59+08:00"
            yield Finding(place, "通知只写日期时，时刻应取当天的边界", f"…T{edge}")
        if index and deadline.at < notice.schedule[index - 1].at:
            before = notice.schedule[index - 1]
            yield Finding(place, f"早于前一项“{before.title}”（{before.at.isoformat()}）", "按时间先后排列")
        if notice.issued.on and deadline.at.astimezone(SHANGHAI).date() < notice.issued.on:
            yield Finding(place, f"早于通知的成文日期 {notice.issued.on}", "不早于成文日期")
        if parent and deadline.at > parent.closes.at:
            limit = parent.closes
            yield Finding(place, f"晚于上级通知的“{limit.title}”", f"不晚于 {limit.at.isoformat()}")


def _is_edge_of_day(deadline: Deadline) -> bool:
    wanted = time(0, 0, 0) if deadline.kind == "open" else time(23, 59, 59)
    return deadline.at.astimezone(SHANGHAI).time() == wanted


def _check_package(notice: Notice) -> Iterator[Finding]:
    place: Place
    for name, naming in (("naming", notice.package.naming), ("mail_subject", notice.package.mail_subject)):
        place = ("package", name, "pattern")
        expected = "字段 " + "、".join(f"{{{field}}}" for field in sorted(NAME_FIELDS))
        try:
            unknown = sorted(naming.fields() - NAME_FIELDS)
        except ValueError:
            yield Finding(place, "名称格式的花括号不成对", expected)
            continue
        for field in unknown:
            yield Finding(place, f"不认识的字段“{{{field}}}”", expected)
    dates = {deadline.id for deadline in notice.schedule}
    for index, delivery in enumerate(notice.package.deliveries):
        if delivery.by not in dates:
            place = ("package", "deliveries", index, "by")
            yield Finding(place, f"日程中没有“{delivery.by}”", "schedule 中的编号")


def _check_reporting(notice: Notice, parent: Notice | None) -> Iterator[Finding]:
    asked, above = notice.reporting, parent.reporting if parent else None
    if asked is None or above is None or "reporting" in notice.inherits:
        return
    if above.rhythm == "monthly" and asked.rhythm == "quarterly":
        yield Finding(("reporting", "rhythm"), "比上级通知要求的调度频次低", "monthly，或沿用上级")


def _check_law(notice: Notice) -> Iterator[Finding]:
    day = notice.issued.day
    for index, reference in enumerate(notice.legal_bases):
        place = ("legal_bases", index, "law")
        basis = legal_bases().get(reference.law)
        if basis is None:
            yield Finding(place, f"依据“{reference.law}”不存在", "law.yaml 中的编号")
        elif basis.status(on=day) in {"ended", "not_yet"}:
            span = f"{basis.valid_from or '？'} 至 {basis.valid_to or '今'}"
            yield Finding(place, f"《{basis.title}》在 {day} 无效", f"当日有效的依据；该依据有效期 {span}")


def _check_words(notice: Notice, own_text: str | None) -> Iterator[Finding]:
    squeezed = texts.squeeze(own_text) if own_text is not None else None
    for place, part in walk(notice):
        clause = getattr(part, "clause", None)
        if clause is not None and clause not in clause_ids():
            yield Finding((*place, "clause"), f"条款“{clause}”不存在", "clauses.yaml 中的条款号")
        inherited = bool(place) and place[0] in notice.inherits
        wording = getattr(part, "wording", None)
        if isinstance(part, (Item, Condition)) and not wording and not part.note:
            yield Finding(place, "既没有通知原话也没有说明", "wording（原话）或 note（我们的理解）")
        if squeezed is None or wording is None or inherited:
            continue
        if texts.squeeze(wording) not in squeezed:
            yield Finding((*place, "wording"), f"通知原文中没有“{wording[:30]}…”", "原文中的原话")
