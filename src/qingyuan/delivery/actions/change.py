"""Changes of the baseline: asked, decided, withdrawn."""

from __future__ import annotations

from datetime import date

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.delivery import baseline
from qingyuan.delivery.actions.output import follow_baseline
from qingyuan.delivery.actions.project import checked_code, enter_scope, keep
from qingyuan.delivery.mails import change as mails
from qingyuan.delivery.models import ChangeRequest, Project, ScopeEnterprise
from qingyuan.delivery.rules import project as rules
from qingyuan.kernel import clock
from qingyuan.kernel.actions import Act, Invalid, Problem, Stale, action
from qingyuan.kernel.fields import misfits
from qingyuan.kernel.models import Upload


@action(
    "project.ask_change",
    title=gettext_lazy("申请变更"),
    on=Project,
    may=rules.handles_project,
    stages=("running",),
    creates=ChangeRequest,
    creates_in=("asked",),
    clauses=("N10",),
    idempotent=True,
    mails=mails.asked,
)
def ask_change(
    project: Project,
    act: Act,
    *,
    kind: str,
    item: str = "",
    becomes: str = "",
    reason: str,
    evidence: Upload | None = None,
) -> ChangeRequest:
    """对基线的一项内容申请变更：期限、节点、目标、产出或范围内企业；批准之前仍按原基线考核。"""
    item = "term" if kind == "term" else item.strip()
    problems = misfits(ChangeRequest, becomes=becomes.strip(), reason=reason.strip())
    if not reason.strip():
        problems.append(Problem(_("请写明变更的理由"), where="reason"))
    if kind == "scope_add":
        item = checked_code(item)
    content = project.baseline.content
    try:
        baseline.changed(content, kind, item, becomes)
        was = baseline.now(content, kind, item)
    except baseline.Unfit as unfit:
        problems.append(Problem(unfit.message, where=unfit.where, expected=unfit.expected))
    if project.changes.filter(kind=kind, item=item, stage=ChangeRequest.Stage.ASKED).exists():
        problems.append(Problem(_("这一项已有待审批的变更申请"), where="item"))
    if problems:
        raise Invalid(problems)
    last = project.changes.aggregate(last=Max("number"))["last"] or 0
    made = ChangeRequest.objects.create(
        project=project,
        number=last + 1,
        kind=kind,
        item=item,
        was=was[:300],
        becomes=becomes.strip(),
        reason=reason.strip(),
        evidence=evidence,
        asked_at=act.now,
        asked_by=act.by,
    )
    act.note(kind=kind, number=made.number, evidence_sha256=evidence.sha256 if evidence else "")
    return made


@action(
    "change.withdraw",
    title=gettext_lazy("撤回变更申请"),
    on=ChangeRequest,
    may=rules.handles_change,
    stages=("asked",),
    to=("withdrawn",),
)
def withdraw(change: ChangeRequest, act: Act) -> ChangeRequest:
    """撤回尚未审批的变更申请。"""
    act.move(change, ChangeRequest.Stage.WITHDRAWN)
    return change


@action(
    "change.approve",
    title=gettext_lazy("同意变更"),
    on=ChangeRequest,
    may=rules.decides_change,
    stages=("asked",),
    to=("approved",),
    clauses=("N10",),
    mails=mails.decided,
    locks=lambda change, **_rest: [change.project],
)
def approve(change: ChangeRequest, act: Act, *, opinion: str = "") -> ChangeRequest:
    """同意变更：形成新的一版基线；原基线和已报进展照原样留存。"""
    problems = misfits(ChangeRequest, opinion=opinion.strip())
    if problems:
        raise Invalid(problems)
    project = Project.objects.get(pk=change.project_id)
    before = project.baseline
    try:
        content = baseline.changed(before.content, change.kind, change.item, change.becomes)
    except baseline.Unfit as unfit:
        raise Stale(_("申请之后基线已有改动：%s") % unfit.message) from None
    made = keep(project, content, number=before.number + 1, act=act)
    _follow(project, change, content, clock.local(act.now).date())
    follow_baseline(project, content, act)
    act.move(change, ChangeRequest.Stage.APPROVED)
    _decide(change, act, opinion)
    change.made = made
    change.save(update_fields=["decided_at", "decided_by", "opinion", "made", "stage"])
    act.note(baseline=made.number, baseline_sha256=made.content_sha256)
    return change


def _follow(project: Project, change: ChangeRequest, content: baseline.Content, today: date) -> None:
    """What the project's own rows say of the baseline."""
    if change.kind == "term":
        project.term_end = date.fromisoformat(content["term"]["end"])
        if project.term_end < project.started_on:
            raise Invalid([Problem(_("实施期限早于启动日期"), where="change")])
        project.save(update_fields=["term_end"])
    elif change.kind == "scope_add":
        enter_scope(project, [line for line in content["scope"] if line["credit_code"] == change.item])
    elif change.kind == "scope_drop":
        gone = ScopeEnterprise.objects.filter(project=project, enterprise__credit_code=change.item)
        gone.update(dropped_on=today)


@action(
    "change.refuse",
    title=gettext_lazy("不同意变更"),
    on=ChangeRequest,
    may=rules.decides_change,
    stages=("asked",),
    to=("refused",),
    mails=mails.decided,
)
def refuse(change: ChangeRequest, act: Act, *, opinion: str) -> ChangeRequest:
    """不同意变更并写明理由；仍按原基线实施。"""
    problems = misfits(ChangeRequest, opinion=opinion.strip())
    if not opinion.strip():
        problems.append(Problem(_("请写明不同意的理由"), where="opinion"))
    if problems:
        raise Invalid(problems)
    act.move(change, ChangeRequest.Stage.REFUSED)
    _decide(change, act, opinion)
    change.save(update_fields=["decided_at", "decided_by", "opinion", "stage"])
    return change


def _decide(change: ChangeRequest, act: Act, opinion: str) -> None:
    change.decided_at, change.decided_by, change.opinion = act.now, act.by, opinion.strip()
