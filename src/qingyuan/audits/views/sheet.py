"""The performance sheet: template, upload, what it would change, the marked file, and the sheet out again."""

from __future__ import annotations

import io
from decimal import Decimal
from http import HTTPStatus
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from qingyuan.audits import extent, sheet, sheet_paper
from qingyuan.audits.actions.sheet import take_in
from qingyuan.audits.figures import TITLES, headings
from qingyuan.audits.forms.scheme import PortfolioForm, SheetForm
from qingyuan.audits.layouts import layout_of
from qingyuan.audits.models.scheme import SchemeFigures, SchemeImport
from qingyuan.audits.queries import scheme as queries
from qingyuan.audits.views.frame import AuditsVerbPage, show
from qingyuan.kernel import gate, storage
from qingyuan.kernel.errors import Invalid
from qingyuan.kernel.models import Upload
from qingyuan.kernel.permission import Verdict
from qingyuan.pilots.models import Pilot
from qingyuan.workbooks.grid import Unreadable
from qingyuan.workbooks.performance import Sheet, export_rows, performance_table, understand
from qingyuan.workbooks.performance_intake import (
    PortfolioError,
    adopt,
    as_workbook,
    problem_of,
    read_chosen,
    read_measures,
    read_unmatched,
    write_adopted,
)
from qingyuan.workbooks.read import read_table
from qingyuan.workbooks.write import write_csv, write_marked, write_table, write_template

XLSX = frozenset({"xlsx"})
MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHOWN_PROBLEMS, SHOWN_LINES = 200, 200


def read_upload(pilot: Pilot, upload: Upload, *, only: str = "") -> Sheet:
    """The sheet as its layout understands it, against the pilot's enterprises."""
    layout = layout_of(pilot)
    with storage.open_blob(upload.sha256) as source:
        reading = read_table(source, performance_table(layout, economics=True), name=upload.name)
    known = {one.credit_code: one.name for one in extent.of(pilot)}
    return understand(reading, layout, known=known, only=only)


class UploadPage(View):
    """Hand a file in; it is read on the next page, and nothing changes before that page is confirmed."""

    http_method_names = ["get", "head", "post", "options"]
    form_class: type[Any] = SheetForm
    template_name = "audits/sheet/upload.html"
    origin = SchemeImport.Origin.SHEET

    def get(self, request: HttpRequest, pilot: Pilot) -> HttpResponse:
        return self.render(request, pilot, self.form_class())

    def post(self, request: HttpRequest, pilot: Pilot) -> HttpResponse:
        form = self.form_class(request.POST, request.FILES, request=request)
        if not take_in.allowed(request.user, pilot):
            return self.render(request, pilot, form, status=HTTPStatus.FORBIDDEN)
        if not form.is_valid():
            return self.render(request, pilot, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        try:
            content, name = self.workbook(pilot, form)
            upload = gate.receive(io.BytesIO(content), by=request.user, name=name, allow=XLSX)
        except Unreadable as error:
            form.add_error("file", f"{error.expected}；{error.mend}")
        except PortfolioError as error:
            form.add_error("file", _("应为：%s") % error)
        except gate.RefusedUpload as error:
            form.add_error("file", error.reason)
        else:
            asked = QueryDict(mutable=True)
            asked.update({"origin": self.origin, **self.asked(form)})
            address = reverse("audits:sheet-preview", args=[pilot.pk, upload.pk])
            return HttpResponseRedirect(f"{address}?{asked.urlencode()}")
        return self.render(request, pilot, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)

    def workbook(self, pilot: Pilot, form: Any) -> tuple[bytes, str]:
        """The file as a workbook and its name."""
        del pilot
        file = form.cleaned_data["file"]
        stem = file.name.rpartition(".")[0] or file.name
        return as_workbook(file.file), f"{stem}.xlsx"

    def asked(self, form: Any) -> dict[str, str]:
        return {"basis": form.cleaned_data["basis"], "enterprise": form.cleaned_data["enterprise"]}

    def render(
        self, request: HttpRequest, pilot: Pilot, form: Any, *, status: int = HTTPStatus.OK
    ) -> HttpResponse:
        layout = layout_of(pilot)
        return show(
            request,
            self.template_name,
            pilot,
            "schemes",
            status=status,
            form=form,
            verdict=take_in.allowed(request.user, pilot),
            table=performance_table(layout),
            layout=layout,
        )


class PortfolioPage(UploadPage):
    form_class = PortfolioForm
    template_name = "audits/sheet/portfolio.html"
    origin = SchemeImport.Origin.PORTFOLIO

    def workbook(self, pilot: Pilot, form: Any) -> tuple[bytes, str]:
        clean, layout = form.cleaned_data, layout_of(pilot)
        chosen = read_chosen(clean["file"].read()) if clean["file"] else None
        table = clean["measures"]
        measures = read_measures(as_workbook(table.file), name=table.name)
        if wrong := problem_of(measures):
            listed = "；".join(str(one) for one in wrong[:20])
            raise PortfolioError(_("没有错误的方案表：%s") % listed)
        adopted = adopt(
            chosen,
            measures,
            layout,
            known={one.credit_code: one.name for one in extent.of(pilot)},
            money=Decimal(clean["money"]),
            mass=Decimal(clean["mass"]),
        )
        target = io.BytesIO()
        write_adopted(target, adopted, layout)
        return target.getvalue(), _("选定的方案组合") + ".xlsx"

    def asked(self, form: Any) -> dict[str, str]:
        del form
        return {"basis": SchemeFigures.Basis.PLANNED, "enterprise": ""}


class PreviewPage(AuditsVerbPage):
    """What the sheet would change, line by line, with all that is wrong or doubted. Only for who uploaded it."""

    verb = take_in
    template_name = "audits/sheet/preview.html"
    part = "schemes"
    check_revision = False
    button = gettext_lazy("确认导入")
    done = gettext_lazy("方案已导入。")
    object: Pilot

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.upload = own_upload(request, kwargs["upload"])
        asked = request.GET
        basis, origin = asked.get("basis", ""), asked.get("origin", "")
        self.basis = basis if basis in SchemeFigures.Basis.values else SchemeFigures.Basis.PLANNED.value
        self.origin = origin if origin in SchemeImport.Origin.values else SchemeImport.Origin.SHEET.value
        self.only = asked.get("enterprise", "")[:18]
        self.sheet = read_upload(self.object, self.upload, only=self.only)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.sheet.ok:
            return super().get(request, *args, **kwargs)
        reason = _("表中有 %d 处需要改正，改正后重新上传") % self.sheet.problem_count
        return self.render(None, verdict=Verdict(ok=False, reasons=(reason,)))

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        del form
        if not self.sheet.ok:
            raise Invalid([], _("表中有 %d 处需要改正，没有导入任何一行") % self.sheet.problem_count)
        return {
            "rows": self.sheet.rows,
            "basis": self.basis,
            "origin": self.origin,
            "layout_id": layout_of(self.object).id,
            "upload": self.upload,
        }

    def get_context(self) -> dict[str, Any]:
        layout = layout_of(self.object)
        plan = sheet.plan(self.object, self.sheet.rows, basis=self.basis)
        titles = {**headings(layout), **TITLES, "title": _("方案名称"), "content": _("方案内容")}
        changed = [line for line in plan.lines if line.what != "same"]
        errors, doubts = self.sheet.errors, self.sheet.doubts
        address = reverse("audits:sheet-marked", args=[self.object.pk, self.upload.pk])
        unmatched: list[tuple[str, str, str]] = []
        if self.origin == SchemeImport.Origin.PORTFOLIO:
            with storage.open_blob(self.upload.sha256) as source:
                unmatched = read_unmatched(source)
        return {
            **super().get_context(),
            "sheet": self.sheet,
            "basis_title": SchemeFigures.Basis(self.basis).label,
            "counts": plan.counts,
            "listed": errors[:SHOWN_PROBLEMS],
            "doubts": doubts[:SHOWN_PROBLEMS],
            "hidden_count": max(0, self.sheet.problem_count - SHOWN_PROBLEMS),
            "hidden_doubts": max(0, len(doubts) - SHOWN_PROBLEMS),
            "marked_url": f"{address}?enterprise={self.only}"
            if self.sheet.problems and self.sheet.reading.cells
            else "",
            "lines": [
                (line, [(titles.get(name, name), *pair) for name, pair in line.changes.items()])
                for line in changed[:SHOWN_LINES]
            ],
            "hidden_lines": max(0, len(changed) - SHOWN_LINES),
            "unmatched": unmatched,
        }

    def get_success_url(self, result: Any) -> str:
        del result
        return self.get_cancel_url()

    def get_cancel_url(self) -> str:
        return reverse("audits:schemes", args=[self.object.pk])


def own_upload(request: HttpRequest, pk: Any) -> Upload:
    found = Upload.objects.filter(pk=pk, uploaded_by_id=request.user.pk, kind="xlsx").first()
    if found is None or not found.is_readable:
        raise Http404
    return found


def marked(request: HttpRequest, pilot: Pilot, upload: Any) -> FileResponse:
    """The uploaded workbook with its wrong and doubted cells marked, for the person who uploaded it."""
    found = own_upload(request, upload)
    read = read_upload(pilot, found, only=request.GET.get("enterprise", "")[:18])
    target = io.BytesIO()
    write_marked(target, read.reading.cells, read.problems, sheet=read.reading.sheet)
    return _file(target, f"{found.name.removesuffix('.xlsx')}（已标出问题）.xlsx")


def template(_request: HttpRequest, pilot: Pilot) -> FileResponse:
    target = io.BytesIO()
    write_template(target, performance_table(layout_of(pilot)))
    return _file(target, "绩效表（模板）.xlsx")


def export(request: HttpRequest, pilot: Pilot, form: str) -> FileResponse:
    """The sheet of all schemes that were not dropped: planned, or measured with ?basis=measured."""
    basis = "measured" if request.GET.get("basis") == "measured" else "planned"
    layout = layout_of(pilot)
    rows = queries.sheet_rows(
        queries.schemes(pilot, enterprise=request.GET.get("enterprise", "")[:18]), basis=basis
    )
    title = f"{layout.title}（{SchemeFigures.Basis(basis).label}）"
    target = io.BytesIO()
    if form == "csv":
        write_csv(target, performance_table(layout), export_rows(layout, rows))
        return _file(target, f"{title}.csv", "text/csv; charset=utf-8")
    if form == "docx":
        target.write(sheet_paper.paper(pilot, layout, rows, title=title))
        return _file(target, f"{title}.docx", DOCX)
    write_table(target, performance_table(layout), export_rows(layout, rows))
    return _file(target, f"{title}.xlsx")


def _file(target: io.BytesIO, name: str, media: str = MEDIA) -> FileResponse:
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=name, content_type=media)
