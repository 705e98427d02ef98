"""征求意见: the tab of a case, the asked body's own desk, one question with its answer."""

from __future__ import annotations

from typing import Any

from django.db.models import Case as When_
from django.db.models import When
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy

from qingyuan.kernel import gate
from qingyuan.review.actions import consultation as verbs
from qingyuan.review.consultation_files import serve_file
from qingyuan.review.forms.consultation import AnswerForm, AskForm, ReasonForm
from qingyuan.review.models import Case, Consultation
from qingyuan.review.rules import consultation as rules
from qingyuan.review.rules import ground
from qingyuan.review.views.frame import CaseVerbPage, show
from qingyuan.ui.pagination import paginate
from qingyuan.ui.verbpage import VerbPage

PART = "consultations"
TONES = {"sent": "warn", "answered": "good", "declined": "bad", "withdrawn": "neutral"}


def of_case(request: HttpRequest, case: Case) -> HttpResponse:
    rows = [(one, TONES[one.stage]) for one in Consultation.objects.filter(case=case)]
    may_ask = verbs.ask.allowed(request.user, case).ok
    return show(request, "review/consultation/tab.html", case, PART, rows=rows, may_ask=may_ask)


def desk(request: HttpRequest) -> HttpResponse:
    """What the user's own bodies are asked, the unanswered first."""
    found = (
        Consultation.objects.filter(rules.asked_of(request.user))
        .select_related("case")
        .order_by(When_(When(stage=Consultation.Stage.SENT, then=0), default=1), "due_on", "-asked_at")
    )
    page = paginate(request, found)
    rows = [(one, TONES[one.stage]) for one in page.object_list]
    return TemplateResponse(request, "review/consultation/desk.html", {"page": page, "rows": rows})


def one(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    """For both sides; the asked body reads the project's name and applicant, the question, the files: nothing else."""
    context = {
        "consultation": consultation,
        "tone": TONES[consultation.stage],
        "officer": ground.sees_case_as_officer.test(request.user, consultation.case),
        "may_answer": verbs.answer.allowed(request.user, consultation).ok,
        "may_withdraw": verbs.withdraw.allowed(request.user, consultation).ok,
    }
    return TemplateResponse(request, "review/consultation/page.html", context)


def file(_request: HttpRequest, consultation: Consultation, number: int) -> FileResponse:
    return serve_file(consultation, number)


def reply(_request: HttpRequest, consultation: Consultation) -> FileResponse:
    """The letter that came with the answer."""
    if consultation.upload is None:
        raise Http404
    return gate.serve(consultation.upload)


class AskPage(CaseVerbPage):
    verb = verbs.ask
    form_class = AskForm
    part = PART
    check_revision = False
    done = gettext_lazy("已发出征求意见")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"case": self.object}

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        clean = dict(form.cleaned_data)
        shown = clean.pop("shown")
        return {**clean, "files": shown}

    def get_success_url(self, result: Any) -> str:
        del result
        return self.get_cancel_url()

    def get_cancel_url(self) -> str:
        return reverse("review:consultations", args=[self.object.pk])


class _Page(VerbPage):
    object_arg = "consultation"

    def get_success_url(self, result: Any) -> str:
        del result
        return self.get_cancel_url()

    def get_cancel_url(self) -> str:
        return str(self.object.get_absolute_url())


class AnswerPage(_Page):
    verb = verbs.answer
    form_class = AnswerForm
    done = gettext_lazy("意见已答复")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"request": self.request}

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        clean = dict(form.cleaned_data)
        file = clean.pop("file")
        return {**clean, "upload": gate.receive(file, by=self.request.user) if file else None}


class DeclinePage(_Page):
    verb = verbs.decline
    form_class = ReasonForm
    done = gettext_lazy("已登记不予答复")
    danger = True


class WithdrawPage(_Page):
    verb = verbs.withdraw
    form_class = ReasonForm
    done = gettext_lazy("已撤回征求意见")
    danger = True
