"""What the papers of a panel state, from the record."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from qingyuan.kernel.record_language import in_record_language
from qingyuan.papers.panel_docx import Minutes, OpinionSheet, ScoreLine, Word
from qingyuan.review import scoring
from qingyuan.review.models import Assessment, Case, PanelSummary
from qingyuan.review.queries import panel as queries
from qingyuan.review.queries import ranking

_FIGURES = {
    "mean": "平均分",
    "median": "中位数",
    "trimmed": "截尾平均",
    "spread": "离散（标准差）",
    "width": "最高与最低之差",
}


def sheet_name(sheet: object) -> str:
    """The sheet with its standing: nobody shall take ours for an official one."""
    title, verified = getattr(sheet, "title", ""), getattr(sheet, "verified", False)
    return str(title) if verified else f"{title}（自拟，未核对）"


@in_record_language()
def opinion_sheet(assessment: Assessment, *, printed_at: datetime) -> OpinionSheet:
    """A submitted sheet as paper (the seals and the case's places are read)."""
    case = assessment.case
    titles = {place.id: place.title for place in scoring.places_of(case)}
    found = queries.opinion_of(assessment, titles)
    return OpinionSheet(
        title=_("专家评审意见表"),
        project=case.title,
        number=case.label,
        applicant=case.applicant_name,
        expert=found.code,
        sheet=sheet_name(assessment.sheet),
        lines=tuple(
            ScoreLine(
                title=line["title"],
                weight=line["weight"],
                score=str(line["score"]),
                anchor=line["anchor"],
                comment=line["comment"],
                evidence=tuple(line["evidence"]),
            )
            for line in found.lines
        ),
        criteria=tuple(found.criteria),
        total=found.total,
        confidence=found.confidence,
        overall=found.overall,
        opinion=found.opinion,
        submitted_at=found.submitted_at,
        times=found.times,
        sha256=found.sha256,
        printed_at=printed_at,
    )


@in_record_language()
def minutes(case: Case, *, printed_at: datetime) -> Minutes:
    """The minutes of a case's panel as far as it has come."""
    sheet = queries.sheet_of(case.round)
    found = queries.opinions(case)
    summary = queries.summary_of(case)
    figures = ranking.figures_of_case(case)
    is_done = summary is not None and summary.stage == PanelSummary.Stage.SUBMITTED
    words = [post for thread, answers in queries.threads(case) for post in (thread, *answers)]
    return Minutes(
        project=case.title,
        number=case.label,
        applicant=case.applicant_name,
        notice=case.round.call.title,
        organisers=case.round.joint_body.name,
        sheet=sheet_name(sheet),
        experts=tuple(opinion.code for opinion in found),
        chair=summary.chair.appointment.expert.code if summary else "",
        dimensions=tuple(dimension.title for dimension in sheet.dimensions),
        rows=tuple(
            (opinion.code, *(str(line["score"]) for line in opinion.lines), opinion.total, opinion.overall)
            for opinion in found
        ),
        figures=tuple((title, figures[name]) for name, title in _FIGURES.items()),
        discussion=tuple(
            Word(
                who=post.author.appointment.expert.code,
                at=post.at,
                text=post.text,
                edited=post.edited_at is not None,
            )
            for post in words
        ),
        overall=queries.overall_title(sheet, summary.overall) if summary else "",
        conclusion=summary.text if summary else "",
        concluded_at=summary.submitted_at if summary and is_done else None,
        sha256=summary.sha256 if summary else "",
        printed_at=printed_at,
    )
