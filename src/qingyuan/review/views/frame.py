"""What all pages of one case, and of one round, share."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import content_disposition_header

from qingyuan.kernel.gate.kinds import ACCEPTED
from qingyuan.kernel.gate.names import clean_name
from qingyuan.review import tabs
from qingyuan.review.models import Case, Round
from qingyuan.review.queries import ground
from qingyuan.review.rules import ground as rules
from qingyuan.ui.verbpage import VerbPage


def frame(user: Any, case: Case, part: str) -> dict[str, Any]:
    """The context of every page inside a case; `part` is the slug of the present tab."""
    return {
        "case": case,
        "round": case.round,
        "part": part,
        "tabs": tabs.of(user, case, current=part),
        "stage_tone": ground.TONES[case.stage],
        "sees_round": rules.reviews_case.test(user, case),
    }


def show(
    request: HttpRequest,
    template: str,
    case: Case,
    part: str,
    *,
    status: int = HTTPStatus.OK,
    **more: Any,
) -> HttpResponse:
    """A page of a case that only shows."""
    return TemplateResponse(
        request, template, {**frame(request.user, case, part), **more}, status=int(status)
    )


def docx(content: bytes, name: str) -> HttpResponse:
    """A paper made at this moment, as a download that nobody caches."""
    return attached(content, name, ACCEPTED["docx"].media_type)


def attached(content: bytes, name: str, media_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=clean_name(name)) or "attachment"
    )
    response["Cache-Control"] = "private, no-store"
    return response


class CaseVerbPage(VerbPage):
    """A verb on a case (or on what hangs on one: override `case_of`) inside the case's frame."""

    template_name = "review/case/verb.html"
    page_template = "review/case/base.html"
    part = "overview"

    def case_of(self) -> Case:
        return self.object

    def get_context(self) -> dict[str, Any]:
        return {**frame(self.request.user, self.case_of(), self.part), "object_url": self.get_cancel_url()}

    def get_success_url(self, result: Any) -> str:
        del result
        return self.case_of().get_absolute_url()

    def get_cancel_url(self) -> str:
        return self.case_of().get_absolute_url()


class RoundVerbPage(VerbPage):
    """A verb on a round."""

    object_arg = "round"
    object: Round

    def get_success_url(self, result: Any) -> str:
        del result
        return self.get_cancel_url()

    def get_cancel_url(self) -> str:
        return reverse("review:round", args=[self.object.pk])

    def get_context(self) -> dict[str, Any]:
        return {"object_url": self.get_cancel_url(), "round": self.object}
