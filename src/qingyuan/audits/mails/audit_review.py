"""What the evaluation and acceptance of an enterprise's audit send."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.audits.models.audit_review import AuditReview
from qingyuan.calls.mails import SIGNATURE, recipients_of
from qingyuan.catalogue.evaluations import evaluations
from qingyuan.kernel.outbox import Draft
from qingyuan.people.models import Organisation
from qingyuan.pilots.models import Pilot


def _letters(
    to: Organisation, sender: Organisation, *, subject: str, body: str, **untrusted: object
) -> list[Draft]:
    return [
        Draft(
            to=recipient,
            subject=subject,
            body=body + SIGNATURE,
            trusted={},
            untrusted=untrusted,
            sender_id=sender.pk,
        )
        for _body, recipient in recipients_of([to])
    ]


def asked(pilot: Pilot, *, by: Any, now: datetime, result: Any, **_rest: Any) -> list[Draft]:
    """To the host of the departments, which holds the sitting or sees to it."""
    del by, now
    if result is None:
        return []
    return _letters(
        pilot.call.joint_body.host,
        pilot.applicant,
        subject=_("申请企业清洁生产审核{kind}：{enterprise}"),
        body=_("《{pilot}》范围内的{enterprise}申请清洁生产审核{kind}。\n请登录清源平台组织并登记结果。"),
        kind=str(result.get_kind_display()),
        enterprise=result.enterprise.name,
        pilot=pilot.name,
    )


def recorded(review: AuditReview, *, by: Any, now: datetime, result: Any, **_rest: Any) -> list[Draft]:
    """To the body that carries out the pilot."""
    del by, now
    if result is None:
        return []
    pilot = review.pilot
    return _letters(
        pilot.applicant,
        pilot.call.joint_body.host,
        subject=_("企业清洁生产审核{kind}结果：{enterprise}"),
        body=_(
            "《{pilot}》范围内的{enterprise}清洁生产审核{kind}：{conclusion}。\n意见和下一步请登录清源平台查看。"
        ),
        kind=str(review.get_kind_display()),
        enterprise=review.enterprise.name,
        pilot=pilot.name,
        conclusion=str(review.get_stage_display()),
    )


def recorded_many(
    pilot: Pilot,
    *,
    by: Any,
    now: datetime,
    result: Any,
    sheet: str = "",
    rows: Sequence[Any] = (),
    **_rest: Any,
) -> list[Draft]:
    """One letter to the body that carries out the pilot, however many results there are."""
    del by, now
    if result is None or sheet not in evaluations():
        return []
    return _letters(
        pilot.applicant,
        pilot.call.joint_body.host,
        subject=_("企业清洁生产审核{kind}结果：{number} 家"),
        body=_(
            "《{pilot}》范围内 {number} 家企业的清洁生产审核{kind}结果已登记。\n各家的结论、意见和下一步请登录清源平台查看。"
        ),
        kind=str(AuditReview.Kind(evaluations()[sheet].kind).label),
        number=len(rows),
        pilot=pilot.name,
    )
