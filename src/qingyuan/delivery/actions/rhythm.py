"""How often the pilots of a call report."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.calls.models import Call
from qingyuan.calls.rules import handles_call
from qingyuan.delivery.mails import report as mails
from qingyuan.delivery.models import ReportingRhythm
from qingyuan.kernel import clock
from qingyuan.kernel.actions import Act, Invalid, Problem, action
from qingyuan.kernel.fields import misfits

MOST_DAYS = 120


@action(
    "call.set_rhythm",
    title=gettext_lazy("设定调度频次"),
    on=Call,
    may=handles_call,
    stages=("open",),
    creates=ReportingRhythm,
    clauses=("N10",),
    idempotent=True,
    mails=mails.rhythm_set,
)
def set_rhythm(
    call: Call, act: Act, *, rhythm: str, due_days: int, from_on: date, reason: str
) -> ReportingRhythm:
    """设定本次申报各试点的定期调度频次，自某日起开始的各期适用；此前各期和已报送的不变。"""
    today = clock.local(act.now).date()
    reason = reason.strip()
    problems = misfits(ReportingRhythm, reason=reason)
    if rhythm not in ReportingRhythm.Rhythm.values:
        problems.append(Problem(_("没有这种频次"), where="rhythm"))
    if not 0 <= due_days <= MOST_DAYS:
        problems.append(Problem(_("报送期限为 0 至 %d 日") % MOST_DAYS, where="due_days"))
    if from_on < today:
        problems.append(
            Problem(_("不能改动已经开始的各期"), where="from_on", expected=_("不早于 %s") % today)
        )
    if not reason:
        problems.append(Problem(_("请写明依据或理由"), where="reason"))
    if problems:
        raise Invalid(problems)
    act.note(rhythm=rhythm, due_days=due_days, from_on=from_on.isoformat())
    return ReportingRhythm.objects.create(
        call=call, rhythm=rhythm, due_days=due_days, from_on=from_on, reason=reason, at=act.now, by=act.by
    )
