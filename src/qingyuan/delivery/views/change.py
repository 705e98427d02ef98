"""Changes of the baseline."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qingyuan.delivery import actions
from qingyuan.delivery.baseline import KINDS
from qingyuan.delivery.forms.project import EVIDENCE, ApproveForm, ChangeForm, RefuseForm
from qingyuan.delivery.models import ChangeRequest, Project
from qingyuan.delivery.queries.project import CHANGE_TONES
from qingyuan.delivery.views.frame import ProjectVerbPage, show
from qingyuan.kernel import gate
from qingyuan.kernel.gate.serve import serve


def changes(request: HttpRequest, project: Project) -> HttpResponse:
    return show(
        request,
        "delivery/change/list.html",
        project,
        "changes",
        rows=[(one, CHANGE_TONES[one.stage]) for one in project.changes.select_related("made")],
        baselines=list(project.baselines.all()),
        kinds=list(KINDS.items()) if actions.ask_change.allowed(request.user, project).ok else [],
    )


class AskPage(ProjectVerbPage):
    verb = actions.ask_change
    form_class = ChangeForm
    part = "changes"
    check_revision = False
    explain = _("写明现状、变更后的内容和理由；批准之前仍按原基线考核。")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        if kwargs["change_kind"] not in KINDS:
            raise Http404
        super().setup(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"content": self.object.baseline.content, "kind": self.kwargs["change_kind"]}

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        clean = dict(form.cleaned_data)
        file = clean.pop("evidence", None)
        evidence = gate.receive(file, by=self.request.user, allow=EVIDENCE) if file else None
        return {"becomes": "", **clean, "kind": self.kwargs["change_kind"], "evidence": evidence}

    def get_success_url(self, result: Any) -> str:
        return str(result.get_absolute_url())

    def get_cancel_url(self) -> str:
        return reverse("delivery:changes", args=[self.object.pk])


def change(request: HttpRequest, change: ChangeRequest) -> HttpResponse:
    return show(
        request,
        "delivery/change/page.html",
        change.project,
        "changes",
        change=change,
        tone=CHANGE_TONES[change.stage],
        may_decide=actions.approve.allowed(request.user, change).ok,
        may_withdraw=actions.withdraw.allowed(request.user, change).ok,
    )


def evidence(_request: HttpRequest, change: ChangeRequest) -> FileResponse:
    if change.evidence is None:
        raise Http404
    return serve(change.evidence)


class ChangeVerbPage(ProjectVerbPage):
    object_arg = "change"
    part = "changes"
    object: ChangeRequest

    def project_of(self) -> Project:
        return self.object.project

    def get_cancel_url(self) -> str:
        return self.object.get_absolute_url()


class ApprovePage(ChangeVerbPage):
    verb = actions.approve
    form_class = ApproveForm
    explain = _("同意后形成新的一版基线，原基线照原样留存。")


class RefusePage(ChangeVerbPage):
    verb = actions.refuse
    form_class = RefuseForm


class WithdrawPage(ChangeVerbPage):
    verb = actions.withdraw
