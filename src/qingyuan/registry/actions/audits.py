"""Verbs on the audits on record."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.kernel.actions import Act, Invalid, Problem, action
from qingyuan.kernel.fields import misfits
from qingyuan.registry import rules
from qingyuan.registry.actions.enterprise import not_later, said
from qingyuan.registry.models import AuditRecord, Enterprise
from qingyuan.workbooks.scope import EARLIEST_AUDIT

BY_HAND = (AuditRecord.Kind.MANDATORY, AuditRecord.Kind.VOLUNTARY)
"""A pilot's credit comes of its acceptance, never of somebody's typing."""


@action(
    "enterprise.record_audit",
    title=gettext_lazy("登记审核"),
    on=Enterprise,
    may=rules.keeps_enterprise,
    stages=(Enterprise.Stage.ACTIVE, Enterprise.Stage.CLOSED),
    creates=AuditRecord,
    creates_in=(AuditRecord.Stage.VALID,),
    idempotent=True,
)
def record_audit(
    enterprise: Enterprise, act: Act, *, kind: str, completed_on: date, source: str, level: str = ""
) -> AuditRecord:
    """登记企业完成的一次强制性或自愿性审核，写明完成日期和依据文件；下次审核期限随之更新。"""
    source = source.strip()
    problems = [
        *said(source, where="source"),
        *misfits(AuditRecord, source=source),
        *not_later(completed_on, where="completed_on"),
    ]
    if kind not in BY_HAND:
        problems.append(
            Problem(
                _("不能登记这种性质的审核"),
                where="kind",
                expected="、".join(str(one.label) for one in BY_HAND),
            )
        )
    if level and level not in AuditRecord.Level.values:
        problems.append(
            Problem(_("没有这个等级"), where="level", expected="、".join(AuditRecord.Level.values))
        )
    if completed_on < EARLIEST_AUDIT:
        problems.append(
            Problem(_("日期过早"), where="completed_on", expected=_("不早于 %s") % EARLIEST_AUDIT.isoformat())
        )
    known = AuditRecord.objects.filter(
        enterprise=enterprise, kind=kind, completed_on=completed_on, stage=AuditRecord.Stage.VALID
    )
    if known.exists():
        problems.append(
            Problem(
                _("这一天完成的同性质审核已经登记"),
                where="completed_on",
                mend=_("核对日期；登记有误的先撤销原记录"),
            )
        )
    if problems:
        raise Invalid(problems)
    act.note(kind=kind, completed_on=completed_on.isoformat(), level=level)
    return AuditRecord.objects.create(
        enterprise=enterprise,
        kind=kind,
        completed_on=completed_on,
        source=source,
        level=level,
        made_at=act.now,
    )


@action(
    "audit_record.revoke",
    title=gettext_lazy("撤销审核记录"),
    on=AuditRecord,
    may=rules.keeps_record,
    stages=(AuditRecord.Stage.VALID,),
    to=(AuditRecord.Stage.REVOKED,),
)
def revoke_audit(record: AuditRecord, act: Act, *, reason: str) -> AuditRecord:
    """登记有误或审核弄虚作假的，写明理由撤销；记录留存并标明已撤销，下次审核期限按其余记录计算。"""
    reason = reason.strip()
    problems = said(reason, where="reason")
    problems += [
        Problem(one.message, where="reason", expected=one.expected)
        for one in misfits(AuditRecord, revoked_reason=reason)
    ]
    if problems:
        raise Invalid(problems)
    record.revoked_at, record.revoked_reason = act.now, reason
    act.move(record, AuditRecord.Stage.REVOKED)
    record.save(update_fields=["stage", "revoked_at", "revoked_reason"])
    return record
