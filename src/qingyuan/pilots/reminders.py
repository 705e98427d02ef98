"""What of this room is reminded of by mail: certificates, supplements, forwardings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from django.utils.translation import gettext as _

from qingyuan.calls.mails import shown_until
from qingyuan.kernel import clock, reminders
from qingyuan.kernel.outbox import Draft
from qingyuan.kernel.reminders import Due
from qingyuan.people.models import Role
from qingyuan.pilots.mails import to_roles
from qingyuan.pilots.mails_forwarding import to_bureaus
from qingyuan.pilots.models import CertificateRequest, Pilot, PrefectureForwarding, SupplementRequest


def certificates(until: datetime) -> Iterator[Due]:
    """Letters without an answer whose date comes near."""
    waiting = CertificateRequest.objects.filter(
        stage=CertificateRequest.Stage.SENT,
        pilot__stage=Pilot.Stage.DRAFTING,
        due_on__lte=clock.local(until).date(),
        due_on__gte=clock.local(clock.now()).date(),
    )
    for one in waiting.select_related("pilot__applicant", "pilot__call", "organisation"):
        if (due := one.due_at) is not None:
            yield Due(f"certificate/{one.pk}", one.sent_at, due, partial(_certificate, one))


def _certificate(one: CertificateRequest) -> list[Draft]:
    """The asked body, where it reads here; else the applicant's handlers, who have to ask after the letter."""
    facts: dict[str, object] = {"due": shown_until(one.due_at)} if one.due_at else {}
    if one.organisation is not None:
        return to_bureaus(
            one.pilot,
            [one.organisation],
            subject=_("证明函将到期：{name}"),
            body=_(
                "{body}：\n\n{applicant}申报《{name}》请贵单位出具证明，请在 {due} 之前登录清源平台答复。"
            ),
            trusted=facts,
        )
    return to_roles(
        one.pilot,
        Role.HANDLER,
        Role.LEAD,
        subject=_("证明函将到期：{name}"),
        body=_("《{name}》请{asked}出具的证明还没有登记收到，期限 {due}。"),
        trusted=facts,
        asked=one.body_name,
    )


def supplements(until: datetime) -> Iterator[Due]:
    waiting = SupplementRequest.objects.filter(
        stage=SupplementRequest.Stage.OPEN, due_at__gt=clock.now(), due_at__lte=until
    )
    for one in waiting.select_related("pilot__applicant", "pilot__call", "organisation"):
        yield Due(f"supplement/{one.pk}", one.asked_at, one.due_at, partial(_supplement, one))


def _supplement(one: SupplementRequest) -> list[Draft]:
    return to_roles(
        one.pilot,
        Role.LEAD,
        Role.HANDLER,
        Role.SIGNER,
        subject=_("补充完善将到期：{name}"),
        body=_(
            "{sender}要求的《{name}》补充完善，期限 {due}；现在是“{stage}”。到期没有提交的，以已收到的版本为准。"
        ),
        trusted={"due": shown_until(one.due_at), "stage": str(one.pilot.get_stage_display())},
        sender=one.organisation,
    )


def forwardings(until: datetime) -> Iterator[Due]:
    waiting = PrefectureForwarding.objects.filter(
        stage=PrefectureForwarding.Stage.WAITING,
        call__forward_closes_at__gt=clock.now(),
        call__forward_closes_at__lte=until,
    )
    for one in waiting.select_related("pilot__applicant", "call"):
        if (due := one.call.forward_closes_at) is not None:
            yield Due(f"forwarding/{one.pk}", one.arrived_at, due, partial(_forwarding, one, due))


def _forwarding(one: PrefectureForwarding, due: datetime) -> list[Draft]:
    missing = one.opinions.filter(word="").select_related("organisation")
    return to_bureaus(
        one.pilot,
        [opinion.organisation for opinion in missing],
        subject=_("转报将截止：{name}"),
        body=_(
            "{body}：\n\n{applicant}申报的《{name}》还没有转报，请在 {due} 之前登录清源平台提出意见并转报。"
        ),
        trusted={"due": shown_until(due)},
    )


for source in (certificates, supplements, forwardings):
    reminders.register(source)
