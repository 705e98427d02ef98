"""An enterprise at its own sheet, by its account or by its link: the same pages, its own rows and no others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views import View

from qingyuan.audits import actions, aggregates, bringing, filling, links, reads
from qingyuan.audits.forms.sheet import PROOFS, FigureForm, OwnRowForm, SignForm
from qingyuan.audits.models import EnterpriseSheet, FigureNote
from qingyuan.audits.queries import sheet as queries
from qingyuan.audits.rules import sheet as rules
from qingyuan.audits.views.grid import beside, is_number
from qingyuan.kernel import gate
from qingyuan.kernel.errors import Refused
from qingyuan.kernel.gate.serve import serve
from qingyuan.kernel.guards import public, sees, signed_in
from qingyuan.kernel.throttle import too_many
from qingyuan.ui.pagination import paginate
from qingyuan.workbooks.schema import Table

ENTRIES_A_MINUTE, SAVES_A_MINUTE = 20, 120
_own = sees(EnterpriseSheet, by=rules.fills_sheet, arg="sheet", related=links.RELATED)


class Desk:
    """Who fills in, which sheet, and the addresses by which this person moves in it."""

    def __init__(self, sheet: EnterpriseSheet, filler: Any, *, by_link: bool) -> None:
        self.sheet, self.filler, self.by_link = sheet, filler, by_link

    def url(self, name: str = "", *rest: Any) -> str:
        stem = "fill" if self.by_link else "firm"
        arguments = rest if self.by_link else (self.sheet.pk, *rest)
        return reverse(f"audits:{stem}-{name}" if name else f"audits:{stem}", args=arguments)

    @property
    def is_open(self) -> bool:
        return self.sheet.stage == EnterpriseSheet.Stage.INVITED

    def context(self, part: str) -> dict[str, Any]:
        tabs = [
            ("own", _("填报"), self.url()),
            ("questions", _("核查问题"), self.url("questions")),
            ("log", _("谁查阅过"), self.url("log")),
            ("preview", _("将公开什么"), self.url("preview")),
        ]
        return {
            "desk": self,
            "base": "audits/firm/own_base.html",
            "sheet": self.sheet,
            "dataset": self.sheet.dataset,
            "own_url": self.url(),
            "filing_url": self.url("filing") if bringing.available(self.sheet.dataset) else "",
            "frame": "ui/public.html" if self.by_link else "ui/page.html",
            "stage_tone": queries.TONES[self.sheet.stage],
            "tabs": [{"title": title, "url": url, "current": slug == part} for slug, title, url in tabs],
            "is_open": self.is_open,
        }

    def note(self, what: str) -> None:
        reads.note(self.sheet.dataset, by=self.filler, what=what, enterprises=[self.sheet.enterprise_id])


Page = Callable[..., HttpResponseBase]


def by_account(view: Page) -> Any:
    """For people of the enterprise's own organisation."""

    @wraps(view)
    def entered(request: HttpRequest, sheet: EnterpriseSheet, **rest: Any) -> HttpResponseBase:
        return view(request, Desk(sheet, request.user, by_link=False), **rest)

    return _own(entered)


def by_link(view: Page) -> Any:
    """For who came by the enterprise's link; asked anew with every request, and slowed down."""

    @wraps(view)
    def entered(request: HttpRequest, **rest: Any) -> HttpResponseBase:
        sheet = links.of_session(request)
        if sheet is None:
            return no_link(request)
        if request.method == "POST" and too_many(request, what="sheet", limit=SAVES_A_MINUTE):
            return too_fast(request)
        response = view(request, Desk(sheet, links.filler_of(sheet), by_link=True), **rest)
        response.headers["Cache-Control"] = "private, no-store"
        return response

    return public(entered)


def no_link(request: HttpRequest) -> HttpResponse:
    return TemplateResponse(request, "audits/firm/no_link.html", status=HTTPStatus.NOT_FOUND)


def too_fast(request: HttpRequest) -> HttpResponse:
    return TemplateResponse(
        request, "audits/firm/no_link.html", {"too_fast": True}, status=HTTPStatus.TOO_MANY_REQUESTS
    )


@public
def enter(request: HttpRequest, secret: str) -> HttpResponse:
    """The link itself: into the session, and on to an address without the secret."""
    if too_many(request, what="sheet-link", limit=ENTRIES_A_MINUTE):
        return too_fast(request)
    if links.enter(request, secret) is None:
        return no_link(request)
    response = HttpResponseRedirect(reverse("audits:fill"))
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@signed_in
def my_sheets(request: HttpRequest) -> HttpResponse:
    page = paginate(request, queries.own(request.user))
    rows = [(one, queries.TONES[one.stage]) for one in page.object_list]
    return TemplateResponse(request, "audits/firm/mine.html", {"page": page, "rows": rows})


def own(request: HttpRequest, desk: Desk) -> HttpResponse:
    """All the enterprise's rows, table by table."""
    desk.note("企业查看本单位数据")
    rows = filling.rows_of(desk.sheet)
    noted = set(FigureNote.objects.filter(row__in=rows, is_secret=True).values_list("row_id", flat=True))
    parts = []
    for table in filling.own_tables(desk.sheet.dataset):
        mine = [row for row in rows if row.table == table.name]
        lines = [
            (
                desk.url("row", row.pk),
                _line_name(table, row.values),
                sum(1 for name in row.values if name != "enterprise"),
                row,
                row.pk in noted,
            )
            for row in mine
        ]
        single = table.key == ("enterprise",)
        parts.append((table, lines, "" if single else desk.url("add", table.name)))
    context = {**desk.context("own"), "parts": parts, "sign_url": desk.url("sign")}
    return TemplateResponse(request, "audits/firm/own.html", context)


def _line_name(table: Table, values: dict[str, str]) -> str:
    words = [
        values[column.name]
        for column in table.columns[:6]
        if column.name != "enterprise" and values.get(column.name)
    ]
    return " · ".join(words[:3]) or table.title  # fmt: skip


class OwnRowPage(View):
    """One row of the enterprise, or a further one."""

    http_method_names = ["get", "head", "post", "options"]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.desk: Desk = args[0]
        self.row = filling.row_of(self.desk.sheet, kwargs["row"]) if "row" in kwargs else None

    @cached_property
    def table(self) -> Table:
        return filling.table_of(self.desk.sheet, self.row.table if self.row else self.kwargs["table"])

    def form(self, **arguments: Any) -> OwnRowForm:
        values = self.row.values if self.row else {}
        initial = {"revision": self.row.revision if self.row else 0}
        return OwnRowForm(table=self.table, values=values, initial=initial, **arguments)

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        self.desk.note(f"企业查看本单位“{self.table.title}”")
        return self.render(request, self.form())

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        form = self.form(data=request.POST)
        sheet, filler = self.desk.sheet, self.desk.filler
        try:
            filling.refuse(sheet, filler)
            if not form.is_valid():
                return self.render(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
            said = {"source": form.cleaned_data["source"], "method": form.cleaned_data["method"]}
            revision = form.cleaned_data["revision"] or 0
            if self.row is None:
                filling.add_row(sheet, table=self.table.name, texts=form.texts(), by=filler, **said)
            elif "remove" in request.POST and self.table.key != ("enterprise",):
                filling.remove_row(sheet, row=self.row, revision=revision, by=filler)
            else:
                filling.save_row(
                    sheet, row=self.row, texts=form.texts(), revision=revision, by=filler, **said
                )
        except Refused as refusal:
            elsewhere = [problem for problem in refusal.problems if not beside(form, problem)]
            return self.render(request, form, status=refusal.status, refusal=refusal, problems=elsewhere)
        messages.success(request, _("已保存"))
        return HttpResponseRedirect(self.desk.url())

    def render(
        self,
        request: HttpRequest,
        form: OwnRowForm,
        *,
        status: int = HTTPStatus.OK,
        refusal: Refused | None = None,
        problems: Sequence[Any] = (),
    ) -> HttpResponse:
        figures = []
        if self.row is not None:
            notes = {one.column: one for one in self.row.notes.select_related("evidence")}
            figures = [
                (
                    column.heading,
                    self.row.values.get(column.name, ""),
                    notes.get(column.name),
                    self.desk.url("figure", self.row.pk, column.name),
                )
                for column in self.table.columns
                if is_number(column) and self.row.values.get(column.name)
            ]
        context = {
            **self.desk.context("own"),
            "table": self.table,
            "row": self.row,
            "form": form,
            "figures": figures,
            "refusal": refusal,
            "problems": problems,
            "conflicts": getattr(refusal, "cells", ()),
            "may_remove": self.row is not None and self.table.key != ("enterprise",),
        }
        return TemplateResponse(request, "audits/firm/row.html", context, status=int(status))


class FigurePage(View):
    """What is known of one figure."""

    http_method_names = ["get", "head", "post", "options"]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.desk: Desk = args[0]
        self.row = filling.row_of(self.desk.sheet, kwargs["row"])
        self.table = filling.table_of(self.desk.sheet, self.row.table)
        found = next((one for one in self.table.columns if one.name == kwargs["column"]), None)
        if found is None:
            raise Http404
        self.column = found
        self.note = self.row.notes.filter(column=found.name).select_related("evidence", "stated_by").first()

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        self.desk.note(f"企业查看本单位“{self.table.title}”的一个数值")
        names = ("source", "method", "is_secret", "secret_reason")
        initial = {name: getattr(self.note, name) for name in names} if self.note else {}
        return self.render(request, FigureForm(initial=initial, request=request))

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        form = FigureForm(request.POST, request.FILES, request=request)
        try:
            filling.refuse(self.desk.sheet, self.desk.filler)
            if not form.is_valid():
                return self.render(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
            given = dict(form.cleaned_data)
            file = given.pop("evidence")
            proof = gate.receive(file, by=self.desk.filler, allow=PROOFS) if file else None
            filling.say(
                self.desk.sheet,
                row=self.row,
                column=self.column.name,
                said=filling.Said(evidence=proof, **given),
                by=self.desk.filler,
            )
        except Refused as refusal:
            for problem in refusal.problems:
                form.add_error(problem.where if problem.where in form.fields else None, problem.message)
            return self.render(request, form, status=refusal.status, refusal=refusal)
        messages.success(request, _("已保存"))
        return HttpResponseRedirect(self.desk.url("row", self.row.pk))

    def render(
        self, request: HttpRequest, form: FigureForm, *, status: int = 200, refusal: Refused | None = None
    ) -> HttpResponse:
        context = {
            **self.desk.context("own"),
            "table": self.table,
            "column": self.column,
            "value": self.row.values.get(self.column.name, ""),
            "note": self.note,
            "proof_url": self.desk.url("proof", self.row.pk, self.column.name)
            if self.note and self.note.evidence
            else "",
            "back": self.desk.url("row", self.row.pk),
            "form": form,
            "refusal": refusal,
        }
        return TemplateResponse(request, "audits/firm/figure.html", context, status=int(status))


def proof(_request: HttpRequest, desk: Desk, row: int, column: str) -> HttpResponseBase:
    """The proof of one of its own figures."""
    note = filling.row_of(desk.sheet, row).notes.filter(column=column).select_related("evidence").first()
    if note is None or note.evidence is None:
        raise Http404
    desk.note("企业下载本单位的依据文件")
    return serve(note.evidence)


def log(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Who has read this enterprise's figures."""
    found = reads.reads_of(desk.sheet.dataset, enterprise=desk.sheet.enterprise)
    context = {**desk.context("log"), "page": paginate(request, found)}
    return TemplateResponse(request, "audits/firm/log.html", context)


def preview(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What others than the named will see: the name, and which figures count in sums. No figure of anybody stands here."""
    rows = filling.rows_of(desk.sheet)
    secret = {
        (one.row_id, one.column): one.secret_reason
        for one in FigureNote.objects.filter(row__in=rows, is_secret=True)
    }
    counted, kept_back = [], []
    for table in filling.own_tables(desk.sheet.dataset):
        for row in (row for row in rows if row.table == table.name):
            for column in table.columns:
                if not is_number(column) or column.name not in row.values:
                    continue
                if (row.pk, column.name) in secret:
                    kept_back.append((column.heading, secret[row.pk, column.name]))
                else:
                    counted.append((table.title, column.heading))
    context = {
        **desk.context("preview"),
        "lines": list(dict.fromkeys(counted)),
        "secrets": kept_back,
        "fewest": aggregates.FEWEST,
    }
    return TemplateResponse(request, "audits/firm/preview.html", context)


class SignPage(View):
    """The declaration, with the hash that it binds."""

    http_method_names = ["get", "head", "post", "options"]

    def get(self, request: HttpRequest, desk: Desk) -> HttpResponse:
        return self.render(request, desk, SignForm())

    def post(self, request: HttpRequest, desk: Desk) -> HttpResponse:
        form = SignForm(request.POST)
        if not form.is_valid():
            return self.render(request, desk, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        try:
            revision = request.POST.get("revision", "")
            actions.sign(
                desk.sheet,
                by=desk.filler,
                expect=int(revision) if revision.isascii() and revision.isdigit() else None,
                declared=True,
            )
        except Refused as refusal:
            return self.render(request, desk, form, status=refusal.status, refusal=refusal)
        messages.success(request, _("已签署"))
        return HttpResponseRedirect(desk.url())

    def render(
        self,
        request: HttpRequest,
        desk: Desk,
        form: SignForm,
        *,
        status: int = 200,
        refusal: Refused | None = None,
    ) -> HttpResponse:
        context = {
            **desk.context("own"),
            "form": form,
            "digest": filling.digest_of(filling.rows_of(desk.sheet)),
            "refusal": refusal,
            "problems": list(refusal.problems) if refusal else [],
        }
        return TemplateResponse(request, "audits/firm/sign.html", context, status=int(status))
