"""What a 公示 sends. No mail says who objected or what an objection says: those are read on the page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.calls.mails import host_of, shown_until
from qingyuan.kernel.outbox import Draft
from qingyuan.people.models import JointMember
from qingyuan.review.decisions import positive
from qingyuan.review.decisions_mails import bodies_of, letters, returned_mails
from qingyuan.review.models import Decision, Objection, Publicity


def opened(
    decision: Decision,
    *,
    by: Any,
    now: datetime,
    result: Any,
    ends_at: datetime | None = None,
    **_rest: Any,
) -> list[Draft]:
    """To the co-signers, and to each applicant on the list about its own project."""
    del by, now, result
    sender = host_of(decision.round.call)
    until: dict[str, object] = {"until": shown_until(ends_at) if ends_at else _("（所填的公示截止时间）")}
    drafts = letters(
        bodies_of(decision, JointMember.Part.COSIGNER),
        sender,
        subject=_("已公示：{title}"),
        body=_("《{title}》已由{sender}公示，期限至 {until}。期满、异议办结后公布。"),
        trusted=until,
        title=str(decision),
    )
    items = decision.items.filter(outcome=positive(decision.round)).select_related("case__applicant")
    for item in items.order_by("position"):
        if item.case.applicant is None:
            continue
        drafts += letters(
            [item.case.applicant],
            sender,
            subject=_("列入公示：{name}"),
            body=_("《{name}》列入公示名单，公示至 {until}。公示不是最终结果，以公布的名单为准。"),
            trusted=until,
            name=item.case.title,
        )
    return drafts


def lodged(publicity: Publicity, *, by: Any, now: datetime, result: Any, **_rest: Any) -> list[Draft]:
    """To the host: that an objection came and until when to answer. Nothing for one that had come before."""
    del by
    if isinstance(result, Objection) and result.received_at < now:
        return []
    due = result.due_at if isinstance(result, Objection) else now + publicity.answers_within
    return letters(
        bodies_of(publicity.decision, JointMember.Part.HOST),
        host_of(publicity.decision.round.call),
        subject=_("收到异议：{title}"),
        body=_("《{title}》公示期间收到异议，请在 {due} 前核实、答复。内容请登录清源平台查看。"),
        trusted={"due": shown_until(due)},
        title=str(publicity.decision),
    )


def settled(
    objection: Objection, *, by: Any, now: datetime, result: Any, outcome: str = "", **_rest: Any
) -> list[Draft]:
    """To the co-signers: their consent rests on the list, so they hear what became of an objection to it."""
    del by, now, result
    decision = objection.publicity.decision
    said = dict(Objection.Outcome.choices).get(outcome) or _("（所选的核实结论）")
    return letters(
        bodies_of(decision, JointMember.Part.COSIGNER),
        host_of(decision.round.call),
        subject=_("异议已办结：{title}"),
        body=_("《{title}》公示期间的“{which}”已办结：{said}。"),
        trusted={"which": str(objection), "said": str(said)},
        title=str(decision),
    )


def closed(publicity: Publicity, *, by: Any, now: datetime, result: Any, **_rest: Any) -> list[Draft]:
    del by, now, result
    decision = publicity.decision
    return letters(
        [
            *bodies_of(decision, JointMember.Part.HOST),
            *bodies_of(decision, JointMember.Part.COSIGNER),
        ],
        host_of(decision.round.call),
        subject=_("公示结束：{title}"),
        body=_("《{title}》公示期满，异议全部办结，可以公布。"),
        title=str(decision),
    )


def stopped(
    publicity: Publicity, *, by: Any, now: datetime, result: Any, reason: str = "", **_rest: Any
) -> list[Draft]:
    """To the co-signers and to those whose names stood on the list."""
    del by, now, result
    decision = publicity.decision
    items = decision.items.filter(outcome=positive(decision.round)).select_related("case__applicant")
    applicants = {item.case.applicant_id: item.case.applicant for item in items if item.case.applicant}
    return letters(
        [*bodies_of(decision, JointMember.Part.COSIGNER), *applicants.values()],
        host_of(decision.round.call),
        subject=_("公示终止：{title}"),
        body=_("《{title}》的公示已终止：{reason}。需要时另行公示，结果以公布的名单为准。"),
        title=str(decision),
        reason=reason,
    )


def returned(
    decision: Decision, *, by: Any, now: datetime, result: Any, remark: str = "", **_rest: Any
) -> list[Draft]:
    """A decision goes back: those who drafted it hear why; where it lay open, those on the list hear that it does no more."""
    drafts = returned_mails(decision, by=by, now=now, result=result, remark=remark)
    ends = [
        one
        for one in decision.publicities.all()
        if one.ended_at == now or (result is None and one.stage != Publicity.Stage.STOPPED)
    ]
    for one in ends:
        drafts += stopped(one, by=by, now=now, result=result, reason=_("退回拟稿修改"))
    return drafts
