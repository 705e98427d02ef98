"""证明函: the list inside a pilot, a new one, and the page on which both bodies follow it."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy

from qingyuan.kernel import gate
from qingyuan.kernel.permission import Verdict
from qingyuan.pilots import actions, queries, rules
from qingyuan.pilots.forms.certificate import CertificateForm, ReceiveForm, RefuseForm, today
from qingyuan.pilots.models import CertificateRequest, Pilot
from qingyuan.pilots.views.frame import PilotVerbPage, show
from qingyuan.ui.pagination import paginate
from qingyuan.ui.verbpage import VerbPage

TONES = {"sent": "warn", "received": "good", "refused": "bad"}


def question_of(certificate: CertificateRequest) -> tuple[str, str, str]:
    """Clause, condition and question as the notice says them."""
    for condition in certificate.pilot.notice.eligibility:
        for question in condition.questions:
            if (condition.id, question.id) == (certificate.condition_id, certificate.question_id):
                return condition.clause, condition.title, question.label
    return "", certificate.condition_id, certificate.question_id


def certificates(request: HttpRequest, pilot: Pilot) -> HttpResponse:
    rows = []
    for one in pilot.certificates.select_related("attachment__upload"):
        one.pilot = pilot
        rows.append((one, question_of(one), TONES[one.stage]))
    verdict: Verdict = actions.request_certificate.allowed(request.user, pilot)
    return show(request, "pilots/certificates.html", pilot, "eligibility", rows=rows, verdict=verdict)


def asked(request: HttpRequest) -> HttpResponse:
    """The asked body's own desk: what others want certified, the unanswered first."""
    page = paginate(request, queries.certificates_asked_of(request.user))
    rows = [(one, question_of(one), TONES[one.stage]) for one in page.object_list]
    return TemplateResponse(request, "pilots/certificates_asked.html", {"page": page, "rows": rows})


class RequestPage(PilotVerbPage):
    verb = actions.request_certificate
    form_class = CertificateForm
    part = "eligibility"
    explain = gettext_lazy(
        "平台登记的单位在平台上直接答复；未登记的单位由您另行送达，收到后在此登记。收到的文件自动成为该条件的佐证。"
    )
    done = gettext_lazy("证明函已发出")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"pilot": self.object}

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        return dict(form.arguments())

    def get_success_url(self, result: Any) -> str:
        del result
        return self.get_cancel_url()

    def get_cancel_url(self) -> str:
        return reverse("pilots:certificates", args=[self.object.pk])


def certificate(request: HttpRequest, certificate: CertificateRequest) -> HttpResponse:
    context = {
        "certificate": certificate,
        "pilot": certificate.pilot,
        "tone": TONES[certificate.stage],
        "question": question_of(certificate),
        "owns": bool(rules.can_see_pilot.test(request.user, certificate.pilot)),
        "may_answer": actions.receive_certificate.allowed(request.user, certificate).ok,
    }
    return TemplateResponse(request, "pilots/certificate.html", context)


def answer_file(_request: HttpRequest, certificate: CertificateRequest) -> FileResponse:
    """The certificate itself, while it belongs to the application."""
    if certificate.attachment is None:
        raise Http404
    return gate.serve(certificate.attachment.upload)


class _AnswerPage(VerbPage):
    object_arg = "certificate"

    def get_initial(self) -> dict[str, Any]:
        return {"answered_on": today()}

    def get_success_url(self, result: Any) -> str:
        del result
        return self.get_cancel_url()

    def get_cancel_url(self) -> str:
        return reverse("pilots:certificate", args=[self.object.pk])

    def get_context(self) -> dict[str, Any]:
        return {"object_url": self.get_cancel_url()}


class ReceivePage(_AnswerPage):
    verb = actions.receive_certificate
    form_class = ReceiveForm
    explain = gettext_lazy("上传盖章的证明。文件附在该条件之下，随申报一并提交。")
    done = gettext_lazy("已登记收到的证明")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"request": self.request}

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        clean = form.cleaned_data
        return {
            "upload": gate.receive(clean["file"], by=self.request.user),
            "answered_on": clean["answered_on"],
        }


class RefusePage(_AnswerPage):
    verb = actions.refuse_certificate
    form_class = RefuseForm
    explain = gettext_lazy("登记不予证明的日期和理由；申报单位可以另发一份，或改用其他佐证。")
    done = gettext_lazy("已登记不予证明")
    danger = True
