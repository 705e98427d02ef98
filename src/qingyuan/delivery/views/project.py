"""Approved pilots: the list, the kick-off, one project with its baseline and its scope."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingyuan.delivery import actions
from qingyuan.delivery.forms.project import StartForm, StopForm
from qingyuan.delivery.models import Project
from qingyuan.delivery.queries import process
from qingyuan.delivery.queries import project as queries
from qingyuan.delivery.rules import project as rules
from qingyuan.delivery.views.frame import ProjectVerbPage, show
from qingyuan.kernel import clock
from qingyuan.review.models import Case
from qingyuan.ui.pagination import paginate
from qingyuan.ui.verbpage import VerbPage


def projects(request: HttpRequest) -> HttpResponse:
    page = paginate(request, queries.projects(request.user))
    today = clock.local(clock.now()).date()
    context = {
        "page": page,
        "rows": [(one, queries.TONES[one.stage], one.days_left(today)) for one in page.object_list],
        "to_start": [*queries.to_start(request.user), *queries.to_begin_elsewhere(request.user)],
    }
    return TemplateResponse(request, "delivery/project/list.html", context)


class StartPage(VerbPage):
    verb = actions.start
    form_class = StartForm
    object_arg = "case"
    check_revision = False
    explain = _("获批的实施方案（封存版本）成为基线；之后节点、目标、范围和产出的改动都须申请变更。")
    object: Case

    def get_form_kwargs(self) -> dict[str, Any]:
        schedule = self.object.snapshot.get("schedule", {})
        return {
            "asks_approval": rules.approved_elsewhere(self.object),
            "asks_term": not (schedule.get("end") or schedule.get("milestones")),
        }

    def get_object_url(self) -> str:
        return ""

    def get_cancel_url(self) -> str:
        return reverse("delivery:projects")


def overview(request: HttpRequest, project: Project) -> HttpResponse:
    """Where the work stands by its baseline."""
    content = project.baseline.content
    today = clock.local(clock.now()).date()
    return show(
        request,
        "delivery/project/overview.html",
        project,
        "overview",
        baseline=project.baseline,
        content=content,
        milestones=[(line, _state(line, today)) for line in content["milestones"]],
        days_left=project.days_left(today),
        may_stop=actions.stop.allowed(request.user, project).ok,
        may_ask=actions.ask_change.allowed(request.user, project).ok,
    )


def _state(line: dict[str, Any], today: Any) -> Any:
    if line["ends"] < today.isoformat():
        return _("已过节点")
    return _("进行中") if line["starts"] <= today.isoformat() else pgettext_lazy("milestone", "未到")


def scope(request: HttpRequest, project: Project) -> HttpResponse:
    """The enterprises, how far the audit of each is, and what the law asks of it next."""
    lines = process.lines(project)
    return show(
        request,
        "delivery/project/scope.html",
        project,
        "scope",
        page=paginate(request, lines),
        stats=process.counts(lines)[:4],
    )


class StopPage(ProjectVerbPage):
    verb = actions.stop
    form_class = StopForm
    danger = True
    explain = _("终止后不再报送进展、不再评估验收，范围内企业不计审核记录；已有的记录照原样留存。")
