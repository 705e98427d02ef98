"""Rectification: what is asked, the answers with their evidence, and what became of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from qingyuan.delivery import actions
from qingyuan.delivery.forms import acceptance as forms
from qingyuan.delivery.forms.project import EVIDENCE
from qingyuan.delivery.models import Project, Rectification, RectificationEvidence
from qingyuan.delivery.queries.acceptance import RECTIFICATION_TONES
from qingyuan.delivery.views.acceptance import AcceptanceVerbPage
from qingyuan.delivery.views.frame import show
from qingyuan.kernel import clock, gate
from qingyuan.kernel.gate.serve import serve

USUAL_DAYS = 30


def rectification(request: HttpRequest, rectification: Rectification) -> HttpResponse:
    def may(verb: Any) -> bool:
        return bool(verb.allowed(request.user, rectification).ok)

    late = rectification.is_late(clock.local(clock.now()).date())
    return show(
        request,
        "delivery/acceptance/rectification.html",
        rectification.project,
        "acceptance",
        rectification=rectification,
        tone=RECTIFICATION_TONES[rectification.stage],
        items=list(rectification.items.prefetch_related("evidence__upload")),
        late=late,
        may_answer=may(actions.answer),
        may_accept=may(actions.accept_rectification),
        may_send_back=may(actions.send_back_rectification),
        may_lapse=late and may(actions.lapse),
    )


def evidence_file(_request: HttpRequest, rectification: Rectification, evidence: int) -> FileResponse:
    found = get_object_or_404(
        RectificationEvidence.objects.select_related("upload"), pk=evidence, item__rectification=rectification
    )
    return serve(found.upload)


class RectificationVerbPage(AcceptanceVerbPage):
    object_arg = "rectification"
    object: Rectification

    def project_of(self) -> Project:
        return self.object.project

    def get_cancel_url(self) -> str:
        return self.object.get_absolute_url()


class AnswerPage(RectificationVerbPage):
    verb = actions.answer
    form_class = forms.AnswerForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"items": list(self.object.items.all())}

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        return {"answers": form.answers()}


class AttachPage(RectificationVerbPage):
    verb = actions.attach
    form_class = forms.EvidenceForm
    check_revision = False

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        return {
            "position": int(self.kwargs["number"]),
            "upload": gate.receive(form.cleaned_data["upload"], by=self.request.user, allow=EVIDENCE),
        }


class DetachPage(RectificationVerbPage):
    verb = actions.detach
    check_revision = False
    danger = True

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        del form
        found = RectificationEvidence.objects.filter(
            pk=self.kwargs["evidence"], item__rectification=self.object
        ).first()
        if found is None:
            raise Http404
        return {"evidence": found}


class AcceptPage(RectificationVerbPage):
    verb = actions.accept_rectification
    form_class = forms.OptionalRemarkForm
    explain = _("核实到位后，由两部门重新作出结论。")


class AgainPage(RectificationVerbPage):
    verb = actions.send_back_rectification
    form_class = forms.AgainForm

    def get_initial(self) -> dict[str, Any]:
        return {"due_on": clock.local(clock.now()).date() + timedelta(days=USUAL_DAYS)}


class LapsePage(RectificationVerbPage):
    verb = actions.lapse
    form_class = forms.RemarkForm
    danger = True
