"""What calls send."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.calls import participants
from qingyuan.calls.models import Call, Supplement
from qingyuan.kernel import clock
from qingyuan.kernel.outbox import Draft, Recipient
from qingyuan.people.models import Membership, Organisation, Role

SIGNATURE = "\n\n清源 · 清洁生产审核创新试点平台"


def shown(instant: datetime) -> str:
    return f"{clock.local(instant):%Y年%-m月%-d日 %H:%M}（北京时间）"


def shown_until(instant: datetime) -> str:
    """A deadline, as `clock.deadline_parts` says it."""
    day, time = clock.deadline_parts(instant)
    return f"{day:%Y年%-m月%-d日} {time}（北京时间）"


def host_of(call: Call) -> Organisation:
    return call.joint_body.host


def recipients_of(bodies: list[Organisation]) -> list[tuple[Organisation, Recipient]]:
    """Where each body is reached: its official mailbox, else its leads and handlers (one query for all of them)."""
    without = [body.pk for body in bodies if not body.email]
    people: dict[Any, list[Recipient]] = {}
    if without:
        members = Membership.objects.filter(organisation__in=without, role__in=[Role.LEAD, Role.HANDLER])
        for member in members.select_related("user").exclude(user__email=""):
            found = people.setdefault(member.organisation_id, [])
            if member.user_id not in {one.user_id for one in found}:
                found.append(Recipient(member.user.email, str(member.user), member.user_id))
    return [
        (body, recipient)
        for body in bodies
        for recipient in ([Recipient(body.email, body.name)] if body.email else people.get(body.pk, []))
    ]


def unreachable(bodies: list[Organisation]) -> list[Organisation]:
    """Bodies with neither a mailbox nor anybody who could read a mail: they must be told in another way."""
    reached = {body.pk for body, _recipient in recipients_of(bodies)}
    return [body for body in bodies if body.pk not in reached]


def _to_bodies(
    bodies: list[Organisation],
    *,
    subject: str,
    body: str,
    call: Call,
    trusted: dict[str, object],
    **untrusted: object,
) -> list[Draft]:
    sender = host_of(call)
    return [
        Draft(
            to=recipient,
            subject=subject,
            body=body + SIGNATURE,
            trusted=trusted,
            untrusted={
                "title": call.title,
                "body": reached.name,
                "sender": call.joint_body.name,
                **untrusted,
            },
            sender_id=sender.pk,
        )
        for reached, recipient in recipients_of(bodies)
    ]


def publication_mails(call: Call, *, by: Any, now: datetime, result: Any, **_rest: Any) -> list[Draft]:
    del by, now, result
    return _to_bodies(
        list(call.addressees.order_by("region_code", "name")),
        subject=_("{sender}：{title}"),
        body=_(
            "{body}：\n\n{sender}已发布{title}。\n申报开始：{opens}\n申报截止：{closes}{way}\n\n请登录清源平台查看通知全文与申报要求。"
        ),
        call=call,
        trusted={"opens": shown(call.opens_at), "closes": shown_until(call.closes_at), "way": _way(call)},
    )


def _way(call: Call) -> str:
    """Through whom applications come, as a line of its own; nothing where they come directly."""
    if call.forward_closes_at is None:
        return ""
    text = (
        _("报送方式：经所在市生态环境局会同发展改革委转报，转报截止 %s；申报以申报单位提交的时刻为准")
        if call.forward_jointly
        else _("报送方式：经所在市生态环境局转报，转报截止 %s；申报以申报单位提交的时刻为准")
    )
    return "\n" + text % shown_until(call.forward_closes_at)


def supplement_mails(
    supplement: Supplement, *, by: Any, now: datetime, result: Any, **_rest: Any
) -> list[Draft]:
    del by, now, result
    return _to_bodies(
        participants.of(supplement.call),
        subject=_("补充通知：{title}申报截止时间调整"),
        body=_(
            "{body}：\n\n{sender}发布补充通知，{title}的申报截止时间由{old}调整为{new}，适用于全部申报单位。\n理由：{reason}"
        ),
        call=supplement.call,
        trusted={
            "old": shown_until(supplement.old_closes_at),
            "new": shown_until(supplement.new_closes_at),
        },
        reason=supplement.reason,
    )


REMARK = "意见："
"""Begins the line of a return's mail that carries the opinion; pages find it by this."""


def return_mails(
    call: Call, *, by: Any, now: datetime, result: Any, remark: str = "", **_rest: Any
) -> list[Draft]:
    """The opinion goes to those who have to act on it: the handlers of the host."""
    del now, result
    host = host_of(call)
    handlers = (
        Membership.objects.filter(organisation=host, role__in=(Role.HANDLER, Role.LEAD))
        .exclude(user__email="")
        .select_related("user")
        .order_by("user_id", "role")
    )
    parts = call.joint_body.seats
    sender = next(
        (part.organisation_id for part in parts if by.standing.holds(part.organisation_id)), host.pk
    )
    return [
        Draft(
            to=Recipient(person.email, str(person), person.pk),
            subject=_("退回修改：{title}"),
            body=_("{person}：\n\n{title}已退回修改。\n") + REMARK + "{remark}" + SIGNATURE,
            untrusted={"title": call.title, "person": str(person), "remark": remark},
            sender_id=sender,
        )
        for person in {row.user_id: row.user for row in handlers}.values()
    ]
