"""What experts are reminded of by mail: invitations without an answer, tasks that come due. Never of a case in conflict."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from django.utils.translation import gettext as _

from qingyuan.kernel import clock, reminders
from qingyuan.kernel.outbox import Draft, Recipient
from qingyuan.kernel.reminders import Due
from qingyuan.review.mails.experts import CLOSING, host_of
from qingyuan.review.models import Appointment, Assignment
from qingyuan.review.rules import experts as rules


def invitations(until: datetime) -> Iterator[Due]:
    waiting = Appointment.objects.filter(
        stage=Appointment.Stage.INVITED, reply_due_at__gt=clock.now(), reply_due_at__lte=until
    )
    for one in waiting.select_related("expert__user", "round__call__joint_body"):
        # A new invitation of the same expert is a new thing to be told.
        key = f"appointment/{one.pk}/{one.revision}"
        yield Due(key, one.invited_at, one.reply_due_at, partial(_invitation, one))


def tasks(until: datetime) -> Iterator[Due]:
    """Tasks that are not submitted; what the expert may not see any more is not mentioned either."""
    waiting = Assignment.standing().filter(
        is_reserve=False,
        stage__in=[Assignment.Stage.ASSIGNED, Assignment.Stage.STARTED],
        due_at__gt=clock.now(),
        due_at__lte=until,
    )
    for one in waiting.select_related("appointment__expert__user", "case__round__call__joint_body"):
        yield Due(f"assignment/{one.pk}", one.assigned_at, one.due_at, partial(_task, one))


def _invitation(one: Appointment) -> list[Draft]:
    return _draft(
        one,
        _("评审聘请待答复（{code}）"),
        _("您好：\n\n{host}的评审聘请，请在 {due} 前登录清源平台答复。"),
        one.reply_due_at,
    )


def _task(one: Assignment) -> list[Draft]:
    if not rules.works_on.test(one.appointment.expert.user, one):
        return []
    return _draft(
        one.appointment,
        _("评审任务将到期（{code}）"),
        _("您好：\n\n您有一项评审任务将于 {due} 到期，请登录清源平台，在“我的评审”中完成。"),
        one.due_at,
    )


def _draft(appointment: Appointment, subject: str, body: str, due: datetime) -> list[Draft]:
    expert, host = appointment.expert, host_of(appointment.round)
    if not expert.user.email:
        return []
    return [
        Draft(
            to=Recipient(expert.user.email, str(expert.user), expert.user_id),
            subject=subject,
            body=body + CLOSING,
            trusted={"due": clock.local(due).strftime("%Y-%m-%d %H:%M"), "code": expert.code},
            untrusted={"host": host.name},
            sender_id=host.pk,
        )
    ]


reminders.register(invitations)
reminders.register(tasks)
