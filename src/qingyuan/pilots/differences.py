"""What changed from one received version to another, read from their sealed snapshots."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from qingyuan.papers.difference import compare_html
from qingyuan.pilots import geometry, ground
from qingyuan.pilots import snapshot as snapshots
from qingyuan.pilots.models import Attachment, JointParty, Submission
from qingyuan.pilots.wording import answer_text, region_name, sector_titles

PURPOSES = dict(Attachment.Purpose.choices)
PARTIES = dict(JointParty.Part.choices)


@dataclass(frozen=True)
class ChapterChange:
    """A chapter that changed; `html` is escaped text with <ins> and <del>."""

    number: str
    title: str
    html: SafeString
    put_in: int
    taken_out: int


@dataclass(frozen=True)
class Row:
    """A line of a table that changed: what it is about, what stood there, what stands there now (empty: nothing)."""

    what: str
    before: str
    after: str


@dataclass(frozen=True)
class Changes:
    """Everything that differs between two versions."""

    chapters: list[ChapterChange]
    tables: list[tuple[str, list[Row]]]

    @property
    def is_none(self) -> bool:
        return not self.chapters and not any(rows for _title, rows in self.tables)


def between(old: Submission, new: Submission) -> Changes:
    """All changes from `old` to `new`, two versions of one pilot."""
    before, after = snapshots.upcast(old.snapshot), snapshots.upcast(new.snapshot)
    return Changes(
        chapters=list(_chapters(before, after)),
        tables=[
            (_("试点对象"), [*_object(new, before, after), *_ground(new, before, after)]),
            (
                _("协同组织"),
                [
                    *_keyed(_joint(before, "parties"), _joint(after, "parties"), ["name"], _party),
                    *_keyed(
                        _joint(before, "meetings"),
                        _joint(after, "meetings"),
                        ["held_on", "topic"],
                        _meeting,
                    ),
                ],
            ),
            (_("申报条件"), list(_answers(new, before, after))),
            (_("试点目标"), list(_keyed(before["targets"], after["targets"], ["indicator"], _target))),
            (
                _("范围内企业"),
                list(_keyed(before["scope"], after["scope"], ["credit_code"], _enterprise(new))),
            ),
            (
                _("附件"),
                list(
                    _keyed(
                        before["attachments"],
                        after["attachments"],
                        ["purpose", "condition", "question", "name"],
                        _file,
                    )
                ),
            ),
        ],
    )


def _chapters(before: dict[str, Any], after: dict[str, Any]) -> Iterator[ChapterChange]:
    texts = {chapter["id"]: chapter["html"] for chapter in before["chapters"]}
    for chapter in after["chapters"]:
        old = texts.get(chapter["id"], "")
        if old == chapter["html"]:
            continue
        found = compare_html(old, chapter["html"])
        yield ChapterChange(
            chapter["number"],
            chapter["title"],
            mark_safe(found.html),  # noqa: S308 (papers.difference escapes every word)
            found.put_in,
            found.taken_out,
        )


def _object(submission: Submission, before: dict[str, Any], after: dict[str, Any]) -> Iterator[Row]:
    titles = sector_titles(submission.call.notice)
    forms = {
        form.kind: form.title for category in submission.call.notice.categories for form in category.forms
    }

    def said(data: dict[str, Any]) -> dict[str, str]:
        return {
            _("项目名称"): data["name"],
            _("对象形态"): forms.get(data["object"]["form"], data["object"]["form"]),
            _("对象名称"): data["object"]["name"],
            _("所在地"): region_name(data["object"]["region"]),
            _("重点行业"): "、".join(titles.get(key, key) for key in data["sectors"]),
            _("特征污染物"): "、".join(data["pollutants"]),
        }

    old, new = said(before), said(after)
    return (Row(label, old[label], new[label]) for label in new if old[label] != new[label])


def _ground(submission: Submission, before: dict[str, Any], after: dict[str, Any]) -> Iterator[Row]:
    """Boundary, places, reaches and proofs; a snapshot of before has none."""
    day = submission.call.notice.issued.day
    old, new = (ground.lines_of(geometry.of_snapshot(data), day=day) for data in (before, after))
    for label in [*new, *(label for label in old if label not in new)]:
        if old.get(label, "") != new.get(label, ""):
            yield Row(label, old.get(label, ""), new.get(label, ""))


def _answers(submission: Submission, before: dict[str, Any], after: dict[str, Any]) -> Iterator[Row]:
    for condition in submission.call.notice.conditions_for(after["category"]["id"]):
        old, new = (data["answers"].get(condition.id, {}) for data in (before, after))
        for question in condition.questions:
            if old.get(question.id) != new.get(question.id):
                yield Row(
                    f"{condition.title}：{question.label}",
                    answer_text(question, old.get(question.id)),
                    answer_text(question, new.get(question.id)),
                )


def _keyed(
    before: Iterable[dict[str, Any]], after: Iterable[dict[str, Any]], key: list[str], say: Any
) -> Iterator[Row]:
    """Rows matched by what names them; of rows with one name, the first meets the first."""

    def named(rows: Iterable[dict[str, Any]]) -> dict[tuple[Any, ...], dict[str, Any]]:
        found: dict[tuple[Any, ...], dict[str, Any]] = {}
        for row in rows:
            name, number = tuple(row[part] for part in key), 0
            while (*name, number) in found:
                number += 1
            found[*name, number] = row
        return found

    old, new = named(before), named(after)
    for name in [*new, *(name for name in old if name not in new)]:
        a, b = old.get(name), new.get(name)
        if a != b:
            label, _rest = say(b or a)
            yield Row(label, say(a)[1] if a else "", say(b)[1] if b else "")


def _joint(data: dict[str, Any], key: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = data.get("joint", {}).get(key, [])
    return found


def _party(row: dict[str, Any]) -> tuple[str, str]:
    return row["name"], f"{PARTIES[row['part']]}：{row['duties']}"


def _meeting(row: dict[str, Any]) -> tuple[str, str]:
    return f"{row['held_on']} {row['topic']}", row["outcome"] or _("（未写议定事项）")


def _target(row: dict[str, Any]) -> tuple[str, str]:
    facts = [
        _("基准 %s") % row["baseline"] if row["baseline"] is not None else _("基准未填"),
        _("（%s 年）") % row["baseline_year"] if row["baseline_year"] else "",
        _("，目标 %s") % row["target"] if row["target"] is not None else _("，目标未填"),
        f" {row['unit']}" if row["unit"] else "",
        f"；{row['note']}" if row["note"] else "",
    ]
    return row["indicator"], "".join(facts)


def _enterprise(submission: Submission) -> Any:
    titles = sector_titles(submission.call.notice)

    def say(row: dict[str, Any]) -> tuple[str, str]:
        facts = [row["name"], titles.get(row["sector"], row["sector"]), row["note"]]
        return row["credit_code"], "，".join(filter(None, facts))

    return say


def _file(row: dict[str, Any]) -> tuple[str, str]:
    return f"{PURPOSES.get(row['purpose'], row['purpose'])}：{row['name']}", (
        f"{row['title']} · {row['size']} B · SHA-256 {row['sha256'][:12]}"
    )
