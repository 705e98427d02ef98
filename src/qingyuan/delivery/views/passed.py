"""The public list of passed pilots: page, JSON, feed, Word and workbook. No account is asked for."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, time
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qingyuan.delivery import passed_paper
from qingyuan.delivery.forms.passed import LONGEST, PassedFilter
from qingyuan.delivery.queries import passed as queries
from qingyuan.kernel import clock
from qingyuan.kernel.gate.kinds import ACCEPTED
from qingyuan.review.views.frame import attached, docx
from qingyuan.ui import conditional
from qingyuan.ui.pagination import paginate


def _wanted(request: HttpRequest) -> queries.Wanted:
    """What was asked; what no page can show is left out of it."""

    def said(name: str) -> str:
        return "".join(one for one in request.GET.get(name, "")[:LONGEST] if one.isprintable()).strip()

    return queries.Wanted(**{name: said(name) for name in PassedFilter.base_fields})


def passed(request: HttpRequest) -> HttpResponse:
    """The list, paper by paper, the newest first."""
    everything, wanted = queries.lines(), _wanted(request)

    def render() -> HttpResponse:
        found = queries.chosen(everything, wanted)
        page = paginate(request, found)
        asked = wanted != queries.Wanted()
        context = {
            "page": page,
            "papers": queries.papers(list(page.object_list)),
            "number": len(found),
            "enterprises": sum(line.enterprises for line in found),
            "form": PassedFilter(asdict(wanted), offered=queries.offered(everything)),
            "asked": asked,
            "query": f"?{request.GET.urlencode()}" if asked else "",
        }
        return TemplateResponse(request, "delivery/acceptance/passed.html", context)

    return conditional.answer(
        request, render, fingerprint=queries.fingerprint(everything, "page", request.GET.urlencode())
    )


def data(request: HttpRequest) -> HttpResponse:
    """The same list for programs; the same filters hold."""
    found = queries.chosen(queries.lines(), _wanted(request))

    def render() -> HttpResponse:
        said: dict[str, Any] = {
            "title": queries.TITLE,
            "clause": "N11",
            "projects": len(found),
            "enterprises": sum(line.enterprises for line in found),
            "papers": [
                {
                    "document_number": one.document_number,
                    "date": one.listed_on.isoformat(),
                    "projects": [
                        {
                            "number": number,
                            "title": line.title,
                            "applicant": line.applicant,
                            "programme": line.programme,
                            "batch": line.batch,
                            "category": line.category,
                            "region": line.region,
                            "place": line.place,
                            "enterprises": line.enterprises,
                        }
                        for number, line in enumerate(one.lines, start=1)
                    ],
                }
                for one in queries.papers(found)
            ],
        }
        return JsonResponse(said, json_dumps_params={"ensure_ascii": False, "indent": 1})

    return conditional.answer(request, render, fingerprint=queries.fingerprint(found, "json"), framed=False)


def feed(request: HttpRequest) -> HttpResponse:
    """An Atom feed, one entry a paper."""
    found = queries.lines()

    def render() -> HttpResponse:
        page = request.build_absolute_uri(reverse("delivery:passed"))
        made = Atom1Feed(
            title=_("清源：清洁生产审核创新试点项目名单"),
            link=page,
            feed_url=request.build_absolute_uri(),
            description=_("通过评估验收的试点"),
            language=get_language(),
        )
        for one in queries.papers(found):
            day = datetime.combine(one.listed_on, time.min, clock.SHANGHAI)
            made.add_item(
                title=" ".join(filter(None, [one.document_number, one.listed_on.isoformat()])),
                link=f"{page}?year={one.listed_on.year}",
                unique_id=f"{page}#{one.listed_on.isoformat()}-{one.document_number}",
                description="；".join(f"{line.title}（{line.applicant}）" for line in one.lines),
                pubdate=day,
                updateddate=day,
            )
        response = HttpResponse(content_type=made.content_type)
        made.write(response, "utf-8")
        return response

    return conditional.answer(request, render, fingerprint=queries.fingerprint(found, "feed"), framed=False)


def paper(request: HttpRequest) -> HttpResponse:
    """The list as Word, with the filters of the page."""
    found = queries.chosen(queries.lines(), _wanted(request))
    return docx(passed_paper.word(found), f"{queries.TITLE}.docx")


def workbook(request: HttpRequest) -> HttpResponse:
    """The list as a workbook, with the filters of the page."""
    found = queries.chosen(queries.lines(), _wanted(request))
    return attached(passed_paper.workbook(found), f"{queries.TITLE}.xlsx", ACCEPTED["xlsx"].media_type)
