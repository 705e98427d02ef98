"""What 退回补充完善 sends to the applicant, and to the departments that decide together."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.calls.mails import host_of, shown_until
from qingyuan.kernel.outbox import Draft
from qingyuan.people.models import Role
from qingyuan.pilots import returned
from qingyuan.pilots.mails import to_roles
from qingyuan.pilots.models import Pilot, SupplementRequest


def request_mails(
    pilot: Pilot,
    *,
    by: Any,
    now: datetime,
    result: SupplementRequest | None,
    reason: str = "",
    **_rest: Any,
) -> list[Draft]:
    del by, now
    facts: dict[str, object] = {
        "what": "、".join(returned.named(result)) if result else _("（按所选章节和部分）"),
        "due": shown_until(result.due_at) if result else _("（按所填期限）"),
    }
    return to_roles(
        pilot,
        Role.LEAD,
        Role.HANDLER,
        Role.SIGNER,
        subject=_("退回补充完善：{name}"),
        body=_(
            "{sender}请贵单位补充完善《{name}》。\n内容：{what}\n期限：{due}\n理由和要求：{reason}\n\n"
            "只有上述内容可以修改；请在期限前重新送审、签发并提交。此前收到的版本在新版本提交之前一直有效。"
        ),
        trusted=facts,
        sender=host_of(pilot.call),
        reason=reason,
    )


def cancel_mails(
    request: SupplementRequest, *, by: Any, now: datetime, result: Any, remark: str = "", **_rest: Any
) -> list[Draft]:
    del by, now, result
    return to_roles(
        request.pilot,
        Role.LEAD,
        Role.HANDLER,
        subject=_("取消退回：{name}"),
        body=_("{sender}取消了对《{name}》的退回补充完善，以已收到的版本为准。原因：{remark}"),
        sender=request.organisation,
        remark=remark,
    )


def lapse_mails(
    request: SupplementRequest, *, by: Any, now: datetime, result: Any, **_rest: Any
) -> list[Draft]:
    del by, now, result
    return to_roles(
        request.pilot,
        Role.LEAD,
        Role.HANDLER,
        subject=_("逾期未补充：{name}"),
        body=_("《{name}》的补充完善已于 {due} 截止，没有收到新版本；评审以已收到的版本为准。"),
        trusted={"due": shown_until(request.due_at)},
        sender=request.organisation,
    )
