"""The checklist of a visit: what the application itself claims, taken from the sealed snapshot, in its own words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.catalogue.notices.model import Notice
from qingyuan.pilots.wording import answer_text, sector_titles

MOST = 60
LONGEST = 1000


@dataclass(frozen=True)
class Claim:
    """One thing to look at on the site."""

    group: str
    text: str


def claims(snapshot: dict[str, Any], notice: Notice) -> list[Claim]:
    """Object, scope, conditions answered, targets' baselines, schedule and outputs, at most `MOST`."""
    if not snapshot:
        return [Claim(_("总体"), _("现场实际情况与申报内容相符"))]
    found = [
        *_object(snapshot),
        *_scope(snapshot, notice),
        *_conditions(snapshot, notice),
        *_targets(snapshot),
        *_outputs(snapshot),
    ]
    return [Claim(one.group, one.text[:LONGEST]) for one in found[:MOST]]


def _object(data: dict[str, Any]) -> Iterator[Claim]:
    group = _("对象与边界")
    if data["object"]["name"]:
        yield Claim(group, _("试点对象为“%s”，范围边界与申报一致") % data["object"]["name"])
    yield Claim(group, _("申报单位“%s”为实施主体") % data["applicant"]["name"])


def _scope(data: dict[str, Any], notice: Notice) -> Iterator[Claim]:
    group = _("规模")
    total = len(data["scope"])
    if not total:
        return
    titles = sector_titles(notice)
    counts = Counter(row["sector"] for row in data["scope"])
    parts = "、".join(
        _("%(name)s %(n)d 家") % {"name": titles.get(key, key), "n": n} for key, n in counts.items()
    )
    yield Claim(group, _("范围内企业共 %(total)d 家（%(parts)s）") % {"total": total, "parts": parts})
    for row in data["scope"][:10]:
        yield Claim(
            group,
            _("企业“%(name)s”（%(code)s）在范围内并正常生产")
            % {"name": row["name"], "code": row["credit_code"]},
        )


def _conditions(data: dict[str, Any], notice: Notice) -> Iterator[Claim]:
    """Managers, rules, mechanisms, funds, boundaries: whatever the notice asked and the applicant answered."""
    for condition in notice.conditions_for(data["category"]["id"]):
        answers = data["answers"].get(condition.id, {})
        for question in condition.questions:
            value = answers.get(question.id)
            if value in (None, "", []):
                continue
            yield Claim(
                _("申报条件 %s") % condition.clause,
                f"{question.label}：{answer_text(question, value)}",
            )


def _targets(data: dict[str, Any]) -> Iterator[Claim]:
    for row in data["targets"]:
        if row["baseline"] is None:
            continue
        year = _("（%s 年）") % row["baseline_year"] if row["baseline_year"] else ""
        yield Claim(
            _("基线"),
            _("%(name)s的现状值%(year)s为 %(value)s %(unit)s，有原始记录可查")
            % {"name": row["indicator"], "year": year, "value": row["baseline"], "unit": row["unit"]},
        )


def _outputs(data: dict[str, Any]) -> Iterator[Claim]:
    for row in data["schedule"]["milestones"]:
        who = row["responsible"]
        if who:
            yield Claim(
                _("计划"), _("“%(title)s”由%(who)s负责，已有准备") % {"title": row["title"], "who": who}
            )


def claims_of_acceptance(content: dict[str, Any]) -> list[Claim]:
    """What a pilot says that it has reached: targets, enterprises, and the parts handed in; at most `MOST`."""
    found = [
        Claim(
            _("目标完成情况"),
            _("“%(name)s”目标值 %(target)s，完成值 %(reached)s %(unit)s，有原始记录可查")
            % {
                "name": row["indicator"],
                "target": row["target"] or "—",
                "reached": row["reached"] or "—",
                "unit": row["unit"],
            },
        )
        for row in content["targets"]
    ]
    total = len(content["scope"])
    if total:
        found.append(Claim(_("范围内企业"), _("现行范围内企业 %d 家，各自审核阶段与所报一致") % total))
    found += [
        Claim(
            _("范围内企业"),
            _("企业“%(name)s”（%(code)s）审核阶段为“%(phase)s”")
            % {"name": row["name"], "code": row["credit_code"], "phase": row["phase"]},
        )
        for row in content["scope"][:20]
    ]
    found += [
        Claim(_("验收材料"), _("“%s”所列内容属实，有材料可查") % part["title"]) for part in content["parts"]
    ]
    return [Claim(one.group, one.text[:LONGEST]) for one in found[:MOST]]
