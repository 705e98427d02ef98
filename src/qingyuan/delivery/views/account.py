"""The account of the innovation: of one pilot, of all that a person follows, and the public totals."""

from __future__ import annotations

import io
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.catalogue import innovation
from qingyuan.delivery import account_table, account_words, efforts, workbench_table
from qingyuan.delivery.actions import account as verbs
from qingyuan.delivery.forms import account as forms
from qingyuan.delivery.models import AccountStatement, EffortEntry, Project
from qingyuan.delivery.queries import account as queries
from qingyuan.delivery.queries import project as projects
from qingyuan.delivery.queries import workbench
from qingyuan.delivery.views.frame import ProjectVerbPage, show
from qingyuan.figures import FigureError, png, svg
from qingyuan.kernel import clock, gate
from qingyuan.kernel.errors import Invalid
from qingyuan.kernel.gate.serve import serve
from qingyuan.kernel.models import Upload
from qingyuan.ui.pagination import paginate
from qingyuan.workbooks.read import Reading
from qingyuan.workbooks.write import write_marked, write_sheets, write_template

MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN_PROBLEMS = 50


def account(request: HttpRequest, project: Project) -> HttpResponse:
    """What the pilot took beside the traditional way, with everything needed to judge it."""
    book = queries.book(project)
    user = request.user
    statements = list(
        project.account_statements.select_related("made_by", "project__pilot__call__joint_body")
    )
    return show(
        request,
        "delivery/account/page.html",
        project,
        "account",
        book=book,
        lines=account_table.lines(book.results),
        workbench=workbench.happened(project, book),
        coverage=account_table.coverage(book),
        assumed=account_table.assumed(book),
        declared=[measure.title for name, measure in innovation.measures().items() if name in book.declared],
        has_figure=any(
            result.per_enterprise is not None and result.tradition for result in book.results.values()
        ),
        stats=account_table.stats(book),
        statements=[
            (
                one,
                queries.STATEMENT_TONES[one.stage],
                verbs.release.allowed(user, one).ok,
                verbs.retract.allowed(user, one).ok,
            )
            for one in statements
        ],
        may_log=verbs.log_effort.allowed(user, project).ok,
    )


def log(request: HttpRequest, project: Project) -> HttpResponse:
    """What really happened, entry by entry."""
    page = paginate(request, queries.efforts(project))
    may_log = verbs.log_effort.allowed(request.user, project).ok
    return show(
        request,
        "delivery/account/log.html",
        project,
        "account",
        page=page,
        rows=[(one, len(one.enterprises.all())) for one in page.object_list],
        may_log=may_log,
    )


def chart_svg(_request: HttpRequest, project: Project) -> HttpResponse:
    return HttpResponse(_drawn(project, svg), content_type="image/svg+xml")


def chart_png(_request: HttpRequest, project: Project) -> HttpResponse:
    response = HttpResponse(_drawn(project, png), content_type="image/png")
    response["Content-Disposition"] = 'attachment; filename="account.png"'
    return response


def _drawn(project: Project, draw: Any) -> Any:
    try:
        return draw(queries.figure(queries.book(project)))
    except FigureError as error:
        raise Http404 from error


def workbook(_request: HttpRequest, project: Project) -> FileResponse:
    """The account, what happened on the platform, its assumptions, its coverage and the whole log."""
    target = io.BytesIO()
    book, subtitle = queries.book(project), _subtitle(project)
    result, *rest = account_table.sheets(book, queries.efforts(project), subtitle=subtitle)
    happened = workbench_table.sheet(workbench.happened(project, book), subtitle=subtitle)
    write_sheets(target, [result, happened, *rest])
    return _attached(target, "创新账.xlsx")


def workbench_workbook(_request: HttpRequest, project: Project) -> FileResponse:
    """What happened on the platform beside what was estimated, alone."""
    target = io.BytesIO()
    lines = workbench.happened(project, queries.book(project))
    write_sheets(target, [workbench_table.sheet(lines, subtitle=_subtitle(project))])
    return _attached(target, "平台上实际发生的与估算.xlsx")


def _subtitle(project: Project) -> str:
    return f"{project.title} {clock.local(clock.now()).date()}"


def _attached(target: io.BytesIO, name: str) -> FileResponse:
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=name, content_type=MEDIA)


def evidence(_request: HttpRequest, effort: EffortEntry) -> FileResponse:
    if effort.evidence is None:
        raise Http404
    return serve(effort.evidence)


# --- verbs


class AccountVerbPage(ProjectVerbPage):
    part = "account"
    check_revision = False

    def get_cancel_url(self) -> str:
        return reverse("delivery:account", args=[self.project_of().pk])


class LogPage(AccountVerbPage):
    verb = verbs.log_effort
    form_class = forms.EffortForm
    explain = gettext_lazy(
        "记实际发生的事，不记计划。没有数据的留空：留空算作没有记录，不算零；确实是零的填 0。"
    )
    done = gettext_lazy("已记下一笔。")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"project": self.object, "request": self.request}

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        file = form.cleaned_data["evidence"]
        kept = gate.receive(file, by=self.request.user, allow=forms.EVIDENCE) if file else None
        return {"row": form.row(), "evidence": kept}

    def get_success_url(self, result: Any) -> str:
        del result
        return reverse("delivery:account-log", args=[self.object.pk])


class ImportPage(AccountVerbPage):
    """One wrong cell and nothing is taken in; all of them are shown, and marked in the file."""

    verb = verbs.import_efforts
    form_class = forms.EffortsForm
    template_name = "delivery/account/import.html"
    explain = gettext_lazy("按模板一行一件事；有一处错误就一行也不记入，并逐格列出。")
    button = gettext_lazy("检查并导入")
    done = gettext_lazy("工作量记录已导入。")
    reading: Reading | None = None
    upload: Upload | None = None

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"request": self.request}

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        self.upload = gate.receive(form.cleaned_data["file"], by=self.request.user, allow=forms.XLSX)
        self.reading = efforts.read_upload(self.object, self.upload)
        if not self.reading.ok:
            found = max(self.reading.problem_count, 1)
            raise Invalid([], _("记录有 %d 处需要改正，没有记入任何一行") % found)
        return {"rows": efforts.rows_of(self.reading)}

    def get_context(self) -> dict[str, Any]:
        more: dict[str, Any] = {**super().get_context(), "table": efforts.table_of(self.object)}
        if self.reading is not None and self.upload is not None and not self.reading.ok:
            listed = [problem for problem in self.reading.problems if problem.level == "error"]
            more |= {
                "listed": listed[:SHOWN_PROBLEMS],
                "hidden_count": max(0, self.reading.problem_count - SHOWN_PROBLEMS),
                "marked_url": reverse("delivery:marked-efforts", args=[self.object.pk, self.upload.pk])
                if self.reading.cells
                else "",
            }
        return more

    def get_success_url(self, result: Any) -> str:
        del result
        return reverse("delivery:account-log", args=[self.object.pk])


def template(_request: HttpRequest, project: Project) -> FileResponse:
    target = io.BytesIO()
    write_template(target, efforts.table_of(project))
    return _attached(target, "试点工作量记录（模板）.xlsx")


def marked(request: HttpRequest, project: Project, upload: Any) -> FileResponse:
    """The uploaded workbook with its wrong cells marked, for the person who uploaded it."""
    found = Upload.objects.filter(pk=upload, uploaded_by_id=request.user.pk, kind="xlsx").first()
    if found is None or not found.is_readable:
        raise Http404
    reading = efforts.read_upload(project, found)
    target = io.BytesIO()
    write_marked(target, reading.cells, reading.problems, sheet=reading.sheet)
    return _attached(target, f"{found.name.removesuffix('.xlsx')}（已标出问题）.xlsx")


class AssumePage(AccountVerbPage):
    verb = verbs.assume
    form_class = forms.AssumeForm
    explain = gettext_lazy(
        "写本地同行业逐家审核一家企业的实际情况。低、中、高之间是真实的差别，结果也按这三个数给出范围。"
    )
    done = gettext_lazy("假设已保存。")

    def get_initial(self) -> dict[str, Any]:
        measure = self.request.GET.get("measure", "")
        usual = next(
            (one for one in queries.book(self.object).assumed.values() if one.measure.id == measure), None
        )
        if usual is None or usual.usual is None:
            return {"measure": measure}
        three = {
            name: account_words.rounded(getattr(usual.usual, name)).replace(",", "")
            for name in ("low", "mid", "high")
        }
        return {"measure": measure, **three, "source": "" if usual.is_default else usual.source}


class CoveragePage(AccountVerbPage):
    verb = verbs.state_coverage
    form_class = forms.CoverageForm
    explain = gettext_lazy("两个数中没有的留空；同名的一项以后填的为准。")
    done = gettext_lazy("覆盖数据已保存。")


class DeclarePage(AccountVerbPage):
    verb = verbs.declare_log
    form_class = forms.DeclareForm
    explain = gettext_lazy(
        "勾选记录已经齐全的项目：没有记录的企业按没有投入计。没有勾选的，没有记录的企业按没有数据计，不计节省。"
    )
    statement = gettext_lazy("我确认勾选的项目没有漏记。")
    done = gettext_lazy("声明已保存。")

    def get_initial(self) -> dict[str, Any]:
        return {"measures": list(self.object.log_declarations.values_list("measure", flat=True))}


class StatePage(AccountVerbPage):
    verb = verbs.state_account
    explain = gettext_lazy("固定现在的数字、假设和句子；之后补记的，另报一次。")
    done = gettext_lazy("已报数。")


class VoidPage(AccountVerbPage):
    verb = verbs.void
    form_class = forms.VoidForm
    object_arg = "effort"
    danger = True
    check_revision = True
    done = gettext_lazy("这一笔已作废。")

    def project_of(self) -> Project:
        return self.object.project

    def get_cancel_url(self) -> str:
        return reverse("delivery:account-log", args=[self.object.project_id])


class StatementPage(AccountVerbPage):
    object_arg = "statement"
    check_revision = True
    object: AccountStatement

    def project_of(self) -> Project:
        return self.object.project


class ReleasePage(StatementPage):
    verb = verbs.release
    done = gettext_lazy("已计入公开汇总。")


class RetractPage(StatementPage):
    verb = verbs.retract
    form_class = forms.RetractForm
    danger = True
    done = gettext_lazy("已从公开汇总撤下。")


# --- across pilots


def accounts(request: HttpRequest) -> HttpResponse:
    """The accounts of the pilots that a person follows, and their totals."""
    page = paginate(request, projects.projects(request.user))
    books = queries.books(page.object_list)
    context = {
        "page": page,
        "measures": list(innovation.measures().values()),
        "rows": [(one, account_table.brief(books[one.pk])) for one in page.object_list],
        "totals": account_table.totals(queries.together(books.values())),
        "pilots": len(books),
    }
    return TemplateResponse(request, "delivery/account/all.html", context)


def public_totals(request: HttpRequest) -> HttpResponse:
    """Totals over the statements that departments released; no single pilot and no enterprise."""
    statements = queries.public_statements()
    found = account_table.public_totals(statements)
    return TemplateResponse(request, "delivery/account/public.html", found)
