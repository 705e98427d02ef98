"""What a pilot sends, to whom: the applicant's own people, and the receiving department."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.calls.mails import SIGNATURE, host_of, recipients_of, shown, shown_until
from qingyuan.kernel.outbox import Draft, Recipient
from qingyuan.people.models import Organisation, Role
from qingyuan.pilots import area
from qingyuan.pilots.models import Pilot, Submission


def to_roles(
    pilot: Pilot,
    *roles: str,
    subject: str,
    body: str,
    trusted: dict[str, object] | None = None,
    sender: Organisation | None = None,
    **untrusted: object,
) -> list[Draft]:
    """One letter to each of the applicant's people in these roles; `sender` where another body writes it."""
    members = pilot.applicant.memberships.filter(role__in=roles).select_related("user")
    people = {membership.user_id: membership.user for membership in members if membership.user.email}
    return [
        Draft(
            to=Recipient(user.email, str(user), user.pk),
            subject=subject,
            body=body + SIGNATURE,
            trusted=trusted or {},
            untrusted={"name": pilot.name, "sender": (sender or pilot.applicant).name, **untrusted},
            sender_id=sender.pk if sender else pilot.applicant_id,
        )
        for user in people.values()
    ]


def hand_in_mails(pilot: Pilot, *, by: Any, now: datetime, result: Any, **_rest: Any) -> list[Draft]:
    del now, result
    return to_roles(
        pilot,
        Role.REVIEWER,
        subject=_("待审核：{name}"),
        body=_("{who}已将《{name}》送审，请登录清源平台审核。"),
        who=str(by),
    )


def review_mails(pilot: Pilot, *, by: Any, now: datetime, result: Any, **_rest: Any) -> list[Draft]:
    del now, result
    return to_roles(
        pilot,
        Role.SIGNER,
        subject=_("待签发：{name}"),
        body=_("{who}已审核通过《{name}》，请登录清源平台签发。"),
        who=str(by),
    )


def sign_mails(pilot: Pilot, *, by: Any, now: datetime, result: Any, **_rest: Any) -> list[Draft]:
    del by, now, result
    return to_roles(
        pilot,
        Role.HANDLER,
        subject=_("已签发，请提交：{name}"),
        body=_("《{name}》已签发。请上传盖章页，并在 {closes} 之前提交。"),
        trusted={"closes": shown_until(pilot.call.closes_at)},
    )


def return_mails(
    pilot: Pilot, *, by: Any, now: datetime, result: Any, remark: str = "", **_rest: Any
) -> list[Draft]:
    del now, result
    return to_roles(
        pilot,
        Role.HANDLER,
        subject=_("退回修改：{name}"),
        body=_("{who}将《{name}》退回修改，意见：{remark}"),
        who=str(by),
        remark=remark,
    )


def withdraw_mails(
    pilot: Pilot, *, by: Any, now: datetime, result: Any, remark: str = "", **_rest: Any
) -> list[Draft]:
    del by, now, result
    drafts = to_roles(
        pilot,
        Role.HANDLER,
        Role.LEAD,
        subject=_("已撤回：{name}"),
        body=_("《{name}》已撤回，原因：{remark}"),
        remark=remark,
    )
    if pilot.submissions.exists():
        drafts += to_receiver(
            pilot,
            subject=_("撤回申报：{name}"),
            body=_("{applicant}已撤回《{name}》，原因：{remark}"),
            remark=remark,
        )
    return drafts


def to_receiver(
    pilot: Pilot,
    *,
    subject: str,
    body: str,
    trusted: dict[str, object] | None = None,
    sender: Organisation | None = None,
    **untrusted: object,
) -> list[Draft]:
    """A letter to the receiving department, from the applicant or another `sender`."""
    receiver = host_of(pilot.call)
    mailbox = pilot.call.mailbox
    reached = (
        [Recipient(mailbox, receiver.name)] if mailbox else [one for _body, one in recipients_of([receiver])]
    )
    return [
        Draft(
            to=recipient,
            subject=subject,
            body=body + SIGNATURE,
            trusted=trusted or {},
            untrusted={"name": pilot.name, "applicant": pilot.applicant.name, **untrusted},
            sender_id=sender.pk if sender else pilot.applicant_id,
        )
        for recipient in reached
    ]


def submit_mails(
    pilot: Pilot, *, by: Any, now: datetime, result: Submission | None, **_rest: Any
) -> list[Draft]:
    del by
    naming = pilot.notice.package.mail_subject
    facts: dict[str, object] = {
        "number": result.register_label if result else _("（提交后生成）"),
        "at": shown(result.submitted_at if result else now),
        "sha": result.package_sha256 if result else _("（提交后生成）"),
    }
    receipt = _(
        "《{name}》已收到。\n收件登记号：{number}\n收到时间：{at}\n材料包 SHA-256：{sha}\n\n"
        "请登录清源平台下载回执；任何人都可以凭回执在“台账核验”页核对。"
    )
    arrival = _(
        "{applicant}提交了《{name}》。\n收件登记号：{number}\n收到时间：{at}\n材料包 SHA-256：{sha}\n\n材料请登录清源平台下载。"
    )
    subject = naming.render(project_title=pilot.name, applicant_name=pilot.applicant.name)
    return [
        *to_roles(
            pilot,
            Role.LEAD,
            Role.HANDLER,
            Role.SIGNER,
            subject=_("收件回执：{name}"),
            body=receipt,
            trusted=facts,
        ),
        *to_receiver(pilot, subject="{line}", body=arrival, trusted=facts, line=subject),
    ]


def comment_mails(pilot: Pilot, *, by: Any, now: datetime, result: Any, **_rest: Any) -> list[Draft]:
    del now, result
    bureau = area.bureau_for(by, pilot, Role.HANDLER, Role.LEAD)
    return to_receiver(
        pilot,
        subject=_("市级意见：{name}"),
        body=_("{bureau}对{applicant}申报的《{name}》提出了意见，请登录清源平台在该申报的页面查看。"),
        sender=bureau,
        bureau=bureau.name if bureau else "",
    )
