"""The acceptance report as Word, written from what was handed in: no number in it is typed by hand."""

from __future__ import annotations

from qingyuan.delivery import quoted
from qingyuan.delivery.models import AcceptanceFiling
from qingyuan.kernel import clock
from qingyuan.papers import report_docx
from qingyuan.papers.drawn import placed
from qingyuan.review import handed_in
from qingyuan.review.models import Round


def title_of(filing: AcceptanceFiling) -> str:
    """评估报告 for the first of two sittings, else 验收报告."""
    return "评估报告" if filing.sitting == Round.Sitting.EVALUATION else "验收报告"


def report(filing: AcceptanceFiling) -> bytes:
    project = filing.project
    day = clock.local(filing.handed_in_at).date()
    return report_docx.write(
        title=f"清洁生产审核创新试点{title_of(filing)}",
        facts=[
            ("试点项目", project.title),
            ("实施单位", str(project.applicant)),
            ("类别", project.category.title),
            ("所在地", project.place),
            ("同意开展", f"{project.approved_on:%Y-%m-%d} {project.approval_number}".strip()),
            ("实施期限", f"{project.started_on:%Y-%m-%d} 至 {project.term_end:%Y-%m-%d}"),
            ("提交日期", f"{day:%Y-%m-%d}"),
            ("内容指纹（SHA-256）", filing.content_sha256),
        ],
        sections=[
            report_docx.Section(
                title=part.title,
                pieces=tuple(placed(part.text, part.charts)),
                columns=tuple(part.columns),
                rows=tuple(tuple(row) for row in part.rows),
            )
            for part in handed_in.parts(filing.content)
        ],
        author=str(project.applicant),
        created_on=day,
        pictures=quoted.picture,
    )
