"""What a site visit adds to a case's papers: its notice and its report, here and at the province behind it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from qingyuan.kernel import clock
from qingyuan.papers import visit_docx
from qingyuan.review.archive import THIRTY, Paper, contribute
from qingyuan.review.models import Case, Visit
from qingyuan.review.queries.visits import RELATED
from qingyuan.review.visit_paper import paper_of


def visit_papers(case: Case) -> Iterator[Paper]:
    """Of every visit that the applicant was told of, in the order in which that was (one query)."""
    below = Case.objects.filter(onward=case).values("pk")
    told = Visit.objects.filter(notified_at__isnull=False).exclude(stage=Visit.Stage.CANCELLED)
    found = (told.filter(case=case) | told.filter(case__in=below)).select_related(*RELATED)
    for visit in found.order_by("notified_at"):
        assert visit.notified_at is not None
        author = visit.case.round.joint_body.name
        yield Paper(
            name=f"现场调查通知_{visit.case.label}.docx",
            title=f"{case.title} 现场调查通知",
            author=author,
            on=clock.local(visit.notified_at).date(),
            retention=THIRTY,
            make=partial(_notice, visit),
        )
        if visit.done_at is not None:
            yield Paper(
                name=f"现场调查报告_{visit.case.label}.docx",
                title=f"{case.title} 现场调查报告",
                author=author,
                on=clock.local(visit.done_at).date(),
                retention=THIRTY,
                make=partial(_report, visit),
                note="照片另存，报告列有每张的指纹",
            )


def _notice(visit: Visit) -> bytes:
    return visit_docx.write_notice(paper_of(visit))


def _report(visit: Visit) -> bytes:
    return visit_docx.write_report(paper_of(visit))


contribute(visit_papers)
