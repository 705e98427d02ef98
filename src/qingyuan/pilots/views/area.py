"""What a prefecture bureau sees of the applications of its area, and its comment."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy

from qingyuan.kernel import clock
from qingyuan.pilots import actions, area, queries
from qingyuan.pilots import forwarding as ways
from qingyuan.pilots.forms.comment import CommentForm
from qingyuan.pilots.models import Pilot, PrefectureComment, Submission
from qingyuan.pilots.views import submissions
from qingyuan.ui.pagination import paginate
from qingyuan.ui.verbpage import VerbPage

MOST_FORWARDINGS = 200


def pilots(request: HttpRequest) -> HttpResponse:
    page = paginate(request, area.visible(request.user))
    now = clock.now()
    context = {
        "page": page,
        "rows": [(pilot, queries.TONES[pilot.stage]) for pilot in page.object_list],
        # A bureau forwards some dozens in a call; the newest stand first, older ones are found by their application.
        "forwardings": [
            (one, ways.TONES[one.stage], ways.state_of(one, now))
            for one in ways.queue(request.user)[:MOST_FORWARDINGS]
        ],
    }
    return TemplateResponse(request, "pilots/area.html", context)


def current_of(pilot: Pilot) -> Submission | None:
    return pilot.submissions.filter(is_current=True).select_related("call").first()


def comments_of(submission: Submission | None) -> list[PrefectureComment]:
    return list(submission.comments.select_related("organisation")) if submission else []


def pilot(request: HttpRequest, pilot: Pilot) -> HttpResponse:
    submission = current_of(pilot)
    comments = comments_of(submission)
    mine = {body.pk for body in area.bureaus(request.user)}
    context = {
        "pilot": pilot,
        "tone": queries.TONES[pilot.stage],
        "submission": submission,
        "comments": comments,
        "may_comment": actions.comment.allowed(request.user, pilot).ok
        and not any(one.organisation_id in mine for one in comments),
    }
    return TemplateResponse(request, "pilots/area_pilot.html", context)


def plan(request: HttpRequest, pilot: Pilot) -> Any:
    """The sealed plan of the present version; working papers are never shown here."""
    submission = current_of(pilot)
    if submission is None:
        raise Http404
    return submissions.plan(request, submission)


class CommentPage(VerbPage):
    verb = actions.comment
    form_class = CommentForm
    explain = gettext_lazy(
        "意见附在申报单位已提交的这一版本旁，供受理单位参考；不是审批，也不改变申报的状态。"
    )
    done = gettext_lazy("意见已提出")

    def get_success_url(self, result: Any) -> str:
        del result
        return self.get_cancel_url()

    def get_cancel_url(self) -> str:
        return reverse("pilots:area-pilot", args=[self.object.pk])

    def get_context(self) -> dict[str, Any]:
        return {"object_url": self.get_cancel_url()}
