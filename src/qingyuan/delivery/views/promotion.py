"""Promotion activities and support: lists with sums, one of each, and their verbs."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qingyuan.delivery.actions import promotion as actions
from qingyuan.delivery.forms import promotion as forms
from qingyuan.delivery.models import Project, Promotion, Support
from qingyuan.delivery.queries import promotion as queries
from qingyuan.delivery.views.frame import ProjectVerbPage, show
from qingyuan.kernel import gate
from qingyuan.kernel.gate.serve import serve
from qingyuan.people.models import Organisation
from qingyuan.ui.pagination import paginate
from qingyuan.ui.verbpage import VerbPage

PART = "support"


def promotions(request: HttpRequest) -> HttpResponse:
    """Activities that the reader sees, with their sums."""
    page = paginate(request, queries.promotions(request.user))
    found = queries.sums(request.user)
    context = {
        "page": page,
        "rows": [(one, queries.TONES[one.stage]) for one in page.object_list],
        "stats": [
            (_("活动"), found["number"]),
            (_("参加单位"), found["bodies"]),
            (_("参加人数"), found["people"]),
        ],
        "may_record": queries.may_promote(request.user),
    }
    return TemplateResponse(request, "delivery/promotion/list.html", context)


def promotion(request: HttpRequest, promotion: Promotion) -> HttpResponse:
    """One activity."""
    context = {
        "promotion": promotion,
        "tone": queries.TONES[promotion.stage],
        "cases": promotion.cases.only("pk", "title", "stage"),
        "may_strike": actions.strike.allowed(request.user, promotion).ok,
    }
    return TemplateResponse(request, "delivery/promotion/page.html", context)


def material(_request: HttpRequest, promotion: Promotion) -> FileResponse:
    if promotion.material is None:
        raise Http404
    return serve(promotion.material)


class RecordPage(VerbPage):
    verb = actions.record
    form_class = forms.PromotionForm
    check_revision = False
    object: Organisation

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"request": self.request, "user": self.request.user}

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        clean = dict(form.cleaned_data)
        file = clean.pop("material", None)
        kept = gate.receive(file, by=self.request.user, allow=forms.MATERIAL) if file else None
        return {**clean, "project": clean["project"] or None, "material": kept}

    def get_object_url(self) -> str:
        return ""

    def get_cancel_url(self) -> str:
        return reverse("delivery:promotions")


class StrikePage(VerbPage):
    verb = actions.strike
    form_class = forms.StrikeForm
    danger = True


# --- support


def supports(request: HttpRequest) -> HttpResponse:
    """What the pilots got, by province and one by one."""
    page = paginate(request, queries.supports(request.user))
    context = {
        "page": page,
        "rows": [(one, queries.TONES[one.stage]) for one in page.object_list],
        "provinces": queries.by_province(request.user),
    }
    return TemplateResponse(request, "delivery/promotion/supports.html", context)


def of_project(request: HttpRequest, project: Project) -> HttpResponse:
    """What one pilot got."""
    return show(
        request,
        "delivery/promotion/tab.html",
        project,
        PART,
        rows=[(one, queries.TONES[one.stage]) for one in Support.objects.filter(project=project)],
        may_record=actions.record_support.allowed(request.user, project).ok,
    )


def support(request: HttpRequest, support: Support) -> HttpResponse:
    """One support."""
    return show(
        request,
        "delivery/promotion/support.html",
        support.project,
        PART,
        support=support,
        tone=queries.TONES[support.stage],
        may_strike=actions.strike_support.allowed(request.user, support).ok,
    )


def evidence(_request: HttpRequest, support: Support) -> FileResponse:
    if support.evidence is None:
        raise Http404
    return serve(support.evidence)


class RecordSupportPage(ProjectVerbPage):
    verb = actions.record_support
    form_class = forms.SupportForm
    part = PART
    check_revision = False

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"request": self.request}

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        clean = dict(form.cleaned_data)
        file = clean.pop("evidence", None)
        kept = gate.receive(file, by=self.request.user, allow=forms.MATERIAL) if file else None
        return {**clean, "evidence": kept}

    def get_cancel_url(self) -> str:
        return reverse("delivery:supports-of", args=[self.object.pk])


class StrikeSupportPage(ProjectVerbPage):
    verb = actions.strike_support
    object_arg = "support"
    form_class = forms.StrikeForm
    part = PART
    danger = True
    object: Support

    def project_of(self) -> Project:
        return self.object.project

    def get_cancel_url(self) -> str:
        return self.object.get_absolute_url()
