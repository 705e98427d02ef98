"""Evaluation and acceptance of one pilot: how far it is, handing in, and what it ended with."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qingyuan.delivery import acceptance_paper, actions, handing_in, quoted
from qingyuan.delivery.forms.acceptance import ConcludeForm, HandInForm, SendBackForm
from qingyuan.delivery.forms.project import EVIDENCE
from qingyuan.delivery.models import AcceptanceFiling, Conclusion, Project
from qingyuan.delivery.queries import acceptance as queries
from qingyuan.delivery.views.frame import ProjectVerbPage, show
from qingyuan.kernel import checks, gate
from qingyuan.kernel.gate.serve import serve
from qingyuan.review import handed_in
from qingyuan.review.models import Round
from qingyuan.review.views.frame import docx
from qingyuan.ui.pagination import paginate


def acceptance(request: HttpRequest, project: Project) -> HttpResponse:
    conclusion: Conclusion | None = getattr(project, "conclusion", None)
    filings = list(project.filings.select_related("report"))
    left_out = conclusion.exclusions.select_related("scope_enterprise__enterprise") if conclusion else ()
    may_hand_in = actions.hand_in_acceptance.allowed(request.user, project).ok
    return show(
        request,
        "delivery/acceptance/page.html",
        project,
        "acceptance",
        conclusion=conclusion,
        evaluated=queries.evaluated_by(project) if filings else None,
        page=paginate(request, left_out),
        filings=[(one, queries.FILING_TONES[one.stage]) for one in filings],
        rectifications=[
            (one, queries.RECTIFICATION_TONES[one.stage])
            for one in (project.rectifications.all() if filings else ())
        ],
        findings=checks.run("acceptance", project) if may_hand_in else (),
        may_hand_in=may_hand_in,
        may_conclude=actions.conclude.allowed(request.user, project).ok,
    )


def conclusion_evidence(_request: HttpRequest, project: Project) -> FileResponse:
    conclusion = queries.conclusion_of(project)
    if conclusion is None or conclusion.evidence is None:
        raise Http404
    return serve(conclusion.evidence)


class AcceptanceVerbPage(ProjectVerbPage):
    part = "acceptance"

    def get_cancel_url(self) -> str:
        return reverse("delivery:acceptance", args=[self.project_of().pk])


class ConcludePage(AcceptanceVerbPage):
    verb = actions.conclude
    form_class = ConcludeForm
    explain = _("登记后，通过的试点列入公开的通过名单；范围内企业除所列的以外，由此各计一次审核记录。")

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        clean = dict(form.cleaned_data)
        file = clean.pop("evidence")
        return {**clean, "evidence": gate.receive(file, by=self.request.user, allow=EVIDENCE)}


class HandInPage(AcceptanceVerbPage):
    """A line a target; what the platform knows is shown beside and sealed with it."""

    verb = actions.hand_in_acceptance
    form_class = HandInForm
    template_name = "delivery/acceptance/hand_in.html"
    explain = _("提交后封存；评估验收的专家看到的就是这份材料。")
    summary = ""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.summary = request.POST.get("summary", "")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        code = request.POST.get("renew", "")
        if not code or not self.verb.allowed(request.user, self.object):
            return super().post(request, *args, **kwargs)
        # Nothing is kept yet: the form comes back with the newest figure's code in its text.
        pins = quoted.of_texts(self.object, [self.summary])
        self.summary = quoted.moved(self.summary, pins, {code})
        typed = {**request.POST.dict(), "summary": self.summary}
        return self.render(self.form_class(initial=typed, **self.get_form_kwargs()))

    def get_form_kwargs(self) -> dict[str, Any]:
        names = {measure.id: measure.title for aim in self.object.notice.aims for measure in aim.measures}
        return {
            "targets": [
                {**line, "name": line["indicator"] or names.get(line.get("measure", ""), line["key"])}
                for line in self.object.baseline.content["targets"]
            ],
            "reported": handing_in.reported_of(self.object),
        }

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        file = form.cleaned_data.get("report")
        return {
            "summary": form.cleaned_data["summary"],
            "reached": form.reached(),
            "keep_older": form.cleaned_data["keep_older"],
            "report": gate.receive(file, by=self.request.user, allow=EVIDENCE) if file else None,
        }

    def get_context(self) -> dict[str, Any]:
        pins = quoted.of_texts(self.object, [self.summary])
        return {
            **super().get_context(),
            "pins": quoted.figures_in(pins),
            "charts": quoted.charts_in(pins, self.request.user),
            "any_older": any(one.differs for one in pins.values()),
            "offered": quoted.offered(self.object, self.request.user),
            "findings": checks.run("acceptance", self.object),
            "parts": handing_in.parts_of(self.object),
        }

    def get_success_url(self, result: Any) -> str:
        return reverse("delivery:filing", args=[result.pk])


# --- what was handed in


def filing(request: HttpRequest, filing: AcceptanceFiling) -> HttpResponse:
    return show(
        request,
        "delivery/acceptance/filing.html",
        filing.project,
        "acceptance",
        filing=filing,
        tone=queries.FILING_TONES[filing.stage],
        parts=handed_in.parts(
            filing.content,
            address=lambda sha256: reverse("delivery:filing-chart", args=[filing.pk, sha256]),
        ),
        may_take_in=actions.take_in.allowed(request.user, filing).ok and filing.project.case.round.is_state,
        may_send_back=actions.send_back_filing.allowed(request.user, filing).ok,
    )


def filing_report(_request: HttpRequest, filing: AcceptanceFiling) -> FileResponse:
    """The applicant's own report."""
    if filing.report is None:
        raise Http404
    return serve(filing.report)


def filing_chart(_request: HttpRequest, filing: AcceptanceFiling, sha256: str) -> FileResponse:
    """A chart that the summary has sealed."""
    return handed_in.serve_chart(filing.content, sha256)


def filing_paper(_request: HttpRequest, filing: AcceptanceFiling) -> HttpResponse:
    """The report that the platform writes from what was handed in."""
    return docx(
        acceptance_paper.report(filing), f"{acceptance_paper.title_of(filing)}_{filing.project.title}.docx"
    )


class FilingVerbPage(AcceptanceVerbPage):
    object_arg = "filing"
    object: AcceptanceFiling

    def project_of(self) -> Project:
        return self.object.project

    def get_cancel_url(self) -> str:
        return reverse("delivery:filing", args=[self.object.pk])


class TakeInPage(FilingVerbPage):
    verb = actions.take_in


class SendBackPage(FilingVerbPage):
    verb = actions.send_back_filing
    form_class = SendBackForm
    danger = True


def filings(request: HttpRequest, **kwargs: Round) -> HttpResponse:
    """Everything handed in for one round of acceptance."""
    round_ = kwargs["round"]
    page = paginate(request, queries.filings_of_round(round_))
    context = {
        "round": round_,
        "page": page,
        "rows": [(one, queries.FILING_TONES[one.stage]) for one in page.object_list],
    }
    return TemplateResponse(request, "delivery/acceptance/filings.html", context)
