"""Addresses of the assessment and the ranking; `urls.py` of this room includes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import path
from django.views.decorators.http import require_GET

from qingyuan.kernel.guards import sees
from qingyuan.review.models import Assessment, Assignment, Case, PanelSummary, Round
from qingyuan.review.rules import assessment as rules
from qingyuan.review.rules import ground
from qingyuan.review.views import assessment, panel, ranking


def of_expert(view: Callable[..., Any]) -> Callable[..., Any]:
    """For the expert of this assignment alone, through the gate; 404 for everybody else."""
    related = ("case__round__call__joint_body", "case__submission", "appointment__expert")
    return sees(Assignment, by=rules.assesses, arg="assignment", related=related)(view)


def of_case(view: Callable[..., Any], *, by: Any = rules.sees_panel) -> Callable[..., Any]:
    return sees(Case, by=by, arg="case", related=("round__call__joint_body", "submission"))(view)


def of_round(view: Callable[..., Any]) -> Callable[..., Any]:
    return sees(Round, by=ground.sees_round, arg="round", related=("call__joint_body",))(view)


def of_assessment(view: Callable[..., Any], *, by: Any) -> Callable[..., Any]:
    related = (
        "assignment__case__round__call__joint_body",
        "assignment__case__submission",
        "assignment__appointment__expert",
    )
    return sees(Assessment, by=by, arg="assessment", related=related)(view)


_CASE = "review/cases/<uuid:case>/"
urlpatterns = [
    path("review/assignments/<uuid:assignment>/assess/", of_expert(assessment.assess), name="assess"),
    path(
        "review/assignments/<uuid:assignment>/files/<str:sha256>",
        of_expert(require_GET(assessment.case_file)),
        name="case-file",
    ),
    path(
        "review/assessments/<uuid:assessment>/reopen/",
        of_assessment(assessment.ReopenPage.as_view(), by=rules.sees_assessment_as_officer),
        name="assessment-reopen",
    ),
    path(
        "review/assessments/<uuid:assessment>/opinion.docx",
        of_assessment(require_GET(panel.opinion_docx), by=rules.reads_assessment),
        name="opinion-docx",
    ),
    path(f"{_CASE}panel/", of_case(require_GET(panel.panel)), name="panel"),
    path(
        f"{_CASE}panel/discuss/",
        of_case(panel.DiscussPage.as_view(), by=rules.sits_in_panel),
        name="panel-discuss",
    ),
    path(
        f"{_CASE}panel/posts/<int:number>/",
        of_case(panel.EditPostPage.as_view(), by=rules.sits_in_panel),
        name="panel-post",
    ),
    path(
        f"{_CASE}panel/chair/",
        of_case(panel.ChairPage.as_view(), by=ground.sees_case_as_officer),
        name="panel-chair",
    ),
    path(
        f"{_CASE}panel/conclude/",
        of_case(panel.ConcludePage.as_view(), by=ground.sees_case_as_officer),
        name="conclude-assessment",
    ),
    path(
        f"{_CASE}panel/minutes.docx",
        of_case(require_GET(panel.minutes_docx), by=rules.reads_scores),
        name="panel-minutes",
    ),
    path(
        "review/panels/<uuid:summary>/",
        sees(
            PanelSummary,
            by=rules.chairs,
            arg="summary",
            related=("case__round__call__joint_body", "chair__appointment__expert", "chair__case"),
        )(panel.SummaryPage.as_view()),
        name="panel-summary",
    ),
    path("review/rounds/<uuid:round>/ranking/", of_round(require_GET(ranking.ranking)), name="ranking"),
    path(
        "review/rounds/<uuid:round>/ranking.xlsx",
        of_round(require_GET(ranking.workbook)),
        name="ranking-xlsx",
    ),
    path(
        "review/rounds/<uuid:round>/open-scores/",
        of_round(panel.OpenScoresPage.as_view()),
        name="open-scores",
    ),
]
