"""What the form check adds to a case's papers: a sheet per concluded check, here and at the province behind it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from qingyuan.kernel import clock
from qingyuan.review import formcheck_paper
from qingyuan.review.archive import THIRTY, Paper, contribute
from qingyuan.review.models import Case, FormCheck


def form_check_sheets(case: Case) -> Iterator[Paper]:
    """Concluded checks in the order of their conclusion (one query for them, and one for the case below)."""
    below = Case.objects.filter(onward=case).values("pk")
    found = (
        FormCheck.objects.filter(case__in=[case.pk], concluded_at__isnull=False)
        | FormCheck.objects.filter(case__in=below, concluded_at__isnull=False)
    ).select_related("case__round__call__joint_body", "submission")
    for check in found.order_by("concluded_at"):
        assert check.concluded_at is not None
        yield Paper(
            name=f"形式校核意见表_{check.case.label}.docx",
            title=f"{case.title} 形式校核意见表（{check.get_stage_display()}）",
            author=check.case.round.joint_body.name,
            on=clock.local(check.concluded_at).date(),
            retention=THIRTY,
            make=partial(formcheck_paper.write, check),
        )


contribute(form_check_sheets)
