"""Writing on the site: answers and photos as they come from a device, perhaps hours late and more than once.

Guarded writes, not verbs: each answer carries the revision on which it was based, each change a key of its own. A late
answer never overwrites what another wrote since: both texts come back, and a person decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.kernel import clock, offline
from qingyuan.kernel.actions import Invalid, KeyReused, NotAllowed, Problem, WrongStage
from qingyuan.kernel.offline import Conflict, Shot
from qingyuan.papers.canonical import canonical_bytes, sha256_hex
from qingyuan.review.models import Visit, VisitItem, VisitPhoto, VisitSync
from qingyuan.review.rules import visits as rules

LONGEST_NOTE = 4000
MOST_PHOTOS = 200


@dataclass(frozen=True, kw_only=True)
class Writing:
    """An answer to one claim, based on a revision of it."""

    answer: str
    note: str
    base: int
    key: str


def _open(visit: Visit, user: Any) -> None:
    if not rules.in_team.test(user, visit):
        raise NotAllowed([str(rules.in_team.reason)])
    if visit.stage != Visit.Stage.NOTIFIED:
        raise WrongStage(_("现场记录只能在通知之后、调查结束之前填写"))


def refuse_early(visit: Visit, *, by: Any) -> None:
    """Before a file is read: a person who may not write here gets none through the gate."""
    _open(visit, by)


def _arrived(visit: Visit, user: Any, key: str, content: str) -> dict[str, Any] | None:
    """The answer that this very change got when it arrived before."""
    found = VisitSync.objects.filter(visit=visit, user=user, key=key).first()
    if found is not None and found.content_sha256 != content:
        raise KeyReused(_("这个操作编号已用于另一次不同的提交，请刷新页面后重做"))
    return found.answer if found else None


def _hash(*parts: str) -> str:
    return sha256_hex(canonical_bytes(list(parts)))


def state_of(item: VisitItem) -> dict[str, Any]:
    return {
        "answer": item.answer,
        "note": item.note,
        "revision": item.revision,
        "by": str(item.answered_by) if item.answered_by else "",
    }


def answer(visit: Visit, position: int, writing: Writing, *, by: Any) -> dict[str, Any]:
    """Write an answer; returns what then stands. Raises Conflict if the claim was answered since `writing.base`."""
    _open(visit, by)
    problems = []
    if writing.answer and writing.answer not in VisitItem.Answer.values:
        problems.append(Problem(_("请选择相符、不符或无法核实"), where="answer"))
    if len(writing.note) > LONGEST_NOTE:
        problems.append(Problem(_("说明过长"), where="note", expected=_("不超过 %d 字") % LONGEST_NOTE))
    if not 1 <= len(writing.key) <= 64:
        problems.append(Problem(_("缺少这次修改的编号，请刷新页面"), where="key"))
    if problems:
        raise Invalid(problems)
    content = _hash("answer", str(position), writing.answer, writing.note)
    with transaction.atomic():
        # The visit's row orders the writers: conclude and a late answer never cross.
        locked = Visit.objects.select_for_update().get(pk=visit.pk)
        if (before := _arrived(visit, by, writing.key, content)) is not None:
            return before
        _open(locked, by)
        item = visit.items.filter(position=position).select_related("answered_by").first()
        if item is None:
            raise Invalid([Problem(_("核对单里没有这一条"))])
        yours = {"answer": writing.answer, "note": writing.note}
        same = (item.answer, item.note) == (writing.answer, writing.note)
        if item.revision != writing.base and not same:
            raise Conflict(theirs=state_of(item), yours=yours)
        if not same:
            item.answer, item.note = writing.answer, writing.note
            item.revision += 1
            item.answered_by, item.answered_at = by, clock.now()
            item.save(update_fields=["answer", "note", "revision", "answered_by", "answered_at"])
        found = state_of(item)
        VisitSync.objects.create(
            visit=visit, user=by, key=writing.key, content_sha256=content, answer=found, at=clock.now()
        )
        return found


def add_photo(visit: Visit, position: int, shot: Shot, *, by: Any) -> dict[str, Any]:
    """Take a photo through the gate. Without consent to the place, the file itself is stored without it."""
    _open(visit, by)
    content = _hash("photo", str(position), sha256_hex(shot.data), str(shot.consent))
    if (before := _arrived(visit, by, shot.key, content)) is not None:
        return before
    item = visit.items.filter(position=position).first()
    if item is None or not 1 <= len(shot.key) <= 64:
        raise Invalid([Problem(_("核对单里没有这一条"))])
    if visit.photos.count() >= MOST_PHOTOS:
        raise Invalid([Problem(_("照片已满 %d 张") % MOST_PHOTOS, where="photo")])
    taken = offline.take(shot, by=by)
    upload = taken.upload
    with transaction.atomic():
        locked = Visit.objects.select_for_update().get(pk=visit.pk)
        if (before := _arrived(visit, by, shot.key, content)) is not None:
            return before
        _open(locked, by)
        photo = VisitPhoto.objects.create(
            visit=visit,
            item=item,
            upload=upload,
            taken_at=taken.taken_at,
            place_consent=shot.consent,
            latitude=taken.latitude,
            longitude=taken.longitude,
            by=by,
            added_at=clock.now(),
        )
        found = {"photo": str(photo.pk), "sha256": upload.sha256, "name": upload.name}
        VisitSync.objects.create(
            visit=visit, user=by, key=shot.key, content_sha256=content, answer=found, at=clock.now()
        )
        return found


__all__ = ["Conflict", "Shot", "Writing", "add_photo", "answer", "refuse_early", "state_of"]
