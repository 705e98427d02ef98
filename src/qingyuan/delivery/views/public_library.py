"""The case library: open to everybody, made of sealed public contents alone."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qingyuan.delivery.forms.library import SearchForm
from qingyuan.delivery.queries import library as queries
from qingyuan.ui import conditional
from qingyuan.ui.pagination import paginate

PER_PAGE, IN_FEED = 20, 40


def cases(request: HttpRequest) -> HttpResponse:
    """The list, by words, sector, category, pollutant, measure and place."""
    version = queries.version("list", request.GET.urlencode())

    def render() -> HttpResponse:
        form = SearchForm(request.GET, offered=queries.offered())
        wanted = queries.Wanted(**form.wanted())
        page = paginate(request, queries.published(wanted), per_page=PER_PAGE)
        context = {
            "form": form,
            "page": page,
            "cards": [queries.card(one) for one in page.object_list],
            "asked": wanted != queries.Wanted(),
        }
        return TemplateResponse(request, "delivery/library/public_list.html", context)

    return conditional.answer(request, render, fingerprint=version.fingerprint, changed_at=version.changed_at)


def case(request: HttpRequest, practice: Any) -> HttpResponse:
    """One published case."""
    found = queries.one_published(practice)
    if found is None:
        raise Http404

    def render() -> HttpResponse:
        context = {"content": found.content, "published_at": found.published_at}
        return TemplateResponse(request, "delivery/library/public_page.html", context)

    return conditional.answer(
        request, render, fingerprint=found.content_sha256[:32], changed_at=found.published_at
    )


def feed(request: HttpRequest) -> HttpResponse:
    """An Atom feed of the newest cases."""
    version = queries.version("feed")

    def render() -> HttpResponse:
        made = Atom1Feed(
            title=_("清源：典型案例"),
            link=request.build_absolute_uri(reverse("delivery:cases")),
            feed_url=request.build_absolute_uri(),
            description=_("清洁生产审核创新试点的典型案例"),
            language=get_language(),
        )
        for one in map(queries.card, queries.published()[:IN_FEED]):
            url = request.build_absolute_uri(reverse("delivery:published-case", args=[one.pk]))
            made.add_item(
                title=one.content["title"],
                link=url,
                unique_id=url,
                description="、".join([one.content["contact"]["body"], *one.titles]),
                pubdate=one.published_at,
                updateddate=one.published_at,
            )
        response = HttpResponse(content_type=made.content_type)
        made.write(response, "utf-8")
        return response

    return conditional.answer(
        request, render, fingerprint=version.fingerprint, changed_at=version.changed_at, framed=False
    )
