"""Kick-off: the approved plan becomes the baseline, and its enterprises are known one by one."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.catalogue import credit_code
from qingyuan.delivery import baseline
from qingyuan.delivery.actions.output import take_promised
from qingyuan.delivery.mails import project as mails
from qingyuan.delivery.models import Baseline, Project, ScopeEnterprise
from qingyuan.delivery.queries import project as queries
from qingyuan.delivery.rules import project as rules
from qingyuan.kernel import clock
from qingyuan.kernel.actions import Act, Invalid, Problem, action
from qingyuan.kernel.fields import misfits
from qingyuan.registry.actions import StatedEnterprise, ensure_enterprises
from qingyuan.review.models import Case
from qingyuan.review.rules.ground import handles_case


@action(
    "project.start",
    title=gettext_lazy("启动试点"),
    on=Case,
    may=rules.starts_project,
    stages=("approved", "recommended"),
    creates=Project,
    creates_in=("running",),
    clauses=("N10",),
    idempotent=True,
    mails=mails.started,
)
def start(
    case: Case,
    act: Act,
    *,
    started_on: date,
    approval_number: str = "",
    approved_on: date | None = None,
    term_end: date | None = None,
) -> Project:
    """试点启动：获批的实施方案（封存版本）成为基线，此后节点、目标、范围和产出的改动都须申请变更。"""
    approval = queries.approval_of(case)
    if approval is None:
        approval = queries.Approval(approval_number.strip(), approved_on)
    problems = misfits(Project, approval_number=approval.document_number)
    if hasattr(case, "project"):
        problems.append(Problem(_("这个试点已经启动"), where="case"))
    if case.submission is None or case.pilot is None:
        problems.append(Problem(_("该项目没有在本平台封存的实施方案，不能作为基线"), where="case"))
    if rules.approved_elsewhere(case):
        problems += _approved_elsewhere(case, approval, act.by)
    elif not rules.handles_for_applicant.test(act.by, case):
        problems.append(Problem(_("在本平台批准的试点，由试点实施单位启动"), where="case"))
    today = clock.local(act.now).date()
    if started_on > today:
        problems.append(Problem(_("启动日期还没有到"), where="started_on", expected=_("不晚于 %s") % today))
    if approval.dated_on and started_on < approval.dated_on:
        problems.append(
            Problem(
                _("启动日期早于批准日期"), where="started_on", expected=_("不早于 %s") % approval.dated_on
            )
        )
    content = baseline.of_snapshot(case.snapshot) if case.submission else {}
    end = _term_end(content, term_end, problems)
    if end and end < started_on:
        problems.append(
            Problem(
                _("启动日期晚于实施期限 %s") % end,
                where="started_on",
                mend=_("方案期限已过的，先按程序办理延期"),
            )
        )
    if problems:
        raise Invalid(problems)
    assert case.pilot is not None
    assert approval.dated_on is not None
    assert end is not None
    content["term"] = {"start": content["term"]["start"] or started_on.isoformat(), "end": end.isoformat()}
    project = Project.objects.create(
        case=case,
        pilot=case.pilot,
        applicant_id=case.pilot.applicant_id,
        title=case.title,
        category_id=case.category_id,
        region_code=case.region_code,
        approved_on=approval.dated_on,
        approval_number=approval.document_number,
        started_on=started_on,
        started_by=act.by,
        term_end=end,
        is_demo=case.pilot.is_demo,
    )
    first = keep(project, content, number=1, act=act)
    enter_scope(project, content["scope"])
    take_promised(project, content)
    act.note(
        baseline_sha256=first.content_sha256, enterprises=len(content["scope"]), term_end=end.isoformat()
    )
    return project


@action(
    "project.stop",
    title=gettext_lazy("终止实施"),
    on=Project,
    may=rules.signs_for_supervisor,
    stages=("running",),
    to=("stopped",),
    clauses=("N10",),
    mails=mails.stopped,
)
def stop(project: Project, act: Act, *, reason: str) -> Project:
    """试点不再实施的，由受理申报的主办单位写明理由终止；已有的记录照原样留存，范围内企业不计审核记录。"""
    problems = misfits(Project, stopped_reason=reason.strip())
    if not reason.strip():
        problems.append(Problem(_("请写明终止的理由"), where="reason"))
    if problems:
        raise Invalid(problems)
    project.stopped_reason = reason.strip()
    act.move(project, Project.Stage.STOPPED)
    project.save(update_fields=["stopped_reason", "stage"])
    return project


def _approved_elsewhere(case: Case, approval: queries.Approval, by: Any) -> list[Problem]:
    problems = []
    if not handles_case.test(by, case):
        problems.append(Problem(_("国家不在本平台批准的，由推荐的主办单位登记名单后启动"), where="case"))
    if case.onward.exists():
        problems.append(Problem(_("国家评审已接收该项目，批准后由试点实施单位启动"), where="case"))
    if not approval.document_number:
        problems.append(Problem(_("请填写同意开展试点名单的文号"), where="approval_number"))
    if approval.dated_on is None:
        problems.append(Problem(_("请填写同意开展试点名单的成文日期"), where="approved_on"))
    return problems


def _term_end(content: baseline.Content, stated: date | None, problems: list[Problem]) -> date | None:
    """The plan's own last day; where it names none, its last milestone's, or else what is stated now."""
    if not content:
        return None
    written = content["term"]["end"] or max((line["ends"] for line in content["milestones"]), default=None)
    if written:
        return date.fromisoformat(written)
    if stated is None:
        problems.append(Problem(_("获批的实施方案没有写明实施期限，请填写批准的截止日期"), where="term_end"))
    return stated


def keep(project: Project, content: baseline.Content, *, number: int, act: Act) -> Baseline:
    """A further baseline of the project."""
    project.__dict__.pop("baseline", None)
    return Baseline.objects.create(
        project=project,
        number=number,
        content=content,
        content_sha256=baseline.content_hash(content),
        made_at=act.now,
    )


def enter_scope(project: Project, lines: list[dict[str, Any]]) -> None:
    """The enterprises of these lines of a baseline; who was taken out before comes back."""
    known = ensure_enterprises(
        StatedEnterprise(
            name=line["name"],
            credit_code=line["credit_code"],
            sector_code=line.get("sector_code") or "",
            is_demo=project.is_demo,
        )
        for line in lines
    )
    ScopeEnterprise.objects.bulk_create(
        [
            ScopeEnterprise(
                project=project,
                enterprise=known[line["credit_code"]],
                name=line["name"],
                sector_code=line.get("sector_code") or "",
            )
            for line in lines
        ],
        update_conflicts=True,
        unique_fields=["project", "enterprise"],
        update_fields=["name", "sector_code", "dropped_on"],
    )


def checked_code(text: str) -> str:
    """A credit code in its normal form, or Invalid at `item`."""
    if wrong := credit_code.check(text):
        raise Invalid([Problem(one, where="item") for one in wrong])
    return credit_code.normalise(text)
