"""The State's round: what every province recommended, taking it in, importing it, and the records behind a case."""

from __future__ import annotations

import io
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.kernel import gate, storage
from qingyuan.kernel.errors import Invalid
from qingyuan.kernel.gate.serve import serve
from qingyuan.kernel.models import Upload
from qingyuan.pilots.views import submissions
from qingyuan.review import actions, decision_papers
from qingyuan.review.bundles import list_table, rows_of
from qingyuan.review.forms.state import XLSX, BundleForm, CaseFileForm, TakeInForm
from qingyuan.review.models import Case, Decision, DecisionItem, Round
from qingyuan.review.queries import state as queries
from qingyuan.review.queries.decisions import result_title
from qingyuan.review.views.frame import CaseVerbPage, RoundVerbPage, docx, show
from qingyuan.workbooks.read import Reading, read_table
from qingyuan.workbooks.write import write_marked, write_template

MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN_PROBLEMS = 200


def provinces(request: HttpRequest, **kwargs: Round) -> HttpResponse:
    """Every province with its bundles, and how it stands to the quota of the notice."""
    round_ = kwargs["round"]
    rows = queries.provinces(round_)
    context = {
        "round": round_,
        "rows": rows,
        "quota": queries.quota_of(round_),
        "waiting": [one for row in rows for one in row.waiting],
        "may_take_in": round_.is_state and actions.take_in.allowed(request.user, round_).ok,
        "may_import": round_.is_state and actions.import_bundle.allowed(request.user, round_).ok,
    }
    return TemplateResponse(request, "review/state/provinces.html", context)


class TakeInPage(RoundVerbPage):
    verb = actions.take_in
    form_class = TakeInForm
    explain = gettext_lazy("按省级会同公布的推荐次序立为国家评审项目，连同省级评审记录（只读）。")
    check_revision = False

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"waiting": [one for row in queries.provinces(self.object) for one in row.waiting]}

    def get_cancel_url(self) -> str:
        return reverse("review:provinces", args=[self.object.pk])


class ImportPage(RoundVerbPage):
    """A province's list. One wrong cell and nothing is imported; all of them are shown, and marked in the file."""

    verb = actions.import_bundle
    form_class = BundleForm
    template_name = "review/state/import.html"
    check_revision = False
    reading: Reading | None = None
    upload: Upload | None = None

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"request": self.request}

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        clean = dict(form.cleaned_data)
        file, letter = clean.pop("file"), clean.pop("letter")
        self.upload = gate.receive(file, by=self.request.user, allow=XLSX)
        self.reading = _read(self.object, self.upload)
        if not self.reading.ok:
            raise Invalid(
                [], _("清单有 %d 处需要改正，没有导入任何一行") % max(self.reading.problem_count, 1)
            )
        return {
            **clean,
            "rows": rows_of(self.object.notice, self.reading, province=clean["region_code"]),
            "workbook": self.upload,
            "letter": gate.receive(letter, by=self.request.user) if letter else None,
        }

    def get_success_url(self, result: Any) -> str:
        del result
        return self.get_cancel_url()

    def get_cancel_url(self) -> str:
        return reverse("review:provinces", args=[self.object.pk])

    def get_context(self) -> dict[str, Any]:
        more: dict[str, Any] = {}
        if self.reading is not None and self.upload is not None and not self.reading.ok:
            listed = [problem for problem in self.reading.problems if problem.level == "error"]
            more = {
                "listed": listed[:SHOWN_PROBLEMS],
                "marked_url": reverse("review:marked-bundle", args=[self.object.pk, self.upload.pk])
                if self.reading.cells
                else "",
            }
        return {**super().get_context(), **more}


def _read(round_: Round, upload: Upload) -> Reading:
    with storage.open_blob(upload.sha256) as source:
        return read_table(source, list_table(round_.notice), name=upload.name)


def template(_request: HttpRequest, **kwargs: Round) -> FileResponse:
    """An empty list to fill in."""
    target = io.BytesIO()
    write_template(target, list_table(kwargs["round"].notice))
    target.seek(0)
    return FileResponse(
        target, as_attachment=True, filename="推荐项目汇总表（模板）.xlsx", content_type=MEDIA
    )


def marked(request: HttpRequest, upload: Any, **kwargs: Round) -> FileResponse | HttpResponseRedirect:
    """The uploaded list with its wrong cells marked, for the person who uploaded it."""
    round_ = kwargs["round"]
    found = Upload.objects.filter(pk=upload, uploaded_by_id=request.user.pk, kind="xlsx").first()
    if found is None or not found.is_readable:
        messages.warning(request, _("只能取回自己刚上传的清单"))
        return HttpResponseRedirect(reverse("review:provinces", args=[round_.pk]))
    reading = _read(round_, found)
    target = io.BytesIO()
    write_marked(target, reading.cells, reading.problems, sheet=reading.sheet)
    target.seek(0)
    stem = found.name.removesuffix(".xlsx")
    return FileResponse(target, as_attachment=True, filename=f"{stem}（已标出问题）.xlsx", content_type=MEDIA)


# --- one case


def materials(request: HttpRequest, case: Case) -> HttpResponse:
    """What the case came with: the bundle, the sealed version or the uploaded files, the province's records."""
    return show(
        request,
        "review/state/materials.html",
        case,
        "materials",
        bundles=list(case.bundles.select_related("letter", "workbook")),
        stated=case.stated,
        files=list(case.files.select_related("upload")),
        origin=Case.objects.select_related("round__call__joint_body").filter(onward=case).first(),
        letter=_letter_item(case) is not None or _letter_item_of(case.origin_id) is not None,
        may_attach=case.submission_id is None and actions.attach_file.allowed(request.user, case).ok,
    )


def _letter_item_of(case_id: Any) -> DecisionItem | None:
    """The line of the released final decision by which a case was recommended (one query)."""
    if case_id is None:
        return None
    return (
        DecisionItem.objects.filter(
            case_id=case_id,
            outcome=Case.Stage.RECOMMENDED,
            decision__kind=Decision.Kind.FINAL,
            decision__stage=Decision.Stage.RELEASED,
        )
        .select_related(
            "decision__round__call__joint_body", "case__round__call__joint_body", "case__submission"
        )
        .first()
    )


def _letter_item(case: Case) -> DecisionItem | None:
    return _letter_item_of(case.pk)


def letter(_request: HttpRequest, case: Case) -> HttpResponse:
    """The letter of recommendation of this case, or of the provincial case behind it."""
    item = _letter_item(case) or _letter_item_of(case.origin_id)
    if item is None:
        return HttpResponseRedirect(reverse("review:case-materials", args=[case.pk]))
    return docx(
        decision_papers.letter(item.decision, item),
        f"{result_title(item.decision)}_{item.case.label}_{item.case.title}.docx",
    )


def package(request: HttpRequest, case: Case) -> Any:
    """The package as it was sealed, for all who review the case."""
    if case.submission is None:
        return HttpResponseRedirect(reverse("review:case-materials", args=[case.pk]))
    return submissions.package(request, case.submission)


def plan(request: HttpRequest, case: Case) -> Any:
    """The sealed plan as Word."""
    if case.submission is None:
        return HttpResponseRedirect(reverse("review:case-materials", args=[case.pk]))
    return submissions.plan(request, case.submission)


def file(_request: HttpRequest, case: Case, number: int) -> Any:
    """A file of an imported case; `number` counts from 1 in the order of the page."""
    found = list(case.files.select_related("upload"))
    if not 0 < number <= len(found):
        return HttpResponseRedirect(reverse("review:case-materials", args=[case.pk]))
    return serve(found[number - 1].upload)


class AttachPage(CaseVerbPage):
    verb = actions.attach_file
    form_class = CaseFileForm
    part = "materials"
    check_revision = False

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"request": self.request}

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        return {
            "kind": form.cleaned_data["kind"],
            "upload": gate.receive(form.cleaned_data["upload"], by=self.request.user),
        }

    def get_success_url(self, result: Any) -> str:
        del result
        return reverse("review:case-materials", args=[self.object.pk])
