"""The registry's pages: the list, one enterprise, the import of a province's list, and the public lookup."""

from __future__ import annotations

import io
from http import HTTPStatus
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.kernel import gate, throttle
from qingyuan.kernel.errors import Invalid, NotAllowed
from qingyuan.kernel.models import Upload
from qingyuan.kernel.permission import judge
from qingyuan.people.models import Organisation
from qingyuan.registry import actions, duties, forms, involvement, own, queries, rules, table
from qingyuan.registry.models import Enterprise
from qingyuan.ui.pagination import paginate
from qingyuan.ui.verbpage import VerbPage
from qingyuan.workbooks.read import Reading
from qingyuan.workbooks.write import write_marked, write_template

MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN_PROBLEMS = 200
LOOKS_A_MINUTE = 30
STATES = {
    "done": gettext_lazy("已完成"),
    "done_late": gettext_lazy("逾期完成"),
    "open": gettext_lazy("未到期"),
    "overdue": gettext_lazy("已过期限"),
}


def enterprises(request: HttpRequest) -> HttpResponse:
    """The enterprises that the reader sees."""
    if not (verdict := judge(rules.sees_registry, request.user)):
        raise NotAllowed(verdict.reasons)
    form = forms.EnterpriseFilter(request.GET)
    page = paginate(request, queries.enterprises(request.user, **form.chosen()))
    today = queries.today()
    rows = []
    for one in page.object_list:
        last: Any = one.last_audit  # type: ignore[attr-defined]
        due = duties.next_due(last) if last and one.stage == Enterprise.Stage.ACTIVE else None
        rows.append((one, queries.TONES[one.stage], queries.place(one.region_code), due, due and due < today))
    context = {
        "form": form,
        "page": page,
        "rows": rows,
        "keeps": rules.kept_by(request.user),
        "query": request.GET.urlencode(),
    }
    return TemplateResponse(request, "registry/list.html", context)


def enterprise(request: HttpRequest, enterprise: Enterprise) -> HttpResponse:
    """One enterprise: what is asked of it by when, its audits, its pilots, its former names."""
    user = request.user
    records = list(queries.records_of(enterprise).select_related("certificate"))
    merged = list(enterprise.merged_from.order_by("credit_code"))
    entries = [enterprise.pk, *(one.pk for one in merged)]
    pilots = involvement.of(user, entries)
    inside = own.unnamed(own.pilots_of(entries), {one.title for one in pilots})
    found = queries.duties_of(enterprise, records)
    keeps = rules.keeps_enterprise.test(user, enterprise)
    return TemplateResponse(
        request,
        "registry/enterprise.html",
        {
            "enterprise": enterprise,
            "tone": queries.TONES[enterprise.stage],
            "place": queries.place(enterprise.region_code),
            "duties": [(one, STATES[one.state], queries.STATE_TONES[one.state]) for one in found],
            "next": duties.next_day(found),
            "records": [(one, keeps and actions.revoke_audit.allowed(user, one).ok) for one in records],
            "standing": own.standing_of(enterprise, records, inside),
            "pilots": pilots,
            "names": enterprise.former_names.all(),
            "merged": merged,
            "may_rename": actions.rename.allowed(user, enterprise).ok,
            "may_close": actions.close.allowed(user, enterprise).ok,
            "may_reopen": actions.reopen.allowed(user, enterprise).ok,
            "may_merge": actions.merge.allowed(user, enterprise).ok,
            "may_record": actions.record_audit.allowed(user, enterprise).ok,
        },
    )


class RenamePage(VerbPage):
    verb = actions.rename
    form_class = forms.RenameForm
    explain = gettext_lazy("原名称记为曾用名，按原名称不再查到；统一社会信用代码不变。")
    done = gettext_lazy("已更名。")


class ClosePage(VerbPage):
    verb = actions.close
    form_class = forms.CloseForm
    danger = True
    explain = gettext_lazy("关停后不再计算审核期限，审核记录保留；复产的可以恢复在册。")
    done = gettext_lazy("已登记关停。")


class ReopenPage(VerbPage):
    verb = actions.reopen
    explain = gettext_lazy("恢复在册后重新计算审核期限。")
    done = gettext_lazy("已恢复在册。")


class MergePage(VerbPage):
    verb = actions.merge
    form_class = forms.MergeForm
    danger = True
    explain = gettext_lazy(
        "用于信用代码变更、重复登记和吸收合并。并入后不能撤回；两个代码的审核记录和试点都列在并入后的企业名下。"
    )
    done = gettext_lazy("已并入。")


class RecordPage(VerbPage):
    verb = actions.record_audit
    form_class = forms.RecordForm
    explain = gettext_lazy(
        "强制性审核的完成日期决定下一轮审核的期限；自愿性审核只作记录。试点视同的审核由试点验收产生，不在这里登记。"
    )
    done = gettext_lazy("审核已登记。")


class RevokePage(VerbPage):
    verb = actions.revoke_audit
    form_class = forms.RevokeForm
    object_arg = "record"
    danger = True
    explain = gettext_lazy("撤销后记录留存并标明理由，公开查询不再列出，期限按其余记录计算。")
    done = gettext_lazy("审核记录已撤销。")


class ImportPage(VerbPage):
    """One wrong cell and nothing is imported; all of them are shown, and marked in the file."""

    verb = actions.import_list
    form_class = forms.ListForm
    template_name = "registry/import.html"
    check_revision = False
    explain = gettext_lazy(
        "按统一社会信用代码新增或更新企业；有一处错误就全部不导入，并逐格列出。留空的单元格不改动库中已有的内容。"
    )
    button = gettext_lazy("检查并导入")
    done = gettext_lazy("企业清单已导入。")
    reading: Reading | None = None
    upload: Upload | None = None

    def get_object(self) -> Any:
        return self.kwargs["organisation"]

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        self.upload = gate.receive(form.cleaned_data["file"], by=self.request.user, allow=forms.XLSX)
        self.reading = table.read_upload(self.object, self.upload)
        if not self.reading.ok:
            raise Invalid(
                [], _("清单有 %d 处需要改正，没有导入任何一行") % max(self.reading.problem_count, 1)
            )
        return {"rows": table.rows_of(self.object, self.reading)}

    def get_context(self) -> dict[str, Any]:
        more: dict[str, Any] = {
            "table": table.table_of(self.object),
            "lists": self.object.enterprise_lists.all()[:10],
        }
        if self.reading is not None and self.upload is not None and not self.reading.ok:
            listed = [problem for problem in self.reading.problems if problem.level == "error"]
            more |= {
                "listed": listed[:SHOWN_PROBLEMS],
                "hidden_count": max(0, self.reading.problem_count - SHOWN_PROBLEMS),
                "marked_url": reverse("registry:marked", args=[self.object.pk, self.upload.pk])
                if self.reading.cells
                else "",
            }
        return more

    def get_object_url(self) -> str:
        return ""

    def get_success_url(self, result: Any) -> str:
        del result
        return reverse("registry:import", args=[self.object.pk])

    def get_cancel_url(self) -> str:
        return reverse("registry:enterprises")


def template(_request: HttpRequest, organisation: Organisation) -> FileResponse:
    target = io.BytesIO()
    write_template(target, table.table_of(organisation))
    return _workbook(target, "企业基础信息清单（模板）.xlsx")


def marked(request: HttpRequest, organisation: Organisation, upload: Any) -> FileResponse:
    """The uploaded workbook with its wrong cells marked, for the person who uploaded it."""
    found = Upload.objects.filter(pk=upload, uploaded_by_id=request.user.pk, kind="xlsx").first()
    if found is None or not found.is_readable:
        raise Http404
    reading = table.read_upload(organisation, found)
    target = io.BytesIO()
    write_marked(target, reading.cells, reading.problems, sheet=reading.sheet)
    return _workbook(target, f"{found.name.removesuffix('.xlsx')}（已标出问题）.xlsx")


def _workbook(target: io.BytesIO, name: str) -> FileResponse:
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=name, content_type=MEDIA)


def lookup(request: HttpRequest) -> HttpResponse:
    """Who knows a credit code reads which audits are on record for it: no search by name, no list."""
    code = request.GET.get("code", "").strip()[:40]
    context: dict[str, Any] = {"code": code}
    status = HTTPStatus.OK
    if code and throttle.too_many(request, what="enterprise-lookup", limit=LOOKS_A_MINUTE):
        context["too_many"], status = True, HTTPStatus.TOO_MANY_REQUESTS
    elif code:
        context["asked"] = True
        if found := queries.looked_up(code):
            context["enterprise"], context["records"] = found
    return TemplateResponse(request, "registry/lookup.html", context, status=status)
