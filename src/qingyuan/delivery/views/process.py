"""过程: how far the audit of every enterprise is, by which day the law asks what, and the phases one by one."""

from __future__ import annotations

import io
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.catalogue.supervision import supervision
from qingyuan.delivery import actions, phase_table
from qingyuan.delivery.audit_links import opens_audits
from qingyuan.delivery.forms.process import XLSX, PhaseForm, PhaseImportForm, ProcessFilter
from qingyuan.delivery.models import Project
from qingyuan.delivery.queries import process as queries
from qingyuan.delivery.views.frame import ProjectVerbPage, show
from qingyuan.kernel import gate
from qingyuan.kernel.errors import Invalid
from qingyuan.kernel.gate.names import clean_name
from qingyuan.kernel.models import Upload
from qingyuan.registry.queries import STATE_TONES
from qingyuan.registry.views import STATES as DUTY_STATES
from qingyuan.ui.pagination import paginate
from qingyuan.workbooks.read import Reading
from qingyuan.workbooks.write import write_marked

MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN_PROBLEMS = 200
FLAGS = {
    "overdue": (gettext_lazy("法定期限已过"), "bad"),
    "soon": (gettext_lazy("即将到期"), "warn"),
    "stalled": (gettext_lazy("长期没有进展"), "warn"),
    "dropped": (gettext_lazy("已移出范围"), "neutral"),
}


def process(request: HttpRequest, project: Project) -> HttpResponse:
    form = ProcessFilter(request.GET)
    found = queries.lines(project)
    page = paginate(request, queries.narrowed(found, **form.chosen()))
    return show(
        request,
        "delivery/process/page.html",
        project,
        "process",
        form=form,
        page=page,
        rows=[(line, [FLAGS[state] for state in queries.STATES if state in line.states]) for line in page],
        stats=queries.counts(found),
        limits=supervision(on=queries.today()),
        may_set=actions.set_phases.allowed(request.user, project).ok,
    )


def enterprise(request: HttpRequest, project: Project, credit_code: str) -> HttpResponse:
    """One enterprise: its duties with the basis in force on each day, and every change of its phase."""
    line = next(
        (one for one in queries.lines(project) if one.row.enterprise.credit_code == credit_code), None
    )
    if line is None:
        raise Http404
    changes = list(line.row.phase_changes.select_related("by"))
    return show(
        request,
        "delivery/process/enterprise.html",
        project,
        "process",
        line=line,
        duties=[(one, DUTY_STATES[one.state], STATE_TONES[one.state]) for one in line.duties],
        steps=queries.steps(line.row, changes),
        changes=changes,
        may_set=actions.set_phases.allowed(request.user, project).ok and not line.row.dropped_on,
        opens_audits=opens_audits(request.user, project),
    )


class PhasePages(ProjectVerbPage):
    verb = actions.set_phases
    part = "process"
    check_revision = False
    done = gettext_lazy("审核阶段已更新。")

    def get_cancel_url(self) -> str:
        return reverse("delivery:process", args=[self.object.pk])


class SetPhasePage(PhasePages):
    """For the enterprises that were ticked in the list (`?e=code`), or all that are offered where none was."""

    form_class = PhaseForm
    explain = gettext_lazy("所选企业在同一天进入同一阶段；每次改动留一条记录，原记录不改。")

    def get_form_kwargs(self) -> dict[str, Any]:
        chosen = set(self.request.GET.getlist("e"))
        rows = self.object.scope.filter(dropped_on=None).select_related("enterprise")
        if chosen:
            rows = rows.filter(enterprise__credit_code__in=chosen)
        return {
            "offered": [
                (
                    one.enterprise.credit_code,
                    _("%(name)s（%(phase)s）") % {"name": one.name, "phase": one.get_phase_display()},
                )
                for one in rows
            ]
        }

    def get_initial(self) -> dict[str, Any]:
        chosen = self.request.GET.getlist("e")
        return {"enterprises": chosen, "on": queries.today()}

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        return {"rows": form.rows()}


class ImportPhasesPage(PhasePages):
    """One wrong cell and nothing is imported; all of them are shown, and marked in the file."""

    form_class = PhaseImportForm
    template_name = "delivery/process/import.html"
    title = gettext_lazy("导入审核阶段")
    button = gettext_lazy("检查并导入")
    explain = gettext_lazy("按统一社会信用代码更新各企业的审核阶段；有一处错误就全部不导入，并逐格列出。")
    reading: Reading | None = None
    upload: Upload | None = None

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        self.upload = gate.receive(form.cleaned_data["file"], by=self.request.user, allow=XLSX)
        self.reading = phase_table.read_upload(self.object, self.upload)
        if not self.reading.ok:
            raise Invalid(
                [], _("阶段表有 %d 处需要改正，没有导入任何一行") % max(self.reading.problem_count, 1)
            )
        rows = phase_table.rows_of(self.object, self.reading)
        if not rows:
            raise Invalid([], _("表中各行都与现状相同，没有要更新的"))
        return {"rows": rows}

    def get_context(self) -> dict[str, Any]:
        more: dict[str, Any] = {"table": phase_table.table()}
        if self.reading is not None and self.upload is not None and not self.reading.ok:
            listed = [problem for problem in self.reading.problems if problem.level == "error"]
            more |= {
                "listed": listed[:SHOWN_PROBLEMS],
                "hidden_count": max(0, self.reading.problem_count - SHOWN_PROBLEMS),
                "marked_url": reverse("delivery:marked-phases", args=[self.object.pk, self.upload.pk])
                if self.reading.cells
                else "",
            }
        return {**super().get_context(), **more}


def export(_request: HttpRequest, project: Project) -> FileResponse:
    """As it stands; the same workbook, changed, is what an import takes."""
    target = io.BytesIO()
    phase_table.write_phases(target, project)
    return workbook(target, f"企业审核阶段表_{project.title}.xlsx")


def marked(request: HttpRequest, project: Project, upload: Any) -> FileResponse:
    """The uploaded workbook with its wrong cells marked, for the person who uploaded it."""
    found = Upload.objects.filter(pk=upload, uploaded_by_id=request.user.pk, kind="xlsx").first()
    if found is None or not found.is_readable:
        raise Http404
    reading = phase_table.read_upload(project, found)
    target = io.BytesIO()
    write_marked(target, reading.cells, reading.problems, sheet=reading.sheet)
    return workbook(target, f"{found.name.removesuffix('.xlsx')}（已标出问题）.xlsx")


def workbook(target: io.BytesIO, name: str) -> FileResponse:
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=clean_name(name), content_type=MEDIA)
