"""Writing in the field: entries and photos as they come from a device, perhaps hours late and more than once.

Guarded writes, not verbs: each change carries the revision on which it was based, and a key of its own. A late change never
overwrites what another wrote since: it is kept as a version of its own beside what stands, and a person decides.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.audits.models import Dataset, FieldEntry, FieldPhoto, FieldSync, FieldVersion
from qingyuan.audits.models.fieldlog import COLUMNS
from qingyuan.audits.rules import dataset as rules
from qingyuan.kernel import clock, offline
from qingyuan.kernel.errors import Invalid, KeyReused, NotAllowed, Problem
from qingyuan.kernel.offline import Conflict, Shot
from qingyuan.kernel.permission import judge
from qingyuan.papers.canonical import canonical_bytes, sha256_hex

LONGEST_CELL = 200
LONGEST = 4000
MOST_ENTRIES, MOST_PHOTOS = 2000, 500
BLANKS = 5
"""Places that a page has in reserve for new entries."""
LARGEST_PLACE = (1 << 52) - 1
"""A number that every browser holds exactly."""


@dataclass(frozen=True, kw_only=True)
class Writing:
    """What an entry is to say, based on a revision of it (0: it is new)."""

    kind: str
    text: str
    base: int
    key: str
    plan: Mapping[str, str] | None = None
    """None, from a page kept before there were columns, leaves them as they stand."""

    @property
    def cells(self) -> dict[str, str]:
        """The columns with something in them, in their order."""
        stated = self.plan or {}
        return {name: cell for name in COLUMNS if (cell := " ".join(stated.get(name, "").split()))}


def measurements(dataset: Dataset) -> list[tuple[FieldEntry, list[tuple[Any, str]]]]:
    """The plan of measurements, row by row: the entry, and heading and text of each column (one query)."""
    found = dataset.field_entries.filter(kind=FieldEntry.Kind.MEASUREMENT).select_related("changed_by")
    return [(one, [(title, one.plan.get(name, "")) for name, title in COLUMNS.items()]) for one in found]


def new_places() -> list[int]:
    """Places for new entries: so many possible ones that two pages never hold the same."""
    return [secrets.randbelow(LARGEST_PLACE) + 1 for _number in range(BLANKS)]


def refuse_strangers(dataset: Dataset, *, by: Any) -> None:
    """Before a file is read: a person who may not write here gets none through the gate."""
    verdict = judge(rules.writes_raw, by, dataset)
    if not verdict:
        raise NotAllowed(verdict.reasons)


def state_of(entry: FieldEntry) -> dict[str, Any]:
    """As the device knows it: `answer` is the kind, `note` the text, `fields` the columns."""
    return {
        "answer": entry.kind,
        "note": entry.text,
        "fields": _fields(entry.plan),
        "revision": entry.revision,
        "by": str(entry.changed_by),
    }


def _fields(plan: Mapping[str, str]) -> dict[str, str]:
    """By the names that the form has for the columns."""
    return {f"plan-{name}": plan.get(name, "") for name in COLUMNS}


def write(dataset: Dataset, place: int, writing: Writing, *, by: Any) -> dict[str, Any]:
    """Write an entry; returns what then stands. Raises Conflict, with the version kept, if another wrote since."""
    refuse_strangers(dataset, by=by)
    problems = _problems(place, writing)
    if problems:
        raise Invalid(problems)
    columns = [] if writing.plan is None else [f"{name}={cell}" for name, cell in writing.cells.items()]
    content = _hash("entry", str(place), writing.kind, writing.text, *columns)
    conflict = None
    with transaction.atomic():
        _lock(dataset)
        if (before := _arrived(dataset, by, writing.key, content)) is not None:
            return before
        entry = dataset.field_entries.filter(place=place).select_related("changed_by").first()
        now = clock.now()
        if entry is None:
            if dataset.field_entries.count() >= MOST_ENTRIES:
                raise Invalid([Problem(_("记录已满 %d 条") % MOST_ENTRIES, where="note")])
            entry = FieldEntry(dataset=dataset, place=place, made_at=now, made_by=by)
        plan = entry.plan if writing.plan is None else writing.cells
        same = (entry.kind, entry.text, entry.plan) == (writing.kind, writing.text, plan)
        if entry.revision != writing.base and not same:
            conflict = _beside(entry, writing, plan, by=by)
        else:
            if not same:
                entry.kind, entry.text, entry.plan = writing.kind, writing.text, plan
                entry.revision += 1
                entry.changed_at, entry.changed_by = now, by
                entry.save()
            found = state_of(entry)
            _keep(dataset, by, writing.key, content, found)
    if conflict is not None:
        raise conflict
    return found


def _beside(entry: FieldEntry, writing: Writing, plan: dict[str, str], *, by: Any) -> Conflict:
    """Keep the late version beside the one that stands; once, however often it comes."""
    FieldVersion.objects.get_or_create(
        entry=entry,
        by=by,
        key=writing.key,
        defaults={
            "kind": writing.kind,
            "text": writing.text,
            "plan": plan,
            "base": writing.base,
            "at": clock.now(),
        },
    )
    yours = {"answer": writing.kind, "note": writing.text, "fields": _fields(plan)}
    return Conflict(theirs=state_of(entry), yours=yours)


def _problems(place: int, writing: Writing) -> list[Problem]:
    problems = []
    if not 1 <= place <= LARGEST_PLACE:
        problems.append(Problem(_("没有这一条")))
    if writing.kind not in FieldEntry.Kind.values:
        problems.append(Problem(_("请选择访谈、实测计划或现场所见"), where="answer"))
    is_measurement = writing.kind == FieldEntry.Kind.MEASUREMENT
    if not writing.text.strip() and not (is_measurement and writing.cells):
        problems.append(Problem(_("没有填写"), where="note"))
    if len(writing.text) > LONGEST:
        problems.append(Problem(_("说明过长"), where="note", expected=_("不超过 %d 字") % LONGEST))
    problems += [
        Problem(_("%s过长") % COLUMNS[name], where=f"plan-{name}", expected=_("不超过 %d 字") % LONGEST_CELL)
        for name, cell in writing.cells.items()
        if len(cell) > LONGEST_CELL
    ]
    return problems + _of_key(writing.key)


def _of_key(key: str) -> list[Problem]:
    return [] if 1 <= len(key) <= 64 else [Problem(_("缺少这次修改的编号，请刷新页面"), where="key")]


def add_photo(dataset: Dataset, place: int, shot: Shot, *, by: Any) -> dict[str, Any]:
    """Take a photo for an entry through the gate; the entry must have been written before."""
    refuse_strangers(dataset, by=by)
    content = _hash("photo", str(place), sha256_hex(shot.data), str(shot.consent))
    if (before := _arrived(dataset, by, shot.key, content)) is not None:
        return before
    entry = dataset.field_entries.filter(place=place).first()
    problems = _of_key(shot.key)
    if entry is None:
        problems.append(Problem(_("先写下这一条记录，再加照片"), where="photo"))
    if dataset.field_photos.count() >= MOST_PHOTOS:
        problems.append(Problem(_("照片已满 %d 张") % MOST_PHOTOS, where="photo"))
    if problems or entry is None:
        raise Invalid(problems)
    taken = offline.take(shot, by=by)
    with transaction.atomic():
        _lock(dataset)
        if (before := _arrived(dataset, by, shot.key, content)) is not None:
            return before
        photo = FieldPhoto.objects.create(
            dataset=dataset,
            entry=entry,
            upload=taken.upload,
            taken_at=taken.taken_at,
            place_consent=shot.consent,
            latitude=taken.latitude,
            longitude=taken.longitude,
            by=by,
            added_at=clock.now(),
        )
        found = {"photo": str(photo.pk), "sha256": taken.upload.sha256, "name": taken.upload.name}
        _keep(dataset, by, shot.key, content, found)
        return found


def _lock(dataset: Dataset) -> None:
    """The dataset's row orders the writers."""
    Dataset.objects.select_for_update().get(pk=dataset.pk)


def _arrived(dataset: Dataset, user: Any, key: str, content: str) -> dict[str, Any] | None:
    """The answer that this very change got when it arrived before."""
    found = FieldSync.objects.filter(dataset=dataset, user=user, key=key).first()
    if found is not None and found.content_sha256 != content:
        raise KeyReused(_("这个操作编号已用于另一次不同的提交，请刷新页面后重做"))
    return found.answer if found else None


def _keep(dataset: Dataset, user: Any, key: str, content: str, answer: dict[str, Any]) -> None:
    FieldSync.objects.create(
        dataset=dataset, user=user, key=key, content_sha256=content, answer=answer, at=clock.now()
    )


def _hash(*parts: str) -> str:
    return sha256_hex(canonical_bytes(list(parts)))
