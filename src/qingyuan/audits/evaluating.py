"""Which sheet judges an enterprise's audit, and what stands in the way of a sitting."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.audits.models.audit_review import AuditReview
from qingyuan.audits.models.scheme import Scheme
from qingyuan.catalogue.evaluations import Evaluation, evaluation_for, evaluations
from qingyuan.kernel import clock
from qingyuan.kernel.actions import Problem
from qingyuan.pilots.models import Pilot

Kind, Stage = AuditReview.Kind, AuditReview.Stage
COUNTED = (Stage.ASKED, Stage.PASSED, Stage.RECTIFY, Stage.FAILED)
"""Reviews that stand: not withdrawn, not revoked."""


def sheet_for(pilot: Pilot, kind: str) -> Evaluation:
    """Today's sheet of the province that takes the application."""
    region = pilot.call.joint_body.region_code or pilot.region_code
    return evaluation_for(region, kind, on=clock.local(clock.now()).date())


def sheet_of(review: AuditReview) -> Evaluation:
    return evaluations()[review.sheet_id]


def latest(reviews: Iterable[AuditReview], kind: str) -> AuditReview | None:
    """The last round of a kind that stands."""
    found = [one for one in reviews if one.kind == kind and one.stage in COUNTED]
    return max(found, key=lambda one: one.round, default=None)


def has_passed(pilot_id: Any, enterprise_id: Any, kind: str) -> bool:
    """Whether the last round that stands was passed (one query)."""
    rows = AuditReview.objects.filter(pilot=pilot_id, enterprise=enterprise_id, kind=kind, stage__in=COUNTED)
    last = rows.order_by("-round").first()
    return last is not None and last.stage == Stage.PASSED


def why_not(
    kind: str, sheet: Evaluation, schemes: Iterable[Scheme], reviews: Iterable[AuditReview]
) -> list[Problem]:
    """What stands against asking for a sitting now; pure, so that lists can say it of every enterprise."""
    schemes, reviews = list(schemes), list(reviews)
    last = latest(reviews, kind)
    problems: list[Problem] = []
    if last is not None and last.stage == Stage.ASKED:
        problems.append(Problem(_("已经申请，等待组织"), where="kind"))
    elif last is not None and last.stage == Stage.PASSED:
        problems.append(Problem(_("已经通过"), where="kind"))
    if kind == Kind.EVALUATE:
        problems += _not_ready_to_evaluate(sheet, schemes)
    else:
        problems += _not_ready_to_accept(schemes, reviews)
    return problems


def _not_ready_to_evaluate(sheet: Evaluation, schemes: list[Scheme]) -> list[Problem]:
    standing = [one for one in schemes if one.stage != Scheme.Stage.DROPPED]
    if not standing:
        return [Problem(_("还没有方案"), where="schemes")]
    problems = []
    low = [one for one in standing if one.kind == Scheme.Kind.LOW]
    done = sum(one.stage == Scheme.Stage.DONE for one in low)
    if low and done * 100 < sheet.low_cost_done_pct * len(low):
        problems.append(
            Problem(
                _("无/低费方案还没有基本完成（%(done)d/%(all)d）") % {"done": done, "all": len(low)},
                where="schemes",
                expected=_("完成不少于 %d%%") % sheet.low_cost_done_pct,
            )
        )
    unsettled = [
        one.code for one in standing if one.kind == Scheme.Kind.HIGH and one.stage == Scheme.Stage.PROPOSED
    ]
    if unsettled:
        problems.append(
            Problem(
                _("中/高费方案还没有作可行性分析：%s") % "、".join(sorted(unsettled)[:20]),
                where="schemes",
                mend=_("判定可行，或写明理由不再实施"),
            )
        )
    return problems


def _not_ready_to_accept(schemes: list[Scheme], reviews: list[AuditReview]) -> list[Problem]:
    problems = []
    evaluated = latest(reviews, Kind.EVALUATE)
    if evaluated is None or evaluated.stage != Stage.PASSED:
        problems.append(Problem(_("还没有通过评估"), where="kind"))
    unfinished = [one.code for one in schemes if one.stage in {Scheme.Stage.CONFIRMED, Scheme.Stage.RUNNING}]
    if unfinished:
        problems.append(
            Problem(
                _("确定的方案还没有全部完成：%s") % "、".join(sorted(unfinished)[:20]),
                where="schemes",
                mend=_("登记完成，或写明理由不再实施"),
            )
        )
    if not any(one.stage == Scheme.Stage.DONE for one in schemes):
        problems.append(Problem(_("还没有完成的方案"), where="schemes"))
    return problems
