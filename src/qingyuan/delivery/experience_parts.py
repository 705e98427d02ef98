"""What progress reports and the experience itself add: facts for quoting, papers for the archive volume."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from django.utils.translation import gettext as _

from qingyuan.delivery import archive_parts, facts
from qingyuan.delivery.archive_parts import Part, as_json, bytes_of
from qingyuan.delivery.facts import Fact
from qingyuan.delivery.models import (
    Practice,
    ProgressReport,
    Project,
    ReportVersion,
    Summary,
)
from qingyuan.delivery.report_paper import word_of
from qingyuan.kernel import clock
from qingyuan.review.archive import FOREVER, THIRTY, Paper

PROCESS, EXPERIENCE = "02_过程", "07_经验"
REPORTED = (ProgressReport.Stage.HANDED_IN, ProgressReport.Stage.ACCEPTED)


def _versions(project: Project) -> list[ReportVersion]:
    """The last handed-in version of every period that was not sent back, the newest period first (one query)."""
    found = ReportVersion.objects.filter(report__project=project, report__stage__in=REPORTED)
    latest: dict[object, ReportVersion] = {}
    for one in found.select_related("report").order_by("-report__starts", "-number"):
        latest.setdefault(one.report_id, one)
    return list(latest.values())


def last_values(project: Project) -> Iterator[Fact]:
    """The last reported value of every target (two queries)."""
    values: dict[str, tuple[str, str]] = {}
    for version in _versions(project):
        for key, figure in version.content["figures"].items():
            if figure["value"]:
                values.setdefault(key, (figure["value"], version.report.period.title))
    for line in project.baseline.content["targets"]:
        value, period = values.get(line["key"], ("", ""))
        yield Fact(
            name=f"target.{line['key']}.last",
            group=_("工作目标：%s") % line["indicator"],
            label=f"{line['indicator']} {_('最近值')}",
            value=value,
            unit=line.get("unit") or "",
            source=_("定期调度 %s") % period if period else "",
            url=project.get_absolute_url(),
        )


def of_reports(project: Project) -> Iterator[Part]:
    """Every period's last version."""
    for version in sorted(_versions(project), key=lambda one: one.report.starts):
        report = version.report
        report.project = project
        yield (
            PROCESS,
            Paper(
                name=f"定期调度_{report.starts:%Y%m%d}-{report.ends:%Y%m%d}.docx",
                title=f"{project.title} 定期调度 {report.period.title}",
                author=project.applicant.name,
                on=clock.local(version.at).date(),
                retention=THIRTY,
                make=partial(word_of, report, version),
                note=f"SHA-256 {version.content_sha256[:16]}",
            ),
        )


def of_experience(project: Project) -> Iterator[Part]:
    """The sealed report, and the sealed public contents of cases (two queries)."""
    author = project.applicant.name
    summary = Summary.objects.filter(project=project).exclude(document_sha256="").first()
    if summary is not None and summary.handed_in_at is not None:
        yield (
            EXPERIENCE,
            Paper(
                name="经验总结报告.docx",
                title=f"{project.title} 经验总结报告",
                author=author,
                on=clock.local(summary.handed_in_at).date(),
                retention=FOREVER,
                make=partial(bytes_of, summary.document_sha256),
                note=str(summary.get_stage_display()),
            ),
        )
    sealed = Practice.objects.filter(project=project).exclude(content_sha256="")
    for number, one in enumerate(sealed.order_by("handed_in_at", "pk"), start=1):
        assert one.handed_in_at is not None
        yield (
            EXPERIENCE,
            Paper(
                name=f"典型案例_{number:02d}.json",
                title=f"{project.title} 典型案例 {one.title}",
                author=author,
                on=clock.local(one.handed_in_at).date(),
                retention=THIRTY,
                make=partial(as_json, one.content),
                note=str(one.get_stage_display()),
            ),
        )


facts.register(last_values)
for _source in (of_reports, of_experience):
    archive_parts.register(_source)
