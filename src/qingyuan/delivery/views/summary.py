"""The summary report: its chapters, one of them in the editor, its Word file, and its verbs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from qingyuan.audits.pins import renewed
from qingyuan.catalogue import experience
from qingyuan.delivery import facts, quoted, summary_drafts, summary_text
from qingyuan.delivery.actions import summary as actions
from qingyuan.delivery.forms import summary as forms
from qingyuan.delivery.models import Project, Summary
from qingyuan.delivery.rules.summary import writes_summary
from qingyuan.delivery.views.frame import ProjectVerbPage, show
from qingyuan.kernel import clock
from qingyuan.kernel.errors import Invalid, Problem, Refused
from qingyuan.kernel.gate.kinds import ACCEPTED
from qingyuan.kernel.gate.serve import serve_blob, serve_png
from qingyuan.papers import quoting, textdiff
from qingyuan.papers.drawn import of_plain
from qingyuan.pilots.templatetags.chapters import rendered
from qingyuan.review.views.frame import docx

PART = "summary"
TONES = {Summary.Stage.WRITING: "neutral", Summary.Stage.HANDED_IN: "warn", Summary.Stage.ACCEPTED: "good"}
STEPS = (
    (actions.send_back, "delivery:return-summary", False),
    (actions.hand_in, "delivery:hand-in-summary", True),
    (actions.accept, "delivery:accept-summary", True),
)


def _of(project: Project) -> Summary | None:
    found = Summary.objects.filter(project=project).first()
    if found is not None:
        found.project = project
    return found


def summary(request: HttpRequest, project: Project) -> HttpResponse:
    """The report: while it is written its chapters and how far they are, then its sealed text."""
    found = _of(project)
    if found is None:
        return show(
            request,
            "delivery/summary/page.html",
            project,
            PART,
            summary=None,
            outline=experience.outline(),
            may_begin=actions.begin.allowed(request.user, project).ok,
        )
    is_writing = found.stage == Summary.Stage.WRITING
    leaves = summary_text.leaves(found)
    return show(
        request,
        "delivery/summary/page.html",
        project,
        PART,
        summary=found,
        tone=TONES[Summary.Stage(found.stage)],
        leaves=leaves,
        words=sum(leaf.text.words for leaf in leaves if leaf.text),
        sealed=[
            (one["title"], rendered(one["html"], address=_address(found, found.content), note=one["id"]))
            for one in found.content.get("chapters", [])
        ],
        charts=[
            (one, reverse("delivery:summary-chart", args=[found.pk, one.sha256]))
            for one in of_plain(found.content)
        ],
        problems=summary_text.before_hand_in(leaves, project) if is_writing else [],
        moved=facts.moved(project, found.content.get("facts", [])),
        steps=[
            (verb.title, reverse(url, args=[found.pk]), leads)
            for verb, url, leads in STEPS
            if verb.allowed(request.user, found).ok
        ],
        source=experience.experience().source,
    )


def word(_request: HttpRequest, project: Project) -> HttpResponse | FileResponse:
    """The sealed Word file; while it is written, the present draft."""
    found = _of(project)
    if found is None:
        raise Http404
    name = f"{project.title}经验总结报告.docx"
    if found.document_sha256:
        return serve_blob(found.document_sha256, name=name, media_type=ACCEPTED["docx"].media_type)
    return docx(summary_text.document(summary_text.content_of(found), at=clock.now()), f"（草稿）{name}")


def _address(summary: Summary, content: Mapping[str, Any]) -> Callable[[str], str]:
    """Where pages show the charts of a content."""
    charts = summary_text.charts_of(content)

    def address(upload: str) -> str:
        one = charts.get(upload)
        return reverse("delivery:summary-chart", args=[summary.pk, one.sha256]) if one else ""

    return address


def chart(_request: HttpRequest, summary: Summary, sha256: str) -> FileResponse:
    """A chart of the sealed text; while it is written, one that its chapters quote."""
    htmls = [] if summary.content else list(summary.chapters.values_list("html", flat=True))
    drawings = of_plain(summary.content) or quoted.drawn(quoted.of_chapters(summary.project, htmls))
    for one in drawings:
        if one.sha256 == sha256:
            return serve_png(sha256, name=f"{one.title}.png")
    raise Http404


class ChapterPage(View):
    """One chapter. Whatever stands in the way of a save, the text stays on the page."""

    http_method_names = ["get", "head", "post", "options"]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.summary: Summary = kwargs["summary"]
        self.ids = [heading.id for heading in experience.outline()]
        if kwargs["heading"] not in self.ids:
            raise Http404
        self.place = self.ids.index(kwargs["heading"])

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        text = summary_text.leaves(self.summary)[self.place].text
        initial = {"html": text.html if text else "", "revision": text.revision if text else 0}
        return self.render(request, forms.ChapterForm(initial=initial))

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        is_autosave = request.headers.get("X-Autosave") == "1"
        form = forms.ChapterForm(request.POST)
        html = request.POST.get("html", "")
        try:
            if not form.is_valid():
                raise Invalid([Problem(_("页面不完整，请刷新后再存"), where="revision")])
            if code := request.POST.get("renew", ""):
                html = self.renewed(code)
            chapter = summary_drafts.save_chapter(
                self.summary,
                outline_id=self.ids[self.place],
                html=html,
                revision=form.cleaned_data["revision"],
                by=request.user,
            )
        except summary_drafts.SummaryChapterChanged as conflict:
            if is_autosave:
                return JsonResponse(conflict.as_json(), status=conflict.status)
            return self.render_conflict(request, conflict)
        except Refused as refusal:
            if is_autosave:
                # 409 would mean to the script that somebody else wrote; here no further try can succeed.
                conflicts = refusal.status == HTTPStatus.CONFLICT
                status = HTTPStatus.UNPROCESSABLE_ENTITY if conflicts else refusal.status
                return JsonResponse(refusal.as_json(), status=status)
            return self.render(request, form, refusal=refusal, kept=html)
        if is_autosave:
            return JsonResponse({"revision": chapter.revision, "words": chapter.words})
        messages.success(request, _("本章已保存（%d 字）") % chapter.words)
        onward = "next" in request.POST and self.place + 1 < len(self.ids)
        target = self.ids[self.place + 1] if onward else self.ids[self.place]
        return HttpResponseRedirect(reverse("delivery:summary-chapter", args=[self.summary.pk, target]))

    def renewed(self, code: str) -> str:
        """The stored text with the newest computation's figure."""
        text = summary_text.leaves(self.summary)[self.place].text
        html = text.html if text else ""
        return quoting.moved(html, renewed(quoted.of_chapters(self.summary.project, [html]), {code}))

    def context(self, request: HttpRequest) -> dict[str, Any]:
        leaf = summary_text.leaves(self.summary)[self.place]
        project = self.summary.project
        may_write = self.summary.stage == Summary.Stage.WRITING and writes_summary.test(
            request.user, self.summary
        )
        html = leaf.text.html if leaf.text else ""
        (shown,) = summary_text.filled(project, [html])
        pins = quoted.of_chapters(project, [html])
        drawings = {"charts": [one.plain() for one in quoted.drawn(pins)]}
        return {
            "summary": self.summary,
            "leaf": leaf,
            "total": len(self.ids),
            "previous": self.ids[self.place - 1] if self.place else "",
            "following": self.ids[self.place + 1] if self.place + 1 < len(self.ids) else "",
            "facts": [
                (group, [(fact, quoting.code_of(quoting.FACT + fact.name, "value")) for fact in found])
                for group, found in facts.grouped(project)
            ],
            "shown": rendered(shown, address=_address(self.summary, drawings)),
            "may_write": may_write,
            "pins": quoted.figures_in(pins) if may_write else [],
            "charts": quoted.charts_in(pins, request.user) if may_write else [],
            "offered": quoted.offered(project, request.user) if may_write else [],
        }

    def render(
        self, request: HttpRequest, form: forms.ChapterForm, *, refusal: Refused | None = None, kept: str = ""
    ) -> HttpResponse:
        if refusal is not None:
            self.summary.refresh_from_db(fields=["stage", "revision"])
        response = show(
            request,
            "delivery/summary/chapter.html",
            self.summary.project,
            PART,
            form=form,
            refusal=refusal,
            kept=kept,
            **self.context(request),
        )
        response.status_code = int(refusal.status) if refusal else HTTPStatus.OK
        return response

    def render_conflict(
        self, request: HttpRequest, conflict: summary_drafts.SummaryChapterChanged
    ) -> HttpResponse:
        """Both texts side by side; a second save stands knowingly on top of theirs."""
        theirs = quoting.to_codes(conflict.theirs.html)
        response = show(
            request,
            "delivery/summary/conflict.html",
            self.summary.project,
            PART,
            form=forms.ChapterForm(initial={"html": conflict.yours, "revision": conflict.theirs.revision}),
            conflict=conflict,
            theirs=rendered(theirs, address=lambda _upload: ""),
            lines=list(textdiff.around(textdiff.compare(theirs, quoting.to_codes(conflict.yours)))),
            **self.context(request),
        )
        response.status_code = int(conflict.status)
        return response


class BeginPage(ProjectVerbPage):
    verb = actions.begin
    part = PART
    check_revision = False

    def get_cancel_url(self) -> str:
        return reverse("delivery:summary", args=[self.object.pk])


class SummaryVerbPage(ProjectVerbPage):
    object_arg = "summary"
    part = PART
    object: Summary

    def project_of(self) -> Project:
        return self.object.project

    def get_cancel_url(self) -> str:
        return self.object.get_absolute_url()


class HandInPage(SummaryVerbPage):
    verb = actions.hand_in
    statement = gettext_lazy("报告内容属实，不含国家秘密；提交后全部章节、所引数据和 Word 文件封存。")

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        del form
        return {"sealed": summary_text.seal(self.object)}


class ReturnPage(SummaryVerbPage):
    verb = actions.send_back
    form_class = forms.ReturnForm


class AcceptPage(SummaryVerbPage):
    verb = actions.accept
    form_class = forms.AcceptForm

    def get_initial(self) -> dict[str, Any]:
        return {"content_sha256": self.object.content_sha256}
