"""Commendations: for both departments with everything, for everybody the issued lists of bodies."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qingyuan.delivery import commending
from qingyuan.delivery.actions import commendation as actions
from qingyuan.delivery.forms import commendation as forms
from qingyuan.delivery.models import Commendation
from qingyuan.delivery.queries import commendation as queries
from qingyuan.kernel import gate
from qingyuan.people.models import JointBody
from qingyuan.review.views.frame import docx
from qingyuan.ui import conditional
from qingyuan.ui.pagination import paginate
from qingyuan.ui.verbpage import VerbPage

STEPS = (
    (actions.revise, "delivery:revise-commendation", False),
    (actions.return_to_draft, "delivery:return-commendation", False),
    (actions.dissent, "delivery:dissent-commendation", False),
    (actions.drop, "delivery:drop-commendation", False),
    (actions.erase_persons, "delivery:erase-commended-persons", False),
    (actions.send_for_cosign, "delivery:cosign-commendation", True),
    (actions.consent, "delivery:consent-commendation", True),
    (actions.issue, "delivery:issue-commendation", True),
)


def commendations(request: HttpRequest) -> HttpResponse:
    """Those of the reader's joint bodies."""
    page = paginate(request, queries.commendations(request.user))
    context = {
        "page": page,
        "rows": [(one, queries.TONES[one.stage]) for one in page.object_list],
        "drafts_for": queries.drafts_for(request.user),
    }
    return TemplateResponse(request, "delivery/commendation/list.html", context)


def commendation(request: HttpRequest, commendation: Commendation) -> HttpResponse:
    """One commendation, with the word of every department on its present content."""
    context = {
        "commendation": commendation,
        "tone": queries.TONES[commendation.stage],
        "bodies": commendation.bodies.select_related("organisation", "project"),
        "persons": list(commendation.persons.all()),
        "words": queries.words(commendation),
        "steps": [
            (verb.title, reverse(url, args=[commendation.pk]), leads)
            for verb, url, leads in STEPS
            if verb.allowed(request.user, commendation).ok
        ],
    }
    return TemplateResponse(request, "delivery/commendation/page.html", context)


def paper(_request: HttpRequest, commendation: Commendation) -> HttpResponse:
    """The paper for the departments, with the annex of people."""
    return docx(commending.paper(commendation, with_persons=True), f"{commendation.title}.docx")


def published(request: HttpRequest) -> HttpResponse:
    """Issued commendations, for everybody."""
    version = queries.version()

    def render() -> HttpResponse:
        page = paginate(request, queries.published())
        return TemplateResponse(request, "delivery/commendation/public_list.html", {"page": page})

    return conditional.answer(request, render, fingerprint=f"{version}-{request.GET.get('page', '')[:6]}")


def published_one(request: HttpRequest, commendation: Any) -> HttpResponse:
    """One issued commendation: its bodies. People are not shown, nor that there are any."""
    found = queries.published().filter(pk=commendation).first()
    if found is None:
        raise Http404

    def render() -> HttpResponse:
        context = {
            "commendation": found,
            "bodies": found.bodies.select_related("organisation", "project"),
            "departments": [found.joint_body.host, *found.joint_body.cosigners],
        }
        return TemplateResponse(request, "delivery/commendation/public_page.html", context)

    return conditional.answer(
        request, render, fingerprint=found.content_sha256[:32], changed_at=found.issued_at
    )


class DraftPage(VerbPage):
    verb = actions.draft
    form_class = forms.CommendationForm
    object_arg = "joint_body"
    check_revision = False
    explain = _("列入通过评估验收的试点中表现突出的实施单位和咨询服务机构，逐个写明理由；会签一致后印发。")
    object: JointBody

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"candidates": commending.candidates(self.object)}

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        return form.arguments()  # type: ignore[no-any-return]

    def get_object_url(self) -> str:
        return ""

    def get_cancel_url(self) -> str:
        return reverse("delivery:commendations")


class CommendationVerbPage(VerbPage):
    object: Commendation

    def get_success_url(self, result: Any) -> str:
        del result
        return self.object.get_absolute_url()


class RevisePage(CommendationVerbPage):
    verb = actions.revise
    form_class = forms.CommendationForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"candidates": commending.candidates(self.object.joint_body)}

    def get_initial(self) -> dict[str, Any]:
        return forms.initial_of(self.object)

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        return form.arguments()  # type: ignore[no-any-return]


class CosignPage(CommendationVerbPage):
    verb = actions.send_for_cosign
    form_class = forms.CosignForm


class ConsentPage(CommendationVerbPage):
    verb = actions.consent
    form_class = forms.ConsentForm
    statement = _("代表本单位同意本页所示指纹的内容。")

    def get_initial(self) -> dict[str, Any]:
        return {"content_sha256": self.object.content_sha256}


class DissentPage(CommendationVerbPage):
    verb = actions.dissent
    form_class = forms.DissentForm

    def get_initial(self) -> dict[str, Any]:
        return {"content_sha256": self.object.content_sha256}


class ReturnPage(CommendationVerbPage):
    verb = actions.return_to_draft
    form_class = forms.ReturnForm


class IssuePage(CommendationVerbPage):
    verb = actions.issue
    form_class = forms.IssueForm
    statement = _("印发后，表扬单位名单和理由对公众公开；个人名单不公开。")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"request": self.request}

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        clean = dict(form.cleaned_data)
        file = clean.pop("sealed_copy", None)
        copy = gate.receive(file, by=self.request.user, allow=forms.SEALED) if file else None
        return {**clean, "sealed_copy": copy}


class DropPage(CommendationVerbPage):
    verb = actions.drop
    danger = True


class ErasePage(CommendationVerbPage):
    verb = actions.erase_persons
    danger = True
    statement = _("删除后不能恢复；纸质附件由本单位另行处理。")
