"""Is an enterprise's mandatory audit discharged, by what, and what if its pilot fails? Pure: days and facts in, facts out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from qingyuan.registry import duties
from qingyuan.registry.duties import Duty

PilotState = Literal["under_way", "passed", "credited", "revoked", "failed", "stopped", "dropped", "excluded"]
LOST: frozenset[PilotState] = frozenset({"revoked", "failed", "stopped", "dropped", "excluded"})
"""Pilots that discharge nothing and will not."""
Verdict = Literal["not_asked", "discharged", "discharged_late", "open", "overdue"]


@dataclass(frozen=True, kw_only=True)
class Participation:
    """An enterprise in a pilot: `passed` is on the list and waits for its record, `credited` has it. `reason`: why not."""

    title: str
    state: PilotState
    reason: str = ""
    listed_on: date | None = None
    applicant: str = ""


@dataclass(frozen=True, kw_only=True)
class Completed:
    """An audit on record that discharges the duty; `record` is whatever the caller wants back."""

    on: date
    record: Any = None


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How an enterprise stands on a day.

    `by` is the audit that answers the latest list (without a list: the latest audit). `report` is that list's duty
    (one year after it was published), `next` the five-year one after the latest audit. `clock` is the last day that
    holds should no further pilot pass: a pilot stops no clock, so it is the same inside one and outside.
    """

    verdict: Verdict
    by: Completed | None
    report: Duty | None
    next: Duty | None
    clock: Duty | None
    waiting: tuple[Participation, ...] = ()
    """Pilots whose passed list may still come."""
    passed: tuple[Participation, ...] = ()
    """On the passed list, and still without a record."""
    lost: tuple[Participation, ...] = ()

    @property
    def discharged(self) -> bool:
        return self.verdict in {"discharged", "discharged_late"}


def standing(
    *,
    today: date,
    listed: date | None,
    completed: Sequence[Completed],
    pilots: Sequence[Participation] = (),
) -> Standing:
    """How the mandatory audit stands. `completed` are the audits that discharge it (mandatory ones and credits).

    Nothing is asked of who stands on no list and has no audit. Once there is an audit, the next one is due within five
    years, list or not.
    """
    audits = sorted(completed, key=lambda one: one.on)
    asked = duties.duties(today=today, listed=listed, audits=[one.on for one in audits])
    found = {one.step: one for one in asked}
    report, following = found.get("report"), found.get("next")
    answers = [one for one in audits if listed is not None and one.on >= listed]
    by = answers[0] if answers else audits[-1] if audits and listed is None else None
    verdict, clock = _verdict(report, following, today)
    return Standing(
        verdict=verdict,
        by=by,
        report=report,
        next=following,
        clock=clock,
        waiting=tuple(one for one in pilots if one.state == "under_way"),
        passed=tuple(one for one in pilots if one.state == "passed"),
        lost=tuple(one for one in pilots if one.state in LOST),
    )


def _verdict(report: Duty | None, following: Duty | None, today: date) -> tuple[Verdict, Duty | None]:
    """The answer, and the duty whose last day counts without any pilot."""
    if report is not None and report.done_on is None:
        return ("open" if today <= report.due else "overdue"), report
    if following is None:
        return "not_asked", None
    if today > following.due:
        return "overdue", following
    late = report is not None and report.state == "done_late"
    return ("discharged_late" if late else "discharged"), following
