"""我的试点, and the beginning of a new one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from qingyuan.pilots import actions, queries
from qingyuan.pilots.forms.start import CreateForm, FilterForm
from qingyuan.ui.pagination import paginate
from qingyuan.ui.verbpage import VerbPage


def pilots(request: HttpRequest) -> HttpResponse:
    form = FilterForm(request.GET, calls=list(queries.calls_of(request.user)))
    chosen = form.chosen()
    rows = queries.search(request.user, **chosen, sort=request.GET.get("sort", ""))
    page = paginate(request, rows)
    return TemplateResponse(
        request,
        "pilots/list.html",
        {
            "page": page,
            "form": form,
            "filtered": any(chosen.values()),
            "tones": queries.TONES,
            "may_begin": bool(queries.applicants_of(request.user)),
        },
    )


class CreatePage(VerbPage):
    """A new application: for which of my bodies, in which category, under which name."""

    verb = actions.create
    form_class = CreateForm
    template_name = "pilots/create.html"
    check_revision = False

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"call": self.object, "applicants": queries.applicants_of(self.request.user)}

    def get_success_url(self, result: Any) -> str:
        return reverse("pilots:pilot", args=[result.pk])

    def get_cancel_url(self) -> str:
        return reverse("calls:call", args=[self.object.pk])

    def get_context(self) -> dict[str, Any]:
        return {"call": self.object, "object_url": self.get_cancel_url(), "notice": self.object.notice}
