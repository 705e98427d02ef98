"""What questions about figures send; figures themselves stand in no mail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.audits.mails.sheet import LINK
from qingyuan.audits.models import Dataset, EnterpriseSheet, FigureQuestion
from qingyuan.calls.mails import SIGNATURE, recipients_of
from qingyuan.kernel.outbox import Draft, Recipient


def _to_enterprises(dataset: Dataset, numbers: Counter[Any]) -> list[Draft]:
    applicant = dataset.pilot.applicant
    sheets = EnterpriseSheet.objects.filter(dataset=dataset, enterprise__in=list(numbers)).exclude(address="")
    return [
        Draft(
            to=Recipient(sheet.address, sheet.name),
            subject=_("有 {number} 个核查问题待答复：{pilot}"),
            body=_("{enterprise}：\n“{pilot}”的审核数据有 {number} 个核查问题，请打开专用链接答复或更正：\n")
            + LINK
            + SIGNATURE,
            trusted={"sheet": sheet.pk, "number": numbers[sheet.enterprise_id]},
            untrusted={"enterprise": sheet.name, "pilot": dataset.pilot.name},
            sender_id=applicant.pk,
        )
        for sheet in sheets.order_by("name")
    ]


def asked(
    dataset: Dataset, *, by: Any, now: datetime, result: Any, questions: Sequence[Any] = (), **_rest: Any
) -> list[Draft]:
    """One letter an enterprise, however many questions."""
    del by, now
    if result is None:
        return []
    rows = dataset.rows.filter(pk__in=[one.row for one in questions], enterprise__isnull=False)
    whose = dict(rows.values_list("pk", "enterprise_id"))
    return _to_enterprises(dataset, Counter(whose[one.row] for one in questions if one.row in whose))


def insisted(question: FigureQuestion, *, by: Any, now: datetime, result: Any, **_rest: Any) -> list[Draft]:
    del by, now, result
    if question.enterprise_id is None:
        return []
    return _to_enterprises(question.dataset, Counter([question.enterprise_id]))


def answered(question: FigureQuestion, *, by: Any, now: datetime, result: Any, **_rest: Any) -> list[Draft]:
    """To the applicant, unless its own staff noted the answer."""
    del now, result
    if question.enterprise is None or getattr(by, "pk", None) == question.asked_by_id:
        return []
    applicant = question.dataset.pilot.applicant
    return [
        Draft(
            to=recipient,
            subject=_("核查问题已答复：{pilot}"),
            body=_("{enterprise}答复了一个核查问题，请登录清源平台确认。") + SIGNATURE,
            untrusted={"enterprise": question.enterprise.name, "pilot": question.dataset.pilot.name},
            sender_id=applicant.pk,
        )
        for _body, recipient in recipients_of([applicant])
    ]
