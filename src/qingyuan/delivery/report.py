"""What stands in a progress report: the draft, what is wrong with it, and what is sealed. Pure but for the models' words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.delivery.baseline import Content
from qingyuan.kernel.errors import Problem
from qingyuan.papers.drawn import Drawn

SCHEMA = 1
TEXTS = {
    "progress": gettext_lazy("本期工作进展"),
    "problems": gettext_lazy("存在问题"),
    "next": gettext_lazy("下期工作安排"),
}
STATES = {
    "todo": gettext_lazy("未开始"),
    "current": gettext_lazy("进行中"),
    "done": gettext_lazy("已完成"),
}
LONGEST_TEXT, LONGEST_NOTE, LONGEST_NUMBER = 5000, 500, 32


@dataclass(frozen=True)
class Figure:
    """The value of a target in this period, as typed."""

    value: str = ""
    measured_on: str = ""
    note: str = ""


@dataclass(frozen=True)
class Step:
    """How far a milestone is."""

    state: str = ""
    done_on: str = ""
    note: str = ""


@dataclass(frozen=True)
class Draft:
    """What the body that reports fills in; figures and steps by the keys of the baseline."""

    texts: Mapping[str, str] = field(default_factory=dict)
    figures: Mapping[str, Figure] = field(default_factory=dict)
    steps: Mapping[str, Step] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        return {
            "texts": dict(self.texts),
            "figures": {key: asdict(one) for key, one in self.figures.items()},
            "steps": {key: asdict(one) for key, one in self.steps.items()},
        }


def of_plain(content: Mapping[str, Any]) -> Draft:
    """A draft or the filled-in part of a sealed version."""
    return Draft(
        texts=dict(content.get("texts", {})),
        figures={key: Figure(**one) for key, one in content.get("figures", {}).items()},
        steps={key: Step(**one) for key, one in content.get("steps", {}).items()},
    )


def fitted(draft: Draft, baseline: Content) -> Draft:
    """The draft without lines that the baseline does not have (any more), with blank ones for those it has."""
    return Draft(
        texts={key: draft.texts.get(key, "") for key in TEXTS},
        figures={one["key"]: draft.figures.get(one["key"], Figure()) for one in baseline["targets"]},
        steps={one["key"]: draft.steps.get(one["key"], Step()) for one in baseline["milestones"]},
    )


def begun(baseline: Content, previous: Draft | None, *, on: date) -> Draft:
    """A new draft: milestones as last reported (else as the calendar has them), figures to be measured anew."""
    known = previous.steps if previous else {}
    steps = {}
    for line in baseline["milestones"]:
        state = "current" if line["starts"] <= on.isoformat() else "todo"
        steps[line["key"]] = known.get(line["key"], Step(state=state))
    return fitted(Draft(steps=steps), baseline)


def number(text: str) -> Decimal | None:
    """The value of a figure; None where it is blank or no number."""
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value.adjusted()) < 18 else None


def day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def too_long(draft: Draft) -> Iterator[Problem]:
    """What no draft may hold, saved or handed in."""
    for key, text in draft.texts.items():
        if len(text) > LONGEST_TEXT:
            yield Problem(_("过长"), where=f"text-{key}", expected=_("不超过 %d 字") % LONGEST_TEXT)
    for kind, lines in (("figure", draft.figures), ("step", draft.steps)):
        for key, line in lines.items():
            for name, value in asdict(line).items():
                longest = LONGEST_NOTE if name == "note" else LONGEST_NUMBER
                if len(value) > longest:
                    yield Problem(
                        _("过长"), where=f"{kind}-{key}-{name}", expected=_("不超过 %d 字") % longest
                    )


def faults(draft: Draft, baseline: Content, previous: Draft | None, *, today: date) -> Iterator[Problem]:
    """Everything that stands in the way of handing in."""
    yield from too_long(draft)
    if not draft.texts.get("progress", "").strip():
        yield Problem(_("请写明本期工作进展"), where="text-progress")
    for line in baseline["targets"]:
        yield from _figure_faults(line, draft.figures.get(line["key"], Figure()), today)
    for line in baseline["milestones"]:
        before = previous.steps.get(line["key"]) if previous else None
        yield from _step_faults(line, draft.steps.get(line["key"], Step()), before, today)


def _figure_faults(line: Mapping[str, Any], one: Figure, today: date) -> Iterator[Problem]:
    where = f"figure-{line['key']}"
    name = line["indicator"]
    if not one.value.strip():
        if not one.note.strip():
            yield Problem(
                _("“%s”没有填数值") % name, where=f"{where}-value", mend=_("本期没有数据的，在说明中写明原因")
            )
        return
    if number(one.value) is None:
        yield Problem(_("“%s”的数值须为一个数") % name, where=f"{where}-value", expected="12.5")
    measured = day(one.measured_on)
    if measured is None:
        yield Problem(_("请填写“%s”的测算日期") % name, where=f"{where}-measured_on", expected="2023-03-31")
    elif measured > today:
        yield Problem(
            _("“%s”的测算日期还没有到") % name, where=f"{where}-measured_on", expected=_("不晚于 %s") % today
        )


def _step_faults(line: Mapping[str, Any], one: Step, before: Step | None, today: date) -> Iterator[Problem]:
    where = f"step-{line['key']}"
    name = line["title"]
    if one.state not in STATES:
        yield Problem(_("请选择节点“%s”的进度") % name, where=f"{where}-state")
        return
    if one.state == "done":
        done = day(one.done_on)
        if done is None:
            yield Problem(_("请填写节点“%s”的完成日期") % name, where=f"{where}-done_on")
        elif done > today:
            yield Problem(
                _("节点“%s”的完成日期还没有到") % name,
                where=f"{where}-done_on",
                expected=_("不晚于 %s") % today,
            )
    elif before and before.state == "done" and not one.note.strip():
        yield Problem(_("节点“%s”上期已完成，本期改回须说明原因") % name, where=f"{where}-note")


def sealed(
    draft: Draft,
    baseline: Content,
    *,
    period: Mapping[str, str],
    baseline_number: int,
    parts: list[dict[str, Any]],
    evidence: list[dict[str, str]],
    previous: Mapping[str, str],
    quotes: Sequence[Mapping[str, Any]] = (),
    charts: Sequence[Drawn] = (),
) -> dict[str, Any]:
    """What a version holds: what was filled in, beside what it is measured by, readable without anything else.

    `previous` are the values of the period before, by the keys of the targets; `quotes` and `charts` what its texts
    quoted of computations.
    """
    return {
        "schema": SCHEMA,
        "period": dict(period),
        "baseline": baseline_number,
        **fitted(draft, baseline).plain(),
        "targets": [
            {
                **{name: line.get(name) for name in ("key", "indicator", "unit", "baseline", "target")},
                "previous": previous.get(line["key"], ""),
            }
            for line in baseline["targets"]
        ],
        "milestones": [
            {name: line.get(name) for name in ("key", "title", "starts", "ends")}
            for line in baseline["milestones"]
        ],
        "parts": parts,
        "evidence": evidence,
        **({"quotes": [dict(one) for one in quotes]} if quotes else {}),
        **({"charts": [one.plain() for one in charts]} if charts else {}),
    }
