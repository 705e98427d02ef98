"""The financing reserve: nominated, completed, admitted when nothing is missing, financed or withdrawn with a reason."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.kernel.actions import Act, Invalid, Problem, action
from qingyuan.kernel.fields import misfits, unique_or
from qingyuan.people.models import Organisation
from qingyuan.registry import reserve, rules, rules_reserve
from qingyuan.registry.actions.enterprise import not_later, said
from qingyuan.registry.models import Enterprise, ReserveProject

Stage, State = ReserveProject.Stage, ReserveProject.State
TEXTS = ("title", "content", "investment_code", "environmental_benefit", "approvals", "contact_body")
MONEY = ("total_invest_wan_cny", "own_funds_wan_cny", "benefit_wan_cny", "om_wan_cny", "life_years")
STATES = ("eia", "land", "permit")
FIELDS = (*TEXTS, *MONEY, *STATES)


def enter_reserve(
    *,
    enterprise: Enterprise,
    nominated_by: Organisation,
    act: Act,
    source_scheme: UUID | None = None,
    source_title: str = "",
    **stated: Any,
) -> ReserveProject:
    """Write of the registry, called from inside another room's verb as well (its ledger entry covers it)."""
    clean = _clean(stated)
    if problems := _faults(clean):
        raise Invalid(problems)
    known = {"source_scheme": Problem(_("这个方案已经推荐入库"), where="source_scheme")}
    with unique_or(known):
        return ReserveProject.objects.create(
            enterprise=enterprise,
            nominated_by=nominated_by,
            nominated_at=act.now,
            source_scheme=source_scheme,
            source_title=source_title[:160],
            **clean,
        )


@action(
    "reserve.nominate",
    title=gettext_lazy("推荐入库"),
    on=Enterprise,
    may=rules.keeps_enterprise,
    stages=(Enterprise.Stage.ACTIVE,),
    creates=ReserveProject,
    creates_in=(Stage.NOMINATED,),
    clauses=("H4",),
    idempotent=True,
)
def nominate(enterprise: Enterprise, act: Act, *, title: str, **stated: Any) -> ReserveProject:
    """主管部门直接推荐一家企业的改造项目进入生态环保金融支持项目储备库；试点方案由实施单位从方案页推荐。"""
    body = next(
        one for one in rules.kept_by(act.by) if rules.province_of(one.region_code) == enterprise.province
    )
    return enter_reserve(enterprise=enterprise, nominated_by=body, act=act, title=title, **stated)


@action(
    "reserve.revise",
    title=gettext_lazy("补齐入库资料"),
    on=ReserveProject,
    may=rules_reserve.completes_project,
    stages=(Stage.NOMINATED,),
    clauses=("H4",),
)
def revise(project: ReserveProject, act: Act, *, title: str, **stated: Any) -> ReserveProject:
    """填写银行要看的内容：投资项目代码、投资和自有资金、效益、环境效益、手续和联系单位；还缺什么逐条列出。"""
    clean = _clean({"title": title, **stated})
    if problems := _faults(clean):
        raise Invalid(problems)
    changed = [name for name, value in clean.items() if getattr(project, name) != value]
    for name in changed:
        setattr(project, name, clean[name])
    project.save(update_fields=changed)
    act.note(changed=sorted(changed))
    return project


@action(
    "reserve.admit",
    title=gettext_lazy("入库"),
    on=ReserveProject,
    may=rules_reserve.keeps_project,
    stages=(Stage.NOMINATED,),
    to=(Stage.ADMITTED,),
    clauses=("H4",),
)
def admit(project: ReserveProject, act: Act, *, admitted_on: date) -> ReserveProject:
    """资料齐全、手续办妥的项目进入储备库；还缺的逐条列出，补齐后再办。"""
    problems = not_later(admitted_on, where="admitted_on")
    problems += [
        Problem(gap.message, where=gap.field, mend=_("先补齐入库资料")) for gap in reserve.gaps(project)
    ]
    if problems:
        raise Invalid(problems)
    project.admitted_on = admitted_on
    act.move(project, Stage.ADMITTED)
    project.save(update_fields=["stage", "admitted_on"])
    act.note(on=admitted_on.isoformat())
    return project


@action(
    "reserve.finance",
    title=gettext_lazy("登记获得支持"),
    on=ReserveProject,
    may=rules_reserve.keeps_project,
    stages=(Stage.ADMITTED,),
    to=(Stage.FINANCED,),
    clauses=("H4",),
)
def finance(
    project: ReserveProject, act: Act, *, financed_on: date, financed_wan_cny: Decimal, financed_by: str
) -> ReserveProject:
    """登记项目得到的贷款或资金：金额、单位和日期。"""
    financed_by = financed_by.strip()
    problems = [
        *not_later(financed_on, where="financed_on"),
        *said(financed_by, where="financed_by"),
        *misfits(ReserveProject, financed_by=financed_by, financed_wan_cny=financed_wan_cny),
    ]
    if financed_wan_cny <= 0:
        problems.append(Problem(_("须大于 0"), where="financed_wan_cny"))
    if project.admitted_on and financed_on < project.admitted_on:
        problems.append(Problem(_("早于入库日期"), where="financed_on"))
    if problems:
        raise Invalid(problems)
    project.financed_on, project.financed_by = financed_on, financed_by
    project.financed_wan_cny = financed_wan_cny
    act.move(project, Stage.FINANCED)
    project.save(update_fields=["stage", "financed_on", "financed_by", "financed_wan_cny"])
    act.note(on=financed_on.isoformat())
    return project


@action(
    "reserve.withdraw",
    title=gettext_lazy("退出储备库"),
    on=ReserveProject,
    may=rules_reserve.keeps_project,
    stages=(Stage.NOMINATED, Stage.ADMITTED),
    to=(Stage.WITHDRAWN,),
    clauses=("H4",),
)
def withdraw(project: ReserveProject, act: Act, *, reason: str) -> ReserveProject:
    """不再推荐或退出储备库，写明理由；记录留存，方案可以重新推荐。"""
    reason = reason.strip()
    problems = said(reason, where="reason")
    problems += [
        Problem(one.message, where="reason", expected=one.expected)
        for one in misfits(ReserveProject, withdrawn_reason=reason)
    ]
    if problems:
        raise Invalid(problems)
    project.withdrawn_reason = reason
    act.move(project, Stage.WITHDRAWN)
    project.save(update_fields=["stage", "withdrawn_reason"])
    return project


def _clean(stated: dict[str, Any]) -> dict[str, Any]:
    """Texts without their outer blanks; a name that is no field is a fault of the caller."""
    if unknown := set(stated) - set(FIELDS):
        raise TypeError(f"unknown: {sorted(unknown)}")
    return {name: value.strip() if isinstance(value, str) else value for name, value in stated.items()}


def _faults(clean: dict[str, Any]) -> list[Problem]:
    problems = said(clean.get("title", ""), where="title")
    problems += misfits(ReserveProject, **{name: value for name, value in clean.items() if value is not None})
    code = clean.get("investment_code", "")
    if code and (faults := reserve.code_faults(code)):
        problems.append(Problem(_("投资项目代码不成立"), where="investment_code", expected="；".join(faults)))
    for name in MONEY:
        value = clean.get(name)
        if value is not None and (value < 0 or (name == "life_years" and not value)):
            problems.append(Problem(_("不得为负数；年限须大于 0"), where=name))
    for name in STATES:
        if clean.get(name) and clean[name] not in State.values:
            problems.append(Problem(_("没有这种状态"), where=name, expected="、".join(State.values)))
    return problems
