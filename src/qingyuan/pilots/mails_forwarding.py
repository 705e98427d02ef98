"""What 经所在市转报 sends: to the bureaus when a version arrives, to applicant and receiver when they have spoken."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.calls.mails import SIGNATURE, host_of, recipients_of, shown_until
from qingyuan.kernel.outbox import Draft
from qingyuan.people.models import Organisation, Role
from qingyuan.pilots import forwarding as ways
from qingyuan.pilots import mails
from qingyuan.pilots.mails import to_receiver, to_roles
from qingyuan.pilots.models import Pilot, PrefectureForwarding


def to_bureaus(
    pilot: Pilot,
    bureaus: list[Organisation],
    *,
    subject: str,
    body: str,
    trusted: dict[str, object] | None = None,
    sender: Organisation | None = None,
) -> list[Draft]:
    """A letter to each bureau: its mailbox, else its leads and handlers."""
    return [
        Draft(
            to=recipient,
            subject=subject,
            body=body + SIGNATURE,
            trusted=trusted or {},
            untrusted={"name": pilot.name, "applicant": pilot.applicant.name, "body": bureau.name},
            sender_id=sender.pk if sender else pilot.applicant_id,
        )
        for bureau, recipient in recipients_of(bureaus)
    ]


def arrival_mails(pilot: Pilot) -> list[Draft]:
    """With the submission; nothing where the call is direct."""
    bureaus = ways.route_of(pilot).bureaus
    if not bureaus or pilot.call.forward_closes_at is None:
        return []
    return to_bureaus(
        pilot,
        bureaus,
        subject=_("请转报：{name}"),
        body=_(
            "{body}：\n\n{applicant}提交了《{name}》，通知规定经贵单位转报。请在 {due} 之前登录清源平台查看方案、提出意见并转报。"
        ),
        trusted={"due": shown_until(pilot.call.forward_closes_at)},
    )


def submit_mails(pilot: Pilot, **arguments: Any) -> list[Draft]:
    """The receipt, the arrival at the receiver, and (where the call hands in through them) the request to the bureaus."""
    return [*mails.submit_mails(pilot, **arguments), *arrival_mails(pilot)]


def _bureau_of(forwarding: PrefectureForwarding, by: Any) -> Organisation:
    opinion = ways.own_opinion(by, forwarding)
    return opinion.organisation if opinion else forwarding.organisation


def give_mails(
    forwarding: PrefectureForwarding,
    *,
    by: Any,
    now: datetime,
    result: Any,
    agree: bool = True,
    text: str = "",
    **_rest: Any,
) -> list[Draft]:
    """Applicant and receiver hear when all have spoken; before that nobody waits for anything else."""
    del now
    bureau = _bureau_of(forwarding, by)
    missing = [one for one in forwarding.opinions.all() if not one.word and one.organisation_id != bureau.pk]
    if missing and result is None:
        return []
    if result is not None and result.stage != PrefectureForwarding.Stage.FORWARDED:
        return []
    word = _("同意转报") if agree else _("附不同意见转报：{text}")
    body = _("{bureau}已转报{applicant}申报的《{name}》，意见：") + word
    facts: dict[str, Any] = {"bureau": bureau.name, "text": text}
    return [
        *to_receiver(forwarding.pilot, subject=_("已转报：{name}"), body=body, sender=bureau, **facts),
        *to_roles(
            forwarding.pilot,
            Role.LEAD,
            Role.HANDLER,
            subject=_("已转报：{name}"),
            body=body,
            sender=bureau,
            applicant=forwarding.pilot.applicant.name,
            **facts,
        ),
    ]


def return_mails(
    forwarding: PrefectureForwarding, *, by: Any, now: datetime, result: Any, text: str = "", **_rest: Any
) -> list[Draft]:
    del now, result
    bureau = _bureau_of(forwarding, by)
    facts: dict[str, Any] = {"bureau": bureau.name, "text": text}
    return [
        *to_roles(
            forwarding.pilot,
            Role.LEAD,
            Role.HANDLER,
            Role.SIGNER,
            subject=_("市级退回：{name}"),
            body=_(
                "{bureau}退回《{name}》，理由：{text}\n\n请在 {due} 之前修改、重新送审签发并再次提交；在此之前，已收到的版本一直有效。"
            ),
            trusted={"due": shown_until(forwarding.call.closes_at)},
            sender=bureau,
            **facts,
        ),
        *to_receiver(
            forwarding.pilot,
            subject=_("市级退回：{name}"),
            body=_("{bureau}退回了{applicant}申报的《{name}》，理由：{text}"),
            sender=bureau,
            **facts,
        ),
    ]


def lapse_mails(
    forwarding: PrefectureForwarding, *, by: Any, now: datetime, result: Any, **_rest: Any
) -> list[Draft]:
    del by, now, result
    host = host_of(forwarding.call)
    return [
        *to_roles(
            forwarding.pilot,
            Role.LEAD,
            Role.HANDLER,
            subject=_("逾期未转报：{name}"),
            body=_("《{name}》在转报期限内没有转报，{sender}直接办理；申报以贵单位提交的时刻为准。"),
            sender=host,
        ),
        *to_bureaus(
            forwarding.pilot,
            [one.organisation for one in forwarding.opinions.all() if not one.word],
            subject=_("逾期未转报：{name}"),
            body=_("{body}：\n\n{applicant}申报的《{name}》在期限内没有转报，受理单位直接办理。"),
            sender=host,
        ),
    ]
