"""The approved plan as the measure of the work, and what a change makes of it. Pure: plain data in and out.

A baseline is a dict with `term`, `milestones`, `targets`, `outputs`, `scope`. Milestones and outputs get the keys `m1`,
`m2`, ... and `o1`, `o2`, ... by their place in the sealed plan; keys never change, so that reports of all versions meet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.papers.canonical import canonical_bytes, sha256_hex

Content = dict[str, Any]
KINDS = {
    "term": gettext_lazy("实施期限"),
    "milestone": gettext_lazy("节点时间"),
    "target": gettext_lazy("目标值"),
    "output": gettext_lazy("产出成果"),
    "scope_drop": gettext_lazy("移出范围内企业"),
    "scope_add": gettext_lazy("增加范围内企业"),
}
"""What may be changed, by key; the sealed plan itself stays as it is."""


class Unfit(Exception):  # noqa: N818 (an answer to the person, not a malfunction)
    """A change that does not fit the baseline: `where` is `kind`, `item` or `becomes`."""

    def __init__(self, message: str, where: str = "becomes", expected: str = "") -> None:
        super().__init__(message)
        self.message, self.where, self.expected = message, where, expected


def of_snapshot(snapshot: Mapping[str, Any]) -> Content:
    """The baseline that a sealed version (present schema) states."""
    schedule = snapshot["schedule"]
    return {
        "term": {"start": schedule["start"], "end": schedule["end"]},
        "milestones": [
            {"key": f"m{number}", **line} for number, line in enumerate(schedule["milestones"], start=1)
        ],
        "targets": [dict(line) for line in snapshot["targets"]],
        "outputs": [
            {"key": f"o{number}", **line} for number, line in enumerate(snapshot["outputs"], start=1)
        ],
        "scope": [dict(line) for line in snapshot["scope"]],
    }


def content_hash(content: Content) -> str:
    return sha256_hex(canonical_bytes(content))


def choices(content: Content, kind: str) -> list[tuple[str, str]]:
    """What a change of this kind can be about: (key, how it stands now)."""
    if kind == "term":
        return [("term", f"{content['term']['start'] or '—'} — {content['term']['end'] or '—'}")]
    if kind == "milestone":
        return [
            (one["key"], f"{one['title']}（{one['starts']} — {one['ends']}）")
            for one in content["milestones"]
        ]
    if kind == "target":
        return [
            (one["key"], f"{one['indicator']}：{one['target'] or '—'} {one['unit']}")
            for one in content["targets"]
        ]
    if kind == "output":
        return [(one["key"], one["title"]) for one in content["outputs"]]
    if kind == "scope_drop":
        return [(one["credit_code"], f"{one['name']}（{one['credit_code']}）") for one in content["scope"]]
    return []


def now(content: Content, kind: str, key: str) -> str:
    """How the line stands, in words; raises Unfit for a line that is not there."""
    if kind == "scope_add":
        return ""
    found = dict(choices(content, kind)).get(key)
    if found is None:
        raise Unfit(_("现行实施方案中没有这一项"), "item")
    return found


def changed(content: Content, kind: str, key: str, becomes: str) -> Content:
    """The baseline after the change; the given one is left alone. Raises Unfit."""
    if kind not in KINDS:
        raise Unfit(_("没有这一种变更"), "kind")
    now(content, kind, key)
    made = deepcopy(content)
    _CHANGES[kind](made, key, becomes.strip())
    if made == content:
        raise Unfit(_("与现行实施方案相同，无须变更"))
    return made


def _line(lines: list[dict[str, Any]], key: str, name: str = "key") -> dict[str, Any]:
    return next(line for line in lines if line[name] == key)


def _days(text: str) -> tuple[str, str]:
    """Two days, `2023-08-01 2024-08-01`, however they are set apart."""
    words = text.replace("—", " ").replace("至", " ").replace("/", " ").split()
    try:
        first, last = (date.fromisoformat(word) for word in words)
    except ValueError:
        raise Unfit(_("请填写起止两个日期"), expected="2023-08-01 至 2024-08-01") from None
    if last < first:
        raise Unfit(_("截止日期早于开始日期"))
    return first.isoformat(), last.isoformat()


def _term(content: Content, _key: str, becomes: str) -> None:
    start, end = _days(becomes)
    content["term"] = {"start": start, "end": end}


def _milestone(content: Content, key: str, becomes: str) -> None:
    starts, ends = _days(becomes)
    _line(content["milestones"], key).update(starts=starts, ends=ends)


def _target(content: Content, key: str, becomes: str) -> None:
    try:
        value = Decimal(becomes)
    except InvalidOperation:
        raise Unfit(_("目标值须为一个数"), expected="12.5") from None
    if not value.is_finite():
        raise Unfit(_("目标值须为一个数"), expected="12.5")
    line = _line(content["targets"], key)
    # Change and percent were derived from the value that is given up: a baseline carries no figure that it contradicts.
    line.update(target=format(value.normalize(), "f"), change=None, percent=None)


def _output(content: Content, key: str, becomes: str) -> None:
    if not becomes:
        raise Unfit(_("请写明变更后的产出成果；不再产出的，写“不再产出”并在理由中说明"))
    _line(content["outputs"], key)["title"] = becomes[:80]


def _drop(content: Content, key: str, _becomes: str) -> None:
    content["scope"] = [line for line in content["scope"] if line["credit_code"] != key]


def _add(content: Content, key: str, becomes: str) -> None:
    if not becomes:
        raise Unfit(_("请填写企业名称"))
    if any(line["credit_code"] == key for line in content["scope"]):
        raise Unfit(_("该企业已在范围内"), "item")
    blank = dict.fromkeys(content["scope"][0], "") if content["scope"] else {}
    content["scope"].append({**blank, "last_audit": None, "credit_code": key, "name": becomes})


_CHANGES: dict[str, Callable[[Content, str, str], None]] = {
    "term": _term,
    "milestone": _milestone,
    "target": _target,
    "output": _output,
    "scope_drop": _drop,
    "scope_add": _add,
}
