"""The figures that a plan quotes from computations, and those that it can quote."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.audits import quoting
from qingyuan.kernel.errors import Refused
from qingyuan.pilots import rules
from qingyuan.pilots.models import Pilot


def quotes(request: HttpRequest, pilot: Pilot) -> HttpResponse:
    """GET shows; POST takes newer figures over into one chapter."""
    refusal = None
    if request.method == "POST":
        try:
            quoting.renew(
                pilot,
                outline_id=request.POST.get("chapter", "")[:60],
                codes=set(request.POST.getlist("code")),
                revision=int(request.POST.get("revision", "-1") or -1),
                by=request.user,
            )
        except Refused as error:
            refusal = error
        except ValueError:
            return HttpResponseRedirect(request.path)
        else:
            messages.success(request, _("已更新为最新的计算结果；原文留在修订历史中"))
            return HttpResponseRedirect(reverse("audits:quotes", args=[pilot.pk]))
    pinned = quoting.pinned(pilot)
    context = {
        "pilot": pilot,
        "pinned": pinned,
        "stale": sum(1 for one in pinned if one.is_stale),
        "offered": quoting.offered(pilot),
        "may_write": rules.can_write.test(request.user, pilot),
        "refusal": refusal,
    }
    status = refusal.status if refusal is not None else HTTPStatus.OK
    return TemplateResponse(request, "audits/quotes.html", context, status=int(status))
