"""What a decision of acceptance must hold: terms of its rows, and what the panel's sheets keep from passing.

A row that passes a pilot may leave out enterprises of its scope, each with a reason. A row that asks for rectification
says in its reason what to mend, one item a line, and by which day. Thresholds and vetoes are the sheet's (dated data).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from qingyuan.catalogue.scoresheets import ScoreSheet, scoresheets
from qingyuan.kernel import clock
from qingyuan.kernel.errors import Problem
from qingyuan.review.models import Assessment, Assignment, Case, Round

if TYPE_CHECKING:
    from qingyuan.review.decisions import Row

LONGEST_REASON = 500
MOST_ITEMS = 50


def as_terms(row: Row) -> dict[str, Any]:
    """The terms of a row as canonical data; empty where the outcome has none."""
    if row.outcome == Case.Stage.RECTIFYING:
        return {"due_on": _iso(row.terms.get("due_on"))}
    left_out = row.terms.get("exclusions") or ()
    if row.outcome == Case.Stage.PASSED and left_out:
        return {
            "exclusions": [
                {
                    "credit_code": one["credit_code"].strip().upper(),
                    "reason": " ".join(one["reason"].split()),
                }
                for one in left_out
            ]
        }
    return {}


def _iso(day: Any) -> str:
    return day.isoformat() if isinstance(day, date) else str(day or "")


def words_of(terms: Mapping[str, Any]) -> list[str]:
    """The terms as a paper says them."""
    found = [_("整改期限 %s") % terms["due_on"]] if terms.get("due_on") else []
    return found + [
        _("不计审核记录：%(code)s（%(why)s）") % {"code": one["credit_code"], "why": one["reason"]}
        for one in terms.get("exclusions", ())
    ]


def items_of(reason: str) -> list[str]:
    """What is to be mended: one item a line."""
    return [line.strip() for line in reason.splitlines() if line.strip()]


def against(round_: Round, rows: Sequence[Row], cases: Mapping[Any, Case]) -> list[Problem]:
    """Everything that stands against these rows, at once (one query for the sheets)."""
    problems = []
    verdicts = verdicts_of(round_, [row.case_id for row in rows])
    for row in rows:
        case = cases.get(row.case_id)
        if case is None:
            continue
        at = f"items.{case.number}"
        if row.outcome in {Case.Stage.EVALUATED, Case.Stage.PASSED}:
            problems += _passing(row, case, verdicts.get(case.pk), at)
        if row.outcome == Case.Stage.PASSED:
            problems += _exclusions(row, case, at)
        elif row.outcome == Case.Stage.EVALUATED:
            problems += _too_early(row, case, at)
        elif row.outcome == Case.Stage.RECTIFYING:
            problems += _rectifying(row, case, _rounds(round_), at)
    return problems


def _passing(row: Row, case: Case, verdict: Verdict | None, at: str) -> list[Problem]:
    """What the panel found keeps a pilot from passing; once it was rectified, a reason must be given."""
    if verdict is None or not verdict.reasons or (case.rectified and row.reason.strip()):
        return []
    words = {"case": case.title, "why": "；".join(verdict.reasons)}
    if case.rectified:
        return [Problem(_("“%(case)s”：%(why)s；整改后通过的，须写明理由") % words, where=at)]
    return [
        Problem(
            _("“%(case)s”：%(why)s，不能通过") % words,
            where=at,
            mend=_("要求整改，或不予通过"),
            clause="N11",
        )
    ]


def _exclusions(row: Row, case: Case, at: str) -> list[Problem]:
    scope = {line["credit_code"] for line in case.content.get("scope", ())}
    problems, seen = [], set()
    for number, one in enumerate(row.terms.get("exclusions") or (), start=1):
        code, reason = one["credit_code"].strip().upper(), one["reason"].strip()
        words = {"case": case.title, "n": number, "code": code or "—"}
        if code not in scope:
            problems.append(Problem(_("“%(case)s”第 %(n)d 行：现行范围内没有 %(code)s") % words, where=at))
        if code in seen:
            problems.append(Problem(_("“%(case)s”第 %(n)d 行：%(code)s 写了两次") % words, where=at))
        if not reason:
            problems.append(Problem(_("“%(case)s”第 %(n)d 行：没有写明不计审核记录的理由") % words, where=at))
        if len(reason) > LONGEST_REASON:
            problems.append(
                Problem(
                    _("“%(case)s”第 %(n)d 行：理由过长") % words,
                    where=at,
                    expected=_("不超过 %d 字") % LONGEST_REASON,
                )
            )
        seen.add(code)
    return problems


def _too_early(row: Row, case: Case, at: str) -> list[Problem]:
    """Whose audit does not count is said with the list, not at the first of two sittings."""
    if not row.terms.get("exclusions"):
        return []
    return [
        Problem(
            _("“%s”：评估不列不计审核记录的企业") % case.title, where=at, mend=_("清空这一栏，验收时再列")
        )
    ]


def _rectifying(row: Row, case: Case, rounds: int, at: str) -> list[Problem]:
    problems = []
    if case.rectified >= rounds:
        problems.append(
            Problem(
                _("“%(case)s”已整改 %(n)d 次，不能再要求整改") % {"case": case.title, "n": case.rectified},
                where=at,
                expected=_("最多 %d 次") % rounds,
                mend=_("作出通过或不予通过的结论"),
            )
        )
    due = _iso(row.terms.get("due_on"))
    if not due:
        problems.append(Problem(_("“%s”要求整改，须写明整改期限") % case.title, where=at))
    elif due <= clock.local(clock.now()).date().isoformat():
        problems.append(Problem(_("“%s”的整改期限须晚于今天") % case.title, where=at))
    if len(items_of(row.reason)) > MOST_ITEMS:
        problems.append(
            Problem(_("“%s”的整改要求过多") % case.title, where=at, expected=_("不超过 %d 条") % MOST_ITEMS)
        )
    return problems


def _rounds(round_: Round) -> int:
    from qingyuan.review.queries.panel import sheet_of

    terms = sheet_of(round_).acceptance
    return terms.rounds if terms else 0


class Verdict:
    """What the sheets of one case come to: the mean total, and the vetoes that more than half of the experts found."""

    def __init__(self, sheet: ScoreSheet, rows: Sequence[Assessment]) -> None:
        terms = sheet.acceptance
        assert terms is not None
        totals = [sheet.total(row.scores) for row in rows]
        self.mean = sum(totals, Fraction(0)) / len(totals)
        self.vetoes = [
            one.title
            for one in sheet.criteria
            if 2 * sum(row.criteria.get(one.id) == terms.found for row in rows) > len(rows)
        ]
        self.reasons = [_("多数专家认定否决情形“%s”") % title for title in self.vetoes]
        if self.mean < terms.pass_at:
            from qingyuan.review.scoring import points

            self.reasons.append(
                _("专家评分平均 %(mean)s 分，低于合格分数 %(least)d 分")
                % {"mean": points(self.mean), "least": terms.pass_at}
            )


def verdicts_of(round_: Round, cases: Sequence[Any]) -> dict[Any, Verdict]:
    """Per case with submitted sheets; those of experts who ended their work do not count (one query)."""
    rows: dict[Any, list[Assessment]] = {}
    found = (
        Assessment.objects.filter(
            assignment__case__round=round_,
            assignment__case__in=cases,
            assignment__is_reserve=False,
            stage=Assessment.Stage.SUBMITTED,
        )
        .exclude(assignment__stage__in=Assignment.ENDED)
        .select_related("assignment")
    )
    for one in found:
        rows.setdefault(one.assignment.case_id, []).append(one)
    return {case: Verdict(scoresheets()[some[0].sheet_id], some) for case, some in rows.items()}
