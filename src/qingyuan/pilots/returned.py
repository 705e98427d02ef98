"""While a 退回补充完善 is open: exactly what it names may change, and only before its own deadline."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.calls.mails import shown_until
from qingyuan.kernel.checks import Finding
from qingyuan.kernel.errors import Closed, WrongStage
from qingyuan.pilots import geometry
from qingyuan.pilots.models import Pilot, SupplementRequest
from qingyuan.pilots.upcasts import upcast

PARTS: dict[str, str | Promise] = {
    "object": gettext_lazy("试点对象"),
    "eligibility": gettext_lazy("申报条件及佐证"),
    "joint": gettext_lazy("协同组织及协议"),
    "scope": gettext_lazy("范围内企业"),
    "targets": gettext_lazy("试点目标"),
    "attachments": gettext_lazy("其他附件"),
}
_PURPOSES = {"evidence": "eligibility", "other": "attachments", "agreement": "joint", "seal": ""}
# What stands in the application's data but is not the applicant's to change.
_GIVEN = {
    "schema",
    "notice",
    "document_number",
    "category",
    "applicant",
    "chapters",
    "attachments",
    "pictures",
}
PART_OF = {
    "name": "object",
    "sectors": "object",
    "pollutants": "object",
    "object_geometry": "object",
    "answers": "eligibility",
    "key_tasks": "eligibility",
}
"""The part to which a key of the snapshot belongs, where it is not its own. Pictures belong to the chapters that name them."""


def part_of_purpose(purpose: str) -> str:
    """The part to which a file of this purpose belongs; the stamped page belongs to none, each version has its own."""
    return _PURPOSES.get(purpose, "attachments")


def why_not(pilot: Pilot, *, now: datetime, part: str = "", chapter: str = "") -> str:
    """Why this part or chapter may not be changed now; an empty text where it may."""
    request = pilot.open_request
    if request is None:
        return ""
    if now >= request.due_at:
        return _("补充完善已于 %s 截止，不能再修改；已收到的版本有效") % shown_until(request.due_at)
    if (chapter and chapter not in request.chapters) or (part and part not in request.parts):
        return _("受理单位只要求补充完善：%s。其他内容保持已提交的样子，不能修改") % "、".join(named(request))
    return ""


def require(pilot: Pilot, *, now: datetime, part: str = "", chapter: str = "") -> None:
    """Refuse a change that the open request does not name, or that comes after its deadline."""
    request = pilot.open_request
    if reason := why_not(pilot, now=now, part=part, chapter=chapter):
        raise (Closed if request is not None and now >= request.due_at else WrongStage)(reason)


def named(request: SupplementRequest) -> list[str]:
    """What the request names, in the order of the outline and the parts, as people read it."""
    leaves = [leaf for leaf in request.pilot.notice.leaves() if leaf.id in request.chapters]
    titles = [_("方案“%s”") % leaf.title for leaf in leaves]
    return titles + [str(title) for key, title in PARTS.items() if key in request.parts]


def changes(old: dict[str, Any], new: dict[str, Any]) -> tuple[set[str], set[str]]:
    """The ids of the chapters and the keys of the parts in which two snapshots differ."""
    before = {chapter["id"]: chapter["html"] for chapter in old["chapters"]}
    after = {chapter["id"]: chapter["html"] for chapter in new["chapters"]}
    chapters = {key for key in before.keys() | after.keys() if before.get(key, "") != after.get(key, "")}
    old, new = _opened(old), _opened(new)
    parts = {
        PART_OF.get(key, key) for key in (old.keys() | new.keys()) - _GIVEN if old.get(key) != new.get(key)
    }
    files: list[dict[str, set[tuple[str, ...]]]] = []
    for data in (old, new):
        found: dict[str, set[tuple[str, ...]]] = {}
        for row in data["attachments"]:
            key = tuple(str(row[name]) for name in ("condition", "question", "title", "name", "sha256"))
            found.setdefault(part_of_purpose(row["purpose"]), set()).add(key)
        files.append(found)
    parts |= {
        part
        for part in files[0].keys() | files[1].keys()
        if files[0].get(part, set()) != files[1].get(part, set())
    }
    return chapters, parts - {""}


def _opened(data: dict[str, Any]) -> dict[str, Any]:
    """The snapshot with the proofs of key tasks beside the geometry: they belong to another part."""
    ground = dict(geometry.of_snapshot(data))
    tasks = ground.pop("key_tasks", [])
    ground.pop("kind", None)
    return {**data, "object_geometry": ground, "key_tasks": tasks}


def check_returned(pilot: Pilot, now: dict[str, Any]) -> Iterator[Finding]:
    """Whatever way a change took: what was not named stands as it was received, and something named was changed.

    `now`: the whole snapshot of the pilot as it stands.
    """
    request = pilot.open_request
    if request is None:
        return
    chapters, parts = changes(upcast(request.submission.snapshot), now)
    url = reverse("pilots:supplement-request", args=[request.pk])
    titles = {leaf.id: leaf.title for leaf in pilot.notice.leaves()}
    for chapter in sorted(chapters - set(request.chapters)):
        yield Finding(
            "error", _("未要求补充的方案“%s”有改动") % titles.get(chapter, chapter), url, area="plan"
        )
    for part in sorted(parts - set(request.parts)):
        yield Finding("error", _("未要求补充的“%s”有改动") % PARTS.get(part, part), url, area=part)
    if not chapters & set(request.chapters) and not parts & set(request.parts):
        yield Finding("warning", _("要求补充完善的内容还没有任何改动"), url, area="plan")
