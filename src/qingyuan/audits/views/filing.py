"""A report that the enterprise files elsewhere: handed in, compared with what stands, and taken over figure by figure."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views import View

from qingyuan.audits import bringing, filling
from qingyuan.audits.forms.filing import FilingForm
from qingyuan.audits.models import EnterpriseSheet
from qingyuan.audits.views import dataset_frame
from qingyuan.audits.views.sheet_own import Desk
from qingyuan.catalogue.filings import Filing
from qingyuan.kernel import gate, storage
from qingyuan.kernel.errors import Invalid, Problem, Refused
from qingyuan.kernel.models import Upload
from qingyuan.workbooks.filings import Filed, read_filing, units_of
from qingyuan.workbooks.grid import Unreadable
from qingyuan.workbooks.performance_intake import as_workbook

XLSX = frozenset({"xlsx"})


class StaffDesk(Desk):
    """The applicant's named staff at an enterprise's sheet, inside the dataset's pages."""

    def url(self, name: str = "", *rest: Any) -> str:
        if not name:
            return reverse("audits:sheets", args=[self.sheet.dataset_id])
        return reverse(f"audits:staff-{name}", args=[self.sheet.pk, *rest])

    def context(self, part: str) -> dict[str, Any]:
        del part
        return {
            **dataset_frame.frame(self.filler, self.sheet.dataset, "sheets"),
            "desk": self,
            "sheet": self.sheet,
            "base": "audits/dataset/base.html",
            "own_url": self.url(),
            "is_open": self.is_open,
        }


def by_staff(page: type[View]) -> Callable[..., HttpResponseBase]:
    """For who may write the raw data; the guard has judged that they may read it."""
    view = page.as_view()

    def entered(request: HttpRequest, sheet: EnterpriseSheet, **rest: Any) -> HttpResponseBase:
        return view(request, StaffDesk(sheet, request.user, by_link=False), **rest)

    return entered


class FilingPage(View):
    """Hand a report in; it is compared on the next page."""

    http_method_names = ["get", "head", "post", "options"]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.desk: Desk = args[0]
        self.filings = bringing.available(self.desk.sheet.dataset)

    def form(self, *args: Any) -> FilingForm:
        year = self.desk.sheet.dataset.year
        return FilingForm(
            *args, filings=self.filings, year=year, initial={"year": year}, request=self.request
        )

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        return self.render(request, self.form())

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        form = self.form(request.POST, request.FILES)
        try:
            filling.refuse_bringing(self.desk.sheet, self.desk.filler)
        except Refused as refusal:
            return self.render(request, form, status=refusal.status, refusal=refusal)
        if not form.is_valid():
            return self.render(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        file = form.cleaned_data["file"]
        try:
            content = as_workbook(file.file)
            stem = file.name.rpartition(".")[0] or file.name
            upload = gate.receive(io.BytesIO(content), by=self.desk.filler, name=f"{stem}.xlsx", allow=XLSX)
        except Unreadable as error:
            form.add_error("file", f"{error.expected}；{error.mend}")
        except gate.RefusedUpload as error:
            form.add_error("file", error.reason)
        else:
            asked = QueryDict(mutable=True)
            asked["filing"] = form.cleaned_data["filing"]
            address = self.desk.url("filing-difference", upload.pk)
            return HttpResponseRedirect(f"{address}?{asked.urlencode()}")
        return self.render(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)

    def render(
        self, request: HttpRequest, form: FilingForm, *, status: int = 200, refusal: Refused | None = None
    ) -> HttpResponse:
        context = {
            **self.desk.context("own"),
            "form": form,
            "refusal": refusal,
            "filings": [(one, list(units_of(one))) for one in self.filings],
        }
        return TemplateResponse(request, "audits/filing/upload.html", context, status=int(status))


class DifferencePage(View):
    """What stands beside what is brought; nothing changes before it is confirmed. Only for who handed the file in."""

    http_method_names = ["get", "head", "post", "options"]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.desk: Desk = args[0]
        self.upload = Upload.objects.filter(
            pk=kwargs["upload"], uploaded_by_id=self.desk.filler.pk, kind="xlsx"
        ).first()
        if self.upload is None or not self.upload.is_readable:
            raise Http404

    @cached_property
    def filing(self) -> Filing:
        found = bringing.available(self.desk.sheet.dataset)
        asked = self.request.GET.get("filing", "")
        wanted = [one for one in found if one.id == asked] or found
        if not wanted:
            raise Http404
        return wanted[0]

    @cached_property
    def filed(self) -> Filed:
        assert self.upload is not None
        enterprise = self.desk.sheet.enterprise
        with storage.open_blob(self.upload.sha256) as source:
            return read_filing(
                source.read(),
                self.filing,
                name=self.upload.name,
                whose=(self.desk.sheet.name, enterprise.name, enterprise.credit_code),
            )

    @cached_property
    def compared(self) -> bringing.Compared:
        return bringing.compare(self.desk.sheet, self.filed)

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        self.desk.note(_("对照“%s”") % self.filing.title)
        return self.render(request)

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        try:
            count = self.take(request)
        except Refused as refusal:
            return self.render(request, status=refusal.status, refusal=refusal, problems=refusal.problems)
        messages.success(request, _("已带入 %d 个数值，来源记为该报表") % count)
        return HttpResponseRedirect(self.desk.url())

    def take(self, request: HttpRequest) -> int:
        filling.refuse_bringing(self.desk.sheet, self.desk.filler)
        assert self.upload is not None
        if not self.filed.ok:
            raise Invalid([], _("报表中有 %d 处须改正，没有带入任何数值") % len(self.filed.problems))
        ticked = set(request.POST.getlist("take"))
        lines = [one for one in self.compared.lines if one.key in ticked and one.what != "same"]
        if not lines:
            raise Invalid([Problem(_("没有勾选要带入的数值"), where="take")])
        by_table: dict[str, list[bringing.Difference]] = {}
        for one in lines:
            by_table.setdefault(one.table.name, []).append(one)
        from django.db import transaction

        with transaction.atomic():
            for found in by_table.values():
                filling.take_figures(
                    self.desk.sheet,
                    table=found[0].table,
                    figures=[
                        filling.Figure(
                            row=one.row.pk,
                            column=one.column.name,
                            text=one.new,
                            revision=_shown(request, one.row.pk),
                            method=bringing.method_of(self.filing, self.filed.sheet, one),
                        )
                        for one in found
                    ],
                    source=self.filing.kind,
                    evidence=self.upload,
                    by=self.desk.filler,
                )
        return len(lines)

    def render(
        self,
        request: HttpRequest,
        *,
        status: int = 200,
        refusal: Refused | None = None,
        problems: Sequence[Any] = (),
    ) -> HttpResponse:
        lines = self.compared.lines
        rows = {one.row.pk: one.row.revision for one in lines}
        ticked = set(request.POST.getlist("take")) if request.method == "POST" else None
        context = {
            **self.desk.context("own"),
            "filing": self.filing,
            "filed": self.filed,
            "lines": [(one, one.key in ticked if ticked is not None else True) for one in lines],
            "homeless": self.compared.homeless,
            "revisions": rows.items(),
            "counts": {
                what: sum(1 for one in lines if one.what == what) for what in ("new", "changed", "same")
            },
            "any_to_take": any(one.what != "same" for one in lines),
            "refusal": refusal,
            "problems": list(problems),
            "conflicts": getattr(refusal, "cells", ()),
            "again": self.desk.url("filing"),
        }
        return TemplateResponse(request, "audits/filing/difference.html", context, status=int(status))


def _shown(request: HttpRequest, row: int) -> int:
    """The revision on which the page had been made."""
    text = request.POST.get(f"revision.{row}", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
