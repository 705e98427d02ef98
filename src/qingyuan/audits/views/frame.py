"""What all pages of one pilot's audits share."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from qingyuan.audits import tabs
from qingyuan.pilots.models import Pilot
from qingyuan.pilots.rules import can_see_pilot
from qingyuan.ui.verbpage import VerbPage


def frame(user: Any, pilot: Pilot, part: str) -> dict[str, Any]:
    """The context of every page inside a pilot's audits; `part` is the slug of the present tab."""
    return {
        "pilot": pilot,
        "part": part,
        "tabs": tabs.of(user, pilot, current=part),
        "sees_application": can_see_pilot.test(user, pilot),
    }


def show(
    request: HttpRequest, template: str, pilot: Pilot, part: str, *, status: int = 200, **more: Any
) -> HttpResponse:
    """A page of a pilot's audits that only shows."""
    return TemplateResponse(request, template, {**frame(request.user, pilot, part), **more}, status=status)


class AuditsVerbPage(VerbPage):
    """A verb inside the frame: on the pilot, or on what hangs on one (override `pilot_of`)."""

    template_name = "audits/verb.html"
    page_template = "audits/base.html"
    part = ""

    def pilot_of(self) -> Pilot:
        return self.object

    def get_context(self) -> dict[str, Any]:
        return {**frame(self.request.user, self.pilot_of(), self.part), "object_url": self.get_cancel_url()}
