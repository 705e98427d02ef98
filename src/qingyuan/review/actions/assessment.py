"""Verbs of the assessment of one expert: open the sheet, submit it under seal, reopen it."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.kernel.actions import Act, Invalid, Problem, Stale, WrongStage, action
from qingyuan.review import scoring
from qingyuan.review.mails import assessment as mails
from qingyuan.review.models import Assessment, Assignment, Case, Round, ScoreRelease, SealedAssessment
from qingyuan.review.queries import panel as queries
from qingyuan.review.rules import assessment as rules
from qingyuan.review.rules import ground
from qingyuan.review.rules.experts import holds_assignment

LONGEST_REASON = 500


@action(
    "assessment.open",
    title=gettext_lazy("开始评分"),
    on=Assignment,
    may=holds_assignment,
    stages=("assigned", "started"),
    to=("started",),
    creates=Assessment,
    creates_in=("draft",),
    clauses=("H3", "N9"),
    idempotent=True,
)
def open_assessment(assignment: Assignment, act: Act) -> Assessment:
    """专家打开评分表，开始评分。平台只记录开始和提交两个时刻，用来提示用时过短的评审，不记录其他操作。"""
    case = assignment.case
    if case.stage != Case.Stage.ASSESSMENT:
        raise WrongStage(_("本项目当前为“%s”，只有在“专家评审”时才能评分") % case.get_stage_display())
    if hasattr(assignment, "assessment"):
        raise Invalid([Problem(_("评分表已经打开"), url=assignment.assessment.get_absolute_url())])
    if assignment.stage == Assignment.Stage.ASSIGNED:
        act.move(assignment, Assignment.Stage.STARTED)
    sheet = queries.sheet_of(case.round)
    return Assessment.objects.create(assignment=assignment, sheet_id=sheet.id, opened_at=act.now)


@action(
    "assessment.submit",
    title=gettext_lazy("提交评分"),
    on=Assessment,
    may=rules.owns_assessment,
    stages=("draft",),
    to=("submitted",),
    clauses=("H3", "N9"),
    idempotent=True,
)
def submit_assessment(assessment: Assessment, act: Act, *, draft_revision: int) -> Assessment:
    """评分表提交后封存：内容的指纹记入存证，分数不公开。提交之后才能看到其他专家的意见，自己的评分不能再改。"""
    if assessment.draft_revision != draft_revision:
        raise Stale(_("评分表在另一个窗口保存过，请核对后再提交"))
    if assessment.case.stage != Case.Stage.ASSESSMENT:
        raise WrongStage(_("本项目的专家评审已经结束，评分表不再改动"))
    content = scoring.Content.of(assessment)
    if problems := scoring.missing(assessment.sheet, content):
        raise Invalid(problems)
    sealed, digest = scoring.seal(assessment, content)
    number = assessment.seals.count() + 1
    SealedAssessment.objects.create(
        assessment=assessment, number=number, content=sealed, sha256=digest, at=act.now
    )
    assessment.submitted_at, assessment.sha256 = act.now, digest
    act.move(assessment, Assessment.Stage.SUBMITTED)
    assessment.save(update_fields=["stage", "submitted_at", "sha256"])
    act.move(assessment.assignment, Assignment.Stage.SUBMITTED)
    act.note(sha256=digest, number=number, sheet=assessment.sheet_id)
    return assessment


@action(
    "assessment.reopen",
    title=gettext_lazy("重新开放评分"),
    on=Assessment,
    may=rules.handles_assessment,
    stages=("submitted",),
    to=("draft",),
    idempotent=True,
    mails=mails.reopen_mails,
)
def reopen_assessment(assessment: Assessment, act: Act, *, reason: str) -> Assessment:
    """发现填写错误时，由主办单位写明理由，请专家修改后重新提交；原来封存的评分照原样留存，结果页注明是第几次提交。"""
    problems = []
    if not reason.strip():
        problems.append(Problem(_("请写明重新开放的理由"), where="reason"))
    elif len(reason.strip()) > LONGEST_REASON:
        problems.append(Problem(_("理由过长"), where="reason", expected=_("不超过 %d 字") % LONGEST_REASON))
    if problems:
        raise Invalid(problems)
    case = assessment.case
    if case.stage != Case.Stage.ASSESSMENT:
        raise WrongStage(_("本项目的专家评审已经结束，评分表不再改动"))
    summary = getattr(case, "panel_summary", None)
    if summary is not None and summary.submitted_at:
        raise WrongStage(_("组长意见已经提交，评分表不再改动"))
    assessment.submitted_at, assessment.sha256 = None, ""
    act.move(assessment, Assessment.Stage.DRAFT)
    assessment.save(update_fields=["stage", "submitted_at", "sha256"])
    act.move(assessment.assignment, Assignment.Stage.STARTED)
    # What the expert may have read of the others by then belongs to the record.
    act.note(reason=reason.strip(), others_submitted=queries.submitted_count(case) - 1)
    return assessment


@action(
    "round.open_scores",
    title=gettext_lazy("启封评分"),
    on=Round,
    may=ground.handles_round,
    stages=("reviewing",),
    clauses=("H3", "N9"),
)
def open_scores(round_: Round, act: Act, *, reason: str) -> Round:
    """专家全部提交之后启封，此前组织评审的单位只看到谁还没有提交，看不到分数。仍有未提交的，须写明提前启封的理由。"""
    problems = []
    if rules.scores_are_open(round_):
        raise Invalid([Problem(_("评分已经启封"))])
    waiting = queries.waiting_count(round_)
    if not queries.any_submitted(round_):
        problems.append(Problem(_("还没有专家提交评分，没有可以启封的内容")))
    if waiting and not reason.strip():
        problems.append(
            Problem(
                _("还有 %d 份评分没有提交") % waiting,
                where="reason",
                mend=_("等全部提交，或写明提前启封的理由"),
            )
        )
    if len(reason.strip()) > LONGEST_REASON:
        problems.append(Problem(_("理由过长"), where="reason", expected=_("不超过 %d 字") % LONGEST_REASON))
    if problems:
        raise Invalid(problems)
    ScoreRelease.objects.create(round=round_, at=act.now, by=act.by, reason=reason.strip())
    act.note(waiting=waiting, reason=reason.strip())
    return round_
