"""The history of a chapter: every text it has had, what changed each time, and the way back."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.db.models import F, Window
from django.db.models.functions import Lag
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from qingyuan.kernel.errors import Refused
from qingyuan.papers import quoting, textdiff
from qingyuan.pilots import drafts, quotes
from qingyuan.pilots.models import Chapter, ChapterRevision, Pilot
from qingyuan.pilots.views.frame import frame, show
from qingyuan.pilots.views.plan import may_write
from qingyuan.ui.pagination import paginate


def _found(pilot: Pilot, outline_id: str) -> tuple[Any, Chapter]:
    leaf = next((leaf for leaf in pilot.notice.leaves() if leaf.id == outline_id), None)
    chapter = pilot.chapters.filter(outline_id=outline_id).first()
    if leaf is None or chapter is None:
        raise Http404
    return leaf, chapter


def history(request: HttpRequest, pilot: Pilot, outline_id: str) -> HttpResponse:
    leaf, chapter = _found(pilot, outline_id)
    rows = (
        chapter.revisions.select_related("by")
        .defer("html")
        .annotate(before=Window(Lag("words", default=0), order_by=F("number").asc()))
        .order_by("-number")
    )
    page = paginate(request, rows)
    for row in page:
        row.delta = row.words - row.before
    return show(request, "pilots/history.html", pilot, "plan", leaf=leaf, chapter=chapter, page=page)


class RevisionPage(View):
    """One revision beside the one before it; POST brings its text back as a new revision."""

    http_method_names = ["get", "head", "post", "options"]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.pilot: Pilot = kwargs["pilot"]
        self.leaf, self.chapter = _found(self.pilot, kwargs["outline_id"])
        found = self.chapter.revisions.select_related("by").filter(number=kwargs["number"]).first()
        if found is None:
            raise Http404
        self.revision: ChapterRevision = found

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        return self.render(request)

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        seen = request.POST.get("revision", "")
        try:
            drafts.restore_chapter(
                self.pilot,
                outline_id=self.leaf.id,
                number=self.revision.number,
                revision=int(seen) if seen.isascii() and seen.isdigit() else -1,
                by=request.user,
            )
        except drafts.ChapterChanged as changed:
            self.chapter.refresh_from_db()
            reason = _(
                "%(who)s 在您打开本页之后又保存过本节，没有恢复。请看过现在的文字再决定；两份文字都在历史里"
            ) % {"who": changed.theirs.updated_by}
            return self.render(request, reason=reason, status=changed.status)
        except Refused as refusal:
            self.pilot.refresh_from_db(fields=["stage"])
            return self.render(request, reason=refusal.reason, status=refusal.status)
        messages.success(request, _("已恢复第 %d 版的文字；恢复之前的文字仍在历史里") % self.revision.number)
        return HttpResponseRedirect(reverse("pilots:chapter", args=[self.pilot.pk, self.leaf.id]))

    def render(self, request: HttpRequest, *, reason: str = "", status: int = HTTPStatus.OK) -> HttpResponse:
        before = self.chapter.revisions.filter(number__lt=self.revision.number).first()
        after = self.chapter.revisions.filter(number__gt=self.revision.number).only("number").last()
        against_now = request.GET.get("against") == "now" and not self.is_newest
        old, new = (
            (self.revision.html, self.chapter.html)
            if against_now
            else (before.html if before else "", self.revision.html)
        )
        # As the editor shows them: what was quoted, not what the figure happens to be today.
        lines = textdiff.compare(quoting.to_codes(old), quoting.to_codes(new))
        context = {
            **frame(self.pilot, "plan"),
            "leaf": self.leaf,
            "chapter": self.chapter,
            "revision": self.revision,
            "whole": quotes.shown(self.pilot, self.revision.html),
            "has_quotes": bool(quoting.quoted(self.revision.html)),
            "before": before,
            "after": after,
            "against_now": against_now,
            "lines": list(textdiff.around(lines)),
            "is_changed": any(line.op != "same" for line in lines),
            "is_newest": self.is_newest,
            "verdict": may_write(request.user, self.pilot),
            "reason": reason,
        }
        return TemplateResponse(request, "pilots/revision.html", context, status=int(status))

    @property
    def is_newest(self) -> bool:
        return self.revision.number == self.chapter.revision
