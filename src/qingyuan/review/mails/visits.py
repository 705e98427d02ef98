"""What a site visit sends: the notice to the site, what was found, a cancellation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.calls.mails import SIGNATURE, host_of, recipients_of
from qingyuan.kernel.outbox import Draft
from qingyuan.review.models import Visit


def notified(visit: Visit, *, by: Any, now: datetime, result: Any, **_rest: Any) -> list[Draft]:
    """The visit notice: the moment at which the applicant learns of it."""
    del by, now, result
    if visit.day is None:
        return []
    return _to_applicant(
        visit,
        subject=_("现场调查通知：{name}"),
        body=_(
            "贵单位申报的《{name}》将接受现场调查。\n时间：{day}\n地点：{address}\n调查内容：现场实际情况与申报内容是否相符，以及其他清洁生产有关情况。\n请准备申报材料所述的管理机构、制度、资金和基线数据的原始记录。不需要另行准备汇报材料，谢绝宴请和陪同。\n通知全文请登录清源平台查看。"
        ),
        day=f"{visit.day:%Y年%-m月%-d日}",
    )


def concluded(visit: Visit, *, by: Any, now: datetime, result: Any, **_rest: Any) -> list[Draft]:
    del by, now, result
    return _to_applicant(
        visit,
        subject=_("现场调查已结束，请答复：{name}"),
        body=_(
            "《{name}》（{address}）的现场调查已经结束。请登录清源平台查看结论和不符、无法核实之处，并作答复。"
        ),
    )


def cancelled(visit: Visit, *, by: Any, now: datetime, result: Any, **_rest: Any) -> list[Draft]:
    """Only to a site that had been told."""
    del by, now, result
    if visit.notified_at is None:
        return []
    return _to_applicant(
        visit,
        subject=_("现场调查取消：{name}"),
        body=_("原定对《{name}》（{address}）的现场调查取消，特此通知。"),
    )


def _to_applicant(visit: Visit, *, subject: str, body: str, **trusted: object) -> list[Draft]:
    case = visit.case
    if case.applicant is None:
        return []  # an imported case: its province delivers the letter
    return [
        Draft(
            to=recipient,
            subject=subject,
            body=body + SIGNATURE,
            trusted=trusted,
            untrusted={"name": case.title, "address": visit.address},
            sender_id=host_of(case.round.call).pk,
        )
        for _body, recipient in recipients_of([case.applicant])
    ]
