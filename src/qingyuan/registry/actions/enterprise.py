"""Verbs on one enterprise: its name, its end, and two entries of the same enterprise."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.kernel import clock
from qingyuan.kernel.actions import Act, Invalid, Problem, action
from qingyuan.kernel.fields import misfits
from qingyuan.registry import rules
from qingyuan.registry.models import Enterprise, FormerName

Stage = Enterprise.Stage


def today() -> date:
    return clock.local(clock.now()).date()


def not_later(day: date, *, where: str) -> list[Problem]:
    """What is wrong with a day that must have come."""
    now = today()
    if day <= now:
        return []
    return [Problem(_("日期还没有到"), where=where, expected=_("不晚于今天（%s）") % now.isoformat())]


def said(text: str, *, where: str) -> list[Problem]:
    return [] if text.strip() else [Problem(_("没有填写"), where=where)]


@action(
    "enterprise.rename",
    title=gettext_lazy("企业更名"),
    on=Enterprise,
    may=rules.keeps_enterprise,
    stages=(Stage.ACTIVE,),
)
def rename(enterprise: Enterprise, act: Act, *, name: str, on: date) -> Enterprise:
    """登记企业的新名称，原名称记为曾用名；统一社会信用代码不变，审核记录照旧。"""
    name = name.strip()
    problems = [*said(name, where="name"), *misfits(Enterprise, name=name), *not_later(on, where="on")]
    if name == enterprise.name:
        problems.append(Problem(_("与现在的名称相同"), where="name"))
    if problems:
        raise Invalid(problems)
    FormerName.objects.create(enterprise=enterprise, name=enterprise.name, until=on, recorded_at=act.now)
    enterprise.name = name
    enterprise.save(update_fields=["name"])
    act.note(on=on.isoformat())
    return enterprise


@action(
    "enterprise.close",
    title=gettext_lazy("登记关停"),
    on=Enterprise,
    may=rules.keeps_enterprise,
    stages=(Stage.ACTIVE,),
    to=(Stage.CLOSED,),
)
def close(enterprise: Enterprise, act: Act, *, on: date, reason: str) -> Enterprise:
    """企业关停、注销后不再计算审核期限；已有的审核记录保留。"""
    reason = reason.strip()
    problems = [
        *said(reason, where="reason"),
        *misfits(Enterprise, closed_reason=reason),
        *not_later(on, where="on"),
    ]
    if problems:
        raise Invalid(
            [
                Problem(
                    p.message, where="reason" if p.where == "closed_reason" else p.where, expected=p.expected
                )
                for p in problems
            ]
        )
    enterprise.closed_on, enterprise.closed_reason = on, reason
    act.move(enterprise, Stage.CLOSED)
    enterprise.save(update_fields=["stage", "closed_on", "closed_reason"])
    act.note(on=on.isoformat())
    return enterprise


@action(
    "enterprise.reopen",
    title=gettext_lazy("恢复在册"),
    on=Enterprise,
    may=rules.keeps_enterprise,
    stages=(Stage.CLOSED,),
    to=(Stage.ACTIVE,),
)
def reopen(enterprise: Enterprise, act: Act) -> Enterprise:
    """企业复产或关停登记有误的，恢复在册，重新计算审核期限。"""
    enterprise.closed_on, enterprise.closed_reason = None, ""
    act.move(enterprise, Stage.ACTIVE)
    enterprise.save(update_fields=["stage", "closed_on", "closed_reason"])
    return enterprise


def _both(_enterprise: Enterprise, *, into: Enterprise, **_rest: Any) -> Iterable[Enterprise]:
    # The same row twice would be locked twice: harmless, and refused below.
    return [into]


@action(
    "enterprise.merge",
    title=gettext_lazy("并入另一企业"),
    on=Enterprise,
    may=rules.keeps_enterprise,
    stages=(Stage.ACTIVE, Stage.CLOSED),
    to=(Stage.MERGED,),
    locks=_both,
)
def merge(enterprise: Enterprise, act: Act, *, into: Enterprise) -> Enterprise:
    """信用代码变更、重复登记或被吸收合并的，并入另一企业；审核记录和试点仍可从两个代码查到，不改写。"""
    target = Enterprise.objects.get(pk=into.pk)
    problems = []
    if target.pk == enterprise.pk:
        problems.append(Problem(_("不能并入自身"), where="into", expected=_("另一家企业的信用代码")))
    elif not rules.keeps_enterprise.test(act.by, target):
        problems.append(Problem(_("该企业不在您管理的地区"), where="into", expected=_("本省在册企业")))
    elif target.stage != Stage.ACTIVE:
        problems.append(
            Problem(
                _("该企业的状态为“%s”") % target.get_stage_display(),
                where="into",
                expected=_("在册企业的信用代码"),
            )
        )
    if problems:
        raise Invalid(problems)
    # One step from everybody to whom stands for it: who was merged into this one follows.
    enterprise.merged_from.update(merged_into=target)
    enterprise.merged_into = target
    enterprise.closed_on, enterprise.closed_reason = None, ""
    act.move(enterprise, Stage.MERGED)
    enterprise.save(update_fields=["stage", "merged_into", "closed_on", "closed_reason"])
    act.note(into=str(target.pk))
    return enterprise
