"""Progress reports while they are filled in: guarded writes with their own revision, no ledger entry each."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.delivery import quoted
from qingyuan.delivery import report as contents
from qingyuan.delivery.models import ProgressReport, Project, ReportEvidence
from qingyuan.delivery.queries.report import RELATED
from qingyuan.delivery.rules import report as rules
from qingyuan.kernel import clock
from qingyuan.kernel.errors import Invalid, NotAllowed, Problem, Stale, WrongStage
from qingyuan.kernel.models import Upload
from qingyuan.kernel.permission import judge

MOST_FILES = 50


class ReportChanged(Stale):
    """Somebody saved the report after this page was opened; `theirs` is what stands, `yours` what was sent."""

    code = "report_changed"

    def __init__(self, *, yours: contents.Draft, theirs: ProgressReport) -> None:
        said = {
            "who": str(theirs.saved_by or ""),
            "at": f"{clock.local(theirs.saved_at):%-m月%-d日 %H:%M}" if theirs.saved_at else "",
        }
        super().__init__(
            _("%(who)s 于 %(at)s 保存过本报告，您这里的内容没有覆盖它，两份都列在下面，请核对后再存") % said
        )
        self.yours, self.theirs = yours, theirs


def save_report(report: ProgressReport, *, draft: contents.Draft, revision: int, by: Any) -> ProgressReport:
    """Save a draft. Raises NotAllowed, WrongStage, Invalid or ReportChanged (nothing is then written)."""
    with transaction.atomic():
        row = _locked(report, by)
        draft = contents.fitted(draft, row.project.baseline.content)
        if problems := list(contents.too_long(draft)):
            raise Invalid(problems)
        if row.content == draft.plain():
            return row
        if row.draft_revision != revision:
            raise ReportChanged(yours=draft, theirs=row)
        if problems := _hidden(row, draft, by):
            raise Invalid(problems)
        row.content = draft.plain()
        row.draft_revision += 1
        row.saved_at, row.saved_by = clock.now(), by
        row.save(update_fields=["content", "draft_revision", "saved_at", "saved_by"])
    return row


def _hidden(row: ProgressReport, draft: contents.Draft, by: Any) -> list[Problem]:
    """Charts newly quoted by somebody who may not read them."""
    before = contents.of_plain(row.content).texts
    return [
        problem
        for key, text in draft.texts.items()
        for problem in quoted.hidden(
            row.project, text, before=before.get(key, ""), by=by, where=f"text-{key}"
        )
    ]


def refuse_evidence(report: ProgressReport, by: Any) -> None:
    """Before the gate reads a byte: may this person add a file now?"""
    with transaction.atomic():
        _locked(report, by)


def add_evidence(report: ProgressReport, *, target_key: str, upload: Upload, by: Any) -> ReportEvidence:
    """A file for a figure of the report."""
    with transaction.atomic():
        row = _locked(report, by)
        if target_key not in {line["key"] for line in row.project.baseline.content["targets"]}:
            raise Invalid([Problem(_("现行基线没有这一目标"), where="target_key")])
        if row.evidence.filter(is_out=False).count() >= MOST_FILES:
            raise Invalid([Problem(_("一份报告最多 %d 个文件") % MOST_FILES, where="file")])
        found, _made = ReportEvidence.objects.update_or_create(
            report=row,
            target_key=target_key,
            upload=upload,
            defaults={"at": clock.now(), "by": by, "is_out": False},
        )
    return found


def take_out_evidence(report: ProgressReport, *, evidence: int, by: Any) -> None:
    """The file no longer belongs to the draft; versions that show it keep it."""
    with transaction.atomic():
        row = _locked(report, by)
        ReportEvidence.objects.filter(report=row, pk=evidence).update(is_out=True)


def _locked(report: ProgressReport, by: Any) -> ProgressReport:
    verdict = judge(rules.handles_report, by, report)
    if not verdict:
        raise NotAllowed(verdict.reasons)
    found = ProgressReport.objects.select_for_update(of=("self",)).select_related(*RELATED, "saved_by")
    row = found.get(pk=report.pk)
    if not row.is_open:
        raise WrongStage(_("报告已经报送封存，不能再改；需要修改的，请主办单位退回"))
    if row.project.stage != Project.Stage.RUNNING:
        raise WrongStage(_("试点已不在实施中，报告不再改动"))
    return row
