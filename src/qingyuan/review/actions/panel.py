"""Verbs of a panel: its discussion, its chair, the chair's opinion, and the end of a case's assessment."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.kernel.actions import Act, Invalid, NotAllowed, Problem, WrongStage, action
from qingyuan.papers.canonical import canonical_bytes, sha256_hex
from qingyuan.review.models import Assessment, Assignment, Case, PanelPost, PanelPostEdit, PanelSummary
from qingyuan.review.queries import panel as queries
from qingyuan.review.rules import assessment as rules
from qingyuan.review.rules import ground

LONGEST_POST = 5000
LONGEST_SUMMARY = 8000


@action(
    "case.discuss",
    title=gettext_lazy("参加讨论"),
    on=Case,
    may=rules.sits_in_panel,
    stages=("assessment",),
    creates=PanelPost,
    idempotent=True,
)
def discuss(case: Case, act: Act, *, text: str, answers: Any = None) -> PanelPost:
    """已提交评分的专家之间讨论；以专家编号署名，修改留痕，评分不随讨论改动。"""
    _require_text(text, LONGEST_POST)
    if answers is not None and answers.case_id != case.pk:
        raise Invalid([Problem(_("所回复的发言不属于本项目"), where="answers")])
    author = rules.own_assignment(act.by, case)
    assert author is not None  # the verb's right says so
    post = PanelPost.objects.create(
        case=case,
        author=author,
        # One level of answers: a thread is a question with what was said to it.
        answers=(answers.answers or answers) if answers else None,
        text=text.strip(),
        at=act.now,
    )
    act.note(sha256=sha256_hex(post.text.encode()))
    return post


@action(
    "case.edit_post", title=gettext_lazy("修改发言"), on=Case, may=rules.sits_in_panel, stages=("assessment",)
)
def edit_post(case: Case, act: Act, *, post: PanelPost, text: str) -> Case:
    """只能改自己的发言；原来的文字留在记录里，专家组都能看到。"""
    _require_text(text, LONGEST_POST)
    if post.case_id != case.pk or not rules.wrote(act.by, post):
        raise NotAllowed([_("只能修改自己的发言")])
    if post.text != text.strip():
        PanelPostEdit.objects.create(post=post, text=post.text, until=act.now)
        post.text, post.edited_at = text.strip(), act.now
        post.save(update_fields=["text", "edited_at"])
    act.note(post=post.pk, sha256=sha256_hex(post.text.encode()))
    return case


@action(
    "case.name_chair",
    title=gettext_lazy("指定专家组组长"),
    on=Case,
    may=ground.handles_case,
    stages=("assessment",),
    creates=PanelSummary,
    creates_in=("named",),
)
def name_chair(case: Case, act: Act, *, chair: Assignment) -> PanelSummary:
    """从本项目的评审专家中指定组长；组长在全体提交评分后写专家组意见。已提交意见的不再更换。"""
    if chair.pk not in {one.pk for one in queries.active_assignments(case)}:
        raise Invalid([Problem(_("组长须是承担本项目评审的专家"), where="chair")])
    summary, _is_new = PanelSummary.objects.get_or_create(case=case, defaults={"chair": chair})
    if summary.stage != PanelSummary.Stage.NAMED:
        raise WrongStage(_("组长意见已经提交，不再更换组长"))
    summary.chair = chair
    summary.save(update_fields=["chair"])
    act.note(chair=chair.appointment.expert.code)
    return summary


@action(
    "panel.summarise",
    title=gettext_lazy("提交专家组意见"),
    on=PanelSummary,
    may=rules.chairs,
    stages=("named",),
    to=("submitted",),
    clauses=("H3", "N9"),
    idempotent=True,
)
def summarise(summary: PanelSummary, act: Act, *, overall: str, text: str) -> PanelSummary:
    """全体专家提交评分并讨论之后，由组长写专家组意见；提交后封存，与各人的评分一并提交会同决定。"""
    case = summary.case
    sheet = queries.sheet_of(case.round)
    problems = []
    if case.stage != Case.Stage.ASSESSMENT:
        raise WrongStage(_("本项目的专家评审已经结束"))
    if waiting := queries.waiting_on(case):
        problems.append(Problem(_("还有 %d 位专家没有提交评分") % len(waiting)))
    if overall not in {level.id for level in sheet.overall}:
        problems.append(Problem(_("请选择总体意见"), where="overall"))
    if not text.strip():
        problems.append(Problem(_("请填写专家组意见"), where="text"))
    elif len(text.strip()) > LONGEST_SUMMARY:
        problems.append(Problem(_("意见过长"), where="text", expected=_("不超过 %d 字") % LONGEST_SUMMARY))
    if problems:
        raise Invalid(problems)
    summary.overall, summary.text, summary.submitted_at = overall, text.strip(), act.now
    seals = sorted(
        Assessment.objects.filter(assignment__in=queries.active_assignments(case)).values_list(
            "sha256", flat=True
        )
    )
    summary.sha256 = sha256_hex(
        canonical_bytes(
            {"case": str(case.pk), "overall": overall, "text": summary.text, "assessments": seals}
        )
    )
    summary.save(update_fields=["overall", "text", "submitted_at", "sha256"])
    act.move(summary, PanelSummary.Stage.SUBMITTED)
    act.note(sha256=summary.sha256)
    return summary


@action(
    "case.conclude_assessment",
    title=gettext_lazy("办结专家评审"),
    on=Case,
    may=ground.handles_case,
    stages=("assessment",),
    to=("decision",),
    clauses=("H3", "N9"),
)
def conclude_assessment(case: Case, act: Act) -> Case:
    """专家评分、组长意见齐备后办结，项目进入会同决定；缺什么逐项列出。"""
    if problems := queries.lacking(case):
        raise Invalid(problems, _("专家评审还不能办结"))
    act.move(case, Case.Stage.DECISION)
    rows = Assessment.objects.filter(assignment__in=queries.active_assignments(case))
    act.items(sorted(rows.values_list("sha256", flat=True)))
    return case


def _require_text(text: str, longest: int) -> None:
    if not text.strip():
        raise Invalid([Problem(_("请填写内容"), where="text")])
    if len(text.strip()) > longest:
        raise Invalid([Problem(_("过长"), where="text", expected=_("不超过 %d 字") % longest)])
