"""Verbs of the 公示: let an agreed decision lie open, take and settle objections, close the period or stop it."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.kernel.actions import Act, Closed, Invalid, Problem, action
from qingyuan.kernel.fields import misfits
from qingyuan.kernel.ledger import stamp
from qingyuan.kernel.models import Upload
from qingyuan.papers.canonical import sha256_hex
from qingyuan.review import decisions, publicity_mails
from qingyuan.review import publicity as conditions
from qingyuan.review.models import Case, Decision, Objection, Publicity
from qingyuan.review.rules import decision as decision_rules
from qingyuan.review.rules import publicity as rules


@action(
    "decision.publicise",
    title=gettext_lazy("公示"),
    on=Decision,
    may=decision_rules.handles_decision,
    stages=("agreed",),
    creates=Publicity,
    creates_in=("open",),
    clauses=("X1",),
    idempotent=True,
    mails=publicity_mails.opened,
)
def publicise(
    decision: Decision, act: Act, *, ends_at: datetime, contact: str, answer_days: int
) -> Publicity:
    """通知规定公示的，会签一致的评审结论先公示：拟入选名单对公众公开，写明期限和提出异议的办法；期满、异议全部办结才能公布。"""
    problems = misfits(Publicity, contact=contact.strip())
    if not conditions.is_asked(decision):
        problems.append(Problem(_("本通知没有规定公示，会签一致后直接公布"), where="decision"))
    elif conditions.standing(decision) is not None:
        problems.append(Problem(_("这份决定已经公示"), where="decision"))
    else:
        problems += conditions.against(decision)
    problems += _too_short(decision, act, ends_at)
    if not contact.strip():
        problems.append(
            Problem(
                _("请写明书面异议寄到哪里"),
                where="contact",
                mend=_("写受理单位、地址和公务电话，不写个人号码"),
            )
        )
    if not 1 <= answer_days <= conditions.LONGEST_ANSWER:
        expected = f"1–{conditions.LONGEST_ANSWER}"
        problems.append(Problem(_("答复期限的天数不对"), where="answer_days", expected=expected))
    if problems:
        raise Invalid(problems)
    act.note(content_sha256=decision.content_sha256, ends_at=stamp(ends_at), answer_days=answer_days)
    return Publicity.objects.create(
        decision=decision,
        content_sha256=decision.content_sha256,
        starts_at=act.now,
        ends_at=ends_at,
        contact=contact.strip(),
        answer_days=answer_days,
    )


def _too_short(decision: Decision, act: Act, ends_at: datetime) -> list[Problem]:
    if ends_at <= act.now:
        return [Problem(_("公示期限须晚于现在"), where="ends_at")]
    days = conditions.least_days(decision.round)
    if days is None or ends_at >= act.now + timedelta(days=days):
        return []
    return [
        Problem(
            _("公示期太短"),
            where="ends_at",
            expected=_("通知规定不少于 %d 日") % days,
        )
    ]


def _register(
    publicity: Publicity,
    act: Act,
    *,
    case: Case | None,
    channel: str,
    objector: str,
    objector_contact: str,
    text: str,
    received_at: datetime,
    upload: Upload | None = None,
) -> Objection:
    """The row of an objection that holds; raises Invalid with everything that does not."""
    objector, objector_contact, text = objector.strip(), objector_contact.strip(), text.strip()
    problems = misfits(Objection, objector=objector, objector_contact=objector_contact, text=text)
    problems += [
        Problem(_("请填写%s") % title, where=where)
        for where, title, value in (
            ("objector", _("异议人"), objector),
            ("objector_contact", _("联系方式"), objector_contact),
            ("text", _("异议内容"), text),
        )
        if not value
    ]
    if case is not None and not _is_listed(publicity, case):
        problems.append(Problem(_("不是公示名单中的项目"), where="case"))
    if problems:
        raise Invalid(problems)
    same = publicity.objections.filter(
        case=case, objector=objector, objector_contact=objector_contact, text=text
    ).first()
    if same is not None:  # a second click, or the form sent again: one objection
        act.note(again=True)
        return same
    made = Objection.objects.create(
        publicity=publicity,
        number=publicity.objections.count() + 1,
        case=case,
        channel=channel,
        objector=objector,
        objector_contact=objector_contact,
        text=text,
        upload=upload,
        code=secrets.token_urlsafe(18),
        received_at=received_at,
        due_at=received_at + publicity.answers_within,
    )
    # Of what it says only the hash; of who says it nothing.
    act.note(
        number=made.number,
        case=str(case.pk) if case else "",
        channel=str(channel),
        text_sha256=sha256_hex(text.encode()),
        received_at=stamp(received_at),
    )
    return made


def _is_listed(publicity: Publicity, case: Case) -> bool:
    """Only what lies open can be objected to by name: whether something else was applied for is not told."""
    wanted = decisions.positive(publicity.decision.round)
    return publicity.decision.items.filter(case=case, outcome=wanted).exists()


@action(
    "publicity.lodge_objection",
    title=gettext_lazy("提出异议"),
    on=Publicity,
    may=rules.anybody,
    stages=("open",),
    creates=Objection,
    creates_in=("registered",),
    clauses=("X1",),
    idempotent=True,
    mails=publicity_mails.lodged,
)
def lodge_objection(
    publicity: Publicity,
    act: Act,
    *,
    objector: str,
    objector_contact: str,
    text: str,
    case: Case | None = None,
) -> Objection:
    """公示期内任何单位和个人可以实名提出异议；姓名和联系方式只供主办单位核实、答复，不公开，也不记入台账。"""
    act.leave_unnamed()
    if act.now >= publicity.ends_at:
        raise Closed(_("公示期已满，不再接收异议"))
    return _register(
        publicity,
        act,
        case=case,
        channel=Objection.Channel.WEB,
        objector=objector,
        objector_contact=objector_contact,
        text=text,
        received_at=act.now,
    )


@action(
    "publicity.register_objection",
    title=gettext_lazy("登记书面异议"),
    on=Publicity,
    may=rules.handles_publicity,
    stages=("open",),
    creates=Objection,
    creates_in=("registered",),
    idempotent=True,
)
def register_objection(
    publicity: Publicity,
    act: Act,
    *,
    channel: str,
    received_at: datetime,
    objector: str,
    objector_contact: str,
    text: str,
    case: Case | None = None,
    upload: Upload | None = None,
) -> Objection:
    """登记公示期内收到的来信和当面递交的异议；期满前收到、期满后登记的，按收到的时间算。"""
    problems = []
    if channel not in {one for one in Objection.Channel.values if one != Objection.Channel.WEB}:
        problems.append(Problem(_("请选择收到的方式"), where="channel"))
    if received_at > act.now:
        problems.append(Problem(_("收到的时间不能晚于现在"), where="received_at"))
    elif not publicity.starts_at <= received_at < publicity.ends_at:
        problems.append(
            Problem(_("不在公示期内收到"), where="received_at", mend=_("期外的来信按信访规定办理"))
        )
    if problems:
        raise Invalid(problems)
    return _register(
        publicity,
        act,
        case=case,
        channel=channel,
        objector=objector,
        objector_contact=objector_contact,
        text=text,
        received_at=received_at,
        upload=upload,
    )


@action(
    "objection.settle",
    title=gettext_lazy("办结异议"),
    on=Objection,
    may=rules.handles_objection,
    stages=("registered",),
    to=("settled",),
    clauses=("X1",),
    mails=publicity_mails.settled,
)
def settle_objection(objection: Objection, act: Act, *, outcome: str, answer: str) -> Objection:
    """核实后写明结论和答复；凭查询码可以看到。异议成立的，须退回拟稿修改结论，重新会签和公示。"""
    problems = misfits(Objection, answer=answer.strip())
    if outcome not in Objection.Outcome.values:
        problems.append(Problem(_("请选择核实结论"), where="outcome"))
    if not answer.strip():
        problems.append(Problem(_("请写明核实情况和答复"), where="answer"))
    if problems:
        raise Invalid(problems)
    objection.outcome, objection.answer = outcome, answer.strip()
    objection.settled_at, objection.settled_by = act.now, act.by
    act.move(objection, Objection.Stage.SETTLED)
    objection.save(update_fields=["outcome", "answer", "settled_at", "settled_by", "stage"])
    act.note(outcome=outcome, answer_sha256=sha256_hex(objection.answer.encode()))
    return objection


def _with_decision(publicity: Publicity, **_arguments: object) -> Iterable[Model]:
    return [publicity.decision]


@action(
    "publicity.close",
    title=gettext_lazy("结束公示"),
    on=Publicity,
    may=rules.handles_publicity,
    stages=("open",),
    to=("closed",),
    clauses=("X1",),
    mails=publicity_mails.closed,
    locks=_with_decision,
)
def close_publicity(publicity: Publicity, act: Act) -> Publicity:
    """公示期满、异议全部办结且没有成立的，结束公示，决定即可公布。"""
    if problems := conditions.before_close(publicity, now=act.now):
        raise Invalid(problems)
    objections = publicity.objections.count()
    end(publicity, act, Publicity.Stage.CLOSED)
    act.note(objections=objections)
    return publicity


@action(
    "publicity.stop",
    title=gettext_lazy("终止公示"),
    on=Publicity,
    may=rules.handles_publicity,
    stages=("open",),
    to=("stopped",),
    mails=publicity_mails.stopped,
    locks=_with_decision,
)
def stop_publicity(publicity: Publicity, act: Act, *, reason: str) -> Publicity:
    """写明理由终止公示，名单不再公开；要公布须重新公示。收到的异议仍须办结。"""
    problems = misfits(Publicity, stopped_reason=reason.strip())
    if not reason.strip():
        problems.append(Problem(_("请写明终止的理由"), where="reason"))
    if problems:
        raise Invalid(problems)
    end(publicity, act, Publicity.Stage.STOPPED, reason=reason.strip())
    return publicity


def end(publicity: Publicity, act: Act, stage: str, *, reason: str = "") -> None:
    """Bring a period to its end, with the instant and the reason that its row must have (also when a decision goes back)."""
    publicity.ended_at, publicity.stopped_reason = act.now, reason
    act.move(publicity, stage)
    publicity.save(update_fields=["ended_at", "stopped_reason", "stage"])
