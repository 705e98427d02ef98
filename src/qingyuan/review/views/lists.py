"""The public register of lists: who was selected, by which departments, under which number. No account is asked for."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import quote_etag
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qingyuan.review.models import Decision
from qingyuan.review.queries import lists as queries


def register(request: HttpRequest) -> HttpResponse:
    """All published lists."""
    return TemplateResponse(request, "review/lists/register.html", {"lists": queries.published()})


def published_list(request: HttpRequest, call: Any) -> HttpResponse:
    """One list; a browser that has it already is told so."""
    decision = _found(call)
    # Only for readers without an account: a signed-in person's page has a menu of its own.
    etag = (
        quote_etag(f"{queries.fingerprint(decision)[:32]}-{get_language()}")
        if not request.user.is_authenticated
        else None
    )
    unchanged = get_conditional_response(request, etag=etag) if etag else None
    if unchanged is not None:
        return unchanged  # type: ignore[return-value]
    context = {"list": queries.described(decision), "lines": queries.lines(decision)}
    response = TemplateResponse(request, "review/lists/list.html", context)
    if etag:
        response["ETag"] = etag
    return response


def data(_request: HttpRequest, call: Any) -> JsonResponse:
    """The same list for programs."""
    decision = _found(call)
    head = queries.described(decision)
    response = JsonResponse(
        {
            "title": head.title,
            "programme": head.programme,
            "batch": head.batch,
            "bodies": list(head.bodies),
            "document_number": head.document_number,
            "date": head.on.isoformat(),
            "projects": [
                {
                    "number": line.number,
                    "title": line.title,
                    "applicant": line.applicant,
                    "category": line.category,
                    "place": line.place,
                }
                for line in queries.lines(decision)
            ],
        },
        json_dumps_params={"ensure_ascii": False, "indent": 1},
    )
    response["ETag"] = quote_etag(queries.fingerprint(decision)[:32])
    return response


def feed(request: HttpRequest) -> HttpResponse:
    """An Atom feed of the lists, one entry each."""
    made = Atom1Feed(
        title=_("清源：公布的名单"),
        link=request.build_absolute_uri(reverse("review:lists")),
        feed_url=request.build_absolute_uri(),
        description=_("经会同决定公布的试点项目名单"),
        language=get_language(),
    )
    for one in queries.published():
        url = request.build_absolute_uri(reverse("review:list", args=[one.call_id]))
        made.add_item(
            title=one.title,
            link=url,
            unique_id=url,
            description="、".join(one.bodies) + f" {one.document_number}",
            pubdate=one.released_at,
            updateddate=one.released_at,
        )
    response = HttpResponse(content_type=made.content_type)
    made.write(response, "utf-8")
    return response


def _found(call: Any) -> Decision:
    decision = queries.of_call(call)
    if decision is None:
        raise Http404
    return decision
