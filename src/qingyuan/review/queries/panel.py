"""Reads of one panel: its members, who has not submitted, what is lacking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.catalogue.scoresheets import (
    ScoreSheet,
    acceptance_sheet_for,
    evaluation_sheet_for,
    scoresheet_for,
    scoresheets,
)
from qingyuan.kernel import clock
from qingyuan.kernel.errors import Problem
from qingyuan.review import scoring
from qingyuan.review.models import Assessment, Assignment, Case, PanelPost, PanelSummary, Round

GONE = Assignment.ENDED
_ACTIVE = Q(is_reserve=False) & ~Q(stage__in=GONE)
"""Whose review counts: not a reserve who was never called, nobody who stepped aside or was replaced."""


def sheet_of(round_: Round) -> ScoreSheet:
    """The sheet that the round fixed, else the one that held when it was opened."""
    if round_.sheet_id:
        return scoresheets()[round_.sheet_id]
    if round_.is_evaluation:
        found = evaluation_sheet_for
    else:
        found = acceptance_sheet_for if round_.is_acceptance else scoresheet_for
    return found(round_.notice, on=clock.local(round_.opened_at).date())


def active_assignments(case: Case) -> QuerySet[Assignment]:
    return Assignment.objects.filter(_ACTIVE, case=case).select_related("appointment__expert")


def waiting_on(case: Case) -> list[Assignment]:
    """The members who have not submitted (one query)."""
    return list(active_assignments(case).exclude(assessment__stage=Assessment.Stage.SUBMITTED))


def submitted_count(case: Case) -> int:
    return active_assignments(case).filter(assessment__stage=Assessment.Stage.SUBMITTED).count()


def _of_round(round_: Round) -> QuerySet[Assignment]:
    return Assignment.objects.filter(_ACTIVE, case__round=round_, case__stage=Case.Stage.ASSESSMENT)


def waiting_count(round_: Round) -> int:
    """Reviews that are still to come in the cases under assessment."""
    return _of_round(round_).exclude(assessment__stage=Assessment.Stage.SUBMITTED).count()


def any_submitted(round_: Round) -> bool:
    return Assessment.objects.filter(
        assignment__case__round=round_, stage=Assessment.Stage.SUBMITTED
    ).exists()


@dataclass(frozen=True, kw_only=True)
class Progress:
    """A member of the panel as the office sees it before the scores are opened: who, how far, until when."""

    assignment: Assignment
    state: str
    tone: str
    due_at: datetime | None
    reopen_url: str


def progress(case: Case) -> list[Progress]:
    """All members with how far each is; no score, no text (one query)."""
    found = []
    now = clock.now()
    for one in active_assignments(case).select_related("assessment").order_by("appointment__expert__code"):
        assessment = getattr(one, "assessment", None)
        submitted = assessment is not None and assessment.stage == Assessment.Stage.SUBMITTED
        late = not submitted and one.due_at is not None and one.due_at < now
        state = _("已提交") if submitted else _("评分中") if assessment is not None else _("未开始")
        found.append(
            Progress(
                assignment=one,
                state=state + (_("（已过期限）") if late else ""),
                tone="good" if submitted else "bad" if late else "info" if assessment is not None else "warn",
                due_at=one.due_at,
                reopen_url=reverse("review:assessment-reopen", args=[assessment.pk])
                if submitted and assessment is not None
                else "",
            )
        )
    return found


@dataclass(frozen=True, kw_only=True)
class Opinion:
    """One submitted sheet, as pages and papers show it."""

    code: str
    times: int
    submitted_at: datetime
    total: str
    lines: Sequence[dict[str, Any]]
    criteria: Sequence[tuple[str, str]]
    confidence: str
    overall: str
    opinion: str
    sha256: str
    pk: Any


def opinions(case: Case) -> list[Opinion]:
    """The submitted sheets of the members, by the experts' codes (two queries)."""
    rows = (
        Assessment.objects.filter(
            stage=Assessment.Stage.SUBMITTED, assignment__in=active_assignments(case).order_by().values("pk")
        )
        .select_related("assignment__appointment__expert")
        .prefetch_related("seals")
        .order_by("assignment__appointment__expert__code")
    )
    titles = {place.id: place.title for place in scoring.places_of(case)}
    return [opinion_of(row, titles) for row in rows]


def opinion_of(row: Assessment, titles: dict[str, str]) -> Opinion:
    """A sheet with its numbers turned into the sheet's words; `titles` names the places quoted as evidence."""
    sheet = row.sheet
    words = {level.id: level.title for level in sheet.criterion_levels}
    return Opinion(
        code=row.code,
        times=len(row.seals.all()),
        submitted_at=row.submitted_at or row.opened_at,
        total=scoring.points(scoring.total_of(sheet, row.scores)),
        lines=[
            {
                "title": dimension.title,
                "weight": dimension.weight,
                "score": row.scores.get(dimension.id, "—"),
                "anchor": anchor.text
                if (anchor := dimension.anchor(row.scores.get(dimension.id, -1)))
                else "",
                "comment": row.comments.get(dimension.id, ""),
                "evidence": [titles.get(place, place) for place in row.evidence.get(dimension.id, ())],
            }
            for dimension in sheet.dimensions
        ],
        criteria=[
            (criterion.title, words.get(row.criteria.get(criterion.id, ""), "—"))
            for criterion in sheet.criteria
        ],
        confidence=_title(sheet.confidence, row.confidence),
        overall=_title(sheet.overall, row.overall),
        opinion=row.opinion,
        sha256=row.sha256,
        pk=row.pk,
    )


def overall_title(sheet: ScoreSheet, value: str) -> str:
    return _title(sheet.overall, value)


def _title(levels: Sequence[Any], value: str) -> str:
    return next((str(level.title) for level in levels if level.id == value), "—")


def threads(case: Case) -> list[tuple[PanelPost, list[PanelPost]]]:
    """The discussion: each opening word with the answers to it, edits included (two queries)."""
    posts = list(
        PanelPost.objects.filter(case=case)
        .select_related("author__appointment__expert")
        .prefetch_related("edits")
        .order_by("at", "pk")
    )
    answers: dict[int, list[PanelPost]] = {}
    for post in posts:
        if post.answers_id:
            answers.setdefault(post.answers_id, []).append(post)
    return [(post, answers.get(post.pk, [])) for post in posts if not post.answers_id]


def summary_of(case: Case) -> PanelSummary | None:
    return PanelSummary.objects.filter(case=case).select_related("chair__appointment__expert").first()


def lacking(case: Case) -> list[Problem]:
    """What stands between a case and the end of its assessment, all of it."""
    here = reverse("review:panel", args=[case.pk])
    found = []
    members = active_assignments(case).count()
    wanted = case.round.experts_per_case
    if members < wanted:
        found.append(
            Problem(
                _("评审专家只有 %(found)d 位，少于本轮规定的 %(wanted)d 位")
                % {"found": members, "wanted": wanted},
                where="experts",
                mend=_("补充分配专家"),
            )
        )
    found += [
        Problem(
            _("专家 %s 还没有提交评分") % one.appointment.expert.code,
            where="assessments",
            mend=_("催办，或更换专家"),
            url=here,
        )
        for one in waiting_on(case)
    ]
    summary = summary_of(case)
    if summary is None:
        found.append(Problem(_("还没有指定专家组组长"), where="chair", mend=_("指定组长"), url=here))
    elif summary.stage != PanelSummary.Stage.SUBMITTED:
        found.append(Problem(_("组长还没有提交专家组意见"), where="summary", mend=_("催办"), url=here))
    return found
