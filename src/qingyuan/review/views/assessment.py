"""The expert's page: the sealed plan and the score sheet side by side."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
)
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from qingyuan.kernel.errors import Invalid, Problem, Refused
from qingyuan.kernel.gate.kinds import ACCEPTED
from qingyuan.kernel.gate.serve import PICTURES, serve, serve_blob
from qingyuan.kernel.permission import Verdict
from qingyuan.review import actions, drafts, handed_in, scoring, sealed
from qingyuan.review.forms.assessment import ReopenForm, ScoreForm
from qingyuan.review.models import Assessment, Assignment, Case
from qingyuan.review.queries import panel as queries
from qingyuan.review.scoring import Content
from qingyuan.review.views.frame import CaseVerbPage
from qingyuan.ui.verbpage import VerbPage


class OpenPage(VerbPage):
    """Before the first score: what will be asked, and what time is measured."""

    verb = actions.open_assessment
    object: Assignment
    object_arg = "assignment"
    check_revision = False
    explain = gettext_lazy(
        "评分表与申报方案并排显示，填写时自动保存。平台只记录开始和提交两个时刻，用来提示用时过短的评审，不记录其他操作。"
        "提交之前，其他专家和组织单位都看不到您的评分。"
    )
    statement = gettext_lazy("我将独立评分，不与他人商议，不泄露评审内容。")
    button = gettext_lazy("开始评分")

    def get_success_url(self, result: Any) -> str:
        return str(result.get_absolute_url())

    def get_cancel_url(self) -> str:
        return reverse("home")

    def get_object_url(self) -> str:
        return ""

    def get_context(self) -> dict[str, Any]:
        return {"object": self.object.case}


def assess(request: HttpRequest, assignment: Assignment) -> HttpResponseBase:
    """One address for the expert: the way in, then the sheet, then what was submitted."""
    if not hasattr(assignment, "assessment"):
        return OpenPage.as_view()(request, assignment=assignment)
    return SheetPage.as_view()(request, assessment=assignment.assessment)


class SheetPage(View):
    """The sheet while it is filled in. Whatever stands in the way of a save, what was typed stays on the page."""

    http_method_names = ["get", "head", "post", "options"]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.assessment: Assessment = kwargs["assessment"]
        self.case: Case = self.assessment.assignment.case
        self.is_saved = False

    @cached_property
    def places(self) -> list[scoring.Place]:
        return scoring.places_of(self.case)

    def form(self, **arguments: Any) -> ScoreForm:
        return ScoreForm(sheet=self.assessment.sheet, places=self.places, auto_id="f-%s", **arguments)

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        content = Content.of(self.assessment)
        return self.render(
            request, self.form(initial=ScoreForm.initial_of(content, self.assessment.draft_revision))
        )

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        is_autosave = request.headers.get("X-Autosave") == "1"
        form = self.form(data=request.POST)
        try:
            if not form.is_valid():
                raise Invalid(_problems_of(form))
            saved = drafts.save_assessment(
                self.assessment,
                content=form.content(),
                revision=form.cleaned_data["revision"],
                by=request.user,
            )
            self.is_saved = True
            if is_autosave:
                return JsonResponse({"revision": saved.draft_revision})
            if "submit" in request.POST:
                actions.submit_assessment(
                    saved,
                    by=request.user,
                    key=request.POST.get("key", "")[:80] or None,
                    draft_revision=saved.draft_revision,
                )
        except drafts.SheetChanged as conflict:
            if is_autosave:
                return JsonResponse(conflict.as_json(), status=conflict.status)
            return self.render_conflict(request, form, conflict)
        except Refused as refusal:
            if is_autosave:
                # 409 would mean to the script that another window wrote; here no further try can succeed.
                is_conflict = refusal.status == HTTPStatus.CONFLICT
                status = HTTPStatus.UNPROCESSABLE_ENTITY if is_conflict else refusal.status
                return JsonResponse(refusal.as_json(), status=status)
            return self.refused(request, form, refusal)
        if "submit" in request.POST:
            messages.success(request, _("评分已提交封存"))
        else:
            messages.success(request, _("已保存，尚未提交"))
        return HttpResponseRedirect(self.assessment.get_absolute_url())

    def refused(self, request: HttpRequest, form: ScoreForm, refusal: Refused) -> HttpResponse:
        self.assessment.refresh_from_db()
        elsewhere = []
        for problem in refusal.problems:
            if problem.where in form.fields and not form.errors.get(problem.where):
                form.add_error(problem.where, problem.message + (f"；{problem.mend}" if problem.mend else ""))
            elif problem.where not in form.fields:
                elsewhere.append(problem)
        if self.is_saved:
            # The draft was saved before the submission was refused: go on from there.
            kept = request.POST.copy()
            kept["revision"] = str(self.assessment.draft_revision)
            form.data = kept
        return self.render(request, form, refusal=refusal, problems=elsewhere, status=refusal.status)

    def render(
        self,
        request: HttpRequest,
        form: ScoreForm,
        *,
        refusal: Refused | None = None,
        problems: list[Problem] | None = None,
        status: int = HTTPStatus.OK,
        **more: Any,
    ) -> HttpResponse:
        is_sealed = self.assessment.stage == Assessment.Stage.SUBMITTED
        titles = {place.id: place.title for place in self.places}
        context = {
            "case": self.case,
            "round": self.case.round,
            "assessment": self.assessment,
            "assignment": self.assessment.assignment,
            "sheet": self.assessment.sheet,
            "form": form,
            "plan": sealed.plan_of(self.case, self.assessment.assignment),
            "own": queries.opinion_of(self.assessment, titles) if is_sealed else None,
            "verdict": self.verdict(request),
            "refusal": refusal if problems or (refusal is not None and not form.errors) else None,
            "problems": problems or [],
            "key": f"{self.assessment.pk}-{self.assessment.revision}",
            **more,
        }
        return TemplateResponse(request, "review/assessment/sheet.html", context, status=int(status))

    def verdict(self, request: HttpRequest) -> Verdict:
        """May this sheet still be filled in: the verb's own answer, and whether the case is still assessed."""
        found = actions.submit_assessment.allowed(request.user, self.assessment)
        if self.case.stage == Case.Stage.ASSESSMENT:
            return found
        reason = _("本项目当前为“%s”，评分表不再改动") % self.case.get_stage_display()
        return Verdict(ok=False, reasons=(*found.reasons, reason))

    def render_conflict(
        self, request: HttpRequest, form: ScoreForm, conflict: drafts.SheetChanged
    ) -> HttpResponse:
        """What the other window saved beside what was sent; a second save stands knowingly on top."""
        theirs = Content.of(conflict.theirs)
        initial = ScoreForm.initial_of(conflict.yours, conflict.theirs.draft_revision)
        stored = ScoreForm.initial_of(theirs, 0)
        differences = [
            (field.label, _shown(form, name, stored.get(name)), _shown(form, name, initial.get(name)))
            for name, field in form.fields.items()
            if name != "revision" and (stored.get(name) or None) != (initial.get(name) or None)
        ]
        return self.render(
            request,
            self.form(initial=initial),
            refusal=None,
            status=conflict.status,
            conflict=conflict,
            differences=differences,
        )


def case_file(_request: HttpRequest, assignment: Assignment, sha256: str) -> FileResponse:
    """A file of the sealed version: an attachment to download, or a picture of a chapter; of an imported case, one that
    its province handed in.
    """
    case = assignment.case
    if case.content and any(one["sha256"] == sha256 for one in case.content.get("charts", ())):
        return handed_in.serve_chart(case.content, sha256)
    if case.submission_id is None or (case.content and case.files.filter(upload__sha256=sha256).exists()):
        return serve(get_object_or_404(assignment.case.files, upload__sha256=sha256).upload)
    snapshot = assignment.case.snapshot
    for group in ("pictures", "attachments"):
        for file in snapshot.get(group, ()):
            if file["sha256"] != sha256:
                continue
            kind = ACCEPTED.get(file["name"].rpartition(".")[2].lower())
            media = kind.media_type if kind else "application/octet-stream"
            response = serve_blob(sha256, name=file["name"], media_type=media)
            if group == "pictures" and media in PICTURES:
                response["Content-Disposition"] = "inline"
            return response
    raise Http404


class ReopenPage(CaseVerbPage):
    """The office lets an expert correct a slip."""

    verb = actions.reopen_assessment
    form_class = ReopenForm
    part = "assessment"
    object: Assessment
    danger = True

    def case_of(self) -> Case:
        return self.object.assignment.case

    def get_cancel_url(self) -> str:
        return reverse("review:panel", args=[self.case_of().pk])

    def get_success_url(self, result: Any) -> str:
        del result
        return self.get_cancel_url()


def _problems_of(form: ScoreForm) -> list[Problem]:
    return [Problem(str(text), where=name) for name, texts in form.errors.items() for text in texts]


def _shown(form: ScoreForm, name: str, value: Any) -> str:
    """A field's value in the words of the sheet."""
    if value in (None, "", []):
        return "—"
    choices = {str(key): str(title) for key, title in getattr(form.fields[name], "choices", ())}
    values = value if isinstance(value, list) else [value]
    return _("、").join(choices.get(str(one), str(one)) for one in values)
