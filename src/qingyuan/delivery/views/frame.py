"""What all pages of one project share."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from qingyuan.delivery import tabs
from qingyuan.delivery.models import Project
from qingyuan.delivery.queries.project import TONES
from qingyuan.ui.verbpage import VerbPage


def frame(user: Any, project: Project, part: str) -> dict[str, Any]:
    """The context of every page inside a project; `part` is the slug of the present tab."""
    return {
        "project": project,
        "part": part,
        "tabs": tabs.of(user, project, current=part),
        "stage_tone": TONES[project.stage],
    }


def show(request: HttpRequest, template: str, project: Project, part: str, **more: Any) -> HttpResponse:
    """A page of a project that only shows."""
    return TemplateResponse(request, template, {**frame(request.user, project, part), **more})


class ProjectVerbPage(VerbPage):
    """A verb on a project (or on what hangs on one: override `project_of`) inside the project's frame."""

    template_name = "delivery/project/verb.html"
    page_template = "delivery/project/base.html"
    part = "overview"

    def project_of(self) -> Project:
        return self.object

    def get_context(self) -> dict[str, Any]:
        return {**frame(self.request.user, self.project_of(), self.part), "object_url": self.get_cancel_url()}

    def get_success_url(self, result: Any) -> str:
        del result
        return self.get_cancel_url()

    def get_cancel_url(self) -> str:
        return self.project_of().get_absolute_url()
