"""What stands between a scheme and its next stage, as problems with reasons."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.audits import evaluating
from qingyuan.audits.models.audit_review import AuditReview
from qingyuan.audits.models.scheme import Scheme
from qingyuan.kernel.actions import Problem


def not_after(day: date, today: date, *, where: str) -> list[Problem]:
    if day <= today:
        return []
    return [Problem(_("日期还没有到"), where=where, expected=_("不晚于今天（%s）") % today.isoformat())]


def settled(*, owner: str, due_on: date | None) -> list[Problem]:
    """A confirmed scheme has somebody responsible and a day."""
    problems = []
    if not owner:
        problems.append(Problem(_("没有落实责任部门"), where="owner"))
    if due_on is None:
        problems.append(Problem(_("没有写明完成期限"), where="due_on"))
    return problems


def why_not_confirmed(scheme: Scheme) -> list[Problem]:
    problems = []
    if scheme.kind == Scheme.Kind.HIGH and scheme.stage == Scheme.Stage.PROPOSED:
        problems.append(Problem(_("中/高费方案须先作可行性分析并判定可行"), where="stage"))
    planned = scheme.figures.filter(basis="planned").first()
    if planned is None or planned.invest_wan_cny is None:
        problems.append(
            Problem(
                _("没有填写预期投资额"),
                where="figures.invest_wan_cny",
                mend=_("先修改方案；无费方案填 0"),
                url=reverse("audits:scheme-revise", args=[scheme.pk]),
            )
        )
    return problems


def why_not_started(scheme: Scheme) -> list[Problem]:
    """Medium and high cost waits for the evaluation of the enterprise's audit."""
    if scheme.kind == Scheme.Kind.LOW or evaluating.has_passed(
        scheme.pilot_id, scheme.enterprise_id, AuditReview.Kind.EVALUATE
    ):
        return []
    return [
        Problem(
            _("企业的审核还没有通过评估，中/高费方案不能开始实施"),
            where="stage",
            mend=_("先申请评估"),
            url=reverse("audits:reviews", args=[scheme.pilot_id]),
        )
    ]
