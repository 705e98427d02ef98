"""The figures that a plan quotes from computations, and those that it can quote."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.audits import charts, quoting
from qingyuan.kernel.errors import Refused
from qingyuan.pilots import rules
from qingyuan.pilots.models import Pilot


def quotes(request: HttpRequest, pilot: Pilot) -> HttpResponse:
    """GET shows; POST takes newer figures over into one chapter."""
    refusal = None
    if request.method == "POST":
        try:
            _change(request, pilot)
        except Refused as error:
            refusal = error
        except ValueError:
            return HttpResponseRedirect(request.path)
        else:
            messages.success(request, _("正文已更新；原文留在修订历史中"))
            return HttpResponseRedirect(reverse("audits:quotes", args=[pilot.pk]))
    pinned = quoting.pinned(pilot)
    may_write = rules.can_write.test(request.user, pilot)
    drawn = charts.offered(pilot, request.user)
    readable = {one.run.dataset_id for one in drawn}
    context = {
        "pilot": pilot,
        "pinned": pinned,
        "stale": sum(1 for one in pinned if one.is_stale),
        "offered": quoting.offered(pilot),
        "charts": [
            (one, isinstance(one.said, charts.Chart) and one.said.run.dataset_id in readable)
            for one in charts.shown(pilot)
        ],
        "drawn": drawn if may_write else [],
        "chapters": _chapters(pilot) if may_write else [],
        "may_write": may_write,
        "refusal": refusal,
    }
    status = refusal.status if refusal is not None else HTTPStatus.OK
    return TemplateResponse(request, "audits/quotes.html", context, status=int(status))


def _change(request: HttpRequest, pilot: Pilot) -> None:
    """A chart put into a chapter, a newer drawing in the place of an older one, or newer figures."""
    outline_id = request.POST.get("chapter", "")[:60]
    if code := request.POST.get("chart", ""):
        outline_id, _sep, revision = outline_id.partition(":")
        charts.put(pilot, code=code[:8], outline_id=outline_id, revision=int(revision or -1), by=request.user)
        return
    revision = request.POST.get("revision", "-1") or "-1"
    if upload := request.POST.get("picture", ""):
        charts.renew(
            pilot, upload=upload[:36], outline_id=outline_id, revision=int(revision), by=request.user
        )
        return
    quoting.renew(
        pilot,
        outline_id=outline_id,
        codes=set(request.POST.getlist("code")),
        revision=int(revision),
        by=request.user,
    )


def _chapters(pilot: Pilot) -> list[tuple[str, str]]:
    """What a chart can be put into: the chapter with its revision, and its title (one query)."""
    revisions = dict(pilot.chapters.values_list("outline_id", "revision"))
    return [
        (f"{leaf.id}:{revisions[leaf.id]}", leaf.title)
        for leaf in pilot.notice.leaves()
        if leaf.id in revisions
    ]
