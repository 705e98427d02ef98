"""Panels and the ranking over HTTP: members who have submitted talk, officers see progress until the scores are opened."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field, StringConstraints

from qingyuan.api.problems import answers
from qingyuan.api.reading import Page, Slice, page
from qingyuan.api.review_assessment import TAG
from qingyuan.api.review_experts import rounds_router, sees_round
from qingyuan.api.review_rounds import CaseOut, case_line, cases_router, sees_case
from qingyuan.api.shapes import Sent
from qingyuan.api.verbs import Found, expose
from qingyuan.kernel.actions import Invalid, NotAllowed, Problem
from qingyuan.kernel.permission import judge
from qingyuan.review import actions
from qingyuan.review.actions.panel import LONGEST_POST, LONGEST_SUMMARY
from qingyuan.review.models import Case, PanelPost, PanelSummary
from qingyuan.review.queries import panel as queries
from qingyuan.review.queries import ranking
from qingyuan.review.rules import assessment as rules

panels_router = Router(tags=[TAG])
OfCase = ("round__call__joint_body", "submission")
PostText = Annotated[str, StringConstraints(max_length=LONGEST_POST)]
PostId = Annotated[int, Field(ge=1, le=2**63 - 1)]

sees_panel = Found(Case, by=rules.sees_panel, arg="case", related=OfCase)
sits_in_panel = Found(Case, by=rules.sits_in_panel, arg="case", related=OfCase)
chairs = Found(
    PanelSummary,
    by=rules.chairs,
    arg="summary",
    related=("case__round__call__joint_body", "chair__appointment__expert", "chair__case"),
)


class PanelMemberOut(Schema):
    assignment: UUID
    code: str
    is_chair: bool
    stage: str = Field(description="空为未开始", examples=["draft", "submitted", ""])
    due_at: datetime | None
    assessment: UUID | None


class PanelOpinionOut(Schema):
    """A submitted sheet in the sheet's own words."""

    assessment: UUID
    code: str
    times: int
    submitted_at: datetime
    total: str
    lines: list[dict[str, Any]]
    criteria: list[dict[str, str]]
    confidence: str
    overall: str
    opinion: str
    sha256: str


class PanelPostOut(Schema):
    id: int
    code: str
    answers: int | None
    text: str
    at: datetime
    edited_at: datetime | None
    before: list[str] = Field(description="修改之前的文字，旧的在前")


class PanelChairOut(Schema):
    """Who chairs, and whether the opinion is in; not what it says."""

    id: UUID
    revision: int
    case: UUID
    stage: str
    chair: str = Field(description="组长的专家代码")


class PanelSummaryOut(PanelChairOut):
    overall: str
    text: str
    submitted_at: datetime | None
    sha256: str


class PanelOut(Schema):
    """A panel. Without `reads` there is progress only: no score, no word, no figure."""

    case: UUID
    label: str
    title: str
    stage: str
    sheet_id: str
    reads: bool = Field(description="您此刻能否看到评分和意见")
    members: list[PanelMemberOut]
    chair: PanelChairOut | None
    figures: dict[str, str]
    opinions: list[PanelOpinionOut]
    posts: list[PanelPostOut]
    summary: PanelSummaryOut | None


class RankingLineOut(Schema):
    """Numbers as text with two decimals, "—" where there is none."""

    case: UUID
    rank: str
    interval: str
    label: str
    title: str
    applicant: str
    place: str
    category: str
    counts: int
    mean: str
    median: str
    trimmed: str
    spread: str
    adjusted: str
    other_rank: str
    criteria: str
    hints: list[str]
    is_within: bool = Field(description="在推荐名额之内")


class RankingAsked(Slice):
    basis: str = Field("mean", max_length=10, examples=["mean", "adjusted"])
    category: str = Field("", max_length=40)
    prefecture: str = Field("", max_length=6)
    sort: str = Field("rank", max_length=12)


class PanelPostIn(Sent):
    text: PostText = Field(examples=["基准值的依据在哪里？"])
    answers: PostId | None = Field(None, description="所回复的发言")


class PanelPostEditIn(Sent):
    post: PostId
    text: PostText


class PanelChairIn(Sent):
    assignment: UUID = Field(description="组长的评审任务")


class PanelSummaryIn(Sent):
    overall: Annotated[str, StringConstraints(max_length=20)] = Field(examples=["recommend"])
    text: Annotated[str, StringConstraints(max_length=LONGEST_SUMMARY)] = Field(examples=["同意推荐"])


def chair_out(one: PanelSummary, _request: HttpRequest | None = None) -> dict[str, Any]:
    return {
        "id": one.pk,
        "revision": one.revision,
        "case": one.case_id,
        "stage": one.stage,
        "chair": one.chair.appointment.expert.code,
    }


def summary_out(one: PanelSummary, _request: HttpRequest | None = None) -> dict[str, Any]:
    names = ("overall", "text", "submitted_at", "sha256")
    return {**chair_out(one), **{name: getattr(one, name) for name in names}}


def post_out(one: PanelPost, _request: HttpRequest | None = None) -> dict[str, Any]:
    return {
        "id": one.pk,
        "code": one.author.appointment.expert.code,
        "answers": one.answers_id,
        "text": one.text,
        "at": one.at,
        "edited_at": one.edited_at,
        "before": [edit.text for edit in one.edits.all()],
    }


def posts_of(case: Case, _request: HttpRequest | None = None) -> list[dict[str, Any]]:
    return [post_out(one) for post, replies in queries.threads(case) for one in (post, *replies)]


def panel_out(case: Case, request: HttpRequest) -> dict[str, Any]:
    """As the panel's page decides what is shown."""
    reads = bool(judge(rules.reads_scores, request.user, case))
    summary = queries.summary_of(case)
    members = []
    for line in queries.progress(case):
        one = line.assignment
        sheet = getattr(one, "assessment", None)
        members.append(
            {
                "assignment": one.pk,
                "code": one.appointment.expert.code,
                "is_chair": summary is not None and summary.chair_id == one.pk,
                "stage": sheet.stage if sheet else "",
                "due_at": one.due_at,
                "assessment": sheet.pk if sheet else None,
            }
        )
    return {
        "case": case.pk,
        "label": case.label,
        "title": case.title,
        "stage": case.stage,
        "sheet_id": queries.sheet_of(case.round).id,
        "reads": reads,
        "members": members,
        "chair": chair_out(summary) if summary else None,
        "figures": ranking.figures_of_case(case) if reads else {},
        "opinions": [_opinion(one) for one in queries.opinions(case)] if reads else [],
        "posts": posts_of(case) if reads else [],
        "summary": summary_out(summary) if reads and summary and summary.submitted_at else None,
    }


def _opinion(one: queries.Opinion) -> dict[str, Any]:
    names = [name for name in PanelOpinionOut.model_fields if name not in {"assessment", "criteria"}]
    return {
        **{name: getattr(one, name) for name in names},
        "assessment": one.pk,
        "criteria": [{"title": title, "level": level} for title, level in one.criteria],
    }


@cases_router.get(
    "/{case}/panel", response=answers(PanelOut), operation_id="case_panel", summary="专家组", tags=[TAG]
)
def panel(request: HttpRequest, case: UUID) -> Any:
    """已提交自己评分的同组专家见各人的评分和讨论；组织单位在启封之前只见进度。"""
    return panel_out(sees_panel(request, case), request)


@rounds_router.get(
    "/{round}/ranking",
    response=answers(Page[RankingLineOut]),
    operation_id="round_ranking",
    summary="评分汇总",
    tags=[TAG],
)
def ranked(request: HttpRequest, round: UUID, asked: Query[RankingAsked]) -> Any:  # noqa: A002
    """启封之前为 403。试算权重与页面相同：加 w-<评价方面>=0 至 100 的整数。"""
    found = sees_round(request, round)
    if not (verdict := judge(rules.reads_ranking, request.user, found)):
        raise NotAllowed(verdict.reasons)
    sheet = queries.sheet_of(found)
    table = ranking.Ranking(found, ranking.Wish.read(found, sheet, request.GET.dict()), sheet=sheet)
    names = [name for name in RankingLineOut.model_fields if name not in {"case", "hints"}]

    def line(index: int) -> dict[str, Any]:
        (one,) = table.lines([index])
        hints = [text for text, _tone in one.hints]
        return {**{name: getattr(one, name) for name in names}, "case": one.pk, "hints": hints}

    return page(table.order(), asked, line)


def _said(case: Case, body: PanelPostIn, _request: HttpRequest) -> dict[str, Any]:
    answered = None
    if body.answers is not None:
        answered = PanelPost.objects.filter(case=case, pk=body.answers).first()
        if answered is None:
            raise Invalid([Problem(_("所回复的发言不属于本项目"), where="answers")])
    return {"text": body.text, "answers": answered}


def _edited(case: Case, body: PanelPostEditIn, request: HttpRequest) -> dict[str, Any]:
    post = PanelPost.objects.filter(case=case, pk=body.post).first()
    if post is None or not rules.wrote(request.user, post):
        raise Http404
    return {"post": post, "text": body.text}


def _chair(case: Case, body: PanelChairIn, _request: HttpRequest) -> dict[str, Any]:
    chair = queries.active_assignments(case).filter(pk=body.assignment).first()
    if chair is None:
        raise Invalid([Problem(_("组长须是承担本项目评审的专家"), where="assignment")])
    return {"chair": chair}


expose(
    cases_router, actions.discuss, "/{case}/posts", body=PanelPostIn, kwargs=_said,
    found=sits_in_panel, shape=PanelPostOut, present=post_out, status=201, tag=TAG,
)  # fmt: skip
expose(
    cases_router, actions.edit_post, "/{case}/posts", body=PanelPostEditIn, kwargs=_edited, method="PUT",
    found=sits_in_panel, shape=list[PanelPostOut], present=posts_of, tag=TAG,
)  # fmt: skip
expose(
    cases_router, actions.name_chair, "/{case}/chair", body=PanelChairIn, kwargs=_chair,
    found=sees_case, shape=PanelChairOut, present=chair_out, tag=TAG,
)  # fmt: skip
expose(
    cases_router, actions.conclude_assessment, "/{case}/conclude-assessment",
    found=sees_case, shape=CaseOut, present=case_line, tag=TAG,
)  # fmt: skip
expose(
    panels_router, actions.summarise, "/{summary}/summarise",
    found=chairs, body=PanelSummaryIn, shape=PanelSummaryOut, present=summary_out,
)  # fmt: skip
