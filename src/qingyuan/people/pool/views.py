"""The pool's pages: the list with its workbook, the import, one expert."""

from __future__ import annotations

import io
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.kernel import gate, storage
from qingyuan.kernel.errors import Invalid, NotAllowed
from qingyuan.kernel.models import Upload
from qingyuan.kernel.permission import is_operator, judge
from qingyuan.people.models import Expert, Organisation
from qingyuan.people.pool import actions, queries, rules, table, wording
from qingyuan.people.pool.forms import XLSX, AdmitForm, KnowledgeForm, PoolFilter, PoolImportForm
from qingyuan.people.queries import region_name
from qingyuan.people.rules import is_this_expert
from qingyuan.ui.pagination import paginate
from qingyuan.ui.verbpage import VerbPage
from qingyuan.workbooks.read import Reading, read_table
from qingyuan.workbooks.write import write_marked, write_table, write_template

MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN_PROBLEMS = 200


def _allowed(request: HttpRequest) -> None:
    if not (verdict := judge(rules.can_see_pool, request.user)):
        raise NotAllowed(verdict.reasons)


def expert_list(request: HttpRequest) -> HttpResponse:
    """The experts whom the reader may use."""
    _allowed(request)
    form = PoolFilter(request.GET)
    page = paginate(request, queries.experts(request.user, **form.chosen()))
    for expert in page:
        expert.field_titles = wording.titles(expert.fields, wording.sector_titles())
        expert.place = region_name(expert.region_code)
    return TemplateResponse(
        request,
        "people/experts.html",
        {
            "form": form,
            "page": page,
            "keeps": rules.kept_bodies(request.user),
            "enrols": is_operator.test(request.user),
            "query": request.GET.urlencode(),
        },
    )


def _workbook(target: io.BytesIO, name: str) -> FileResponse:
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=name, content_type=MEDIA)


def export(request: HttpRequest) -> FileResponse:
    """The list as the page shows it, in the shape in which it can come back."""
    _allowed(request)
    target = io.BytesIO()
    found = queries.experts(request.user, **PoolFilter(request.GET).chosen())
    write_table(target, table.pool_table(), table.table_rows(found))
    return _workbook(target, "专家名单.xlsx")


def template(_request: HttpRequest) -> FileResponse:
    target = io.BytesIO()
    write_template(target, table.pool_table())
    return _workbook(target, "专家名单（模板）.xlsx")


def expert_page(request: HttpRequest, expert: Expert) -> HttpResponse:
    """One expert: knowledge, declared relations, and what the reader may do."""
    user = request.user
    return TemplateResponse(
        request,
        "people/pool/expert.html",
        {
            "expert": expert,
            "is_own": is_this_expert.test(user, expert),
            "place": region_name(expert.region_code),
            "fields": wording.titles(expert.fields, wording.sector_titles()),
            "categories": wording.titles(expert.categories, wording.category_titles()),
            "interests": expert.interests.select_related("organisation").order_by("pk"),
            "may_describe": actions.describe.allowed(user, expert).ok,
            "may_rest": actions.rest.allowed(user, expert).ok,
            "may_restore": actions.restore.allowed(user, expert).ok,
        },
    )


class _ExpertPage(VerbPage):
    page_template = "ui/page.html"

    def get_success_url(self, result: Any) -> str:  # noqa: ARG002
        return reverse("people:expert", args=[self.object.pk])

    def get_cancel_url(self) -> str:
        return reverse("people:expert", args=[self.object.pk])


class Describe(_ExpertPage):
    verb = actions.describe
    form_class = KnowledgeForm
    explain = gettext_lazy("专业领域决定分派时是否“覆盖领域”；工作单位和地区决定回避。")
    button = gettext_lazy("保存")
    done = gettext_lazy("专家信息已更新。")

    def get_initial(self) -> dict[str, Any]:
        expert = self.object
        return {
            "title": expert.title,
            "employer": expert.employer_label,
            "region_code": expert.region_code,
            "fields_of_work": expert.fields,
            "categories": expert.categories,
            "methods": "、".join(expert.methods),
        }

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        return dict(form.knowledge())


class Rest(_ExpertPage):
    verb = actions.rest
    explain = gettext_lazy("暂停后不再参加抽取和分派；已开始的评审不受影响，随时可以恢复。")
    done = gettext_lazy("已暂停。")


class Restore(_ExpertPage):
    verb = actions.restore
    explain = gettext_lazy("恢复后可以参加抽取和分派。")
    done = gettext_lazy("已恢复。")


class _PoolPage(VerbPage):
    verb = actions.import_pool
    check_revision = False

    def get_success_url(self, result: Any) -> str:  # noqa: ARG002
        return reverse("people:experts")

    def get_cancel_url(self) -> str:
        return reverse("people:experts")


class Admit(_PoolPage):
    form_class = AdmitForm
    title = gettext_lazy("专家入库")
    explain = gettext_lazy("将一位专家列入本单位的专家库。入库后由本人核对专业领域并申报利益关系。")
    button = gettext_lazy("入库")
    done = gettext_lazy("专家已入库，已通知本人申报利益关系。")

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        return {"rows": [form.row()]}


class Import(_PoolPage):
    """Many at once. One wrong cell and nothing is imported; all of them are shown, and marked in the file."""

    form_class = PoolImportForm
    template_name = "people/pool/import.html"
    explain = gettext_lazy("按名单新增或更新专家；有一处错误就全部不导入，并逐格列出。")
    button = gettext_lazy("检查并导入")
    done = gettext_lazy("专家名单已导入。")
    reading: Reading | None = None
    upload: Upload | None = None

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        self.upload = gate.receive(form.cleaned_data["file"], by=self.request.user, allow=XLSX)
        self.reading = read_upload(self.object, self.upload)
        if not self.reading.ok:
            raise Invalid(
                [], _("名单有 %d 处需要改正，没有导入任何一行") % max(self.reading.problem_count, 1)
            )
        return {"rows": table.rows_of(self.reading)}

    def get_context(self) -> dict[str, Any]:
        more: dict[str, Any] = {"table": table.pool_table(), "organisation": self.object}
        if self.reading is not None and self.upload is not None and not self.reading.ok:
            listed = [problem for problem in self.reading.problems if problem.level == "error"]
            more |= {
                "listed": listed[:SHOWN_PROBLEMS],
                "hidden_count": max(0, self.reading.problem_count - SHOWN_PROBLEMS),
                "marked_url": reverse("people:pool-marked", args=[self.object.pk, self.upload.pk])
                if self.reading.cells
                else "",
            }
        return more


def read_upload(keeper: Organisation, upload: Upload) -> Reading:
    """The workbook's rows; codes of other departments' experts are wrong cells."""
    others = set(Expert.objects.exclude(keeper=keeper).values_list("code", flat=True))
    schema = table.pool_table(check_code=lambda code: [_("未被其他单位使用的代码")] if code in others else [])
    with storage.open_blob(upload.sha256) as source:
        return read_table(source, schema, name=upload.name)


def marked(request: HttpRequest, organisation: Organisation, upload: Any) -> FileResponse:
    """The uploaded workbook with its wrong cells marked, for the person who uploaded it."""
    found = Upload.objects.filter(pk=upload, uploaded_by_id=request.user.pk, kind="xlsx").first()
    if found is None or not found.is_readable:
        raise Http404
    reading = read_upload(organisation, found)
    target = io.BytesIO()
    write_marked(target, reading.cells, reading.problems, sheet=reading.sheet)
    return _workbook(target, f"{found.name.removesuffix('.xlsx')}（已标出问题）.xlsx")
