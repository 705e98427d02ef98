"""The enterprises in the scope: the list, one more, one less, and a whole list from a workbook."""

from __future__ import annotations

import io
from functools import cached_property
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.kernel import gate, storage
from qingyuan.kernel.errors import Invalid
from qingyuan.kernel.models import Upload
from qingyuan.pilots import actions, doubles, queries
from qingyuan.pilots.forms.scope import (
    XLSX,
    EnterpriseForm,
    ImportForm,
    KnownForm,
    SearchForm,
    rows_of,
    table_of,
)
from qingyuan.pilots.models import Pilot
from qingyuan.pilots.views.frame import PartPage, show
from qingyuan.pilots.wording import sector_titles
from qingyuan.ui.pagination import paginate
from qingyuan.workbooks.read import Reading, read_table
from qingyuan.workbooks.write import write_marked, write_template

MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN_PROBLEMS = 200


def scope(request: HttpRequest, pilot: Pilot) -> HttpResponse:
    form = SearchForm(request.GET, pilot=pilot)
    chosen = form.chosen()
    counts = queries.sectors_in_scope(pilot)
    titles = sector_titles(pilot.notice)
    page = paginate(request, queries.scope_of(pilot, **chosen))
    marks = doubles.marks_of(pilot, page)
    for entry in page:
        entry.sector_title = titles.get(entry.sector, "")
        entry.double = marks.get(entry.enterprise_id, "")
    return show(
        request,
        "pilots/scope.html",
        pilot,
        "scope",
        form=form,
        filtered=any(chosen.values()),
        page=page,
        counts=[(title, counts[key]) for key, title in titles.items() if key in counts],
        verdict=actions.add_enterprise.allowed(request.user, pilot),
    )


class AddPage(PartPage):
    verb = actions.add_enterprise
    form_class = EnterpriseForm
    template_name = "pilots/scope_form.html"
    part = "scope"
    button = gettext_lazy("添加")
    done = gettext_lazy("企业已列入试点范围")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"pilot": self.object}

    def get_initial(self) -> dict[str, Any]:
        # One sector: it is the sector of nearly every enterprise of the pilot.
        return {"sector": self.object.sectors[0]} if len(self.object.sectors) == 1 else {}

    def get_success_url(self, result: Any) -> str:
        del result
        name = "pilots:add-enterprise" if "again" in self.request.POST else "pilots:scope"
        return reverse(name, args=[self.object.pk])

    def get_cancel_url(self) -> str:
        return reverse("pilots:scope", args=[self.object.pk])


class KnownPage(PartPage):
    """Enterprises that the registry has already, found by name or code."""

    verb = actions.add_known
    form_class = KnownForm
    template_name = "pilots/scope_known.html"
    part = "scope"
    button = gettext_lazy("添加所选企业")
    done = gettext_lazy("企业已列入试点范围")

    @cached_property
    def found(self) -> list[Any]:
        return queries.known_enterprises(self.object, self.text)

    @property
    def text(self) -> str:
        return self.request.GET.get("q", "").replace("\0", "")[:80]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"pilot": self.object, "found": self.found}

    def get_success_url(self, result: Any) -> str:
        del result
        return reverse("pilots:scope", args=[self.object.pk])

    def get_cancel_url(self) -> str:
        return reverse("pilots:scope", args=[self.object.pk])

    def get_context(self) -> dict[str, Any]:
        return {**super().get_context(), "text": self.text, "found": self.found, "most": queries.MOST_FOUND}


class RemovePage(PartPage):
    verb = actions.remove_enterprise
    template_name = "pilots/scope_form.html"
    part = "scope"
    danger = True
    button = gettext_lazy("移出")
    done = gettext_lazy("企业已移出试点范围")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        entry = queries.scope_of(self.object).filter(pk=kwargs["entry"]).first()
        if entry is None and not self._was_done(request.POST.get("key", "")[:80]):
            raise Http404
        self.entry = entry

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        del form
        return {"entry_id": self.kwargs["entry"]}

    def get_success_url(self, result: Any) -> str:
        del result
        return reverse("pilots:scope", args=[self.object.pk])

    def get_cancel_url(self) -> str:
        return reverse("pilots:scope", args=[self.object.pk])

    def get_context(self) -> dict[str, Any]:
        return {**super().get_context(), "entry": self.entry, "button_only": True}


class ImportPage(PartPage):
    """The whole list at once. One wrong cell and nothing is imported; all of them are shown, and marked in the file."""

    verb = actions.import_scope
    form_class = ImportForm
    template_name = "pilots/scope_import.html"
    part = "scope"
    button = gettext_lazy("检查并导入")
    done = gettext_lazy("企业名单已导入")
    reading: Reading | None = None
    upload: Upload | None = None

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"request": self.request}

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        self.upload = gate.receive(form.cleaned_data["file"], by=self.request.user, allow=XLSX)
        self.reading = read_upload(self.object, self.upload)
        if not self.reading.ok:
            raise Invalid(
                [], _("名单有 %d 处需要改正，没有导入任何一行") % max(self.reading.problem_count, 1)
            )
        return {"rows": rows_of(self.object, self.reading)}

    def get_success_url(self, result: Any) -> str:
        del result
        return reverse("pilots:scope", args=[self.object.pk])

    def get_cancel_url(self) -> str:
        return reverse("pilots:scope", args=[self.object.pk])

    def get_context(self) -> dict[str, Any]:
        more: dict[str, Any] = {"present": self.object.scope.count(), "table": table_of(self.object)}
        if self.reading is not None and self.upload is not None and not self.reading.ok:
            listed = [problem for problem in self.reading.problems if problem.level == "error"]
            more |= {
                "reading": self.reading,
                "listed": listed[:SHOWN_PROBLEMS],
                "hidden_count": max(0, self.reading.problem_count - SHOWN_PROBLEMS),
                "marked_url": reverse("pilots:marked-workbook", args=[self.object.pk, self.upload.pk])
                if self.reading.cells
                else "",
            }
        return {**super().get_context(), **more}


def read_upload(pilot: Pilot, upload: Upload) -> Reading:
    with storage.open_blob(upload.sha256) as source:
        return read_table(source, table_of(pilot), name=upload.name)


def template(_request: HttpRequest, pilot: Pilot) -> FileResponse:
    """An empty workbook to fill in."""
    target = io.BytesIO()
    write_template(target, table_of(pilot))
    target.seek(0)
    return FileResponse(
        target, as_attachment=True, filename="试点范围企业名单（模板）.xlsx", content_type=MEDIA
    )


def marked(request: HttpRequest, pilot: Pilot, upload: Any) -> FileResponse:
    """The uploaded workbook with its wrong cells marked, for the person who uploaded it."""
    found = Upload.objects.filter(pk=upload, uploaded_by_id=request.user.pk, kind="xlsx").first()
    if found is None or not found.is_readable:
        raise Http404
    reading = read_upload(pilot, found)
    target = io.BytesIO()
    write_marked(target, reading.cells, reading.problems, sheet=reading.sheet)
    target.seek(0)
    stem = found.name.removesuffix(".xlsx")
    return FileResponse(target, as_attachment=True, filename=f"{stem}（已标出问题）.xlsx", content_type=MEDIA)
