"""提交前自查: the whole result with filters, on paper and as a file; and the findings of one chapter as it is written."""

from __future__ import annotations

import io
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from qingyuan.kernel import clock
from qingyuan.kernel.checks import Finding
from qingyuan.papers.findings_docx import Line, Report, write_docx, write_text
from qingyuan.papers.package import clean_path
from qingyuan.pilots import actions, queries
from qingyuan.pilots.models import Pilot
from qingyuan.pilots.views.frame import show
from qingyuan.pilots.views.plan import DOCX

LEVELS = queries.LEVELS


def check(request: HttpRequest, pilot: Pilot) -> HttpResponse:
    findings = queries.findings_of(pilot)
    level, area = request.GET.get("level", ""), request.GET.get("area", "")
    shown = [
        finding
        for finding in findings
        if (level not in LEVELS or finding.level == level)
        and (area not in queries.AREA_TITLES or finding.area == area)
    ]
    counts = {key: sum(finding.level == key for finding in findings) for key in LEVELS}
    return show(
        request,
        "pilots/check.html",
        pilot,
        "check",
        findings=findings,
        groups=queries.grouped(shown),
        errors=counts["error"],
        warnings=counts["warning"],
        infos=counts["info"],
        levels=[(key, title, key == level, counts[key]) for key, title in LEVELS.items()],
        areas=[
            (key, title, key == area)
            for key, title in queries.AREA_TITLES.items()
            if any(finding.area == key for finding in findings)
        ],
        is_filtered=len(shown) != len(findings),
        shown=len(shown),
        rules=pilot.notice.self_check,
        at=clock.now(),
        verdict=actions.hand_in.allowed(request.user, pilot),
        submit_verdict=actions.submit.allowed(request.user, pilot),
    )


def chapter_check(request: HttpRequest, pilot: Pilot, outline_id: str) -> HttpResponse:
    """The findings of one chapter alone: fetched after every autosave, so that they follow the writing."""
    leaf = next((leaf for leaf in pilot.notice.leaves() if leaf.id == outline_id), None)
    if leaf is None:
        raise Http404
    context: dict[str, Any] = {
        "pilot": pilot,
        "chapter_id": outline_id,
        "findings": queries.findings_of(pilot),
    }
    return TemplateResponse(request, "pilots/parts/chapter_findings.html", context)


def check_docx(_request: HttpRequest, pilot: Pilot) -> FileResponse:
    return _file(pilot, write_docx(_report(pilot)), ending="docx", kind=DOCX)


def check_txt(_request: HttpRequest, pilot: Pilot) -> FileResponse:
    return _file(pilot, write_text(_report(pilot)), ending="txt", kind="text/plain; charset=utf-8")


def _report(pilot: Pilot) -> Report:
    findings, now = queries.findings_of(pilot), clock.local(clock.now())
    counts = [
        f"{title} {found} 处"
        for key, title in LEVELS.items()
        if (found := sum(finding.level == key for finding in findings))
    ]
    return Report(
        title=_("提交前自查结果"),
        project=pilot.name,
        applicant=pilot.applicant.name,
        rule_set=pilot.notice.self_check.label,
        at=f"{now:%Y-%m-%d %H:%M}",
        on=now.date(),
        summary="，".join(counts) or _("自查通过，没有发现问题"),
        groups=[(title, [_line(finding) for finding in found]) for title, found in queries.grouped(findings)],
    )


def _line(finding: Finding) -> Line:
    return Line(
        level=str(LEVELS[finding.level]),
        clause=finding.clause,
        message=finding.message,
        excerpt=finding.excerpt,
        mend=finding.mend,
    )


def _file(pilot: Pilot, content: bytes, *, ending: str, kind: str) -> FileResponse:
    name = clean_path(
        f"{_('提交前自查')}_{pilot.name}_{clock.local(clock.now()):%Y%m%d-%H%M}.{ending}".replace("/", "／")
    )
    response = FileResponse(io.BytesIO(content), as_attachment=True, filename=name, content_type=kind)
    response["Cache-Control"] = "private, no-store"
    return response
