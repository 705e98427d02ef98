"""The results of a pilot: the list, one result with its versions, what is done with it."""

from __future__ import annotations

import io
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.delivery.actions import output as verbs
from qingyuan.delivery.forms import output as forms
from qingyuan.delivery.models import Output, OutputFile, Project
from qingyuan.delivery.output_table import rows_of
from qingyuan.delivery.queries import output as queries
from qingyuan.delivery.rules.output import works_on
from qingyuan.delivery.views.frame import ProjectVerbPage, show
from qingyuan.kernel import clock, gate
from qingyuan.kernel.gate.serve import serve
from qingyuan.kernel.record_language import in_record_language
from qingyuan.ui.pagination import paginate
from qingyuan.workbooks.outputs import output_table
from qingyuan.workbooks.write import write_table

MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def outputs(request: HttpRequest, project: Project) -> HttpResponse:
    form = forms.OutputFilter(request.GET or None)
    chosen = form.chosen() if form.is_bound else {}
    page = paginate(request, queries.outputs(request.user, project, **chosen))
    found = queries.counts(project)
    return show(
        request,
        "delivery/output/list.html",
        project,
        "outputs",
        form=form,
        page=page,
        rows=queries.lines(project, page.object_list),
        narrowed=any(chosen.values()),
        stats=[
            (_("产出成果"), found.all),
            (_("已认可"), found.accepted),
            (_("待认可"), found.handed_in),
            (_("逾期未提交"), found.late),
            (_("可公开"), found.public),
        ],
        may_add=verbs.add_output.allowed(request.user, project).ok,
        has_any=bool(found.all or found.dropped),
    )


@in_record_language()
def workbook(request: HttpRequest, project: Project) -> FileResponse:
    """Everything that the list and the versions say, of what this person may see."""
    target = io.BytesIO()
    lines = queries.lines(project, queries.outputs(request.user, project))
    day = clock.local(clock.now()).date()
    write_table(
        target, output_table(), rows_of(lines), title=f"{project.title} 产出成果清单", subtitle=f"{day}"
    )
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename="产出成果清单.xlsx", content_type=MEDIA)


def output(request: HttpRequest, output: Output) -> HttpResponse:
    user, project = request.user, output.project
    found = queries.outputs(user, project).get(pk=output.pk)
    (line,) = queries.lines(project, [found])
    return show(
        request,
        "delivery/output/page.html",
        project,
        "outputs",
        output=output,
        line=line,
        works_on=works_on(user, project),
        may_arrange=verbs.arrange.allowed(user, output).ok,
        may_feed=verbs.add_version.allowed(user, output).ok,
        may_hand_in=verbs.hand_in.allowed(user, output).ok
        and line.newest is not None
        and line.newest.handed_in_at is None,
        may_judge=verbs.accept.allowed(user, output).ok,
        may_mark=verbs.mark.allowed(user, output).ok,
        may_drop=verbs.drop.allowed(user, output).ok and not output.is_promised,
    )


def file(_request: HttpRequest, file: OutputFile) -> FileResponse:
    return serve(file.upload)


class AddPage(ProjectVerbPage):
    verb = verbs.add_output
    form_class = forms.AddOutputForm
    part = "outputs"
    check_revision = False
    explain = gettext_lazy("用于获批方案之外的成果；方案承诺的成果已经列出，改名或不再产出须申请变更。")
    done = gettext_lazy("成果已增补。")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"content": self.object.baseline.content}

    def get_success_url(self, result: Any) -> str:
        return str(result.get_absolute_url())

    def get_cancel_url(self) -> str:
        return reverse("delivery:outputs", args=[self.object.pk])


class OutputVerbPage(ProjectVerbPage):
    object_arg = "output"
    part = "outputs"
    object: Output

    def project_of(self) -> Project:
        return self.object.project

    def get_cancel_url(self) -> str:
        return self.object.get_absolute_url()


class ArrangePage(OutputVerbPage):
    verb = verbs.arrange
    form_class = forms.ArrangeForm
    done = gettext_lazy("安排已保存。")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"content": self.object.project.baseline.content}

    def get_initial(self) -> dict[str, Any]:
        one = self.object
        return {"kind": one.kind, "milestone": one.milestone, "targets": one.targets}


class VersionPage(OutputVerbPage):
    verb = verbs.add_version
    form_class = forms.VersionForm
    check_revision = False
    explain = gettext_lazy("存入后再从成果页提交；提交之前只有本单位和授权人员可见。文件按内容查验。")
    done = gettext_lazy("版本已存入，可以提交。")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"request": self.request}

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        clean = dict(form.cleaned_data)
        given = clean.pop("uploads")
        if len(given) <= verbs.MOST_FILES:
            given = [gate.receive(one, by=self.request.user) for one in given]
        return {**clean, "uploads": given}


class HandInPage(OutputVerbPage):
    verb = verbs.hand_in
    explain = gettext_lazy("提交最新的一版；主办单位认可或退回之前不能再上传新版本。")
    statement = gettext_lazy("我确认成果文件不含国家秘密，涉及企业商业秘密的已经标明或处理。")
    done = gettext_lazy("成果已提交。")


class AcceptPage(OutputVerbPage):
    verb = verbs.accept
    form_class = forms.AcceptForm
    done = gettext_lazy("成果已认可。")


class SendBackPage(OutputVerbPage):
    verb = verbs.send_back
    form_class = forms.SendBackForm
    done = gettext_lazy("成果已退回。")


class MarkPage(OutputVerbPage):
    verb = verbs.mark
    form_class = forms.MarkForm
    explain = gettext_lazy("标记可公开的，日后编入案例库的成果目录；标记随时可以改，提交新版本后须重新标记。")
    done = gettext_lazy("标记已保存。")

    def get_initial(self) -> dict[str, Any]:
        return {"public": "yes" if self.object.may_be_published else "no"}


class DropPage(OutputVerbPage):
    verb = verbs.drop
    form_class = forms.DropForm
    danger = True
    done = gettext_lazy("成果已撤下。")
