"""What was handed in for acceptance and what was mended, for the files: the project's volume and the archive of the State's round."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from qingyuan.delivery import acceptance_paper, archive_parts
from qingyuan.delivery.archive_parts import ACCEPTANCE, Part, as_json, stored
from qingyuan.delivery.models import AcceptanceFiling, Project, Rectification
from qingyuan.delivery.queries.acceptance import FILING_RELATED
from qingyuan.kernel import clock
from qingyuan.papers.record_docx import Section, write_record
from qingyuan.review import archive
from qingyuan.review.archive import FOREVER, Paper
from qingyuan.review.models import Case


def of_filing(one: AcceptanceFiling) -> Iterator[Paper]:
    """The sealed content as it is hashed, the report that people read, and the one that the body wrote itself."""
    author, day = one.project.applicant.name, clock.local(one.handed_in_at).date()
    title = f"{one.project.title} {acceptance_paper.title_of(one)}（第 {one.number} 次提交）"
    note = f"SHA-256 {one.content_sha256[:16]}，{one.get_stage_display()}"
    for ending, make in (
        ("docx", partial(acceptance_paper.report, one)),
        ("json", partial(as_json, one.content)),
    ):
        yield Paper(
            name=f"{one.title}_第{one.number}次提交.{ending}",
            title=title if ending == "docx" else f"{title} 封存内容",
            author=author,
            on=day,
            retention=FOREVER,
            make=make,
            note=note,
        )
    if one.report:
        yield stored(one.report, title=f"{title} 自行编写", author=author, retention=FOREVER)


def of_rectifications(found: Iterable[Rectification]) -> Iterator[Paper]:
    """What was asked, what was answered and with which evidence."""
    for one in found:
        author = one.project.applicant.name
        title = f"{one.project.title} 第 {one.number} 次整改"
        yield Paper(
            name=f"整改_第{one.number}次.docx",
            title=title,
            author=author,
            on=clock.local(one.answered_at or one.asked_at).date(),
            retention=FOREVER,
            make=partial(rectification_docx, one),
            note=str(one.get_stage_display()),
        )
        for item in one.items.all():
            for evidence in item.evidence.all():
                yield stored(
                    evidence.upload,
                    title=f"{title} 第 {item.position} 项佐证",
                    author=author,
                    retention=FOREVER,
                )


def rectification_docx(one: Rectification) -> bytes:
    """Item by item; no person is named."""
    return write_record(
        title=f"{one.project.title} 第 {one.number} 次整改",
        author=one.project.applicant.name,
        on=clock.local(one.answered_at or one.asked_at).date(),
        sections=[
            Section(
                title="一、概况",
                facts=[
                    ("提出", f"{clock.local(one.asked_at):%Y-%m-%d}"),
                    ("期限", f"{one.due_on:%Y-%m-%d}"),
                    ("提交", f"{clock.local(one.answered_at):%Y-%m-%d %H:%M}" if one.answered_at else "—"),
                    ("状态", str(one.get_stage_display())),
                    ("核实意见", one.remark or "—"),
                    ("内容指纹（SHA-256）", one.content_sha256 or "—"),
                ],
            ),
            Section(
                title="二、逐项整改",
                heads=("项", "要求", "整改情况"),
                rows=[(str(item.position), item.requirement, item.answer or "—") for item in one.items.all()],
                weights=(1, 4, 6),
            ),
        ],
    )


def _rectifications(**where: object) -> Iterable[Rectification]:
    found = Rectification.objects.filter(**where).select_related("project__applicant")
    return found.prefetch_related("items__evidence__upload").order_by("number")


def of_project(project: Project) -> Iterator[Part]:
    """Every filing of the project, those that were sent back too (four queries)."""
    filings = list(project.filings.select_related(*FILING_RELATED).order_by("number"))
    if not filings:
        return
    for one in filings:
        yield from ((ACCEPTANCE, paper) for paper in of_filing(one))
    yield from ((ACCEPTANCE, paper) for paper in of_rectifications(_rectifications(project=project)))


def of_case(case: Case) -> Iterator[Paper]:
    """What the round of acceptance judged: the filing that became its case (none for a case of selection)."""
    if not case.content:
        return
    for one in AcceptanceFiling.objects.filter(case=case).select_related(*FILING_RELATED):
        yield from of_filing(one)
    yield from of_rectifications(_rectifications(case=case))


archive_parts.register(of_project)
archive.contribute(of_case)
