"""The bound volumes that notices ask for: how many copies, of what, in which order, to whom and until when."""

from __future__ import annotations

import datetime as dt

from qingyuan.calls.mails import shown_until
from qingyuan.calls.notices import known_notices
from qingyuan.catalogue.notices.model import Notice
from qingyuan.catalogue.notices.parts import Delivery
from qingyuan.papers.binding_docx import Volume, write_kit
from qingyuan.review.models import Case


def deliveries(case: Case) -> list[tuple[Notice, Delivery]]:
    """The paper deliveries of the round's notice and of the one that it carries out, lower level first."""
    notice = case.round.notice
    above = [known_notices()[notice.parent]] if notice.parent else []
    return [
        (one, delivery)
        for one in (notice, *above)
        for delivery in one.package.deliveries
        if delivery.medium == "paper"
    ]


def volume(case: Case, notice: Notice, delivery: Delivery) -> Volume:
    """One volume as its notice says: the parts in the notice's own order (N7: the plan, then the letter)."""
    return Volume(
        title=case.title,
        subtitle=notice.programme,
        applicant=case.applicant_name,
        recipient=delivery.recipient,
        copies=delivery.copies,
        binding=delivery.binding,
        parts=delivery.contents,
        due=shown_until(notice.deadline(delivery.by).ends),
    )


def kit(case: Case, delivery_id: str, *, on: dt.date) -> tuple[str, bytes] | None:
    """Name and bytes of the print-and-bind sheet of one delivery; None for an id that no notice has."""
    for notice, delivery in deliveries(case):
        if delivery.id == delivery_id:
            made = volume(case, notice, delivery)
            return f"装订_{delivery.recipient}_{case.title}.docx", write_kit(made, created_on=on)
    return None
