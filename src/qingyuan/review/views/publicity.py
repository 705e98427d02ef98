"""The 公示 for the departments: open it, take and settle objections, close or stop it, its paper."""

from __future__ import annotations

from typing import Any

from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qingyuan.kernel import clock, gate
from qingyuan.kernel.gate.serve import serve
from qingyuan.review import actions, publicity_paper
from qingyuan.review import publicity as conditions
from qingyuan.review.forms import publicity as forms
from qingyuan.review.models import Objection, Publicity
from qingyuan.review.queries import decisions as decision_queries
from qingyuan.review.queries import lists
from qingyuan.review.queries import publicity as queries
from qingyuan.review.rules import publicity as rules
from qingyuan.review.views.decisions import DecisionVerbPage
from qingyuan.review.views.frame import docx
from qingyuan.ui.verbpage import VerbPage

ANSWER_DAYS = 15
"""Offered by the form; the departments say what holds."""
STEPS = (
    (actions.register_objection, "review:register-objection", False),
    (actions.stop_publicity, "review:stop-publicity", False),
    (actions.close_publicity, "review:close-publicity", True),
)


def page(request: HttpRequest, publicity: Publicity) -> HttpResponse:
    """One period: the list that lies open, what came against it, and what keeps it from being closed."""
    is_open = publicity.stage == Publicity.Stage.OPEN
    handles = rules.handles_publicity.test(request.user, publicity)
    prefetch_related_objects([publicity.decision], queries.WITH_OBJECTIONS)
    problems = conditions.before_close(publicity, now=clock.now()) if is_open else []
    context = {
        "publicity": publicity,
        "decision": publicity.decision,
        "round": publicity.decision.round,
        "tone": queries.TONES[publicity.stage],
        "lines": lists.lines(publicity.decision),
        "rows": [
            (one, queries.TONES[one.stage], handles and one.stage == Objection.Stage.REGISTERED)
            for one in queries.objections(publicity)
        ],
        "reads_names": handles,
        "problems": problems,
        "is_current": publicity.content_sha256 == publicity.decision.content_sha256,
        "steps": [
            (verb.title, reverse(url, args=[publicity.pk]), leads)
            for verb, url, leads in STEPS
            if not (problems and verb is actions.close_publicity) and verb.allowed(request.user, publicity)
        ],
    }
    return TemplateResponse(request, "review/publicity/page.html", context)


def notice(request: HttpRequest, publicity: Publicity) -> HttpResponse:
    """公示文本."""
    del request
    return docx(publicity_paper.write(publicity), f"{publicity}.docx")


def letter(request: HttpRequest, objection: Objection) -> HttpResponse:
    """The objection as it came on paper; its guard lets in those who may know who objected."""
    del request
    if objection.upload is None:
        raise Http404
    return serve(objection.upload)  # type: ignore[return-value]


class PublicisePage(DecisionVerbPage):
    verb = actions.publicise
    form_class = forms.PubliciseForm
    statement = _("从现在起，上列拟入选的项目、申报单位、类别和所在地对公众公开；未入选的项目和理由不公开。")

    def get_initial(self) -> dict[str, Any]:
        return {
            "ends_at": conditions.usual_end(self.object.round, clock.now()),
            "answer_days": ANSWER_DAYS,
        }

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"least_days": conditions.least_days(self.object.round)}

    def get_context(self) -> dict[str, Any]:
        chosen = decision_queries.selected(self.object)
        return {"items": chosen, "decision": self.object, "round": self.object.round}


class PublicityVerbPage(VerbPage):
    object_arg = "publicity"
    object: Publicity

    def get_success_url(self, result: Any) -> str:
        del result
        return self.get_cancel_url()

    def get_cancel_url(self) -> str:
        return self.object.get_absolute_url()


class RegisterPage(PublicityVerbPage):
    verb = actions.register_objection
    form_class = forms.RegisterForm
    check_revision = False
    done = _("异议已登记")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"publicity": self.object, "request": self.request}

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        clean = dict(form.cleaned_data)
        file = clean.pop("upload", None)
        return {**clean, "upload": gate.receive(file, by=self.request.user) if file else None}


class ClosePage(PublicityVerbPage):
    verb = actions.close_publicity
    statement = _("公示期满，异议已全部核实、答复，没有成立的异议。")


class StopPage(PublicityVerbPage):
    verb = actions.stop_publicity
    form_class = forms.StopForm
    danger = True


class SettlePage(VerbPage):
    """Who objected stands above the form only for those who may know."""

    verb = actions.settle_objection
    form_class = forms.SettleForm
    template_name = "review/publicity/settle.html"
    done = _("异议已办结")
    object: Objection

    def get_context(self) -> dict[str, Any]:
        return {"reads_names": rules.handles_objection.test(self.request.user, self.object)}

    def get_success_url(self, result: Any) -> str:
        del result
        return self.get_cancel_url()

    def get_cancel_url(self) -> str:
        return self.object.get_absolute_url()
