"""What is asked of every application under every notice: tables and texts that belong together must fit together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext as _

from qingyuan.catalogue.notices.selfcheck import Severity
from qingyuan.papers import quoting, richtext
from qingyuan.pilots.selfcheck.hits import Found, Hit, Place
from qingyuan.pilots.selfcheck.material import Chapter, Material

_JOINT = {"region", "basin"}
_NO_FIGURE = {
    "value": ("target",),
    "baseline": ("baseline",),
    "change": ("change",),
    "size": ("change",),
    "percent": ("percent",),
    "rate": ("percent",),
}


def standing(material: Material, *, closes_on: dt.date | None) -> Iterator[Found]:
    """The findings; `closes_on` is the day on which applications close, if known."""
    yield from _quotes(material)
    yield from _pictures(material)
    yield from _schedule(material, closes_on)
    yield from _outputs(material)
    yield from _joint(material)


def _quotes(material: Material) -> Iterator[Found]:
    """Figures in the text whose target is gone, or has no such figure."""
    rows = {row["key"]: row for row in material.snapshot["targets"]}
    for chapter, html in _texts(material):
        for key, field in dict.fromkeys(quoting.quoted(html)):
            if key.startswith(quoting.FINDING):
                continue  # the room of the computations says what is wrong with it
            if key not in rows or field not in quoting.FIELDS:
                said = _("“%(title)s”引用的目标“%(key)s”已不在目标表中，请改引或删去")
                message = said % {"title": chapter.title, "key": key}
                yield _found(
                    "error",
                    "quotes",
                    Hit(
                        message=message,
                        place=chapter.place(),
                        mend=_("在正文中改引别的目标，或删去"),
                        clause="N1",
                    ),
                )
            elif any(rows[key][name] is None for name in _NO_FIGURE[field]):
                said = _("“%(title)s”引用了“%(target)s”的%(field)s，目标表中还没有这个数字")
                names = {"target": rows[key]["indicator"], "field": quoting.FIELDS[field]}
                place = Place(area="targets", part=key)
                message = said % {"title": chapter.title, **names}
                yield _found(
                    "error",
                    "quotes",
                    Hit(message=message, place=place, mend=_("在目标表中填写这个数字"), clause="N1"),
                )


def _pictures(material: Material) -> Iterator[Found]:
    """Pictures that would be missing in the printed plan."""
    known = {row["upload"] for row in material.snapshot["pictures"]}
    for chapter, html in _texts(material):
        if missing := [upload for upload in richtext.uploads_shown(html) if upload not in known]:
            message = _("“%(title)s”有 %(n)d 张图片不能使用（未通过检查，或不是本试点的图片）") % {
                "title": chapter.title,
                "n": len(missing),
            }
            yield _found(
                "error",
                "pictures",
                Hit(message=message, place=chapter.place(), mend=_("删去后重新插入图片"), clause="N6"),
            )


def _schedule(material: Material, closes_on: dt.date | None) -> Iterator[Found]:
    """Steps without anybody responsible, and a term that begins before applications close."""
    schedule, place = material.snapshot["schedule"], Place(area="schedule")
    if schedule["start"] is None:
        return
    if closes_on is not None and schedule["start"] < closes_on.isoformat():
        message = _("实施期在申报截止之前就已开始，请核对日期")
        yield _found(
            "warning",
            "schedule",
            Hit(message=message, place=place, mend=_("在“实施计划”中改正实施期"), clause="N6"),
        )
    for row in schedule["milestones"]:
        if not row["responsible"]:
            message = _("阶段“%s”没有写责任单位") % row["title"]
            yield _found(
                "warning",
                "schedule",
                Hit(message=message, place=place, mend=_("在“实施计划”中补写责任单位"), clause="N6"),
            )


def _outputs(material: Material) -> Iterator[Found]:
    """Outputs whose target has gone. The notice asks for no table of them: an empty one is no finding."""
    keys = {row["key"] for row in material.snapshot["targets"]}
    for row in material.snapshot["outputs"]:
        if row["target"] and row["target"] not in keys:
            message = _("产出“%s”对应的目标已不在目标表中") % row["title"]
            place = Place(area="schedule", part="outputs")
            yield _found(
                "warning", "outputs", Hit(message=message, place=place, mend=_("改选对应的目标"), clause="N6")
            )


def _joint(material: Material) -> Iterator[Found]:
    """Joint work of several governments is what the category is about; one body may still carry a basin alone."""
    if not any(form.kind in _JOINT for form in material.category.forms):
        return
    place, clause = Place(area="object", part="joint"), material.category.clause
    parties = material.snapshot.get("joint", {}).get("parties")
    if not parties:
        message = _("尚未填写协同组织（牵头和参与的政府、分工）")
        yield _found(
            "warning", "joint", Hit(message=message, place=place, mend=_("在“协同组织”中填写"), clause=clause)
        )
    elif all(row["part"] == "lead" for row in parties):
        message = _("协同组织只有牵头单位，没有参与的政府（单位）")
        mend = _("补充参与单位及其分工；确由一家承担的，在方案中说明")
        yield _found("warning", "joint", Hit(message=message, place=place, mend=mend, clause=clause))
    if parties and not any(row["purpose"] == "agreement" for row in material.snapshot["attachments"]):
        message = _("尚未上传协同审核的协议")
        yield _found(
            "warning",
            "joint",
            Hit(message=message, place=place, mend=_("在“协同组织”中上传协议"), clause=clause),
        )


def _texts(material: Material) -> Iterator[tuple[Chapter, str]]:
    written = {chapter["id"]: chapter["html"] for chapter in material.snapshot["chapters"]}
    return ((chapter, written.get(chapter.id, "")) for chapter in material.chapters)


def _found(severity: Severity, rule: str, hit: Hit) -> Found:
    return Found(rule=rule, severity=severity, clause=hit.clause, message=hit.message, mend=hit.mend, hit=hit)
