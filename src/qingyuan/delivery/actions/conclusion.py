"""How a pilot ends: the result of its evaluation and acceptance is on record, with whom it leaves out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.catalogue import credit_code
from qingyuan.delivery.mails import conclusion as mails
from qingyuan.delivery.models import Conclusion, ConclusionExclusion, Project, ScopeEnterprise
from qingyuan.delivery.rules import acceptance as rules
from qingyuan.kernel import clock
from qingyuan.kernel.actions import Act, Invalid, Problem, action
from qingyuan.kernel.fields import misfits
from qingyuan.kernel.models import Upload

Outcome = Conclusion.Outcome


@action(
    "project.conclude",
    title=gettext_lazy("登记评估验收结果"),
    on=Project,
    may=rules.records_conclusion,
    stages=("running", "evaluating", "rectifying"),
    to=("passed", "failed"),
    clauses=("N11",),
    mails=mails.concluded,
)
def conclude(
    project: Project,
    act: Act,
    *,
    outcome: str,
    document_number: str,
    listed_on: date | None,
    reason: str = "",
    exclusions: Sequence[Mapping[str, str]] = (),
    evidence: Upload | None = None,
) -> Conclusion:
    """国家在本平台之外评估验收的，由受理申报的主办单位据公布的名单或文件登记结果、文号、日期和不计审核记录的企业，附公布文件。"""
    number, why = document_number.strip(), reason.strip()
    problems = misfits(Conclusion, document_number=number, reason=why)
    problems += _paper(project, act, number, listed_on)
    if outcome not in Outcome.values:
        problems.append(Problem(_("请选择评估验收结果"), where="outcome"))
    if outcome == Outcome.FAILED and not why:
        problems.append(Problem(_("未通过的，请写明理由"), where="reason"))
    if evidence is None:
        problems.append(Problem(_("请上传公布的名单或文件"), where="evidence"))
    left_out, wrong = excluded(project, exclusions)
    problems += wrong
    if outcome == Outcome.FAILED and left_out:
        problems.append(
            Problem(
                _("未通过的试点，范围内企业都不计审核记录，不必列出"),
                where="exclusions",
                mend=_("清空这一栏"),
            )
        )
    if problems or listed_on is None or evidence is None:
        raise Invalid(problems)
    made = Conclusion.objects.create(
        project=project,
        outcome=outcome,
        listed_on=listed_on,
        document_number=number,
        source=Conclusion.Source.RECORDED,
        reason=why,
        evidence=evidence,
        recorded_at=act.now,
        recorded_by=act.by,
    )
    leave_out(made, left_out)
    act.move(project, Project.Stage(outcome))
    act.note(
        outcome=outcome,
        listed_on=listed_on.isoformat(),
        document_number=number,
        evidence_sha256=evidence.sha256,
    )
    act.items(sorted([row.enterprise.credit_code, why] for row, why in left_out))
    return made


def _paper(project: Project, act: Act, number: str, listed_on: date | None) -> list[Problem]:
    problems = []
    if not number:
        problems.append(Problem(_("请填写名单或文件的文号"), where="document_number"))
    today = clock.local(act.now).date()
    if listed_on is None:
        problems.append(Problem(_("请填写名单或文件的成文日期"), where="listed_on"))
    elif listed_on > today:
        problems.append(Problem(_("成文日期还没有到"), where="listed_on", expected=_("不晚于 %s") % today))
    elif listed_on < project.started_on:
        problems.append(
            Problem(
                _("成文日期早于试点启动"),
                where="listed_on",
                expected=_("不早于 %s") % project.started_on,
            )
        )
    return problems


def excluded(
    project: Project, stated: Sequence[Mapping[str, str]]
) -> tuple[list[tuple[ScopeEnterprise, str]], list[Problem]]:
    """The enterprises that the conclusion names, each with its reason; every wrong line as a problem (one query)."""
    in_scope = {
        row.enterprise.credit_code: row
        for row in project.scope.filter(dropped_on=None).select_related("enterprise")
    }
    found: dict[str, tuple[ScopeEnterprise, str]] = {}
    problems = []
    for number, line in enumerate(stated, start=1):
        code = credit_code.normalise(line.get("credit_code", ""))
        why = " ".join(line.get("reason", "").split())
        row = in_scope.get(code)
        where = f"exclusions.{number}"
        if row is None:
            problems.append(
                Problem(
                    _("第 %(n)d 行：现行范围内没有 %(code)s") % {"n": number, "code": code or "—"},
                    where=where,
                    expected=_("范围内企业的统一社会信用代码"),
                )
            )
        elif code in found:
            problems.append(Problem(_("第 %d 行：这家企业写了两次") % number, where=where))
        if not why:
            problems.append(Problem(_("第 %d 行：没有写明不计审核记录的理由") % number, where=where))
        problems += misfits(ConclusionExclusion, at=where, reason=why)
        if row is not None:
            found[code] = (row, why)
    return list(found.values()), problems


def leave_out(conclusion: Conclusion, rows: Sequence[tuple[ScopeEnterprise, str]]) -> None:
    ConclusionExclusion.objects.bulk_create(
        ConclusionExclusion(conclusion=conclusion, scope_enterprise=row, reason=why) for row, why in rows
    )
