"""A sealed version of a progress report as plain data for its page, and as a Word file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from django.utils.translation import gettext as _

from qingyuan.delivery import quoted
from qingyuan.delivery.models import ProgressReport, ReportVersion
from qingyuan.delivery.report import STATES, TEXTS
from qingyuan.papers import drawn
from qingyuan.papers.progress_docx import Figure, Milestone, Sheet, write_report


def sheet_of(report: ProgressReport, version: ReportVersion) -> Sheet:
    """What the version says, in the words of the reader's language."""
    content = version.content
    files: dict[str, list[str]] = {}
    for one in content["evidence"]:
        files.setdefault(one["key"], []).append(one["name"])
    charts = drawn.of_plain(content)
    blank = {"value": "", "measured_on": "", "note": ""}
    return Sheet(
        project=report.project.title,
        body=report.project.applicant.name,
        period=report.period.title,
        starts=report.starts,
        ends=report.ends,
        version=version.number,
        handed_in_at=version.at,
        sha256=version.content_sha256,
        baseline=content["baseline"],
        texts=tuple(
            (str(title), tuple(drawn.placed(content["texts"].get(key, ""), charts)))
            for key, title in TEXTS.items()
        ),
        figures=tuple(
            Figure(
                indicator=line["indicator"],
                unit=line["unit"] or "",
                baseline=line["baseline"] or "",
                target=line["target"] or "",
                previous=line["previous"],
                files=tuple(files.get(line["key"], ())),
                **{name: content["figures"].get(line["key"], blank)[name] for name in blank},
            )
            for line in content["targets"]
        ),
        milestones=tuple(
            Milestone(
                title=line["title"],
                starts=line["starts"],
                ends=line["ends"],
                state=str(STATES.get(content["steps"][line["key"]]["state"], "")),
                done_on=content["steps"][line["key"]]["done_on"],
                note=content["steps"][line["key"]]["note"],
            )
            for line in content["milestones"]
        ),
        parts=(
            *(
                (part["title"], tuple((label, value) for label, value in part["facts"]))
                for part in content["parts"]
            ),
            *_quotes(content.get("quotes", ())),
        ),
    )


def _quotes(quotes: Sequence[Mapping[str, str]]) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    """What the texts quoted of computations, as it was sealed."""
    if quotes:
        yield (
            _("引用的计算结果"),
            tuple((one["title"], f"{one['value']}（{one['source']}）") for one in quotes),
        )


def word_of(report: ProgressReport, version: ReportVersion) -> bytes:
    return write_report(sheet_of(report, version), pictures=quoted.picture)
