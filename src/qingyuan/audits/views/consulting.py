"""The consultant's day: the pilots for which this person's unit works, and what waits in each."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from qingyuan.audits.queries import consulting as queries
from qingyuan.kernel.guards import signed_in
from qingyuan.ui.pagination import paginate


@signed_in
def day(request: HttpRequest) -> HttpResponse:
    page = paginate(request, queries.pilots(request.user))
    lines = queries.lines(request.user, page.object_list)
    return TemplateResponse(
        request,
        "audits/consulting/day.html",
        {
            "page": page,
            "lines": lines,
            "stats": [
                (_("试点"), page.paginator.count),
                (_("未签署的企业填报"), sum(one.counts.get("sheets", 0) for one in lines)),
                (_("未了结的核查问题"), sum(one.counts.get("questions", 0) for one in lines)),
                (_("计算中、未算成"), sum(one.counts.get("runs", 0) for one in lines)),
                (_("两周内到期的方案"), sum(one.counts.get("schemes", 0) for one in lines)),
            ],
        },
    )
