"""The results of many sittings at once: the form as a workbook, and the workbook taken in with every wrong cell named."""

from __future__ import annotations

import io
from typing import Any

from django.http import FileResponse, Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.audits import sitting_table
from qingyuan.audits.actions import audit_review as actions
from qingyuan.audits.forms.audit_review import ManyReviewsForm
from qingyuan.audits.queries import audit_review as queries
from qingyuan.audits.views.frame import AuditsVerbPage
from qingyuan.audits.views.sheet import MEDIA, SHOWN_PROBLEMS, XLSX
from qingyuan.catalogue.evaluations import Evaluation, evaluations
from qingyuan.kernel import gate
from qingyuan.kernel.errors import Invalid
from qingyuan.kernel.gate.names import clean_name
from qingyuan.kernel.models import Upload
from qingyuan.pilots.models import Pilot
from qingyuan.workbooks.read import Reading
from qingyuan.workbooks.write import write_marked


def sheet_named(name: str) -> Evaluation:
    found = evaluations().get(name)
    if found is None:
        raise Http404
    return found


class RecordManyPage(AuditsVerbPage):
    """One wrong cell and nothing is recorded; all of them are shown, and marked in the file."""

    verb = actions.record_many
    form_class = ManyReviewsForm
    template_name = "audits/review/many.html"
    part = "reviews"
    check_revision = False
    button = gettext_lazy("检查并登记")
    done = gettext_lazy("结果已登记。")
    object: Pilot
    reading: Reading | None = None
    upload: Upload | None = None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.sheet = sheet_named(kwargs["sheet"])

    @property
    def explain(self) -> str:  # type: ignore[override]
        return _(
            "%(title)s：下载结果表，逐家填会议日期、各项得分和意见，再上传；合计和结论按评分表得出。"
        ) % {"title": self.sheet.title}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"request": self.request} if self.request.method == "POST" else {}

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        self.upload = gate.receive(form.cleaned_data["file"], by=self.request.user, allow=XLSX)
        waiting = queries.waiting_by_sheet(self.object, self.sheet.id)
        self.reading, rows = sitting_table.read_upload(self.upload, self.sheet, waiting, by=self.request.user)
        if not self.reading.ok:
            raise Invalid(
                [], _("结果表有 %d 处需要改正，没有登记任何一家") % max(self.reading.problem_count, 1)
            )
        return {"sheet": self.sheet.id, "rows": rows}

    def get_context(self) -> dict[str, Any]:
        more: dict[str, Any] = {
            "sheet": self.sheet,
            "table": sitting_table.table(self.sheet),
            "number": queries.waiting_by_sheet(self.object, self.sheet.id).count(),
        }
        if self.reading is not None and self.upload is not None and not self.reading.ok:
            listed = [problem for problem in self.reading.problems if problem.level == "error"]
            more |= {
                "listed": listed[:SHOWN_PROBLEMS],
                "hidden_count": max(0, self.reading.problem_count - SHOWN_PROBLEMS),
                "marked_url": reverse(
                    "audits:marked-reviews", args=[self.object.pk, self.sheet.id, self.upload.pk]
                )
                if self.reading.cells
                else "",
            }
        return {**super().get_context(), **more}

    def get_cancel_url(self) -> str:
        return reverse("audits:reviews", args=[self.object.pk])

    def get_success_url(self, result: Any) -> str:
        del result
        return self.get_cancel_url()


def form(_request: HttpRequest, pilot: Pilot, sheet: str) -> FileResponse:
    """Who waits for a sitting under this sheet, to be filled in."""
    used = sheet_named(sheet)
    target = io.BytesIO()
    sitting_table.write(target, used, queries.waiting_by_sheet(pilot, used.id))
    return _workbook(target, f"{used.title}_{pilot.name}.xlsx")


def marked(request: HttpRequest, pilot: Pilot, sheet: str, upload: Any) -> FileResponse:
    """The uploaded workbook with its wrong cells marked, for the person who uploaded it."""
    used = sheet_named(sheet)
    found = Upload.objects.filter(pk=upload, uploaded_by_id=request.user.pk, kind="xlsx").first()
    if found is None or not found.is_readable:
        raise Http404
    waiting = queries.waiting_by_sheet(pilot, used.id)
    reading, _rows = sitting_table.read_upload(found, used, waiting, by=request.user)
    target = io.BytesIO()
    write_marked(target, reading.cells, reading.problems, sheet=reading.sheet)
    return _workbook(target, f"{found.name.removesuffix('.xlsx')}（已标出问题）.xlsx")


def _workbook(target: io.BytesIO, name: str) -> FileResponse:
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=clean_name(name), content_type=MEDIA)
