"""What the experts' assessment adds to a case's papers: opinion sheets and minutes, once the scores are open."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from qingyuan.kernel import clock
from qingyuan.papers import panel_docx
from qingyuan.review import panel_papers
from qingyuan.review.archive import THIRTY, Paper, contribute
from qingyuan.review.models import Assessment, Case, PanelSummary
from qingyuan.review.rules.assessment import scores_are_open


def panel_papers_of(case: Case) -> Iterator[Paper]:
    """Of this case, and of the provincial one behind it; nothing of scores that are still sealed."""
    below = Case.objects.filter(onward=case).select_related("round__call__joint_body", "submission")
    for one in [case, *below]:
        if not scores_are_open(one.round):
            continue
        author = one.round.joint_body.name
        found = (
            Assessment.objects.filter(assignment__case=one, stage=Assessment.Stage.SUBMITTED)
            .select_related("assignment__case__round__call__joint_body", "assignment__appointment__expert")
            .order_by("assignment__appointment__expert__code")
        )
        for assessment in found:
            assert assessment.submitted_at is not None
            yield Paper(
                name=f"专家评审意见表_{one.label}_{assessment.code}.docx",
                title=f"{case.title} 专家评审意见表（{assessment.code}）",
                author=author,
                on=clock.local(assessment.submitted_at).date(),
                retention=THIRTY,
                make=partial(_opinion, assessment),
            )
        summary = PanelSummary.objects.filter(case=one, stage=PanelSummary.Stage.SUBMITTED).first()
        if summary is not None and summary.submitted_at is not None:
            yield Paper(
                name=f"专家评审会议纪要_{one.label}.docx",
                title=f"{case.title} 专家评审会议纪要",
                author=author,
                on=clock.local(summary.submitted_at).date(),
                retention=THIRTY,
                make=partial(_minutes, one),
            )


def _opinion(assessment: Assessment) -> bytes:
    return panel_docx.write_opinion(panel_papers.opinion_sheet(assessment, printed_at=clock.now()))


def _minutes(case: Case) -> bytes:
    return panel_docx.write_minutes(panel_papers.minutes(case, printed_at=clock.now()))


contribute(panel_papers_of)
