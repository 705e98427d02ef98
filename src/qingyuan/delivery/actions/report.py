"""Progress reports: begun, handed in, read."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from qingyuan.catalogue.supervision import supervision
from qingyuan.delivery import progress_parts, quoted
from qingyuan.delivery import report as contents
from qingyuan.delivery.mails import report as mails
from qingyuan.delivery.models import ProgressReport, Project, ReportDecision, ReportVersion
from qingyuan.delivery.queries import report as queries
from qingyuan.delivery.rules import project as projects
from qingyuan.delivery.rules import report as rules
from qingyuan.kernel import clock
from qingyuan.kernel.actions import Act, Invalid, Problem, Stale, WrongStage, action
from qingyuan.kernel.fields import misfits
from qingyuan.kernel.record_language import in_record_language
from qingyuan.papers.canonical import canonical_bytes, sha256_hex

Stage = ProgressReport.Stage


@action(
    "project.begin_report",
    title=gettext_lazy("填报本期进展"),
    on=Project,
    may=projects.handles_project,
    stages=("running",),
    creates=ProgressReport,
    creates_in=("draft",),
    clauses=("N10",),
    idempotent=True,
)
def begin_report(project: Project, act: Act) -> ProgressReport:
    """按调度日历开始填报下一期：节点沿用上期进度，目标值重新测算；各期依次填报。"""
    today = clock.local(act.now).date()
    slot = queries.next_to_begin(queries.calendar_of(project), today=today)
    if slot is None:
        raise Invalid([Problem(_("还没有到下一期，或各期都已开始填报"), where="project")])
    made = ProgressReport(
        project=project, starts=slot.period.starts, ends=slot.period.ends, due=slot.period.due
    )
    before = queries.draft_of(queries.version_before(made))
    made.content = contents.begun(project.baseline.content, before, on=today).plain()
    made.save(force_insert=True)
    act.note(starts=made.starts.isoformat(), ends=made.ends.isoformat(), due=made.due.isoformat())
    return made


@action(
    "report.hand_in",
    title=gettext_lazy("报送进展报告"),
    on=ProgressReport,
    may=rules.handles_report,
    stages=("draft", "returned"),
    to=("handed_in",),
    clauses=("N10",),
    idempotent=True,
    mails=mails.handed_in,
    locks=lambda report, **_rest: [report.project],
)
def hand_in(report: ProgressReport, act: Act, *, draft_revision: int) -> ProgressReport:
    """报送即封存：内容和指纹留存，不能再改；退回后补充的另成一版。本期结束后才能报送。"""
    if report.draft_revision != draft_revision:
        raise Stale(_("报告刚才有改动，请核对后再报送"))
    project = report.project
    if project.stage != Project.Stage.RUNNING:
        raise WrongStage(_("试点已不在实施中，不再报送进展"))
    today = clock.local(act.now).date()
    baseline = project.baseline
    before = queries.version_before(report)
    draft = contents.fitted(contents.of_plain(report.content), baseline.content)
    problems = list(contents.faults(draft, baseline.content, queries.draft_of(before), today=today))
    pins = quoted.of_texts(project, draft.texts.values())
    problems += quoted.unknown(pins, where="text-progress")
    if today < report.ends:
        problems.append(
            Problem(
                _("本期还没有结束，不能报送"), where="period", expected=_("%s 起") % report.ends.isoformat()
            )
        )
    if problems:
        raise Invalid(problems)
    evidence = [
        {"key": one.target_key, "id": str(one.pk), "name": one.upload.name, "sha256": one.upload.sha256}
        for one in report.evidence.filter(is_out=False).select_related("upload")
    ]
    with in_record_language():
        parts = progress_parts.of(project, report.period)
    content = contents.sealed(
        replace(draft, texts={key: quoted.filled(text, pins) for key, text in draft.texts.items()}),
        baseline.content,
        period={"starts": report.starts.isoformat(), "ends": report.ends.isoformat()},
        baseline_number=baseline.number,
        parts=parts,
        evidence=evidence,
        previous=queries.values_of(before),
        quotes=quoted.sealed(pins),
        charts=quoted.drawn(pins),
    )
    last = queries.last_version(report)
    version = ReportVersion.objects.create(
        report=report,
        number=last.number + 1 if last else 1,
        baseline=baseline,
        content=content,
        content_sha256=sha256_hex(canonical_bytes(content)),
        at=act.now,
        by=act.by,
    )
    report.first_handed_in_on = report.first_handed_in_on or today
    act.move(report, Stage.HANDED_IN)
    report.save(update_fields=["first_handed_in_on", "stage"])
    act.note(version=version.number, content_sha256=version.content_sha256)
    return report


@action(
    "report.accept",
    title=gettext_lazy("审阅通过"),
    on=ProgressReport,
    may=rules.reads_report,
    stages=("handed_in",),
    to=("accepted",),
    clauses=("N10",),
    mails=mails.decided,
)
def accept(report: ProgressReport, act: Act, *, opinion: str = "") -> ProgressReport:
    """主办单位审阅本期进展报告，可附意见。"""
    _decide(report, act, opinion.strip(), accepted=True)
    act.move(report, Stage.ACCEPTED)
    return report


@action(
    "report.send_back",
    title=pgettext_lazy("verb", "退回补充"),
    on=ProgressReport,
    may=rules.reads_report,
    stages=("handed_in", "accepted"),
    to=("returned",),
    clauses=("N10",),
    mails=mails.decided,
)
def send_back(report: ProgressReport, act: Act, *, opinion: str) -> ProgressReport:
    """写明理由退回补充；已报送的各版照原样留存。退回的次数有上限。"""
    most = supervision(on=clock.local(act.now).date()).most_returns
    problems = []
    if not opinion.strip():
        problems.append(Problem(_("请写明退回的理由"), where="opinion"))
    if report.returns >= most:
        problems.append(Problem(_("同一期报告最多退回 %d 次") % most, where="opinion"))
    if problems:
        raise Invalid(problems)
    _decide(report, act, opinion.strip(), accepted=False)
    report.returns += 1
    act.move(report, Stage.RETURNED)
    report.save(update_fields=["returns", "stage"])
    return report


def _decide(report: ProgressReport, act: Act, opinion: str, *, accepted: bool) -> None:
    if problems := misfits(ReportDecision, opinion=opinion):
        raise Invalid(problems)
    version: Any = queries.last_version(report)
    ReportDecision.objects.create(version=version, accepted=accepted, opinion=opinion, at=act.now, by=act.by)
    act.note(version=version.number, content_sha256=version.content_sha256)
