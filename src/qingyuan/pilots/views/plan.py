"""The plan: its outline with what is written, one chapter in the editor, and the present draft as Word."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Any, Literal

from django.contrib import messages
from django.db.models import Count, Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views import View

from qingyuan.catalogue.notices.parts import Chapter as OutlineChapter
from qingyuan.catalogue.notices.parts import Quote, Section
from qingyuan.kernel import clock
from qingyuan.kernel.errors import Invalid, Problem, Refused
from qingyuan.kernel.permission import Verdict, judge
from qingyuan.papers import plan_docx, quoting, richtext, textdiff
from qingyuan.papers.package import clean_path
from qingyuan.pilots import actions, drafts, presence, quotes, returned, rules, snapshot
from qingyuan.pilots.forms.plan import ChapterForm
from qingyuan.pilots.models import Chapter, ChapterRevision, Pilot
from qingyuan.pilots.paper import plan_of
from qingyuan.pilots.views.frame import frame, show

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class Leaf:
    """A heading of the outline that is written, with the chapter above it and its text."""

    outline: OutlineChapter | Section
    above: OutlineChapter | None
    text: Chapter | None

    @property
    def is_written(self) -> bool:
        return self.text is not None and not richtext.is_empty(self.text.html)

    @property
    def state(self) -> Literal["empty", "draft", "complete"]:
        if not self.is_written:
            return "empty"
        return "complete" if self.text is not None and self.text.is_complete else "draft"

    @property
    def open_remarks(self) -> int:
        return getattr(self.text, "open_remarks", 0)


def leaves_of(pilot: Pilot) -> list[Leaf]:
    rows = pilot.chapters.select_related("updated_by").annotate(
        open_remarks=Count("remarks", filter=Q(remarks__resolved_at__isnull=True))
    )
    texts = {text.outline_id: text for text in rows}
    return [
        Leaf(leaf, chapter if chapter.sections else None, texts.get(leaf.id))
        for chapter in pilot.notice.outline.chapters
        for leaf in (chapter.sections or (chapter,))
    ]


def plan(request: HttpRequest, pilot: Pilot) -> HttpResponse:
    leaves = leaves_of(pilot)
    return show(
        request,
        "pilots/plan.html",
        pilot,
        "plan",
        leaves=leaves,
        written=sum(leaf.is_written for leaf in leaves),
        complete=sum(leaf.state == "complete" for leaf in leaves),
        words=sum(leaf.text.words for leaf in leaves if leaf.text),
        verdict=may_write(request.user, pilot),
    )


def may_write(user: Any, pilot: Pilot, chapter: str = "") -> Verdict:
    """The same right, stage and (while a supplement is asked for) chapter that a save asks for."""
    reasons = judge(rules.can_write, user, pilot).reasons
    if pilot.stage != Pilot.Stage.DRAFTING:
        reasons += (_("当前状态为“%s”，方案已锁定") % pilot.get_stage_display(),)
    elif chapter and (closed := returned.why_not(pilot, now=clock.now(), chapter=chapter)):
        reasons += (closed,)
    return Verdict(ok=not reasons, reasons=reasons)


class ChapterPage(View):
    """One chapter. Whatever stands in the way of a save, the text stays on the page."""

    http_method_names = ["get", "head", "post", "options"]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.pilot: Pilot = kwargs["pilot"]
        self.outline_id: str = kwargs["outline_id"]
        self.ids = [leaf.id for leaf in self.pilot.notice.leaves()]
        if self.outline_id not in self.ids:
            raise Http404
        self.place = self.ids.index(self.outline_id)

    @cached_property
    def leaves(self) -> list[Leaf]:
        """All texts: read for pages only, never for an autosave."""
        return leaves_of(self.pilot)

    @property
    def leaf(self) -> Leaf:
        return self.leaves[self.place]

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        text = self.leaf.text
        form = ChapterForm(
            initial={"html": text.html if text else "", "revision": text.revision if text else 0}
        )
        return self.render(request, form)

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        is_autosave = request.headers.get("X-Autosave") == "1"
        form = ChapterForm(request.POST)
        html = request.POST.get("html", "")
        try:
            if not form.is_valid():
                raise Invalid([Problem(_("页面不完整，请刷新后再存"), where="revision")])
            chapter = drafts.save_chapter(
                self.pilot,
                outline_id=self.outline_id,
                html=html,
                revision=form.cleaned_data["revision"],
                by=request.user,
                kind=ChapterRevision.Kind.AUTOSAVE if is_autosave else ChapterRevision.Kind.SAVE,
            )
            if not is_autosave and "complete" in request.POST:
                self.mark(request)
        except drafts.ChapterChanged as conflict:
            if is_autosave:
                return JsonResponse(conflict.as_json(), status=conflict.status)
            return self.render_conflict(request, conflict)
        except Refused as refusal:
            if is_autosave:
                # 409 would mean to the script that somebody else wrote; here no further try can succeed.
                status = (
                    HTTPStatus.UNPROCESSABLE_ENTITY
                    if refusal.status == HTTPStatus.CONFLICT
                    else refusal.status
                )
                return JsonResponse(refusal.as_json(), status=status)
            return self.render(request, form, refusal=refusal, status=refusal.status, kept=html)
        if is_autosave:
            return JsonResponse({"revision": chapter.revision, "words": chapter.words})
        messages.success(request, _("本章已保存（%d 字）") % chapter.words)
        is_onward = "next" in request.POST and self.place + 1 < len(self.ids)
        target = self.ids[self.place + 1] if is_onward else self.outline_id
        return HttpResponseRedirect(reverse("pilots:chapter", args=[self.pilot.pk, target]))

    def mark(self, request: HttpRequest) -> None:
        """本节已完成, or not yet after all."""
        drafts.mark_complete(
            self.pilot,
            outline_id=self.outline_id,
            complete=request.POST.get("complete") == "1",
            by=request.user,
        )

    def context(self, request: HttpRequest) -> dict[str, Any]:
        remarks = (
            list(self.leaf.text.remarks.select_related("by", "resolved_by").prefetch_related("replies__by"))
            if self.leaf.text
            else []
        )
        return {
            "open_remarks": [remark for remark in remarks if remark.resolved_at is None],
            "done_remarks": [remark for remark in remarks if remark.resolved_at is not None],
            "may_remark": actions.remark_chapter.allowed(request.user, self.pilot).ok,
            "may_answer": actions.answer_remark.allowed(request.user, self.pilot).ok,
            "may_reopen": actions.reopen_remark.allowed(request.user, self.pilot).ok,
            "may_resolve": actions.resolve_remark.allowed(request.user, self.pilot).ok,
            "present": presence.others(self.pilot, request.user, outline_id=self.outline_id),
            **frame(self.pilot, "plan"),
            "leaf": self.leaf,
            "guidance": self.leaf.outline.guidance,
            "quotes": self.quotes(),
            "figures": quotes.offered(self.pilot),
            "shown_html": quotes.shown(self.pilot, self.leaf.text.html) if self.leaf.text else "",
            "previous": self.leaves[self.place - 1] if self.place else None,
            "following": self.leaves[self.place + 1] if self.place + 1 < len(self.leaves) else None,
            "place": self.place + 1,
            "total": len(self.leaves),
            "verdict": may_write(request.user, self.pilot, self.leaf.outline.id),
        }

    def quotes(self) -> list[Quote]:
        """The notice's words on this chapter, for the pilot's category."""
        return [
            quote
            for quote in self.leaf.outline.quotes
            if not quote.categories or self.pilot.category_id in quote.categories
        ]

    def render(
        self,
        request: HttpRequest,
        form: ChapterForm,
        *,
        refusal: Refused | None = None,
        status: int = HTTPStatus.OK,
        kept: str = "",
    ) -> HttpResponse:
        if refusal is not None:
            self.pilot.refresh_from_db(fields=["stage", "revision"])
        form.offer_pictures(self.pilot)
        context = {**self.context(request), "form": form, "refusal": refusal, "kept": kept}
        return TemplateResponse(request, "pilots/chapter.html", context, status=int(status))

    def render_conflict(self, request: HttpRequest, conflict: drafts.ChapterChanged) -> HttpResponse:
        """Both texts side by side; a second save stands knowingly on top of theirs."""
        conflict.theirs.html = quoting.to_codes(conflict.theirs.html)
        form = ChapterForm(initial={"html": conflict.yours, "revision": conflict.theirs.revision})
        form.offer_pictures(self.pilot)
        context = {
            **self.context(request),
            "form": form,
            "conflict": conflict,
            "yours": quoting.to_codes(conflict.yours),
            "theirs": conflict.theirs,
            "lines": list(
                textdiff.around(textdiff.compare(conflict.theirs.html, quoting.to_codes(conflict.yours)))
            ),
        }
        return TemplateResponse(request, "pilots/conflict.html", context, status=conflict.status)


def keeping_text(view: Callable[..., Any]) -> Callable[..., Any]:
    """Where a session ended while somebody was writing, give the text back instead of a bare sign-in page."""

    @wraps(view)
    def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.method == "POST" and not request.user.is_authenticated:
            if request.headers.get("X-Autosave") == "1":
                return JsonResponse({"reason": _("登录已过期")}, status=HTTPStatus.UNAUTHORIZED)
            form = ChapterForm(
                initial={"html": request.POST.get("html", ""), "revision": request.POST.get("revision", "")}
            )
            return TemplateResponse(
                request, "pilots/signed_out.html", {"form": form}, status=HTTPStatus.UNAUTHORIZED
            )
        return view(request, *args, **kwargs)

    return kept


def plan_docx_file(_request: HttpRequest, pilot: Pilot) -> FileResponse:
    """The present draft, set as the submission will set it."""
    today = clock.local(clock.now())
    document = plan_docx.write_plan(plan_of(pilot, snapshot.build(pilot), on=today.date()))
    name = clean_path(f"{pilot.notice.outline.title.strip('《》')}（草稿 {today:%Y-%m-%d %H%M}）.docx")
    response = FileResponse(io.BytesIO(document), as_attachment=True, filename=name, content_type=DOCX)
    response["Cache-Control"] = "private, no-store"
    return response
