"""The passed list: open to everybody, as a page, a workbook and a paper."""

from __future__ import annotations

import io
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qingyuan.delivery.queries import passed as queries
from qingyuan.kernel import clock
from qingyuan.kernel.gate.kinds import ACCEPTED
from qingyuan.papers import official_docx
from qingyuan.review.views.frame import attached
from qingyuan.ui.pagination import paginate
from qingyuan.workbooks.schema import Column, Table
from qingyuan.workbooks.write import write_table

TABLE = Table(
    name="passed-pilots",
    title=queries.TITLE,
    columns=(
        Column(name="number", title_zh="序号", kind="integer"),
        Column(name="title", title_zh="项目名称"),
        Column(name="applicant", title_zh="申报与实施单位"),
        Column(name="category", title_zh="类别"),
        Column(name="place", title_zh="所在地"),
        Column(name="document_number", title_zh="文号"),
        Column(name="listed_on", title_zh="成文日期", kind="date"),
    ),
)


def passed(request: HttpRequest) -> HttpResponse:
    """Fifty a page; a browser that has it already is told so."""
    etag = None
    if not request.user.is_authenticated:  # a signed-in person's page has a menu of its own
        etag = quote_etag(f"{queries.fingerprint()[:32]}-{request.GET.get('page', '')[:6]}-{get_language()}")
    unchanged = get_conditional_response(request, etag=etag) if etag else None
    if unchanged is not None:
        return unchanged  # type: ignore[return-value]
    page = paginate(request, queries.conclusions())
    context = {"page": page, "lines": queries.lines(page.object_list, first=page.start_index() or 1)}
    response = TemplateResponse(request, "delivery/acceptance/passed.html", context)
    if etag:
        response["ETag"] = etag
    return response


def workbook(request: HttpRequest) -> HttpResponse:
    del request
    target = io.BytesIO()
    write_table(
        target,
        TABLE,
        [_row(one) for one in queries.lines(queries.conclusions())],
        title=queries.TITLE,
        subtitle=_("导出时间 %s") % f"{clock.local(clock.now()):%Y-%m-%d %H:%M}",
    )
    return attached(target.getvalue(), f"{queries.TITLE}.xlsx", ACCEPTED["xlsx"].media_type)


def _row(one: queries.Passed) -> dict[str, Any]:
    return {column.name: getattr(one, column.name) or None for column in TABLE.columns}


def paper(request: HttpRequest) -> HttpResponse:
    """The whole list as Word; every line names the paper by which it was published."""
    del request
    found = queries.lines(queries.conclusions())
    content = official_docx.write_public_list(
        title=queries.TITLE,
        intro="下列试点项目通过清洁生产审核创新试点评估验收；文号和日期为公布名单的公文所载。",
        rows=[
            (
                str(one.number),
                one.title,
                one.applicant,
                one.category,
                one.place,
                f"{one.document_number} {one.listed_on:%Y-%m-%d}".strip(),
            )
            for one in found
        ],
        created_on=clock.local(clock.now()).date(),
    )
    return attached(content, f"{queries.TITLE}.docx", ACCEPTED["docx"].media_type)
