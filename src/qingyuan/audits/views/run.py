"""Runs: the list, one with its findings, charts and files, two side by side."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.audits import drawings, reads
from qingyuan.audits import portfolio as portfolios
from qingyuan.audits.actions import run as actions
from qingyuan.audits.actions.adoption import adopt
from qingyuan.audits.forms.run import StartForm
from qingyuan.audits.models import Dataset, Run, RunFile
from qingyuan.audits.queries import run as queries
from qingyuan.audits.rules import run as rules
from qingyuan.audits.views.dataset_frame import DatasetVerbPage, show
from qingyuan.kernel.gate.kinds import ACCEPTED
from qingyuan.kernel.gate.serve import serve_blob
from qingyuan.ui.pagination import paginate

PART = "runs"
POLL_SECONDS = 3
PICTURES = {"image/svg+xml", "image/png"}


def runs(request: HttpRequest, dataset: Dataset) -> HttpResponse:
    page = paginate(request, queries.runs_of(dataset))
    return show(
        request,
        "audits/run/list.html",
        dataset,
        PART,
        page=page,
        rows=[(run, queries.TONES[run.stage]) for run in page.object_list],
        any_open=any(run.is_open for run in page.object_list),
        may_start=actions.start.allowed(request.user, dataset).ok,
        has_version=dataset.versions.exists(),
    )


class StartPage(DatasetVerbPage):
    verb = actions.start
    form_class = StartForm
    part = PART
    check_revision = False
    button = gettext_lazy("开始计算")
    explain = gettext_lazy(
        "在后台计算，可以离开本页；数据和程序都没有变化时，直接采用已有的结果。结果可用于方案文本、进展报告和验收材料。"
    )

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"dataset": self.object}

    def get_success_url(self, result: Any) -> str:
        return str(result.get_absolute_url())

    def get_cancel_url(self) -> str:
        return reverse("audits:runs", args=[self.object.pk])


def run(request: HttpRequest, run: Run) -> HttpResponse:
    files = queries.files_of(run)
    if run.stage == Run.Stage.DONE:
        reads.note(run.dataset, by=request.user, what=_("查看第 %d 次计算的结果") % run.number)
    findings = list(run.findings.all())
    return show(
        request,
        "audits/run/page.html",
        run.dataset,
        PART,
        run=run,
        tone=queries.TONES[run.stage],
        every=POLL_SECONDS,
        groups=queries.grouped(findings),
        charts=drawings.of(files),
        documents=[
            one
            for name, one in files.items()
            if name.endswith((".docx", ".xlsx", ".json")) and not name.endswith(drawings.OPTION)
        ],
        others=queries.others_to_compare(run) if run.stage == Run.Stage.DONE else [],
        newer=run.stage == Run.Stage.DONE and _newer(run),
        may_cancel=actions.cancel.allowed(request.user, run).ok,
        may_adopt=portfolios.may_hold_one(run)
        and any(one.key == portfolios.CHOSEN and one.value != "0" for one in findings)
        and adopt.allowed(request.user, run).ok,
        may_repeat=actions.repeat.allowed(request.user, run).ok,
    )


def _newer(run: Run) -> Run | None:
    found = queries.latest_done(run.dataset)
    return found if found is not None and found.number > run.number else None


def progress(request: HttpRequest, run: Run) -> HttpResponse:
    """The bar alone; once the run has ended, the page is loaded anew."""
    response = TemplateResponse(
        request,
        "audits/run/progress.html",
        {"run": run, "every": POLL_SECONDS, "tone": queries.TONES[run.stage]},
    )
    if not run.is_open:
        response["HX-Refresh"] = "true"
    return response


def file(request: HttpRequest, run: Run, name: str) -> FileResponse:
    """A file of the result; pictures are shown inside the page, everything else is downloaded.

    A chart's data have no file of their own: they are written from what drew it.
    """
    files = queries.files_of(run)
    found, chart = files.get(name), drawings.of_book(files, name)
    filename = f"{run.dataset.title}-{run.number}-{name}"
    if found is not None and request.GET.get("shown") == "1" and _may_be_shown(found):
        return _shown(serve_blob(found.sha256, name=filename, media_type=found.media_type))
    if found is None and chart is None:
        raise Http404
    reads.note(
        run.dataset,
        by=request.user,
        what=_("下载第 %(number)d 次计算的 %(name)s") % {"number": run.number, "name": name},
        way=reads.Way.FILE,
    )
    if found is not None:
        return serve_blob(found.sha256, name=filename, media_type=found.media_type)
    assert chart is not None
    return FileResponse(
        chart.workbook(), as_attachment=True, filename=filename, content_type=ACCEPTED["xlsx"].media_type
    )


def _may_be_shown(found: RunFile) -> bool:
    """What the page of a result itself shows: its reading is noted once, with the page."""
    return found.media_type in PICTURES or found.name.endswith(drawings.OPTION)


def _shown(response: FileResponse) -> FileResponse:
    # Drawn by ourselves out of escaped labels; inside an <img> nothing in it runs, and its own policy forbids all.
    response["Content-Disposition"] = "inline"
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response


def compare(request: HttpRequest, run: Run) -> HttpResponse:
    """Two results side by side; both must be open to this person."""
    other = next(
        (one for one in queries.others_to_compare(run) if str(one.pk) == request.GET.get("with", "")), None
    )
    if other is None or not rules.sees_run.test(request.user, other):
        raise Http404
    before, after = sorted((run, other), key=lambda one: one.asked_at)
    pairs = queries.side_by_side(before, after)
    only_changed = request.GET.get("all") != "1"
    reads.note(run.dataset, by=request.user, what=_("对比第 %d 次计算的结果") % run.number)
    return show(
        request,
        "audits/run/compare.html",
        run.dataset,
        PART,
        run=run,
        before=before,
        after=after,
        pairs=[one for one in pairs if one.differs or not only_changed],
        same=sum(1 for one in pairs if not one.differs),
        only_changed=only_changed,
        other=other,
    )


class RunVerbPage(DatasetVerbPage):
    object_arg = "run"
    part = PART
    object: Run

    def dataset_of(self) -> Dataset:
        return self.object.dataset

    def get_cancel_url(self) -> str:
        return self.object.get_absolute_url()


class CancelPage(RunVerbPage):
    verb = actions.cancel
    check_revision = False
    danger = True
    button = gettext_lazy("取消计算")


class RepeatPage(RunVerbPage):
    verb = actions.repeat
    check_revision = False
    button = gettext_lazy("重复计算")
    explain = gettext_lazy("用同一版数据和同一程序再算一次，逐字节比对结果。")

    def get_success_url(self, result: Any) -> str:
        return str(result.get_absolute_url())
