"""Where the object lies: boundary, places, reaches and sections; and the proofs of key tasks."""

from __future__ import annotations

import io
from typing import Any

from django.http import FileResponse, Http404, HttpRequest
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.catalogue.notices.model import Notice
from qingyuan.kernel import gate, storage
from qingyuan.kernel.errors import Invalid
from qingyuan.kernel.models import Upload
from qingyuan.pilots import actions, geometry, ground
from qingyuan.pilots.actions.key_tasks import own_pollutants
from qingyuan.pilots.forms.extent import (
    GEOJSON,
    BasinForm,
    BasinImportForm,
    BoundaryForm,
    KeyTaskForm,
    PlacesForm,
    rows_of,
    table_of,
)
from qingyuan.pilots.models import KeyTask, Pilot
from qingyuan.pilots.views.frame import PartPage
from qingyuan.pilots.views.scope import MEDIA, SHOWN_PROBLEMS
from qingyuan.workbooks.coordinates import as_geojson
from qingyuan.workbooks.polygons import from_data
from qingyuan.workbooks.read import Reading, read_table
from qingyuan.workbooks.write import write_marked, write_template


def shown(data: dict[str, Any], notice: Notice, *, mark: str = "object") -> dict[str, Any] | None:
    """What `pilots/parts/ground.html` shows of a geometry; None where there is none."""
    if not data:
        return None
    return {
        "facts": ground.facts_of(data),
        "grids": ground.grids_of(data, day=notice.issued.day),
        # The drawing is built by ElementTree from escaped text.
        "drawing": mark_safe(geometry.drawing(data, mark=mark)),  # noqa: S308
    }


class ExtentPage(PartPage):
    """A page about where the object lies."""

    part = "object"
    kinds: frozenset[str] = frozenset()

    def get_state(self) -> Any:
        return geometry.data_of(self.object) or {}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"pilot": self.object}

    def get_cancel_url(self) -> str:
        return reverse("pilots:describe", args=[self.object.pk])

    def get_context(self) -> dict[str, Any]:
        return {
            **super().get_context(),
            "ground": shown(geometry.data_of(self.object) or {}, self.object.notice),
            "fits": self.object.object_form in self.kinds,
            "form_of_object": self.object.form,
        }


class BoundaryPage(ExtentPage):
    verb = actions.set_boundary
    form_class = BoundaryForm
    template_name = "pilots/boundary.html"
    kinds = geometry.BOUNDED
    button = gettext_lazy("检查并保存")
    done = gettext_lazy("边界已保存")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"pilot": self.object, "request": self.request}

    def get_initial(self) -> dict[str, Any]:
        return BoundaryForm.initial_of(self.object)

    def get_kwargs(self, form: BoundaryForm) -> dict[str, Any]:
        clean = dict(form.cleaned_data)
        file = clean.pop("file", None)
        del clean["coordinates"]
        before = geometry.boundary_of(self.object)
        upload = None
        if file:
            upload = gate.receive(file, by=self.request.user, allow=GEOJSON)
        elif before is not None and from_data(before.parcels) == tuple(form.parcels):
            upload = before.upload
        return {**clean, "parcels": form.parcels, "upload": upload}

    def get_context(self) -> dict[str, Any]:
        condition = next((one for one in self.object.notice.eligibility if one.clause == "N5.3"), None)
        return {**super().get_context(), "condition": condition}


def boundary_geojson(_request: HttpRequest, pilot: Pilot) -> FileResponse:
    """The stored boundary for a GIS."""
    boundary = geometry.boundary_of(pilot)
    if boundary is None:
        raise Http404
    body = as_geojson(from_data(boundary.parcels)).encode()
    return FileResponse(
        io.BytesIO(body), as_attachment=True, filename="边界.geojson", content_type="application/geo+json"
    )


class PlacesPage(ExtentPage):
    verb = actions.set_places
    form_class = PlacesForm
    template_name = "pilots/places.html"
    kinds = frozenset({"region"})
    button = gettext_lazy("保存")
    done = gettext_lazy("区域所含地市已保存")

    def get_initial(self) -> dict[str, Any]:
        return PlacesForm.initial_of(self.object)

    def get_context(self) -> dict[str, Any]:
        return {
            **super().get_context(),
            "lists": [
                (geometry.place_title(group), one.source)
                for group, one in geometry.lists_in_force(self.object.notice.issued.day).items()
            ],
            "verified": geometry.lists_are_verified(),
        }


class BasinPage(ExtentPage):
    verb = actions.set_basin
    template_name = "pilots/basin.html"
    kinds = frozenset({"basin"})
    button = gettext_lazy("保存")
    done = gettext_lazy("河段和断面已保存")

    def get_form(self) -> Any:
        return BasinForm(self.request.POST if self.request.method == "POST" else None, pilot=self.object)

    def get_kwargs(self, form: BasinForm) -> dict[str, Any]:
        return form.arguments()


class BasinImportPage(ExtentPage):
    """One of the two tables from a workbook. One wrong cell and nothing is imported; all of them are shown."""

    verb = actions.set_basin
    form_class = BasinImportForm
    template_name = "pilots/basin_import.html"
    kinds = frozenset({"basin"})
    title = gettext_lazy("导入河段或断面")
    button = gettext_lazy("检查并导入")
    done = gettext_lazy("已导入")
    reading: Reading | None = None
    upload: Upload | None = None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.table = known_table(kwargs["table"])

    def get_state(self) -> Any:
        return None

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"request": self.request}

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        self.upload = gate.receive(form.cleaned_data["file"], by=self.request.user, allow=frozenset({"xlsx"}))
        self.reading = read_upload(self.table, self.upload)
        if not self.reading.ok:
            raise Invalid(
                [], _("表中有 %d 处需要改正，没有导入任何一行") % max(self.reading.problem_count, 1)
            )
        return {self.table: rows_of(self.table, self.reading)}

    def get_success_url(self, result: Any) -> str:
        del result
        return reverse("pilots:basin", args=[self.object.pk])

    def get_cancel_url(self) -> str:
        return reverse("pilots:basin", args=[self.object.pk])

    def get_context(self) -> dict[str, Any]:
        table = table_of(self.table)
        more: dict[str, Any] = {"table": table, "table_id": self.table}
        if self.reading is not None and self.upload is not None and not self.reading.ok:
            listed = [problem for problem in self.reading.problems if problem.level == "error"]
            more |= {
                "listed": listed[:SHOWN_PROBLEMS],
                "hidden_count": max(0, self.reading.problem_count - SHOWN_PROBLEMS),
                "marked_url": reverse(
                    "pilots:marked-basin", args=[self.object.pk, self.table, self.upload.pk]
                )
                if self.reading.cells
                else "",
            }
        return {**super().get_context(), **more}


def known_table(kind: str) -> str:
    if kind not in {"reaches", "sections"}:
        raise Http404
    return kind


def read_upload(kind: str, upload: Upload) -> Reading:
    with storage.open_blob(upload.sha256) as source:
        return read_table(source, table_of(kind), name=upload.name)


def basin_template(_request: HttpRequest, pilot: Pilot, table: str) -> FileResponse:
    """An empty workbook to fill in."""
    del pilot
    found = table_of(known_table(table))
    target = io.BytesIO()
    write_template(target, found)
    target.seek(0)
    return FileResponse(
        target, as_attachment=True, filename=f"{found.title}（模板）.xlsx", content_type=MEDIA
    )


def marked_basin(request: HttpRequest, pilot: Pilot, table: str, upload: Any) -> FileResponse:
    """The uploaded workbook with its wrong cells marked, for the person who uploaded it."""
    del pilot
    found = Upload.objects.filter(pk=upload, uploaded_by_id=request.user.pk, kind="xlsx").first()
    if found is None or not found.is_readable:
        raise Http404
    reading = read_upload(known_table(table), found)
    target = io.BytesIO()
    write_marked(target, reading.cells, reading.problems, sheet=reading.sheet)
    target.seek(0)
    stem = found.name.removesuffix(".xlsx")
    return FileResponse(target, as_attachment=True, filename=f"{stem}（已标出问题）.xlsx", content_type=MEDIA)


class KeyTasksPage(PartPage):
    """The proofs that self-chosen pollutants stand in local key tasks, and one more."""

    verb = actions.prove_key_task
    form_class = KeyTaskForm
    template_name = "pilots/key_tasks.html"
    part = "object"
    asked_part = "eligibility"
    button = gettext_lazy("登记并上传")
    done = gettext_lazy("依据已登记")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"pilot": self.object, "request": self.request}

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        clean = dict(form.cleaned_data)
        file = clean.pop("file")
        return {**clean, "upload": gate.receive(file, by=self.request.user)}

    def get_cancel_url(self) -> str:
        return reverse("pilots:describe", args=[self.object.pk])

    def get_context(self) -> dict[str, Any]:
        tasks = list(self.object.key_tasks.select_related("attachment__upload"))
        proved = {task.pollutant for task in tasks if task.attachment}
        own = own_pollutants(self.object)
        return {
            **super().get_context(),
            "tasks": tasks,
            "own": [(name, name in proved) for name in own],
            "may_remove": actions.remove_key_task.allowed(self.request.user, self.object).ok,
        }


class RemoveKeyTaskPage(PartPage):
    verb = actions.remove_key_task
    template_name = "pilots/key_task_remove.html"
    part = "object"
    asked_part = "eligibility"
    danger = True
    button = gettext_lazy("移除")
    done = gettext_lazy("依据已移除")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.task: KeyTask | None = self.object.key_tasks.filter(pk=kwargs["task"]).first()
        if self.task is None and not self._was_done(request.POST.get("key", "")[:80]):
            raise Http404

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        del form
        return {"key_task_id": self.kwargs["task"]}

    def get_success_url(self, result: Any) -> str:
        del result
        return reverse("pilots:key-tasks", args=[self.object.pk])

    def get_cancel_url(self) -> str:
        return reverse("pilots:key-tasks", args=[self.object.pk])

    def get_context(self) -> dict[str, Any]:
        return {**super().get_context(), "task": self.task}
