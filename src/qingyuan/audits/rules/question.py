"""Who may ask about figures, answer, and settle."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qingyuan.audits.models import FigureQuestion
from qingyuan.audits.rules import dataset as datasets
from qingyuan.audits.rules.sheet import codes_of
from qingyuan.kernel.permission import is_signed_in, predicate


@predicate(_("须为申报单位为本数据集指定的、可以编写数据的人员"))
def asks(user: Any, question: FigureQuestion) -> bool:
    return datasets.writes_raw.test(user, question.dataset)


@predicate(_("须为申报单位为本数据集指定的人员或技术支撑单位人员"))
def reads_question(user: Any, question: FigureQuestion) -> bool:
    return datasets.reads_raw.test(user, question.dataset)


@predicate(_("须为被问企业的人员，或持有其专用填报链接"))
def is_asked(user: Any, question: FigureQuestion) -> bool:
    if question.enterprise is None:
        return False
    if is_signed_in.test(user) and question.enterprise.credit_code in codes_of(user):
        return True
    link = getattr(user, "link_sheet", None)
    if link is None:
        return False
    return question.dataset.sheets.filter(pk=link, enterprise=question.enterprise_id, guest=user.pk).exists()


answers = is_asked | asks
"""The applicant's staff may note an answer that came by telephone; who did stands in the record."""
