"""What a joint decision must hold: its content as canonical data, the quota, and what stands against it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.catalogue.notices.parts import Quota
from qingyuan.kernel.errors import Problem
from qingyuan.papers.canonical import canonical_bytes, sha256_hex
from qingyuan.review import acceptance
from qingyuan.review.models import Case, Decision, DecisionItem, Round

LONGEST_REASON = 1000


@dataclass(frozen=True)
class Row:
    """One case of a draft, in the order of the list."""

    case_id: uuid.UUID
    outcome: str
    reason: str = ""
    terms: Mapping[str, Any] = field(default_factory=dict)
    """Of an acceptance: `due_on`, `exclusions` (`review.acceptance`)."""


def positive(round_: Round) -> str:
    """What a selected case becomes at this level; what an accepted pilot becomes."""
    if round_.is_acceptance:
        return Case.Stage.EVALUATED if round_.is_evaluation else Case.Stage.PASSED
    return Case.Stage.APPROVED if round_.is_state else Case.Stage.RECOMMENDED


def outcomes(round_: Round, kind: str) -> tuple[str, ...]:
    if kind == Decision.Kind.FORM:
        return (Case.Stage.REJECTED,)
    if kind == Decision.Kind.ACCEPTANCE:
        return (positive(round_), Case.Stage.RECTIFYING, Case.Stage.FAILED)
    return (positive(round_), Case.Stage.NOT_SELECTED)


def before(kind: str) -> tuple[str, ...]:
    """The stages from which a decision of this kind takes a case."""
    if kind == Decision.Kind.FORM:
        return (Case.Stage.FORM_CHECK,)
    return (Case.Stage.DECISION,)


def quota_of(round_: Round) -> Quota | None:
    """How many a province may recommend; the State approves without one."""
    if round_.is_state:
        return None
    return next((quota for quota in round_.notice.quotas if quota.per == "province"), None)


def content_hash(decision: Decision, items: Sequence[DecisionItem]) -> str:
    """What the departments consent to: every case with its outcome, reason and place, and the explanations."""
    return sha256_hex(
        canonical_bytes(
            {
                "round": str(decision.round_id),
                "kind": decision.kind,
                "items": [
                    {
                        "case": str(item.case_id),
                        "submission": str(item.case.submission_id or ""),
                        "outcome": item.outcome,
                        "reason": item.reason,
                        "position": item.position,
                        # Only acceptance has terms: what was sealed before there were any keeps its hash.
                        **({"terms": item.terms} if item.terms else {}),
                    }
                    for item in sorted(items, key=lambda item: item.position)
                ],
                "over_quota_reason": decision.over_quota_reason,
                "note": decision.note,
            }
        )
    )


def problems_of(round_: Round, kind: str, rows: Sequence[Row], *, over_quota_reason: str) -> list[Problem]:
    """Everything that stands against these rows, at once (one query)."""
    cases = {case.pk: case for case in Case.objects.filter(round=round_)}
    problems = _of_the_round(round_, kind) + _rows_against(round_, kind, rows, cases)
    if kind == Decision.Kind.ACCEPTANCE:
        problems += acceptance.against(round_, rows, cases)
    if not rows:
        problems.append(Problem(_("还没有列入任何项目"), where="items", mend=_("至少列入一个项目")))
    if kind == Decision.Kind.FINAL:
        problems += _missing(rows, cases)
        problems += _over_quota(round_, rows, over_quota_reason)
    return problems


def kinds_of(round_: Round) -> tuple[str, ...]:
    """What can be decided in a round of this kind."""
    if round_.is_acceptance:
        return (Decision.Kind.ACCEPTANCE,)
    return (Decision.Kind.FORM, Decision.Kind.FINAL)


def _of_the_round(round_: Round, kind: str) -> list[Problem]:
    if kind in kinds_of(round_):
        return []
    titles = "、".join(str(Decision.Kind(one).label) for one in kinds_of(round_))
    return [Problem(_("这一轮不作这种决定"), where="kind", expected=titles)]


def _rows_against(round_: Round, kind: str, rows: Sequence[Row], cases: dict[Any, Case]) -> list[Problem]:
    problems, seen = [], set()
    for number, row in enumerate(rows, start=1):
        case = cases.get(row.case_id)
        if case is None:
            problems.append(Problem(_("第 %d 行不是本轮评审的项目") % number, where=f"items.{number}"))
            continue
        at = f"items.{case.number}"
        if row.case_id in seen:
            problems.append(Problem(_("“%s”列了两次") % case.title, where=at))
        seen.add(row.case_id)
        if case.stage not in before(kind):
            problems.append(
                Problem(
                    _("“%(case)s”现在是“%(stage)s”，还不能作出这一决定")
                    % {"case": case.title, "stage": case.get_stage_display()},
                    where=at,
                )
            )
        if row.outcome not in outcomes(round_, kind):
            problems.append(Problem(_("“%s”没有选定结论") % case.title, where=at))
        if row.outcome != positive(round_) and not row.reason.strip():
            problems.append(
                Problem(
                    _("“%s”未入选、须整改或不通过，须写明理由") % case.title,
                    where=at,
                    mend=_("理由会原样告知申报单位"),
                )
            )
        if len(row.reason) > LONGEST_REASON:
            problems.append(
                Problem(
                    _("“%(case)s”的理由过长：%(found)d 字") % {"case": case.title, "found": len(row.reason)},
                    where=at,
                    expected=_("不超过 %d 字") % LONGEST_REASON,
                )
            )
    return problems


def _missing(rows: Sequence[Row], cases: dict[Any, Case]) -> list[Problem]:
    listed = {row.case_id for row in rows}
    return [
        Problem(
            _("“%(case)s”（%(stage)s）没有列入") % {"case": case.title, "stage": case.get_stage_display()},
            where=f"items.{case.number}",
            mend=_("先办结前面的环节，或列入并写明结论"),
        )
        for case in cases.values()
        if case.is_open and case.pk not in listed
    ]


def _over_quota(round_: Round, rows: Sequence[Row], reason: str) -> list[Problem]:
    quota = quota_of(round_)
    chosen = sum(row.outcome == positive(round_) for row in rows)
    if quota is None or chosen <= quota.maximum or (quota.in_principle and reason.strip()):
        return []
    return [
        Problem(
            _("推荐了 %(chosen)d 个项目，通知规定%(word)s不超过 %(most)d 个")
            % {"chosen": chosen, "most": quota.maximum, "word": _("原则上") if quota.in_principle else ""},
            where="over_quota_reason",
            clause=quota.clause,
            mend=_("减少推荐项目，或写明超出的理由") if quota.in_principle else _("减少推荐项目"),
        )
    ]
