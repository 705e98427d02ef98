"""Who scores, who reads scores, who talks, who concludes. Experts pass the gate of `rules.experts` first, always."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qingyuan.kernel.permission import is_signed_in, predicate
from qingyuan.review.models import Assessment, Assignment, Case, PanelPost, PanelSummary, Round
from qingyuan.review.rules import ground
from qingyuan.review.rules.experts import reviews_case_as_expert, works_on

assesses = works_on


@predicate(_("须为本评分表的专家本人"))
def owns_assessment(user: Any, assessment: Assessment) -> bool:
    return assesses.test(user, assessment.assignment)


def own_assignment(user: Any, case: Case) -> Assignment | None:
    """The assignment by which this person stands inside the panel: through the gate, and submitted."""
    if not reviews_case_as_expert.test(user, case):
        return None
    return (
        Assignment.objects.filter(
            case=case,
            appointment__expert__user=user,
            assessment__stage=Assessment.Stage.SUBMITTED,
        )
        .exclude(stage__in=[Assignment.Stage.RECUSED, Assignment.Stage.REPLACED])
        .select_related("appointment__expert")
        .first()
    )


@predicate(_("须为本项目的评审专家，且已提交自己的评分"))
def sits_in_panel(user: Any, case: Case) -> bool:
    return is_signed_in.test(user) and own_assignment(user, case) is not None


sees_panel = ground.sees_case_as_officer | sits_in_panel
"""The panel's page; what of it is shown differs: officers read scores only once they are opened."""


def scores_are_open(round_: Round) -> bool:
    return hasattr(round_, "score_release")


@predicate(_("评分启封之后，组织评审的联合单位才能查看"))
def reads_scores_as_officer(user: Any, case: Case) -> bool:
    return ground.sees_case_as_officer.test(user, case) and scores_are_open(case.round)


reads_scores = reads_scores_as_officer | sits_in_panel


@predicate(_("评分启封之后，组织评审的联合单位才能查看"))
def reads_ranking(user: Any, round_: Round) -> bool:
    return ground.sees_round.test(user, round_) and scores_are_open(round_)


@predicate(_("须为主办单位的经办人或牵头负责人"))
def handles_assessment(user: Any, assessment: Assessment) -> bool:
    return ground.handles_case.test(user, assessment.assignment.case)


@predicate(_("须为本项目专家组组长"))
def chairs(user: Any, summary: PanelSummary) -> bool:
    return assesses.test(user, summary.chair)


def wrote(user: Any, post: PanelPost) -> bool:
    return assesses.test(user, post.author)


@predicate(_("仅组织评审的联合单位可见"))
def sees_assessment_as_officer(user: Any, assessment: Assessment) -> bool:
    return ground.sees_case_as_officer.test(user, assessment.assignment.case)


@predicate(_("须为本评分表的专家本人、已提交评分的同组专家，或评分启封之后的组织单位"))
def reads_assessment(user: Any, assessment: Assessment) -> bool:
    return owns_assessment.test(user, assessment) or reads_scores.test(user, assessment.assignment.case)
