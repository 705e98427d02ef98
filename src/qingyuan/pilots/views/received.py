"""收件登记: the received list of a call on the screen and as a workbook, both from the same rows."""

from __future__ import annotations

import io
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from qingyuan.calls.models import Call
from qingyuan.kernel import clock
from qingyuan.kernel.gate.kinds import ACCEPTED
from qingyuan.kernel.gate.names import clean_name
from qingyuan.pilots import envelopes
from qingyuan.pilots import received as lists
from qingyuan.pilots.doubles import received_doubles
from qingyuan.pilots.forwarding import FILTERS
from qingyuan.pilots.wording import sector_titles
from qingyuan.ui.pagination import paginate
from qingyuan.workbooks.schema import Column, Table
from qingyuan.workbooks.write import write_table


def received(request: HttpRequest, call: Call) -> HttpResponse:
    filters = lists.Filters.read(call, request.GET.dict())
    page = paginate(request, lists.register(call, filters))
    counts = lists.counts(call)
    doubled, doubles = received_doubles(call)
    context = {
        "call": call,
        "page": page,
        "rows": lists.rows(call, page.object_list),
        "heads": heads(request, filters),
        "filters": filters,
        "stats": [(title, counts.states.get(state, 0)) for state, title in lists.STATES.items()],
        "states": lists.STATES.values(),
        "by_prefecture": counts.table,
        "choices": choices(call, filters, counts),
        "query": request.GET.urlencode(),
        "doubled": doubled,
        "doubles": doubles,
        "paper_page": envelopes.page(call),
    }
    return TemplateResponse(request, "pilots/received.html", context)


def choices(call: Call, filters: lists.Filters, counts: lists.Counts) -> list[dict[str, Any]]:
    """The lists to choose from, each with its options as (value, title, chosen)."""
    places = sorted(
        {*counts.prefectures, *lists.prefectures(found_in=call.joint_body.region_code)} - {lists.ELSEWHERE}
    )
    if lists.ELSEWHERE in counts.prefectures:
        places.append(lists.ELSEWHERE)
    lines: list[tuple[str, str, list[tuple[str, Any]], str]] = [
        (
            "category",
            _("类别"),
            [(category.id, category.title) for category in call.notice.categories],
            filters.category,
        ),
        ("prefecture", _("所在地"), [(code, lists.place(code)) for code in places], filters.prefecture),
        ("state", _("状态"), list(lists.STATES.items()), filters.state),
        ("forwarding", _("市级转报"), _ways(call), filters.forwarding),
        ("sector", _("重点行业"), list(sector_titles(call.notice).items()), filters.sector),
    ]
    return [
        {
            "name": name,
            "label": label,
            "options": [(value, title, value == chosen) for value, title in options],
        }
        for name, label, options, chosen in lines
        if options
    ]


def _ways(call: Call) -> list[tuple[str, Any]]:
    """How versions stand on their way through the prefecture; nothing to choose where the call is direct."""
    return list(FILTERS.items()) if call.forward_closes_at else []


def heads(request: HttpRequest, filters: lists.Filters) -> list[dict[str, Any]]:
    """The column heads: title, the address that sorts by it, and how it is sorted now."""
    kept = request.GET.copy()
    kept.pop("page", None)
    found = []
    for key, title in lists.COLUMNS.items():
        kept["sort"] = f"-{key}" if filters.sort == key else key
        found.append(
            {
                "title": title,
                "query": kept.urlencode() if key in lists.SORTS else "",
                "order": {key: "ascending", f"-{key}": "descending"}.get(filters.sort, ""),
            }
        )
    return found


def workbook(request: HttpRequest, call: Call) -> HttpResponse:
    """What the screen shows under the same address, all pages of it: same filters, columns and order."""
    filters = lists.Filters.read(call, request.GET.dict())
    target = io.BytesIO()
    write_table(
        target,
        table(),
        (
            dict(zip(lists.COLUMNS, row.cells, strict=True))
            for row in lists.rows(call, lists.register(call, filters))
        ),
        title=call.title,
        subtitle=_("收件登记，截至 %s") % f"{clock.local(clock.now()):%Y-%m-%d %H:%M}",
    )
    response = HttpResponse(target.getvalue(), content_type=ACCEPTED["xlsx"].media_type)
    name = clean_name(f"{_('收件登记')}_{clock.local(clock.now()):%Y%m%d-%H%M}.xlsx")
    response["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=name) or "attachment"
    )
    response["Cache-Control"] = "private, no-store"
    return response


def table() -> Table:
    """The columns of the screen as a table; text stays text, whatever it begins with."""
    return Table(
        name="received",
        title=_("收件登记"),
        columns=tuple(
            Column(name=key, title_zh=str(title), kind="integer" if key == "version" else "text")
            for key, title in lists.COLUMNS.items()
        ),
    )
