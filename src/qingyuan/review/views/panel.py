"""A panel's page: progress, then, for those who may read them, the opinions, the discussion and the chair's word."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from qingyuan.kernel import clock
from qingyuan.kernel.gate.kinds import ACCEPTED
from qingyuan.kernel.gate.names import clean_name
from qingyuan.papers import panel_docx
from qingyuan.review import actions, panel_papers, tabs
from qingyuan.review.forms.assessment import ChairForm, OpenScoresForm, PostForm, SummaryForm
from qingyuan.review.models import Assessment, Case, PanelPost, PanelSummary
from qingyuan.review.queries import ground as ground_queries
from qingyuan.review.queries import panel as queries
from qingyuan.review.queries import ranking
from qingyuan.review.rules import assessment as rules
from qingyuan.review.rules import ground
from qingyuan.review.views.frame import CaseVerbPage, RoundVerbPage

DOCX = ACCEPTED["docx"].media_type


def panel(request: HttpRequest, case: Case) -> HttpResponse:
    """Officers see who has not submitted; scores only once they are opened. Members see the others after themselves."""
    user = request.user
    is_officer = ground.sees_case_as_officer.test(user, case)
    own = rules.own_assignment(user, case)
    reads = own is not None or rules.reads_scores_as_officer.test(user, case)
    summary = queries.summary_of(case)
    sheet = queries.sheet_of(case.round)
    context: dict[str, Any] = {
        "case": case,
        "round": case.round,
        "part": "assessment",
        "tabs": tabs.of(user, case, current="assessment") if is_officer else [],
        "stage_tone": ground_queries.TONES[case.stage],
        "is_officer": is_officer,
        "own": own,
        "reads": reads,
        "sheet": sheet,
        "progress": queries.progress(case),
        "may_reopen": ground.handles_case.test(user, case) and case.stage == Case.Stage.ASSESSMENT,
        "summary": summary,
        "may_name_chair": actions.name_chair.allowed(user, case).ok,
        "may_conclude": actions.conclude_assessment.allowed(user, case).ok,
        "may_discuss": own is not None and actions.discuss.allowed(user, case).ok,
        "may_summarise": summary is not None and actions.summarise.allowed(user, summary).ok,
    }
    if reads:
        found = queries.opinions(case)
        context |= {
            "opinions": found,
            "dimensions": _by_dimension(found),
            "figures": ranking.figures_of_case(case),
            "threads": queries.threads(case),
            "summary_overall": queries.overall_title(sheet, summary.overall) if summary else "",
        }
    template = "review/assessment/panel.html" if is_officer else "review/assessment/panel_expert.html"
    return TemplateResponse(request, template, context)


def _by_dimension(found: list[queries.Opinion]) -> list[tuple[str, list[Any]]]:
    """The scores as a table: a line a dimension, a column an expert."""
    if not found:
        return []
    return [
        (line["title"], [opinion.lines[index]["score"] for opinion in found])
        for index, line in enumerate(found[0].lines)
    ]


class PanelVerbPage(CaseVerbPage):
    part = "assessment"

    def get_cancel_url(self) -> str:
        return reverse("review:panel", args=[self.case_of().pk])

    def get_success_url(self, result: Any) -> str:
        del result
        return self.get_cancel_url()


class MemberVerbPage(PanelVerbPage):
    """The same for members of the panel, who see nothing of the case's other parts."""

    template_name = "ui/verb.html"
    page_template = "ui/page.html"

    def get_context(self) -> dict[str, Any]:
        return {"object_url": self.get_cancel_url(), "object": self.case_of()}


class DiscussPage(MemberVerbPage):
    verb = actions.discuss
    form_class = PostForm
    check_revision = False

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        asked = self.request.GET.get("answers", "")
        answers = PanelPost.objects.filter(case=self.object, pk=asked).first() if asked.isdigit() else None
        return {"text": form.cleaned_data["text"], "answers": answers}


class EditPostPage(MemberVerbPage):
    verb = actions.edit_post
    form_class = PostForm
    check_revision = False

    def post_row(self) -> PanelPost:
        row = PanelPost.objects.filter(case=self.object, pk=self.kwargs["number"]).first()
        if row is None or not rules.wrote(self.request.user, row):
            raise Http404
        return row

    def get_initial(self) -> dict[str, Any]:
        return {"text": self.post_row().text}

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        return {"text": form.cleaned_data["text"], "post": self.post_row()}


class ChairPage(PanelVerbPage):
    verb = actions.name_chair
    form_class = ChairForm
    check_revision = False

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"members": queries.active_assignments(self.object)}


class ConcludePage(PanelVerbPage):
    verb = actions.conclude_assessment

    def get_context(self) -> dict[str, Any]:
        return {**super().get_context(), "lacking": queries.lacking(self.object)}


class SummaryPage(MemberVerbPage):
    verb = actions.summarise
    form_class = SummaryForm
    object: PanelSummary
    object_arg = "summary"

    def case_of(self) -> Case:
        return self.object.case

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"sheet": queries.sheet_of(self.object.case.round)}


class OpenScoresPage(RoundVerbPage):
    verb = actions.open_scores
    form_class = OpenScoresForm

    def get_success_url(self, result: Any) -> str:
        del result
        return reverse("review:ranking", args=[self.object.pk])


def opinion_docx(_request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """One expert's opinion sheet as it was sealed."""
    if assessment.stage != Assessment.Stage.SUBMITTED:
        raise Http404
    document = panel_docx.write_opinion(panel_papers.opinion_sheet(assessment, printed_at=clock.now()))
    return _word(document, f"{_('专家评审意见表')}_{assessment.case.label}_{assessment.code}.docx")


def minutes_docx(_request: HttpRequest, case: Case) -> HttpResponse:
    """Minutes of the panel: who judged, the figures, the discussion, the chair's opinion."""
    document = panel_docx.write_minutes(panel_papers.minutes(case, printed_at=clock.now()))
    return _word(document, f"{_('专家评审会议纪要')}_{case.label}.docx")


def _word(document: bytes, name: str) -> HttpResponse:
    response = HttpResponse(document, content_type=DOCX)
    response["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=clean_name(name)) or "attachment"
    )
    response["Cache-Control"] = "private, no-store"
    return response
