"""Verbs on appointments: invite, accept with the promises, decline, declare interests, release."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.catalogue import promises
from qingyuan.kernel import clock
from qingyuan.kernel.actions import Act, Invalid, Problem, action
from qingyuan.kernel.fields import misfits
from qingyuan.people.models import Expert, Interest
from qingyuan.people.pool.rules import visible_to
from qingyuan.review.mails import experts as mails
from qingyuan.review.models import Appointment, Assignment, DeclaredInterest, Round
from qingyuan.review.rules import experts as rules
from qingyuan.review.rules import ground

MOST_DECLARED = 200


@action(
    "round.invite_experts",
    title=gettext_lazy("邀请专家"),
    on=Round,
    may=ground.handles_round,
    stages=("preparing", "reviewing"),
    clauses=("H3", "N9"),
    idempotent=True,
    mails=mails.invitation,
)
def invite_experts(
    round_: Round, act: Act, *, experts: Sequence[Expert], reply_due_at: datetime, is_reserve: bool = False
) -> list[Appointment]:
    """邀请专家库中的专家参加本轮评审；已谢绝的可以再次邀请。"""
    problems = []
    if not experts:
        problems.append(Problem(_("请至少选择一位专家"), where="experts"))
    if reply_due_at <= act.now:
        problems.append(Problem(_("答复期限已经过去"), where="reply_due_at", expected=_("晚于现在的时间")))
    known = {
        one.expert_id: one
        for one in Appointment.objects.filter(round=round_, expert__in=[expert.pk for expert in experts])
    }
    for expert in experts:
        before = known.get(expert.pk)
        if before is not None and before.stage in {Appointment.Stage.INVITED, Appointment.Stage.ACCEPTED}:
            problems.append(
                Problem(
                    _("%(code)s %(stage)s，不必再邀请")
                    % {"code": expert.code, "stage": before.get_stage_display()},
                    where="experts",
                )
            )
        if expert.stage != Expert.Stage.ACTIVE:
            problems.append(Problem(_("%s 已暂停，不能邀请") % expert.code, where="experts"))
        elif not visible_to(act.by, expert):
            problems.append(Problem(_("%s 不在可以使用的专家库中") % expert.code, where="experts"))
    if problems:
        raise Invalid(problems)
    made = []
    for expert in experts:
        appointment = known.get(expert.pk) or Appointment(round=round_, expert=expert)
        appointment.stage = Appointment.Stage.INVITED
        appointment.is_reserve = is_reserve
        appointment.invited_at, appointment.reply_due_at = act.now, reply_due_at
        appointment.replied_at, appointment.reason = None, ""
        appointment.save()
        made.append(appointment)
    act.items(sorted([expert.code, is_reserve] for expert in experts))
    return made


@action(
    "appointment.accept",
    title=gettext_lazy("接受聘请"),
    on=Appointment,
    may=rules.is_invited,
    stages=("invited",),
    to=("accepted",),
    clauses=("H3", "N9"),
)
def accept(appointment: Appointment, act: Act, *, promises_sha256: str) -> Appointment:
    """接受聘请，并对保密、廉洁、回避承诺的文本作出承诺；承诺与文本的指纹一并留存。"""
    form = promises.form_on(clock.local(act.now).date())
    if promises_sha256 != form.sha256:
        raise Invalid(
            [Problem(_("承诺文本已经更新，请重新阅读后再承诺"), where="promises_sha256", expected=form.title)]
        )
    appointment.promises_id, appointment.promises_sha256 = form.id, form.sha256
    appointment.replied_at = act.now
    act.move(appointment, Appointment.Stage.ACCEPTED)
    appointment.save(update_fields=["promises_id", "promises_sha256", "replied_at", "stage"])
    act.note(promises=form.id, promises_sha256=form.sha256)
    return appointment


@action(
    "appointment.decline",
    title=gettext_lazy("谢绝聘请"),
    on=Appointment,
    may=rules.is_invited,
    stages=("invited",),
    to=("declined",),
)
def decline(appointment: Appointment, act: Act, *, reason: str) -> Appointment:
    """谢绝本轮评审的聘请，说明原因。"""
    _say_why(appointment, reason)
    appointment.replied_at = act.now
    appointment.save(update_fields=["reason", "replied_at"])
    act.move(appointment, Appointment.Stage.DECLINED)
    return appointment


@action(
    "appointment.declare",
    title=gettext_lazy("申报本轮利益关系"),
    on=Appointment,
    may=rules.is_invited,
    stages=("accepted",),
    clauses=("H3", "N9"),
)
def declare(appointment: Appointment, act: Act, *, interests: Sequence[Mapping[str, str]]) -> Appointment:
    """查看任何材料之前，申报与本轮各单位的关系；新的申报整体替换旧的，没有关系的也要申报一次。"""
    rows = list(dict.fromkeys((" ".join(row["body_name"].split()), row["relation"]) for row in interests))
    problems = [
        problem
        for number, (name, relation) in enumerate(rows, start=1)
        for problem in [
            *misfits(DeclaredInterest, at=str(number), body_name=name),
            *([] if name else [Problem(_("第 %d 行没有写明单位") % number, where=f"{number}.body_name")]),
            *(
                []
                if relation in Interest.Relation.values
                else [Problem(_("第 %d 行没有写明关系") % number, where=f"{number}.relation")]
            ),
        ]
    ]
    if len(rows) > MOST_DECLARED:
        problems.append(Problem(_("最多申报 %d 项") % MOST_DECLARED, where="interests"))
    if problems:
        raise Invalid(problems)
    appointment.declared.all().delete()
    DeclaredInterest.objects.bulk_create(
        DeclaredInterest(appointment=appointment, body_name=name, relation=relation)
        for name, relation in rows
    )
    appointment.declared_at = act.now
    appointment.save(update_fields=["declared_at"])
    act.items([list(row) for row in rows])
    return appointment


@action(
    "appointment.release",
    title=gettext_lazy("解除聘请"),
    on=Appointment,
    may=rules.handles_appointment,
    stages=("invited", "accepted"),
    to=("released",),
)
def release(appointment: Appointment, act: Act, *, reason: str) -> Appointment:
    """解除一位专家在本轮的聘请；手上还有任务的，先更换专家。已提交的意见保留。"""
    standing = Assignment.standing().filter(appointment=appointment)
    waiting = standing.exclude(stage=Assignment.Stage.SUBMITTED).count()
    if waiting:
        raise Invalid(
            [
                Problem(
                    _("该专家还有 %d 项未完成的任务") % waiting,
                    where="reason",
                    mend=_("先为这些项目更换专家"),
                )
            ]
        )
    _say_why(appointment, reason)
    appointment.save(update_fields=["reason"])
    act.move(appointment, Appointment.Stage.RELEASED)
    return appointment


def _say_why(appointment: Appointment, reason: str) -> None:
    reason = reason.strip()
    problems = misfits(Appointment, reason=reason)
    if not reason:
        problems.append(Problem(_("请写明原因"), where="reason"))
    if problems:
        raise Invalid(problems)
    appointment.reason = reason
