"""Verbs on one scheme: proposed, found feasible, confirmed, carried out, measured, or dropped with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.audits import extent, gates
from qingyuan.audits.figures import problems_of, put
from qingyuan.audits.models.scheme import Scheme, SchemeEvent, SchemeFigures
from qingyuan.audits.rules import scheme as rules
from qingyuan.kernel import clock
from qingyuan.kernel.actions import Act, Invalid, Problem, action
from qingyuan.kernel.fields import misfits
from qingyuan.kernel.models import Upload
from qingyuan.pilots.models import Pilot

Stage, Kind, Basis = Scheme.Stage, Scheme.Kind, SchemeFigures.Basis
OPEN = (Stage.PROPOSED, Stage.FEASIBLE, Stage.CONFIRMED, Stage.RUNNING)


def today(act: Act) -> date:
    return clock.local(act.now).date()


def need(text: str, where: str) -> list[Problem]:
    return [] if text.strip() else [Problem(_("没有填写"), where=where)]


def keep(scheme: Scheme, act: Act, *, reason: str = "", changes: Mapping[str, Any] | None = None) -> None:
    """The event that stays with the scheme; figures and texts go there, never into the ledger."""
    SchemeEvent.objects.create(
        scheme=scheme,
        at=act.now,
        by=act.by,
        what=act.verb,
        stage=scheme.stage,
        reason=reason,
        changes=dict(changes or {}),
    )


def figures_of(scheme: Scheme, basis: str) -> SchemeFigures:
    """The row to be set; a new one is not saved yet."""
    return scheme.figures.filter(basis=basis).first() or SchemeFigures(scheme=scheme, basis=basis)


def next_number(pilot: Pilot, enterprise_id: Any, kind: str) -> int:
    """Codes of a kind run on without gaps: nothing is ever deleted."""
    last = Scheme.objects.filter(pilot=pilot, enterprise=enterprise_id, kind=kind).aggregate(
        last=Max("number")
    )
    return (last["last"] or 0) + 1


@action(
    "scheme.propose",
    title=gettext_lazy("提出方案"),
    on=Pilot,
    may=rules.writes_schemes,
    stages=rules.STAGES,
    creates=Scheme,
    creates_in=(Stage.PROPOSED,),
    clauses=("N10",),
    idempotent=True,
)
def propose(
    pilot: Pilot,
    act: Act,
    *,
    credit_code: str,
    title: str,
    kind: str = "",
    content: str = "",
    owner: str = "",
    due_on: date | None = None,
    figures: Mapping[str, Any] | None = None,
) -> Scheme:
    """为范围内的一家企业提出方案；不写明类别的，按预期投资额分为无/低费或中/高费，编号自动接续。"""
    from qingyuan.audits.layouts import layout_of

    figures = dict(figures or {})
    covered = {one.credit_code: one for one in extent.of(pilot)}
    title, content, owner = " ".join(title.split()), content.strip(), owner.strip()
    problems = [*need(title, "title"), *misfits(Scheme, title=title, content=content, owner=owner)]
    problems += problems_of(figures)
    if credit_code not in covered:
        problems.append(
            Problem(_("不是试点范围内的企业"), where="credit_code", expected=_("范围内企业的信用代码"))
        )
    invest = figures.get("invest_wan_cny")
    if not kind and invest is not None and not problems:
        kind = layout_of(pilot).cost_classes.kind_of(invest)
    if kind not in Kind.values:
        problems.append(
            Problem(_("请选择类别，或填写预期投资额"), where="kind", expected="、".join(Kind.values))
        )
    if problems:
        raise Invalid(problems)
    enterprise_id = covered[credit_code].id
    made = Scheme.objects.create(
        pilot=pilot,
        enterprise_id=enterprise_id,
        kind=kind,
        number=next_number(pilot, enterprise_id, kind),
        title=title,
        content=content,
        owner=owner,
        due_on=due_on,
        made_at=act.now,
        made_by=act.by,
    )
    row = SchemeFigures(scheme=made, basis=Basis.PLANNED)
    changes = put(row, figures)
    row.save()
    keep(made, act, changes=changes)
    act.note(code=made.code)
    return made


@action(
    "scheme.revise",
    title=gettext_lazy("修改方案"),
    on=Scheme,
    may=rules.writes_scheme,
    stages=OPEN,
)
def revise(
    scheme: Scheme,
    act: Act,
    *,
    title: str,
    content: str = "",
    owner: str = "",
    due_on: date | None = None,
    figures: Mapping[str, Any] | None = None,
    reason: str = "",
) -> Scheme:
    """修改名称、内容、责任部门、期限和预期效果；确定之后再改的须写明理由。原来的内容留在方案的记录里。"""
    figures = dict(figures or {})
    title, content, owner = " ".join(title.split()), content.strip(), owner.strip()
    new: dict[str, Any] = {"title": title, "content": content, "owner": owner, "due_on": due_on}
    problems = [*need(title, "title"), *problems_of(figures)]
    problems += misfits(Scheme, title=title, content=content, owner=owner)
    if len(reason) > 1000:
        problems.append(Problem(_("过长"), where="reason", expected=_("不超过 1000 字")))
    if scheme.stage in {Stage.CONFIRMED, Stage.RUNNING}:
        problems += need(reason, "reason")
        problems += gates.settled(owner=owner, due_on=due_on)
    if problems:
        raise Invalid(problems)
    changes: dict[str, Any] = {
        name: [str(getattr(scheme, name) or ""), str(value or "")]
        for name, value in new.items()
        if (getattr(scheme, name) or None) != (value or None)
    }
    for name, value in new.items():
        setattr(scheme, name, value)
    row = figures_of(scheme, Basis.PLANNED)
    changes |= put(row, figures)
    row.save()
    scheme.save(update_fields=list(new))
    keep(scheme, act, reason=reason.strip(), changes=changes)
    act.note(changed=sorted(changes))
    return scheme


@action(
    "scheme.screen",
    title=gettext_lazy("判定可行"),
    on=Scheme,
    may=rules.writes_scheme,
    stages=(Stage.PROPOSED,),
    to=(Stage.FEASIBLE,),
)
def screen(scheme: Scheme, act: Act, *, feasibility: str) -> Scheme:
    """筛选和可行性分析的结论：技术、环境、经济上可行，写明依据。"""
    feasibility = feasibility.strip()
    problems = [*need(feasibility, "feasibility"), *misfits(Scheme, feasibility=feasibility)]
    if problems:
        raise Invalid(problems)
    scheme.feasibility = feasibility
    act.move(scheme, Stage.FEASIBLE)
    scheme.save(update_fields=["stage", "feasibility"])
    keep(scheme, act, reason=feasibility)
    return scheme


@action(
    "scheme.confirm",
    title=gettext_lazy("确定方案"),
    on=Scheme,
    may=rules.writes_scheme,
    stages=(Stage.PROPOSED, Stage.FEASIBLE),
    to=(Stage.CONFIRMED,),
    clauses=("N10",),
)
def confirm(scheme: Scheme, act: Act, *, owner: str = "", due_on: date | None = None) -> Scheme:
    """确定要实施的方案：落实责任部门、完成期限和预期投资；中/高费方案须先判定可行。"""
    owner = owner.strip() or scheme.owner
    due_on = due_on or scheme.due_on
    problems = [*misfits(Scheme, owner=owner), *gates.settled(owner=owner, due_on=due_on)]
    problems += gates.why_not_confirmed(scheme)
    if problems:
        raise Invalid(problems)
    scheme.owner, scheme.due_on = owner, due_on
    act.move(scheme, Stage.CONFIRMED)
    scheme.save(update_fields=["stage", "owner", "due_on"])
    keep(scheme, act)
    return scheme


@action(
    "scheme.start",
    title=gettext_lazy("开始实施"),
    on=Scheme,
    may=rules.writes_scheme,
    stages=(Stage.CONFIRMED,),
    to=(Stage.RUNNING,),
    clauses=("N10",),
)
def start(scheme: Scheme, act: Act, *, started_on: date | None = None) -> Scheme:
    """登记开始实施的日期。中/高费方案须在企业的审核通过评估之后实施。"""
    started_on = started_on or today(act)
    problems = [*gates.not_after(started_on, today(act), where="started_on"), *gates.why_not_started(scheme)]
    if problems:
        raise Invalid(problems)
    scheme.started_on = started_on
    act.move(scheme, Stage.RUNNING)
    scheme.save(update_fields=["stage", "started_on"])
    keep(scheme, act)
    act.note(on=started_on.isoformat())
    return scheme


@action(
    "scheme.finish",
    title=gettext_lazy("登记完成"),
    on=Scheme,
    may=rules.writes_scheme,
    stages=(Stage.RUNNING,),
    to=(Stage.DONE,),
    clauses=("N10",),
)
def finish(
    scheme: Scheme,
    act: Act,
    *,
    finished_on: date | None = None,
    figures: Mapping[str, Any] | None = None,
    evidence: Upload | None = None,
) -> Scheme:
    """登记完成的日期和实测的投资、效益；尚未测得的留空，之后再补登实测效果。"""
    finished_on, figures = finished_on or today(act), dict(figures or {})
    problems = [*gates.not_after(finished_on, today(act), where="finished_on"), *problems_of(figures)]
    if scheme.started_on and finished_on < scheme.started_on:
        problems.append(
            Problem(_("早于开始实施的日期"), where="finished_on", expected=_("不早于 %s") % scheme.started_on)
        )
    if problems:
        raise Invalid(problems)
    changes = _measured(scheme, figures)
    scheme.finished_on = finished_on
    scheme.evidence = evidence or scheme.evidence
    act.move(scheme, Stage.DONE)
    scheme.save(update_fields=["stage", "finished_on", "evidence"])
    keep(scheme, act, changes=changes)
    act.note(on=finished_on.isoformat(), evidence_sha256=evidence.sha256 if evidence else "")
    return scheme


@action(
    "scheme.measure",
    title=gettext_lazy("登记实测效果"),
    on=Scheme,
    may=rules.writes_scheme,
    stages=(Stage.RUNNING, Stage.DONE),
)
def measure(
    scheme: Scheme, act: Act, *, figures: Mapping[str, Any], evidence: Upload | None = None
) -> Scheme:
    """登记或更正实测的投资和效果；原来的数值留在方案的记录里。"""
    figures = dict(figures)
    if problems := problems_of(figures):
        raise Invalid(problems)
    changes = _measured(scheme, figures)
    if evidence is not None:
        scheme.evidence = evidence
        scheme.save(update_fields=["evidence"])
    keep(scheme, act, changes=changes)
    act.note(changed=sorted(changes), evidence_sha256=evidence.sha256 if evidence else "")
    return scheme


def _measured(scheme: Scheme, figures: Mapping[str, Any]) -> dict[str, Any]:
    row = figures_of(scheme, Basis.MEASURED)
    changes = put(row, figures)
    if changes or row.pk:
        row.save()
    return changes


@action(
    "scheme.drop",
    title=gettext_lazy("不再实施"),
    on=Scheme,
    may=rules.writes_scheme,
    stages=OPEN,
    to=(Stage.DROPPED,),
)
def drop(scheme: Scheme, act: Act, *, reason: str) -> Scheme:
    """筛除或放弃方案并写明理由；编号保留，不再使用。"""
    reason = reason.strip()
    problems = need(reason, "reason")
    problems += [
        Problem(one.message, where="reason", expected=one.expected)
        for one in misfits(Scheme, dropped_reason=reason)
    ]
    if problems:
        raise Invalid(problems)
    scheme.dropped_reason = reason
    act.move(scheme, Stage.DROPPED)
    scheme.save(update_fields=["stage", "dropped_reason"])
    keep(scheme, act, reason=reason)
    return scheme


@action(
    "scheme.restore",
    title=gettext_lazy("恢复方案"),
    on=Scheme,
    may=rules.writes_scheme,
    stages=(Stage.DROPPED,),
    to=(Stage.PROPOSED,),
)
def restore(scheme: Scheme, act: Act) -> Scheme:
    """重新考虑筛除的方案：回到“提出”，从头筛选；编号不变。"""
    scheme.dropped_reason = ""
    act.move(scheme, Stage.PROPOSED)
    scheme.save(update_fields=["stage", "dropped_reason"])
    keep(scheme, act)
    return scheme
