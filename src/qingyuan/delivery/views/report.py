"""定期调度: the reports of one project, and one report from its draft to the department's word."""

from __future__ import annotations

import uuid
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from qingyuan.catalogue.supervision import supervision
from qingyuan.delivery import actions, drafts, progress_parts, quoted, report_paper
from qingyuan.delivery import report as contents
from qingyuan.delivery.forms.report import EVIDENCE, EvidenceForm, ReadForm, ReportForm, SendBackForm
from qingyuan.delivery.models import ProgressReport, Project, ReportVersion
from qingyuan.delivery.queries import report as queries
from qingyuan.delivery.queries.process import today
from qingyuan.delivery.views.frame import ProjectVerbPage, show
from qingyuan.kernel import gate
from qingyuan.kernel.errors import Invalid, Problem, Refused
from qingyuan.kernel.gate.names import clean_name
from qingyuan.kernel.gate.serve import serve, serve_png
from qingyuan.kernel.record_language import in_record_language
from qingyuan.papers import drawn
from qingyuan.pilots.views.submissions import WORD, attached

PART = "reports"


def reports(request: HttpRequest, project: Project) -> HttpResponse:
    """The calendar of the project, the present rhythm, and what to do next."""
    day = today()
    slots = queries.calendar_of(project)
    rhythms = queries.rhythms(project.pilot.call, on=project.started_on)
    return show(
        request,
        "delivery/report/list.html",
        project,
        PART,
        rows=[(slot, *queries.STATES[slot.state(day)]) for slot in slots],
        rhythms=[(one, queries.said(one)) for one in rhythms],
        can_begin=queries.next_to_begin(slots, today=day) is not None
        and actions.begin_report.allowed(request.user, project).ok,
        may_set=actions.set_rhythm.allowed(request.user, project.pilot.call).ok,
    )


class BeginPage(ProjectVerbPage):
    verb = actions.begin_report
    part = PART
    check_revision = False
    explain = gettext_lazy("按调度日历填报下一期；填写时自动保存，本期结束后报送。")
    button = gettext_lazy("开始填报")

    def get_success_url(self, result: Any) -> str:
        return str(result.get_absolute_url())

    def get_cancel_url(self) -> str:
        return reverse("delivery:reports", args=[self.object.pk])


def report(request: HttpRequest, report: ProgressReport) -> HttpResponseBase:
    """One address: the form for who writes, what was handed in for everybody else."""
    if report.is_open and actions.hand_in.allowed(request.user, report).ok:
        return DraftPage.as_view()(request, report=report)
    if request.method not in {"GET", "HEAD"}:
        return HttpResponse(status=HTTPStatus.METHOD_NOT_ALLOWED)
    return _read(request, report)


def _read(request: HttpRequest, report: ProgressReport) -> HttpResponse:
    """The versions, the newest in full, each with the words on it."""
    versions = list(report.versions.select_related("by").prefetch_related("decisions__by"))
    chosen = request.GET.get("version", "")
    shown = next((one for one in versions if str(one.number) == chosen), versions[-1] if versions else None)
    return show(
        request,
        "delivery/report/page.html",
        report.project,
        PART,
        report=report,
        tone=queries.TONES[report.stage],
        versions=versions,
        shown=shown,
        sheet=report_paper.sheet_of(report, shown) if shown else None,
        may_accept=actions.accept.allowed(request.user, report).ok,
        may_send_back=actions.send_back.allowed(request.user, report).ok,
    )


class DraftPage(View):
    """The report while it is filled in. Whatever stands in the way of a save, what was typed stays on the page."""

    http_method_names = ["get", "head", "post", "options"]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.report: ProgressReport = kwargs["report"]
        self.is_saved = False

    @cached_property
    def baseline(self) -> contents.Content:
        return self.report.project.baseline.content

    @cached_property
    def before(self) -> ReportVersion | None:
        return queries.version_before(self.report)

    def form(self, **arguments: Any) -> ReportForm:
        return ReportForm(
            baseline=self.baseline, previous=queries.draft_of(self.before), auto_id="f-%s", **arguments
        )

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        draft = contents.fitted(contents.of_plain(self.report.content), self.baseline)
        return self.render(
            request, self.form(initial=ReportForm.initial_of(draft, self.report.draft_revision))
        )

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        is_autosave = request.headers.get("X-Autosave") == "1"
        form = self.form(data=request.POST)
        try:
            if not form.is_valid():
                raise Invalid(
                    [
                        Problem(str(error), where=name)
                        for name, errors in form.errors.items()
                        for error in errors
                    ]
                )
            draft = form.draft()
            if code := request.POST.get("renew", ""):
                pins = quoted.of_texts(self.report.project, draft.texts.values())
                draft = replace(
                    draft, texts={key: quoted.moved(text, pins, {code}) for key, text in draft.texts.items()}
                )
            saved = drafts.save_report(
                self.report, draft=draft, revision=form.cleaned_data["revision"], by=request.user
            )
            self.is_saved = True
            if is_autosave:
                return JsonResponse({"revision": saved.draft_revision})
            if "hand_in" in request.POST:
                key = request.POST.get("key", "")[:80] or None
                actions.hand_in(saved, by=request.user, key=key, draft_revision=saved.draft_revision)
        except drafts.ReportChanged as conflict:
            if is_autosave:
                return JsonResponse(conflict.as_json(), status=conflict.status)
            return self.conflict(request, form, conflict)
        except Refused as refusal:
            if is_autosave:
                # 409 would mean to the script that somebody else wrote; here no further try can succeed.
                is_conflict = refusal.status == HTTPStatus.CONFLICT
                status = HTTPStatus.UNPROCESSABLE_ENTITY if is_conflict else refusal.status
                return JsonResponse(refusal.as_json(), status=status)
            return self.refused(request, form, refusal)
        messages.success(request, _("已报送封存") if "hand_in" in request.POST else _("已保存，尚未报送"))
        return HttpResponseRedirect(self.report.get_absolute_url())

    def refused(self, request: HttpRequest, form: ReportForm, refusal: Refused) -> HttpResponse:
        elsewhere = []
        for problem in refusal.problems:
            if problem.where in form.fields:
                text = str(problem.message) + (f"；{problem.mend}" if problem.mend else "")
                if not form.errors.get(problem.where):
                    form.add_error(problem.where, text)
            else:
                elsewhere.append(problem)
        if self.is_saved:
            # The draft was saved before the report was refused: go on from there.
            self.report.refresh_from_db()
            kept = request.POST.copy()
            kept["revision"] = str(self.report.draft_revision)
            form.data = kept
        return self.render(request, form, refusal=refusal, problems=elsewhere, status=refusal.status)

    def conflict(
        self, request: HttpRequest, form: ReportForm, conflict: drafts.ReportChanged
    ) -> HttpResponse:
        theirs = ReportForm.initial_of(contents.of_plain(conflict.theirs.content), 0)
        yours = ReportForm.initial_of(conflict.yours, 0)
        differences = [
            (form.fields[name].label, theirs.get(name, "") or "—", value or "—")
            for name, value in yours.items()
            if name != "revision" and value != theirs.get(name, "")
        ]
        kept = request.POST.copy()
        kept["revision"] = str(conflict.theirs.draft_revision)
        form.data = kept
        return self.render(request, form, status=conflict.status, conflict=conflict, differences=differences)

    def render(
        self,
        request: HttpRequest,
        form: ReportForm,
        *,
        refusal: Refused | None = None,
        problems: list[Problem] | None = None,
        status: int = HTTPStatus.OK,
        **more: Any,
    ) -> HttpResponse:
        returned = self.report.stage == ProgressReport.Stage.RETURNED
        version = queries.last_version(self.report) if returned else None
        names = {line["key"]: line["indicator"] for line in self.baseline["targets"]}
        limits = supervision(on=today())
        pins = quoted.of_texts(self.report.project, [str(field.value() or "") for field in form.texts])
        response = show(
            request,
            "delivery/report/form.html",
            self.report.project,
            PART,
            report=self.report,
            tone=queries.TONES[self.report.stage],
            form=form,
            refusal=refusal,
            problems=problems or [],
            before=self.before,
            word=version.decisions.order_by("-pk").first() if version else None,
            returns_left=limits.most_returns - self.report.returns,
            evidence=[
                (one, names.get(one.target_key, one.target_key))
                for one in self.report.evidence.filter(is_out=False).select_related("upload")
            ],
            parts=progress_parts.of(self.report.project, self.report.period),
            is_over=today() >= self.report.ends,
            key=uuid.uuid4().hex,
            pins=quoted.figures_in(pins),
            charts=quoted.charts_in(pins, request.user),
            offered=quoted.offered(self.report.project, request.user),
            **{"conflict": None, **more},
        )
        response.status_code = status
        return response


class EvidencePage(View):
    """Files that prove figures: added and taken out while the report is open."""

    http_method_names = ["get", "head", "post", "options"]

    def get(self, request: HttpRequest, report: ProgressReport) -> HttpResponse:
        return self.render(request, report, EvidenceForm(baseline=report.project.baseline.content))

    def post(self, request: HttpRequest, report: ProgressReport) -> HttpResponse:
        form = EvidenceForm(
            request.POST, request.FILES, request=request, baseline=report.project.baseline.content
        )
        try:
            drafts.refuse_evidence(report, request.user)
            if (gone := request.POST.get("take_out", "")).isdecimal():
                drafts.take_out_evidence(report, evidence=int(gone[:18]), by=request.user)
                return HttpResponseRedirect(request.path)
            if not form.is_valid():
                return self.render(request, report, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
            upload = gate.receive(form.cleaned_data["file"], by=request.user, allow=EVIDENCE)
            drafts.add_evidence(
                report, target_key=form.cleaned_data["target_key"], upload=upload, by=request.user
            )
        except Refused as refusal:
            form.add_error(None, refusal.reason)
            return self.render(request, report, form, status=refusal.status)
        return HttpResponseRedirect(request.path)

    def render(
        self, request: HttpRequest, report: ProgressReport, form: EvidenceForm, *, status: int = HTTPStatus.OK
    ) -> HttpResponse:
        names = {line["key"]: line["indicator"] for line in report.project.baseline.content["targets"]}
        files = report.evidence.filter(is_out=False).select_related("upload")
        response = show(
            request,
            "delivery/report/evidence.html",
            report.project,
            PART,
            report=report,
            form=form,
            may_write=report.is_open and actions.hand_in.allowed(request.user, report).ok,
            files=[(one, names.get(one.target_key, one.target_key)) for one in files],
        )
        response.status_code = status
        return response


def evidence_file(_request: HttpRequest, report: ProgressReport, number: int) -> FileResponse:
    """Also one that was taken out later: a sealed version may show it."""
    return serve(get_object_or_404(report.evidence.select_related("upload"), pk=number).upload)


def chart(_request: HttpRequest, report: ProgressReport, sha256: str) -> FileResponse:
    """A chart that a version of the report has sealed."""
    for version in report.versions.all():
        for one in drawn.of_plain(version.content):
            if one.sha256 == sha256:
                return serve_png(sha256, name=f"{one.title}.png")
    raise Http404


@in_record_language()
def word(request: HttpRequest, report: ProgressReport) -> HttpResponse:
    """A version as Word (`?version=`; else the newest)."""
    wanted = request.GET.get("version", "")
    found = (
        report.versions.filter(number=int(wanted))
        if wanted.isdecimal() and len(wanted) < 5
        else report.versions
    )
    version = found.order_by("-number").first()
    if version is None:
        raise Http404
    name = clean_name(f"进展报告_{report.period.title}_{report.project.title}.docx")
    return attached(HttpResponse(report_paper.word_of(report, version), content_type=WORD), name)


class ReportVerbPage(ProjectVerbPage):
    object_arg = "report"
    part = PART
    object: ProgressReport

    def project_of(self) -> Project:
        return self.object.project

    def get_cancel_url(self) -> str:
        return self.object.get_absolute_url()


class AcceptPage(ReportVerbPage):
    verb = actions.accept
    form_class = ReadForm
    done = gettext_lazy("已审阅通过。")


class SendBackPage(ReportVerbPage):
    verb = actions.send_back
    form_class = SendBackForm
    done = gettext_lazy("已退回补充。")
    explain = gettext_lazy("已报送的版本照原样留存；补充后重新报送的另成一版。")
