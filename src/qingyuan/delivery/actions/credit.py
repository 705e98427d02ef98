"""Credits: every enterprise in the final scope of a passed pilot gets one audit record, once."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.delivery import credits as reads
from qingyuan.delivery.credits import Line
from qingyuan.delivery.mails import credit as mails
from qingyuan.delivery.models import CreditBatch, Project
from qingyuan.delivery.rules import credit as rules
from qingyuan.kernel.actions import Act, Invalid, Problem, action
from qingyuan.kernel.fields import misfits
from qingyuan.kernel.record_language import in_record_language
from qingyuan.registry.actions import Basis, Credit, enter_credits, revoke_credits
from qingyuan.registry.models import AuditRecord

PORTION = 500
"""Enterprises a transaction: a run over more is several acts, each whole or not at all."""
ALL, UNENTITLED = "all", "unentitled"


@action(
    "project.credit",
    title=gettext_lazy("计入审核记录"),
    on=Project,
    may=rules.enters_credits,
    stages=("passed",),
    creates=CreditBatch,
    clauses=("N13", "H5"),
    idempotent=True,
    mails=mails.credited,
)
def credit(project: Project, act: Act) -> CreditBatch:
    """试点列入通过名单后，现行范围内的企业除结论指明的以外，各计入一次审核记录并生成证书；已有记录的不重复计入，中断后可继续。"""
    conclusion = reads.conclusion_of(project)
    basis = _basis(project)
    with in_record_language():
        found = reads.waiting(reads.lines(project, conclusion))
    if not found:
        raise Invalid([Problem(_("没有待计入的企业"), where="project")])
    now = found[:PORTION]
    given = [Credit(enterprise=line.target, note=line.note) for line in now]
    written = enter_credits(given, basis=basis, now=act.now)
    made = _batch(project, act, CreditBatch.Kind.CREDIT, written, left=len(found) - len(now))
    act.note(listed_on=basis.listed_on.isoformat(), document_number=basis.document_number)
    return made


@action(
    "project.revoke_credit",
    title=gettext_lazy("撤销计入的审核记录"),
    on=Project,
    may=rules.enters_credits,
    stages=("passed", "failed"),
    creates=CreditBatch,
    clauses=("N13",),
    idempotent=True,
    mails=mails.revoked,
)
def revoke_credit(project: Project, act: Act, *, which: str, reason: str) -> CreditBatch:
    """通过名单或结论更正、材料不实的，写明理由撤销全部或一家企业计入的记录；记录和证书留存并标明已撤销。"""
    reason = reason.strip()
    found = reads.lines(project, reads.conclusion_of(project))
    problems = _reason(reason)
    chosen = _valid(found, which)
    if not chosen:
        problems.append(Problem(_("没有可以撤销的有效记录"), where="which"))
    if problems:
        raise Invalid(problems)
    records = [line.record for line in chosen if line.record is not None]
    done = revoke_credits([record.pk for record in records], reason=reason, now=act.now)
    records = [record for record in records if record.pk in done]
    return _batch(project, act, CreditBatch.Kind.REVOKE, records, left=0, reason=reason)


@action(
    "project.credit_again",
    title=gettext_lazy("重新计入审核记录"),
    on=Project,
    may=rules.enters_credits,
    stages=("passed",),
    creates=CreditBatch,
    clauses=("N13",),
    idempotent=True,
    mails=mails.credited,
)
def credit_again(project: Project, act: Act, *, which: str, reason: str) -> CreditBatch:
    """撤销有误的，写明理由重新计入：是新的一条记录和新的证书，原来的仍标明已撤销。"""
    reason = reason.strip()
    found = reads.lines(project, reads.conclusion_of(project))
    problems = _reason(reason)
    chosen = [line for line in reads.revoked(found) if which in {ALL, str(line.row.pk)}]
    if not chosen:
        problems.append(Problem(_("没有可以重新计入的企业"), where="which"))
    if problems:
        raise Invalid(problems)
    with in_record_language():
        note = _("重新计入：%s") % reason
    given = [Credit(enterprise=line.target, turn=line.last_turn + 1, note=note) for line in chosen]
    written = enter_credits(given, basis=_basis(project), now=act.now)
    return _batch(project, act, CreditBatch.Kind.AGAIN, written, left=0, reason=reason)


def _basis(project: Project) -> Basis:
    trigger = reads.trigger_of(project, reads.conclusion_of(project))
    if trigger.on is None:
        raise Invalid([Problem(trigger.problem, where="project")])
    return Basis(
        reference=reads.reference_of(project.pk),
        pilot=project.title,
        list_title=trigger.title,
        document_number=trigger.document_number,
        listed_on=trigger.on,
        completed_on=trigger.on,
        issuer=project.supervisor.host,
    )


def _reason(reason: str) -> list[Problem]:
    if not reason:
        return [Problem(_("请写明理由"), where="reason")]
    return misfits(CreditBatch, reason=reason)


def _valid(found: Sequence[Line], which: str) -> list[Line]:
    """Lines with a valid record, each record once."""
    chosen: dict[UUID, Line] = {}
    for line in found:
        if line.record is None or line.record.stage != AuditRecord.Stage.VALID:
            continue
        if which == ALL or which == str(line.row.pk) or (which == UNENTITLED and not line.is_entitled):
            chosen.setdefault(line.record.pk, line)
    return list(chosen.values())


def _batch(
    project: Project,
    act: Act,
    kind: str,
    records: Sequence[AuditRecord],
    *,
    left: int,
    reason: str = "",
) -> CreditBatch:
    """The run on record, and its items in the ledger as a count and a hash."""
    last = project.credit_batches.aggregate(last=Max("number"))["last"] or 0
    made = CreditBatch.objects.create(
        project=project,
        number=last + 1,
        kind=kind,
        count=len(records),
        left=left,
        reason=reason,
        at=act.now,
        by=act.by,
    )
    made.records = records
    act.note(kind=str(kind), reference=reads.reference_of(project.pk), left=left)
    act.items(sorted([record.enterprise.credit_code, record.turn, str(record.pk)] for record in records))
    return made
