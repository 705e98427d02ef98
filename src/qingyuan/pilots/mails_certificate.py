"""What a 证明函 sends: the request to a registered body, the answer back to the applicant."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.calls.mails import SIGNATURE
from qingyuan.kernel.outbox import Draft, Recipient
from qingyuan.people.models import Organisation, Role
from qingyuan.pilots.mails import to_roles
from qingyuan.pilots.models import CertificateRequest, Pilot


def request_mails(
    pilot: Pilot,
    *,
    by: Any,
    now: datetime,
    result: Any,
    organisation: Organisation | None = None,
    text: str = "",
    due_on: date | None = None,
    **_rest: Any,
) -> list[Draft]:
    """An outside body hears by letter, not from us."""
    del by, now, result
    if organisation is None or not organisation.email:
        return []
    return [
        Draft(
            to=Recipient(organisation.email, organisation.name),
            subject=_("请出具证明：{name}"),
            body=_(
                "{body}：\n\n{applicant}申报《{name}》，请贵单位就下列事项出具证明：\n{text}\n\n请登录清源平台办理。"
            )
            + (_("\n请在 {due} 之前答复。") if due_on else "")
            + SIGNATURE,
            trusted={"due": f"{due_on:%Y-%m-%d}"} if due_on else {},
            untrusted={
                "name": pilot.name,
                "applicant": pilot.applicant.name,
                "body": organisation.name,
                "text": text,
            },
            sender_id=pilot.applicant_id,
        )
    ]


def answer_mails(
    request: CertificateRequest, *, by: Any, now: datetime, result: Any, remark: str = "", **_rest: Any
) -> list[Draft]:
    """Told to the applicant where the asked body itself answered."""
    del now, result
    if by.standing.holds(request.pilot.applicant_id):
        return []
    said = _("不予证明。理由：{remark}") if remark else _("已出具证明，文件已附在申报条件之下。")
    return to_roles(
        request.pilot,
        Role.HANDLER,
        subject=_("证明函答复：{name}"),
        body=_("{asked}对《{name}》的证明函已答复：") + said,
        sender=request.organisation,
        asked=request.body_name,
        remark=remark,
    )
