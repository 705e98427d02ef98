"""Evaluation and acceptance of one pilot: how far it is, and what it ended with."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qingyuan.delivery import actions
from qingyuan.delivery.forms.acceptance import ConcludeForm
from qingyuan.delivery.forms.project import EVIDENCE
from qingyuan.delivery.models import Project
from qingyuan.delivery.queries import acceptance as queries
from qingyuan.delivery.views.frame import ProjectVerbPage, show
from qingyuan.kernel import gate
from qingyuan.kernel.gate.serve import serve
from qingyuan.ui.pagination import paginate


def acceptance(request: HttpRequest, project: Project) -> HttpResponse:
    conclusion = queries.conclusion_of(project)
    left_out = conclusion.exclusions.select_related("scope_enterprise__enterprise") if conclusion else ()
    return show(
        request,
        "delivery/acceptance/page.html",
        project,
        "acceptance",
        conclusion=conclusion,
        page=paginate(request, left_out),
        may_conclude=actions.conclude.allowed(request.user, project).ok,
    )


def conclusion_evidence(_request: HttpRequest, project: Project) -> FileResponse:
    conclusion = queries.conclusion_of(project)
    if conclusion is None or conclusion.evidence is None:
        raise Http404
    return serve(conclusion.evidence)


class ConcludePage(ProjectVerbPage):
    verb = actions.conclude
    form_class = ConcludeForm
    part = "acceptance"
    explain = _("登记后，通过的试点列入公开的通过名单；范围内企业除所列的以外，由此各计一次审核记录。")

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        clean = dict(form.cleaned_data)
        file = clean.pop("evidence")
        return {**clean, "evidence": gate.receive(file, by=self.request.user, allow=EVIDENCE)}

    def get_cancel_url(self) -> str:
        return reverse("delivery:acceptance", args=[self.object.pk])
