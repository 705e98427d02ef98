"""The result of a sitting on an enterprise's audit: what is wrong with it by its sheet, and what follows from it. Pure but for the row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.audits import gates
from qingyuan.audits.models.audit_review import AuditReview
from qingyuan.audits.rules import audit_review as rules
from qingyuan.catalogue.evaluations import Evaluation
from qingyuan.catalogue.evaluations.model import Outcome
from qingyuan.kernel.actions import Problem
from qingyuan.kernel.fields import misfits
from qingyuan.kernel.models import Upload

Stage = AuditReview.Stage
STRICTNESS = (Stage.PASSED, Stage.RECTIFY, Stage.FAILED)


@dataclass(frozen=True, kw_only=True)
class Sitting:
    """One result. `conclusion` empty: what the sheet gives; it may be stricter, never milder."""

    held_on: date
    scores: Mapping[str, Decimal]
    opinion: str
    vetoes: Sequence[str] = ()
    conclusion: str = ""
    rectify_by: date | None = None
    evidence: Upload | None = None
    credit_code: str = ""
    """Whose, where many are recorded at once."""


def problems_of(sitting: Sitting, sheet: Evaluation, *, today: date) -> list[Problem]:
    """Everything wrong, at once; what follows from the scores is judged where the scores are right."""
    opinion = sitting.opinion.strip()
    problems = [
        *gates.not_after(sitting.held_on, today, where="held_on"),
        *([] if opinion else [Problem(_("须填写"), where="opinion")]),
        *misfits(AuditReview, opinion=opinion),
    ]
    wrong = list(_wrong_scores(sheet, sitting.scores, sitting.vetoes))
    if wrong:
        return [*problems, *wrong]
    outcome = sheet.outcome(sitting.scores, sitting.vetoes)
    conclusion = sitting.conclusion or outcome.conclusion
    if conclusion not in STRICTNESS or STRICTNESS.index(Stage(conclusion)) < STRICTNESS.index(
        Stage(outcome.conclusion)
    ):
        label = str(Stage(outcome.conclusion).label)
        problems.append(
            Problem(_("结论不能宽于评分表得出的结论"), where="conclusion", expected=_("“%s”或更严") % label)
        )
    if conclusion == Stage.RECTIFY and (sitting.rectify_by is None or sitting.rectify_by <= sitting.held_on):
        problems.append(Problem(_("须整改的写明整改期限"), where="rectify_by", expected=_("晚于会议日期")))
    return problems


def problems_of_many(
    rows: Sequence[Sitting],
    waiting: Mapping[str, AuditReview],
    sheet: Evaluation,
    *,
    by: Any,
    today: date,
) -> list[Problem]:
    """Of every row at once; `where` begins with `rows.N` (from 1). `waiting` are the open applications by credit code."""
    problems: list[Problem] = []
    seen: set[str] = set()
    for number, row in enumerate(rows, start=1):
        own: list[Problem] = []
        review = waiting.get(row.credit_code)
        if review is None:
            own.append(
                Problem(
                    _("没有待组织的申请：%s") % (row.credit_code[:18] or "—"),
                    where="credit_code",
                    expected=_("已按这张评分表申请、还没有登记结果的企业"),
                )
            )
        elif not rules.records_review.test(by, review):
            own.append(Problem(_("不由本单位登记"), where="credit_code"))
        if row.credit_code in seen:
            own.append(Problem(_("这家企业写了两次"), where="credit_code"))
        seen.add(row.credit_code)
        own += problems_of(row, sheet, today=today)
        problems += [replace(one, where=f"rows.{number}.{one.where}") for one in own]
    return problems


def put(review: AuditReview, sitting: Sitting, sheet: Evaluation) -> tuple[Outcome, str]:
    """Write a result without problems into its row (not saved); gives what the sheet says and what was concluded."""
    outcome = sheet.outcome(sitting.scores, sitting.vetoes)
    conclusion = sitting.conclusion or outcome.conclusion
    review.held_on, review.opinion, review.evidence = (
        sitting.held_on,
        sitting.opinion.strip(),
        sitting.evidence,
    )
    review.scores = {item.id: str(sitting.scores[item.id]) for item in sheet.items}
    review.vetoes = [veto.id for veto in sheet.vetoes if veto.id in set(sitting.vetoes)]
    review.total = outcome.total
    review.rectify_by = sitting.rectify_by if conclusion == Stage.RECTIFY else None
    return outcome, conclusion


def _wrong_scores(
    sheet: Evaluation, scores: Mapping[str, Decimal], vetoes: Sequence[str]
) -> Iterator[Problem]:
    items = {item.id: item for item in sheet.items}
    for name, item in items.items():
        value = scores.get(name)
        if value is None:
            yield Problem(_("没有记分"), where=f"scores.{name}", expected=f"0—{item.points}")
        elif not value.is_finite() or not 0 <= value <= item.points or value % sheet.step:
            yield Problem(
                _("分数不成立"),
                where=f"scores.{name}",
                expected=_("0—%(most)s，%(step)s 的倍数") % {"most": item.points, "step": sheet.step},
            )
    for name in scores:
        if name not in items:
            yield Problem(_("评分表没有这一项"), where=f"scores.{name}")
    known = {veto.id for veto in sheet.vetoes}
    for veto in vetoes:
        if veto not in known:
            yield Problem(_("评分表没有这个否决项"), where="vetoes")
