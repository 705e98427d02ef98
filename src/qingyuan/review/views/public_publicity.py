"""公示 for everybody: what lies open, until when, and how to object. No account is asked for."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qingyuan.kernel import throttle
from qingyuan.review import actions
from qingyuan.review.forms.publicity import ObjectionForm
from qingyuan.review.models import Objection, Publicity
from qingyuan.review.queries import publicity as queries
from qingyuan.ui.pagination import paginate
from qingyuan.ui.verbpage import VerbPage

OBJECTIONS_A_MINUTE = 5
LOOKS_A_MINUTE = 30


def listing(request: HttpRequest) -> HttpResponse:
    """All periods, the open ones are the newest."""
    page = paginate(request, queries.public())
    rows = [
        (queries.shown(one, with_lines=False), queries.TONES[one.stage], one.get_public_url())
        for one in page.object_list
    ]
    return TemplateResponse(request, "review/publicity/public_list.html", {"page": page, "rows": rows})


def found(key: Any) -> Publicity:
    """A publicity by the id of its address, or 404."""
    try:
        one = queries.public().filter(pk=key).first()
    except (ValueError, ValidationError):
        one = None
    if one is None:
        raise Http404
    return one


def page(request: HttpRequest, publicity: Any) -> HttpResponse:
    one = found(publicity)
    context = {
        "shown": queries.shown(one),
        "tone": queries.TONES[one.stage],
        "object_url": reverse("review:lodge-objection", args=[one.pk]),
    }
    return TemplateResponse(request, "review/publicity/public.html", context)


class LodgePage(VerbPage):
    """Anybody objects; what was typed stays on the page when something is missing."""

    verb = actions.lodge_objection
    form_class = ObjectionForm
    check_revision = False
    template_name = "review/publicity/lodge.html"
    statement = _("我保证所述情况属实，并愿意配合核实。")

    def get_object(self) -> Publicity:
        return found(self.kwargs["publicity"])

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"publicity": self.object}

    def get_mails(self) -> tuple[()]:
        """Which officers are told, and at what address, is not for the public."""
        return ()

    def get_context(self) -> dict[str, Any]:
        return {"page_template": "ui/page.html" if self.request.user.is_authenticated else "ui/public.html"}

    def get_object_url(self) -> str:
        return str(self.object.get_public_url())

    def get_cancel_url(self) -> str:
        return self.get_object_url()

    def get_success_url(self, result: Any) -> str:
        return reverse("review:objection-receipt", args=[result.code])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if throttle.too_many(request, what="objection", limit=OBJECTIONS_A_MINUTE):
            form = self.get_form()
            form.add_error(None, _("提交过于频繁，请过一分钟再提交；您填写的内容还在。"))
            return self.render(form, status=HTTPStatus.TOO_MANY_REQUESTS)
        return super().post(request, *args, **kwargs)


def receipt(request: HttpRequest, code: str) -> HttpResponse:
    """How far an objection is, for whoever holds its 查询码. Neither who objected nor what it says is repeated."""
    if throttle.too_many(request, what="objection-receipt", limit=LOOKS_A_MINUTE):
        return TemplateResponse(
            request, "review/publicity/receipt.html", {"too_many": True}, status=HTTPStatus.TOO_MANY_REQUESTS
        )
    objection = queries.by_code(code)
    if objection is None:
        raise Http404
    context = {
        "objection": objection,
        "tone": queries.TONES[objection.stage],
        "is_settled": objection.stage == Objection.Stage.SETTLED,
    }
    response = TemplateResponse(request, "review/publicity/receipt.html", context)
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response
