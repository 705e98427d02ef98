"""What is said and done about a deviation."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.delivery.mails import deviation as mails
from qingyuan.delivery.models import DeviationNote, Project
from qingyuan.delivery.queries import deviation as queries
from qingyuan.delivery.rules import project as rules
from qingyuan.kernel import clock
from qingyuan.kernel.actions import Act, Invalid, Problem, action
from qingyuan.kernel.fields import misfits
from qingyuan.kernel.record_language import in_record_language


@action(
    "project.explain_deviation",
    title=gettext_lazy("说明偏差"),
    on=Project,
    may=rules.handles_project,
    stages=("running",),
    creates=DeviationNote,
    clauses=("N10",),
    idempotent=True,
    mails=mails.explained,
)
def explain_deviation(
    project: Project, act: Act, *, rule: str, item: str = "", cause: str, measure: str, until: date
) -> DeviationNote:
    """对一项偏差说明原因、措施和见效日期；规则不再查出时偏差自动消除，到期仍在的须重新说明。"""
    today = clock.local(act.now).date()
    cause, measure = cause.strip(), measure.strip()
    problems = misfits(DeviationNote, cause=cause, measure=measure)
    if not cause:
        problems.append(Problem(_("请说明原因"), where="cause"))
    if not measure:
        problems.append(Problem(_("请写明措施"), where="measure"))
    if until < today:
        problems.append(Problem(_("见效日期已过"), where="until", expected=_("不早于 %s") % today))
    with in_record_language():
        standing = queries.standing([project], on=today)[project.pk]
    found = next(
        (one.deviation for one in standing if (one.deviation.rule, one.deviation.item) == (rule, item)),
        None,
    )
    if found is None:
        problems.append(Problem(_("这项偏差已经消除，或没有这一项"), where="rule"))
    elif found.who != "handler":
        problems.append(Problem(_("这项偏差由主办单位处理，不须说明"), where="rule"))
    if problems or found is None:
        raise Invalid(problems)
    act.note(rule=rule, item=item, since=found.since.isoformat(), until=until.isoformat())
    return DeviationNote.objects.create(
        project=project,
        rule=rule,
        item=item,
        since=found.since,
        reason=found.reason[:300],
        cause=cause,
        measure=measure,
        until=until,
        at=act.now,
        by=act.by,
    )
