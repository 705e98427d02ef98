"""The tables while they are filled in: windows of rows and columns as a form, one row on a page of its own.

Works without scripts (the whole window is one form); with them every cell is saved as soon as it is left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views import View

from qingyuan.audits import datasets, drafts, reads
from qingyuan.audits.forms.dataset import RowForm
from qingyuan.audits.models import Dataset, DatasetRow
from qingyuan.audits.queries import dataset as queries
from qingyuan.audits.rules import dataset as rules
from qingyuan.audits.views.dataset_frame import show
from qingyuan.kernel.errors import Refused
from qingyuan.kernel.permission import Verdict, judge
from qingyuan.ui.pagination import paginate
from qingyuan.workbooks.schema import Column, Table

ROWS, COLUMNS = 40, 10


def table_or_404(dataset: Dataset, name: str) -> Table:
    found = datasets.table_of(dataset, name)
    if found is None:
        raise Http404
    return found


def tables(request: HttpRequest, dataset: Dataset) -> HttpResponse:
    """The tables with how much stands in each."""
    return show(
        request,
        "audits/dataset/tables.html",
        dataset,
        "tables",
        lines=queries.table_lines(dataset),
        verdict=may_write(request.user, dataset),
    )


def may_write(user: Any, dataset: Dataset) -> Verdict:
    verdict = judge(rules.writes_raw, user, dataset)
    if verdict and dataset.stage != Dataset.Stage.COLLECTING:
        return Verdict(ok=False, reasons=(_("已定版；恢复填报后才能修改"),))
    return verdict


class GridPage(View):
    """A window of one table."""

    http_method_names = ["get", "head", "post", "options"]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.dataset: Dataset = kwargs["dataset"]
        self.typed: dict[tuple[int, str], str] = {}
        self.faults: dict[str, str] = {}

    @cached_property
    def table(self) -> Table:
        return table_or_404(self.dataset, self.kwargs["table"])

    @cached_property
    def leading(self) -> Column:
        """The column that names a row and stays in view."""
        return self.table.column(self.table.key[0]) if self.table.key else self.table.columns[0]

    @cached_property
    def windows(self) -> list[list[Column]]:
        rest = [column for column in self.table.columns if column is not self.leading]
        return [rest[start : start + COLUMNS] for start in range(0, len(rest), COLUMNS)] or [[]]

    @cached_property
    def window(self) -> int:
        asked = self.request.GET.get("cols", "1")
        number = int(asked) if asked.isascii() and asked.isdigit() else 1
        return min(max(number, 1), len(self.windows))

    def rows(self) -> Any:
        found = self.dataset.rows.filter(table=self.table.name).order_by("position", "pk")
        if text := self.request.GET.get("q", "").replace("\0", "").strip()[:80]:
            found = found.filter(**{f"values__{self.leading.name}__icontains": text})
        return found

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        return self.render(request)

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        is_autosave = request.headers.get("X-Autosave") == "1"
        changes = self.changes(request.POST)
        try:
            saved = drafts.save_cells(self.dataset, table=self.table, changes=changes, by=request.user)
        except Refused as refusal:
            if is_autosave:
                return JsonResponse(refusal.as_json(), status=refusal.status)
            self.typed = {(one.row, one.column): one.text for one in changes}
            self.faults = {problem.where: problem.message for problem in refusal.problems}
            return self.render(request, refusal=refusal)
        if is_autosave:
            return JsonResponse({"revisions": {row.pk: row.revision for row in saved}})
        if saved:
            messages.success(request, _("已保存 %d 行") % len(saved))
        return HttpResponseRedirect(request.get_full_path())

    def changes(self, posted: Mapping[str, str]) -> list[drafts.Change]:
        """Cells are named `c.<row>.<column>`, the revision of their row `r.<row>`; what is as it was is left out."""
        cells = [name.split(".", 2) for name in posted if name.startswith("c.") and name.count(".") >= 2]
        wanted = {int(row) for _c, row, _column in cells if row.isascii() and row.isdigit() and len(row) < 12}
        stands = dict(
            self.dataset.rows.filter(table=self.table.name, pk__in=wanted).values_list("pk", "values")
        )
        found = []
        for _c, row, column in cells:
            if not (row.isascii() and row.isdigit() and len(row) < 12):
                continue
            text = posted[f"c.{row}.{column}"]
            values = stands.get(int(row))
            if values is not None and text.strip() == values.get(column, ""):
                continue
            revision = posted.get(f"r.{row}", "0")
            found.append(drafts.Change(int(row), column, text, int(revision) if revision.isdigit() else 0))
        return found

    def render(self, request: HttpRequest, *, refusal: Refused | None = None) -> HttpResponse:
        page = paginate(request, self.rows(), per_page=ROWS)
        shown = list(page.object_list)
        reads.note(
            self.dataset,
            by=request.user,
            what=f"“{self.table.title}”第 {page.number} 页",
            enterprises=[row.enterprise_id for row in shown] if _of_enterprises(self.table) else None,
        )
        verdict = may_write(request.user, self.dataset)
        columns = self.windows[self.window - 1]
        body = format_html_join("", "{}", ((self.line(row, columns, is_open=verdict.ok),) for row in shown))
        return show(
            request,
            "audits/dataset/grid.html",
            self.dataset,
            "tables",
            status=refusal.status if refusal else HTTPStatus.OK,
            table=self.table,
            page=page,
            leading=self.leading,
            columns=columns,
            body=body,
            window=self.window,
            windows=[
                (number, part[0].title_zh, part[-1].title_zh)
                for number, part in enumerate(self.windows, start=1)
                if part
            ],
            text=request.GET.get("q", ""),
            verdict=verdict,
            refusal=refusal,
            conflicts=getattr(refusal, "cells", ()),
            problems=list(refusal.problems)[:50] if refusal else [],
            lines=queries.table_lines(self.dataset),
        )

    def line(self, row: DatasetRow, columns: Sequence[Column], *, is_open: bool) -> SafeString:
        """A row of inputs, written in Python: hundreds of them stand on a page."""
        name = datasets.row_name(self.table, row.values)
        address = reverse("audits:row", args=[self.dataset.pk, row.pk])
        head = format_html(
            '<th scope="row"><a href="{}"><bdi>{}</bdi></a>{}</th>',
            address,
            row.values.get(self.leading.name) or name,
            format_html('<input type="hidden" name="r.{}" value="{}">', row.pk, row.revision)
            if is_open
            else "",
        )
        cells = (
            (self.cell(row, column, name, is_open=is_open),)
            for column in columns
        )  # fmt: skip
        return format_html("<tr>{}{}</tr>", head, format_html_join("", "{}", cells))

    def cell(self, row: DatasetRow, column: Column, name: str, *, is_open: bool) -> SafeString:
        stands = row.values.get(column.name, "")
        if not is_open:
            shown = stands if stands != "na" else _("不适用")
            return format_html('<td class="{}">{}</td>', "q-num" if is_number(column) else "", shown)
        text = self.typed.get((row.pk, column.name), stands)
        fault = self.faults.get(drafts.place_of(row.pk, column.name), "")
        marked = format_html(' aria-invalid="true" title="{}"', fault) if fault else ""
        label = f"{name} {column.heading}"
        if column.kind == "choice":
            options = ["", *column.choices, *(["na"] if column.allow_na else [])]
            if text not in options:
                options.append(text)
            return format_html(
                '<td><select name="c.{}.{}" aria-label="{}"{}>{}</select></td>',
                row.pk,
                column.name,
                label,
                marked,
                format_html_join(
                    "",
                    '<option value="{}"{}>{}</option>',
                    (
                        (
                            one,
                            SafeString(" selected") if one == text else "",
                            one if one != "na" else _("不适用"),
                        )
                        for one in options
                    ),
                ),
            )
        return format_html(
            '<td><input name="c.{}.{}" value="{}" aria-label="{}"{}{} autocomplete="off"></td>',
            row.pk,
            column.name,
            text,
            label,
            SafeString(' inputmode="decimal" class="q-num"') if is_number(column) else "",
            marked,
        )


def is_number(column: Column) -> bool:
    return column.kind in {"decimal", "integer"}


def _of_enterprises(table: Table) -> bool:
    return any(column.name == "enterprise" for column in table.columns)


class RowPage(View):
    """One row, all its columns below each other; or a new one."""

    http_method_names = ["get", "head", "post", "options"]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.dataset: Dataset = kwargs["dataset"]

    @cached_property
    def row(self) -> DatasetRow | None:
        if "row" not in self.kwargs:
            return None
        found = self.dataset.rows.filter(pk=self.kwargs["row"]).select_related("updated_by").first()
        if found is None:
            raise Http404
        return found

    @cached_property
    def table(self) -> Table:
        return table_or_404(self.dataset, self.row.table if self.row else self.kwargs["table"])

    def form(self, **arguments: Any) -> RowForm:
        values = self.row.values if self.row else {}
        return RowForm(
            table=self.table,
            values=values,
            initial={"revision": self.row.revision if self.row else 0},
            **arguments,
        )

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        if self.row is not None:
            reads.note(
                self.dataset,
                by=request.user,
                what=f"“{self.table.title}”的一行",
                enterprises=[self.row.enterprise_id] if _of_enterprises(self.table) else None,
            )
        return self.render(request, self.form())

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        form = self.form(data=request.POST)
        try:
            if not form.is_valid():
                return self.render(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
            if "remove" in request.POST and self.row is not None:
                drafts.remove_row(
                    self.dataset,
                    row=self.row.pk,
                    revision=form.cleaned_data["revision"] or 0,
                    by=request.user,
                )
                messages.success(request, _("已删去一行"))
                return HttpResponseRedirect(self.back())
            self.keep(form, request.user)
        except Refused as refusal:
            elsewhere = [problem for problem in refusal.problems if not beside(form, problem)]
            return self.render(request, form, status=refusal.status, refusal=refusal, problems=elsewhere)
        messages.success(request, _("已保存"))
        return HttpResponseRedirect(self.back())

    def keep(self, form: RowForm, user: Any) -> None:
        texts = form.texts()
        if self.row is None:
            drafts.add_row(
                self.dataset,
                table=self.table,
                values={name: text for name, text in texts.items() if text.strip()},
                by=user,
            )
            return
        revision = form.cleaned_data["revision"] or 0
        changes = [
            drafts.Change(self.row.pk, name, text, revision)
            for name, text in texts.items()
            if text.strip() != self.row.values.get(name, "")
        ]
        drafts.save_cells(self.dataset, table=self.table, changes=changes, by=user)

    def back(self) -> str:
        return reverse("audits:grid", args=[self.dataset.pk, self.table.name])

    def render(
        self,
        request: HttpRequest,
        form: RowForm,
        *,
        status: int = HTTPStatus.OK,
        refusal: Refused | None = None,
        problems: Sequence[Any] = (),
    ) -> HttpResponse:
        return show(
            request,
            "audits/dataset/row.html",
            self.dataset,
            "tables",
            status=int(status),
            table=self.table,
            row=self.row,
            name=datasets.row_name(self.table, self.row.values) if self.row else "",
            form=form,
            verdict=may_write(request.user, self.dataset),
            refusal=refusal,
            problems=problems,
            conflicts=getattr(refusal, "cells", ()),
            back=self.back(),
        )


def beside(form: RowForm, problem: Any) -> bool:
    column = problem.where.rpartition(".")[2] if problem.where[:1].isdigit() else problem.where
    field = form.field_name(column)
    if not field:
        return False
    form.add_error(field, problem.message + (f"；{problem.mend}" if problem.mend else ""))
    return True
