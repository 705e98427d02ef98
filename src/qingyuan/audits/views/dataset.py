"""Datasets: the list, one of them, its workbook in and out, who may read it and who did."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.audits import actions, blockers, datasets, extent, reads
from qingyuan.audits.actions.dataset import units_of
from qingyuan.audits.forms.dataset import XLSX, AccessForm, BeginForm, FixForm, TakeForm, WorkbookForm
from qingyuan.audits.models import Dataset
from qingyuan.audits.queries import dataset as queries
from qingyuan.audits.rules import dataset as rules
from qingyuan.audits.views.dataset_frame import DatasetVerbPage, show
from qingyuan.kernel import clock, gate, storage
from qingyuan.kernel.actions import Invalid
from qingyuan.kernel.models import Upload
from qingyuan.people.models import User
from qingyuan.pilots.models import Pilot
from qingyuan.ui.pagination import paginate
from qingyuan.ui.verbpage import VerbPage
from qingyuan.workbooks import collected as books
from qingyuan.workbooks.collected import Taken
from qingyuan.workbooks.marked import write_marked_book

MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN_PROBLEMS = 100


def datasets_page(request: HttpRequest) -> HttpResponse:
    page = paginate(request, queries.visible(request.user))
    context = {
        "page": page,
        "rows": [(one, queries.TONES[one.stage]) for one in page.object_list],
        "pilots": queries.pilots_to_begin(request.user),
    }
    return TemplateResponse(request, "audits/dataset/list.html", context)


class BeginPage(VerbPage):
    verb = actions.begin_dataset
    form_class = BeginForm
    check_revision = False
    explain = gettext_lazy(
        "每份数据集是一本审核数据采集表：可以上传工作簿、在线填写、带入试点范围的企业，也可以请企业自行填报。"
    )
    object: Pilot

    def get_initial(self) -> dict[str, Any]:
        return BeginForm.begun(self.object.category_id)

    def get_cancel_url(self) -> str:
        return reverse("audits:datasets")

    def get_object_url(self) -> str:
        return reverse("pilots:pilot", args=[self.object.pk])


def overview(request: HttpRequest, dataset: Dataset) -> HttpResponse:
    """How far the data are; no figure of an enterprise stands here."""
    lines = queries.table_lines(dataset)
    return show(
        request,
        "audits/dataset/overview.html",
        dataset,
        "overview",
        lines=lines,
        versions=list(queries.versions_of(dataset)[:3]),
        open_problems=blockers.problems_of(dataset),
        reads_raw=rules.reads_raw.test(request.user, dataset),
        may_write=actions.take_scope.allowed(request.user, dataset).ok,
        may_resume=actions.resume_dataset.allowed(request.user, dataset).ok,
    )


def template(_request: HttpRequest, dataset: Dataset) -> FileResponse:
    """The empty workbook with the enterprises of the pilot's scope."""
    enterprises = [
        {
            "enterprise": one.name,
            "size": (one.entry and one.entry.get_size_display()) or None,
            "county": (one.entry and one.entry.county) or None,
        }
        for one in extent.stated(dataset.pilot)
    ]
    target = io.BytesIO()
    books.write_template(target, dataset.template, enterprises=enterprises, system=_system_of(dataset))
    return _workbook(target, _("%s（模板）") % dataset.get_template_display())


def _system_of(dataset: Dataset) -> str:
    """The index system that the settings name, for the template's columns."""
    if dataset.template != Dataset.Template.INDUSTRY:
        return ""
    for values in dataset.rows.filter(table="settings").values_list("values", flat=True):
        if values.get("parameter") in {"system", "评价指标体系", "指标体系"}:
            return str(values.get("value", ""))
    return ""


def current(request: HttpRequest, dataset: Dataset) -> FileResponse:
    """The rows as they stand now, as a workbook."""
    reads.note(dataset, by=request.user, what="下载现有数据工作簿", way=reads.Way.FILE)
    target = io.BytesIO()
    books.write(datasets.content_of(dataset), target)
    return _workbook(target, dataset.title)


def _workbook(target: io.BytesIO, title: str) -> FileResponse:
    target.seek(0)
    response = FileResponse(target, as_attachment=True, filename=f"{title}.xlsx", content_type=MEDIA)
    response["Cache-Control"] = "private, no-store"
    return response


class ImportPage(DatasetVerbPage):
    """A whole workbook at once. One wrong cell and nothing is taken; all are shown, and marked in the file."""

    verb = actions.import_workbook
    form_class = WorkbookForm
    template_name = "audits/dataset/import.html"
    button = gettext_lazy("检查并导入")
    done = gettext_lazy("工作簿已导入")
    check_revision = False
    explain = gettext_lazy(
        "工作簿中填写了的表整体替换数据集中的同名表；单元格有错时逐格列出，可下载标出问题的工作簿。"
    )
    taken: Taken | None = None
    upload: Upload | None = None

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"request": self.request}

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        self.upload = gate.receive(form.cleaned_data["file"], by=self.request.user, allow=XLSX)
        self.taken = read_upload(self.object, self.upload)
        if self.taken.collected is None:
            raise Invalid([], _("工作簿有 %d 处需要改正，没有导入任何一格") % len(self.taken.problems))
        return {"content": self.taken.collected, "upload": self.upload}

    def get_context(self) -> dict[str, Any]:
        more: dict[str, Any] = {}
        if self.taken is not None and self.upload is not None and self.taken.problems:
            more = {
                "listed": self.taken.problems[:SHOWN_PROBLEMS],
                "hidden_count": max(0, len(self.taken.problems) - SHOWN_PROBLEMS),
                "marked_url": reverse("audits:marked", args=[self.object.pk, self.upload.pk])
                if self.taken.readings
                else "",
            }
        return {**super().get_context(), **more}


def read_upload(dataset: Dataset, upload: Upload) -> Taken:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "workbook.xlsx"
        with storage.open_blob(upload.sha256) as source, path.open("wb") as target:
            while piece := source.read(1 << 20):
                target.write(piece)
        return books.read_workbook(dataset.template, path, guarded=True)  # by the gate


def marked(request: HttpRequest, dataset: Dataset, upload: Any) -> FileResponse:
    """The uploaded workbook with its wrong cells marked, for the person who uploaded it."""
    found = Upload.objects.filter(pk=upload, uploaded_by_id=request.user.pk, kind="xlsx").first()
    if found is None or not found.is_readable:
        raise Http404
    taken = read_upload(dataset, found)
    target = io.BytesIO()
    write_marked_book(target, taken.readings, [*taken.problems, *taken.warnings])
    return _workbook(target, _("%s（已标出问题）") % found.name.removesuffix(".xlsx"))


class TakeScopePage(DatasetVerbPage):
    verb = actions.take_scope
    button = gettext_lazy("带入企业")
    done = gettext_lazy("企业已带入")
    check_revision = False
    explain = gettext_lazy("把试点范围内还没有列入“企业”表的企业逐家列入；已有的行不变。")


class TakeVersionPage(DatasetVerbPage):
    verb = actions.take_version
    form_class = TakeForm
    button = gettext_lazy("取用")
    done = gettext_lazy("所选各表已取用")
    check_revision = False
    explain = gettext_lazy("从本单位试点已定的版本取用所选各表，只列出您被指定查阅的数据集。")

    @cached_property
    def versions(self) -> list[Any]:
        return queries.versions_to_take(self.request.user, self.object)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"versions": self.versions, "tables": books.tables(self.object.template)}


class FixPage(DatasetVerbPage):
    verb = actions.fix_version
    form_class = FixForm
    button = gettext_lazy("定版")
    done = gettext_lazy("数据已定版")
    part = "versions"
    explain = gettext_lazy(
        "核对各表是否齐全、有没有错误；通过后封存为一版，此后不再改动。要再改，恢复填报后另定一版。"
    )

    def get_cancel_url(self) -> str:
        return reverse("audits:versions", args=[self.object.pk])


class ResumePage(DatasetVerbPage):
    verb = actions.resume_dataset
    done = gettext_lazy("已恢复填报")
    explain = gettext_lazy("继续修改数据；已定的各版和引用它们的结果不受影响。")


# --- who may read, and who did


def access(request: HttpRequest, dataset: Dataset) -> HttpResponse:
    named = dataset.accesses.select_related("user", "organisation", "named_by").order_by("ended_at", "pk")
    return show(
        request,
        "audits/dataset/access.html",
        dataset,
        "access",
        named=list(named[:200]),
        may_manage=rules.manages_dataset.test(request.user, dataset),
    )


class NamePage(DatasetVerbPage):
    verb = actions.name_access
    form_class = AccessForm
    part = "access"
    button = gettext_lazy("指定")
    done = gettext_lazy("已指定")
    check_revision = False
    explain = gettext_lazy(
        "只有在此指定的人员和单位能看到企业的原始数据；评审单位只看汇总和方案中引用的数值，公众一概看不到。"
    )

    def get_form_kwargs(self) -> dict[str, Any]:
        applicant = self.object.pilot.applicant_id
        people = User.objects.filter(memberships__organisation=applicant).distinct().order_by("display_name")
        units = units_of(self.object.pilot, clock.now()).order_by("name")
        return {"people": list(people[:500]), "units": list(units[:200])}

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        return dict(form.chosen())

    def get_cancel_url(self) -> str:
        return reverse("audits:access", args=[self.object.pk])


class EndAccessPage(DatasetVerbPage):
    verb = actions.end_access
    part = "access"
    danger = True
    done = gettext_lazy("已取消")
    check_revision = False
    explain = gettext_lazy("立即不能再查阅原始数据；已有的查阅记录保留。")

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        del form
        return {"access_id": self.kwargs["access"]}

    def get_cancel_url(self) -> str:
        return reverse("audits:access", args=[self.object.pk])


def read_log(request: HttpRequest, dataset: Dataset) -> HttpResponse:
    """Everyone who works on the pilot may see who read what."""
    found = reads.reads_of(dataset).prefetch_related("enterprises")
    return show(request, "audits/dataset/reads.html", dataset, "reads", page=paginate(request, found))
