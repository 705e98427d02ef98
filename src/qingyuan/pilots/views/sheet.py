"""签批单: the sign-off inside the applicant as a page to print and as Word."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from qingyuan.kernel import clock
from qingyuan.kernel.gate.names import clean_name
from qingyuan.kernel.record_language import in_record_language
from qingyuan.papers.signoff_docx import Sheet, Step, write_sheet
from qingyuan.pilots.models import Pilot
from qingyuan.pilots.views.frame import show
from qingyuan.pilots.views.submissions import WORD, attached


def sheet_of(pilot: Pilot) -> Sheet:
    return Sheet(
        project=pilot.name,
        applicant=pilot.applicant.name,
        notice=pilot.call.title,
        state=str(pilot.get_stage_display()),
        printed_at=clock.now(),
        steps=tuple(
            Step(
                title=str(step.get_step_display()),
                who=str(step.by),
                at=step.at,
                remark=step.remark,
                content=step.content_sha256,
            )
            for step in pilot.signoffs.select_related("by")
        ),
    )


def page(request: HttpRequest, pilot: Pilot) -> HttpResponse:
    return show(request, "pilots/sheet.html", pilot, "overview", sheet=sheet_of(pilot))


@in_record_language()
def word(_request: HttpRequest, pilot: Pilot) -> HttpResponse:
    name = clean_name(f"签批单_{pilot.name}.docx")
    return attached(HttpResponse(write_sheet(sheet_of(pilot)), content_type=WORD), name)
