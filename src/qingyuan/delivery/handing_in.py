"""What goes into a filing for acceptance: prefilled from the project's own rows, and from parts that ideas contribute.

An idea of the delivery (or a room above) registers a `part` — a table or a text about one project — and whoever keeps
reported values of targets registers `reported`. Nothing that stands in the project is typed again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.delivery.models import Project
from qingyuan.kernel import clock
from qingyuan.kernel.record_language import in_record_language


@dataclass(frozen=True, kw_only=True)
class Part:
    """A piece of evidence: `rows` of texts under `columns`, with a `note`. `id` is a slug, unique among parts."""

    id: str
    title: str
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    note: str = ""

    def as_data(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "title": self.title,
            "columns": list(self.columns),
            "rows": [[str(value) for value in row] for row in self.rows],
            "note": self.note,
        }


Parts = Callable[[Project], Iterable[Part]]
Reported = Callable[[Project], Mapping[str, str]]
_parts: list[tuple[int, Parts]] = []
_reported: list[Reported] = []


def register_parts(parts: Parts, *, order: int = 100) -> None:
    """`parts(project)` is asked once for every filing; what it gives is sealed as it is."""
    if parts not in [one for _order, one in _parts]:
        _parts.append((order, parts))


def register_reported(reported: Reported) -> None:
    """`reported(project)` gives the last reported value of targets by their key in the baseline, as text."""
    if reported not in _reported:
        _reported.append(reported)


def parts_of(project: Project) -> list[Part]:
    return [part for _order, parts in sorted(_parts, key=lambda one: one[0]) for part in parts(project)]


def reported_of(project: Project) -> dict[str, str]:
    found: dict[str, str] = {}
    for reported in _reported:
        found.update(reported(project))
    return found


@dataclass(frozen=True, kw_only=True)
class Reached:
    """What a pilot says of one target: the value reached, and why it was not."""

    value: str = ""
    reason: str = ""


def met(line: Mapping[str, Any], value: str) -> str:
    """`yes`, `no`, or empty where it cannot be told: a target below its baseline is met from above, else from below."""
    reached, target, base = (_number(one) for one in (value, line.get("target"), line.get("baseline")))
    if reached is None or target is None:
        return ""
    falls = base is not None and target < base
    return "yes" if (reached <= target if falls else reached >= target) else "no"


def _number(text: Any) -> Decimal | None:
    try:
        found = Decimal(str(text).strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def is_number(text: str) -> bool:
    return _number(text) is not None


@in_record_language()
def content_of(
    project: Project, *, summary: str, reached: Mapping[str, Reached], further: Sequence[Part] = ()
) -> dict[str, Any]:
    """The content as it will be sealed (two queries, and those of the parts); `further` are parts of the texts themselves."""
    baseline = project.baseline
    names = {measure.id: measure.title for aim in project.notice.aims for measure in aim.measures}
    return {
        "schema": 1,
        "baseline": baseline.number,
        "baseline_sha256": baseline.content_sha256,
        "summary": summary,
        "targets": [
            {
                "key": line["key"],
                "indicator": line["indicator"] or names.get(line.get("measure", ""), line["key"]),
                "unit": line["unit"],
                "baseline": line["baseline"],
                "target": line["target"],
                "reached": said.value,
                "met": met(line, said.value),
                "reason": said.reason,
            }
            for line in baseline.content["targets"]
            for said in [reached.get(line["key"], Reached())]
        ],
        "scope": [
            {
                "credit_code": row.enterprise.credit_code,
                "name": row.name,
                "phase": str(row.get_phase_display()),
            }
            for row in project.scope.filter(dropped_on=None).select_related("enterprise")
        ],
        "parts": [part.as_data() for part in (*parts_of(project), *further)],
    }


def outputs_promised(project: Project) -> Iterable[Part]:
    """The promised outputs as the baseline in force names them."""
    lines = project.baseline.content["outputs"]
    yield Part(
        id="promised",
        title=_("承诺的产出成果"),
        columns=[_("成果"), _("效益")],
        rows=[[line["title"], line.get("benefit") or "—"] for line in lines],
    )


def _day(instant: datetime | None) -> str:
    return clock.local(instant).date().isoformat() if instant else "—"


def changes_approved(project: Project) -> Iterable[Part]:
    """What was changed of the baseline on the way (one query)."""
    rows = [
        [str(change), change.was or "—", change.becomes or "—", _day(change.decided_at)]
        for change in project.changes.filter(stage="approved").order_by("number")
    ]
    if rows:
        yield Part(
            id="changes",
            title=_("已同意的变更"),
            columns=[_("变更"), _("原内容"), _("变更为"), _("日期")],
            rows=rows,
        )


register_parts(outputs_promised, order=10)
register_parts(changes_approved, order=90)
