"""The focus of an audit: the table to fill in, the ranking, and both as Word and Excel."""

from __future__ import annotations

import io
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from qingyuan.audits import focus_quotes
from qingyuan.audits.actions.focus import score_focus
from qingyuan.audits.forms.focus import FocusForm
from qingyuan.audits.models import FocusSheet
from qingyuan.audits.views.frame import AuditsVerbPage, show
from qingyuan.catalogue.focus import FocusMethod, focus_method, focus_methods
from qingyuan.kernel import clock
from qingyuan.kernel.gate.names import clean_name
from qingyuan.papers.performance_docx import Paper, write_performance
from qingyuan.pilots.models import Pilot
from qingyuan.ui.pagination import paginate
from qingyuan.workbooks.schema import Column, Table
from qingyuan.workbooks.write import write_table

PART = "focus"
MEDIA = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def sheets(request: HttpRequest, pilot: Pilot) -> HttpResponse:
    """All scorings of a pilot."""
    return show(
        request,
        "audits/focus/list.html",
        pilot,
        PART,
        page=paginate(request, pilot.focus_sheets.select_related("made_by")),
        writes=score_focus.allowed(request.user, pilot).ok,
    )


def sheet(request: HttpRequest, pilot: Pilot, number: str) -> HttpResponse:
    found = _sheet(pilot, number)
    return show(
        request,
        "audits/focus/page.html",
        pilot,
        PART,
        sheet=found,
        source=_source(found),
        lines=_lines(found),
        quotable=list(focus_quotes.of_sheet(found)),
        ties=[one["candidate"] for one in found.ranking if one["tied"]],
        writes=score_focus.allowed(request.user, pilot).ok,
    )


def export(_request: HttpRequest, pilot: Pilot, number: str, form: str) -> FileResponse:
    """The ranking as a file."""
    found = _sheet(pilot, number)
    headings, rows = _table(found)
    title = f"审核重点：{found.title}"
    target = io.BytesIO()
    if form == "docx":
        paper = Paper(
            title=title,
            project=pilot.name,
            body=pilot.applicant.name,
            on=clock.local(found.made_at).date(),
            headings=headings,
            rows=rows,
            numbers=[False, *(True for _heading in headings[1:])],
            note=f"方法：权重总和计分排序法，各项为权重×得分。因素和权重：{_source(found)}。",
        )
        target.write(write_performance(paper))
    else:
        columns = tuple(
            Column(name=f"c{place}", title_zh=heading, kind="decimal" if place else "text")
            for place, heading in enumerate(headings)
        )
        table = Table(name="focus", title="审核重点", columns=columns)
        names = [column.name for column in columns]
        write_table(target, table, [dict(zip(names, row, strict=True)) for row in rows])
    target.seek(0)
    return FileResponse(
        target, as_attachment=True, filename=clean_name(f"{title}.{form}"), content_type=MEDIA[form]
    )


def _sheet(pilot: Pilot, number: str) -> FocusSheet:
    if not (number.isascii() and number.isdigit() and len(number) < 7):
        raise Http404
    found = pilot.focus_sheets.filter(number=int(number)).select_related("made_by").first()
    if found is None:
        raise Http404
    return found


def _source(sheet: FocusSheet) -> str:
    return next((one.source for one in focus_methods() if one.id == sheet.method_id), sheet.method_id)


def _lines(sheet: FocusSheet) -> list[dict[str, Any]]:
    """Ranked candidates with score and weighted score by factor."""
    scores = {one["name"]: one["scores"] for one in sheet.scores}
    return [
        {
            **one,
            "cells": [
                (factor["title"], scores[one["candidate"]][factor["id"]], weighted)
                for factor, weighted in zip(sheet.factors, one["weighted"], strict=True)
            ],
        }
        for one in sheet.ranking
    ]


def _table(sheet: FocusSheet) -> tuple[list[str], list[list[str]]]:
    headings = ["备选", *(f"{one['title']}（权重 {one['weight']}）" for one in sheet.factors), "总分", "名次"]
    rows = [[one["candidate"], *one["weighted"], one["total"], str(one["rank"])] for one in sheet.ranking]
    return headings, rows


class ScorePage(AuditsVerbPage):
    verb = score_focus
    form_class = FocusForm
    template_name = "audits/focus/score.html"
    part = PART
    check_revision = False
    button = _("计算并保存")
    done = _("审核重点已排序。")
    explain = _("给每个备选按各项因素打分，总分为权重乘得分之和；总分相同的并列，由审核小组另行商定先后。")

    @cached_property
    def method(self) -> FocusMethod:
        return focus_method(on=clock.local(clock.now()).date())

    @cached_property
    def earlier(self) -> FocusSheet | None:
        return self.object.focus_sheets.filter(method_id=self.method.id).first()

    def get_initial(self) -> dict[str, Any]:
        return {"title": self.earlier.title if self.earlier else self.object.name}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"method": self.method, "earlier": self.earlier.scores if self.earlier else ()}

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        return {"title": form.cleaned_data["title"], "candidates": form.candidates()}

    def get_context(self) -> dict[str, Any]:
        return {**super().get_context(), "method": self.method}

    def get_cancel_url(self) -> str:
        return reverse("audits:focus", args=[self.object.pk])
