"""雷同检查 on the screen: the pairs of a round, the pairs of a case, and what two plans share side by side."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from qingyuan.review import alike
from qingyuan.review.models import Case, Round
from qingyuan.review.views.frame import show
from qingyuan.ui.pagination import paginate

MOST_PASSAGES = 100


def _rows(found: list[alike.Alike]) -> list[dict[str, Any]]:
    """The pairs with their cases (one query)."""
    wanted = {pk for one in found for pk in (one.first, one.second)}
    cases = Case.objects.select_related("round__call").in_bulk(wanted)
    return [
        {
            "one": one,
            "first": cases[one.first],
            "second": cases[one.second],
            "percent": round(one.containment * 100),
            "same_applicant": cases[one.first].applicant_name == cases[one.second].applicant_name,
        }
        for one in found
        if one.first in cases and one.second in cases
    ]


def round_page(request: HttpRequest, **kwargs: Round) -> HttpResponse:
    """All pairs of a round, the most alike first."""
    round_ = kwargs["round"]
    found = alike.pairs(round_)
    page = paginate(request, found)
    silent = [
        case
        for case in Case.objects.filter(round=round_, submission__isnull=True)
        .exclude(stage=Case.Stage.WITHDRAWN)
        .prefetch_related("files__upload")
        if not alike.has_text(case)
    ]
    for case in silent:
        case.round = round_
    context = {"round": round_, "rows": _rows(list(page.object_list)), "page": page, "silent": silent}
    return TemplateResponse(request, "review/alike/round.html", context)


def case_page(request: HttpRequest, case: Case) -> HttpResponse:
    """The pairs of one case; with `?with=` the passages that both plans hold."""
    rows = _rows(alike.of_case(case))
    for row in rows:
        row["other"] = row["second"] if row["first"].pk == case.pk else row["first"]
    wanted = request.GET.get("with", "")
    chosen = next((row for row in rows if str(row["other"].pk) == wanted), None)
    shared = alike.passages(case, chosen["other"]) if chosen and chosen["one"].shared else []
    return show(
        request,
        "review/alike/case.html",
        case,
        "alike",
        rows=rows,
        chosen=chosen,
        passages=shared[:MOST_PASSAGES],
        hidden_count=max(0, len(shared) - MOST_PASSAGES),
        has_text=alike.has_text(case),
    )
