"""When an agreed decision must lie open first, and what still keeps it from taking effect."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from qingyuan.calls.mails import shown_until
from qingyuan.kernel import clock
from qingyuan.kernel.errors import Problem
from qingyuan.review.models import Decision, Objection, Publicity, Round

USUAL_DAYS = 7
"""Offered by the form where the notice names no length."""
LONGEST_ANSWER = 60


def is_asked(decision: Decision) -> bool:
    """The call asks for 公示 and this is the decision that makes its list."""
    makes_a_list = decision.kind == Decision.Kind.FINAL or decision.makes_passed_list
    return makes_a_list and bool(decision.round.call.options.get("publicity"))


def least_days(round_: Round) -> int | None:
    """How many days the notice says at least; None where it names none."""
    return round_.notice.options.publicity.days


def usual_end(round_: Round, begins: datetime) -> datetime:
    """The end of the last day of a period that begins now: a whole day at least, as the notice says."""
    last = clock.local(begins) + timedelta(days=least_days(round_) or USUAL_DAYS)
    return (last + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)


def standing(decision: Decision) -> Publicity | None:
    """The period that was not stopped (from `publicities`, prefetched or not)."""
    return next((one for one in decision.publicities.all() if one.stage != Publicity.Stage.STOPPED), None)


def unsettled(decision: Decision) -> list[Objection]:
    """Objections without an answer, of every period of the decision."""
    return [
        objection
        for one in decision.publicities.all()
        for objection in one.objections.all()
        if objection.stage == Objection.Stage.REGISTERED
    ]


def upheld(decision: Decision) -> list[Objection]:
    """Objections that hold against exactly the present content."""
    return [
        objection
        for one in decision.publicities.all()
        if one.content_sha256 == decision.content_sha256
        for objection in one.objections.all()
        if objection.outcome == Objection.Outcome.UPHELD
    ]


def before_close(publicity: Publicity, *, now: datetime) -> list[Problem]:
    """Everything that keeps a period from being closed."""
    problems = []
    if now < publicity.ends_at:
        problems.append(
            Problem(
                _("公示期未满"),
                where="publicity",
                expected=_("%s之后") % shown_until(publicity.ends_at),
            )
        )
    return problems + against(publicity.decision)


def against(decision: Decision) -> list[Problem]:
    """What objections keep from happening: unsettled ones, and upheld ones against the present content."""
    problems = []
    if waiting := unsettled(decision):
        problems.append(
            Problem(
                _("还有 %d 件异议没有办结") % len(waiting), where="objections", mend=_("逐件核实、写明答复")
            )
        )
    if upheld(decision):
        problems.append(
            Problem(
                _("有异议成立，须改变结论"),
                where="objections",
                mend=_("退回拟稿修改，重新会签和公示"),
            )
        )
    return problems


def before_taking_effect(decision: Decision) -> list[Problem]:
    """Why a decision may not be released, issued or put on paper yet; nothing where no 公示 is asked for."""
    if not is_asked(decision):
        return []
    one = standing(decision)
    problems = against(decision)
    if one is None or one.content_sha256 != decision.content_sha256:
        problems.append(
            Problem(_("通知规定公示，这份决定还没有公示"), where="publicity", mend=_("会签一致后先公示"))
        )
    elif one.stage == Publicity.Stage.OPEN:
        problems.append(
            Problem(
                _("公示还没有结束"),
                where="publicity",
                expected=_("%s之后结束公示") % shown_until(one.ends_at),
            )
        )
    return problems
