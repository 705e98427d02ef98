"""The paper copies of a received version: which body gets how many, how they are bound, and their plan with its own cover.

What is received is the 送审版. Once the province has passed it, the same text goes on paper to the provincial department
(定稿), and bound with the letter of recommendation to the national bodies (报批稿).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from qingyuan.catalogue.notices import notices
from qingyuan.catalogue.notices.model import Notice
from qingyuan.catalogue.notices.parts import Delivery
from qingyuan.papers import plan_docx
from qingyuan.papers.package import clean_path
from qingyuan.pilots import snapshot as snapshots
from qingyuan.pilots.models import Submission
from qingyuan.pilots.paper import plan_of

_EDITIONS = {"provincial": "定稿", "national": "报批稿"}
_NUMERALS = "零一二三四五六七八九十"


@dataclass(frozen=True, kw_only=True)
class Copy:
    """One paper delivery that a notice asks for."""

    notice: Notice
    delivery: Delivery
    edition: str
    mail_subject: str
    """Of the electronic delivery that goes with it."""
    due: dt.datetime

    @property
    def count(self) -> str:
        """一式两份, as covers say it."""
        number = self.delivery.copies
        return f"一式{'两' if number == 2 else _NUMERALS[number] if number <= 10 else number}份"


def copies_of(submission: Submission) -> list[Copy]:
    """The paper copies by the call's notice and by the notice that it carries out, lower level first."""
    notice = submission.call.notice
    above = [notices()[notice.parent]] if notice.parent else []
    return [
        Copy(
            notice=one,
            delivery=delivery,
            edition=_EDITIONS[one.level],
            mail_subject=one.package.mail_subject.render(
                project_title=submission.snapshot["name"],
                applicant_name=submission.snapshot["applicant"]["name"],
            ),
            due=one.deadline(delivery.by).at,
        )
        for one in (notice, *above)
        for delivery in one.package.deliveries
        if delivery.medium == "paper"
    ]


def write_copy(submission: Submission, copy: Copy, *, on: dt.date) -> bytes:
    """The sealed content as Word with the cover of this copy, dated `on`; the text is that of the received version."""
    data = snapshots.upcast(submission.snapshot)
    plan = plan_of(submission.pilot, data, on=on)
    numbers = "、".join(copy.notice.document_numbers)
    lines = (
        f"报送：{copy.delivery.recipient}",
        f"{copy.count}{f'，{copy.delivery.binding}' if copy.delivery.binding else ''}",
        f"内容与收件登记号 {submission.register_label} 的版本一致",
    )
    notice = f"{copy.notice.title}{f'（{numbers}）' if numbers else ''}"
    return plan_docx.write_plan(replace(plan, edition=copy.edition, notice=notice, cover_lines=lines))


def file_name(copy: Copy) -> str:
    """Named like the mail, so that both can be told to belong together."""
    return clean_path(f"{copy.mail_subject}（{copy.edition}）.docx".replace("/", "／"))
