"""What progress reports send."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.calls.models import Call
from qingyuan.delivery.mails.letters import letters
from qingyuan.delivery.models import ProgressReport, Project
from qingyuan.kernel.outbox import Draft


def handed_in(report: ProgressReport, *, by: Any, now: datetime, **_rest: Any) -> list[Draft]:
    """To the department that reads it."""
    del by, now
    project = report.project
    return letters(
        [project.supervisor.host],
        project.applicant,
        subject=_("进展报告已报送：{name}"),
        body=_("《{name}》{period}进展报告已报送，请登录清源平台审阅。"),
        trusted={"period": report.period.title},
        name=project.title,
    )


def decided(
    report: ProgressReport, *, by: Any, now: datetime, result: Any, opinion: str = "", **_rest: Any
) -> list[Draft]:
    """To the body that reports."""
    del by, now
    project = report.project
    goes_back = result is not None and result.stage == ProgressReport.Stage.RETURNED
    subject = _("进展报告退回补充：{name}") if goes_back else _("进展报告审阅意见：{name}")
    return letters(
        [project.applicant],
        project.supervisor.host,
        subject=subject,
        body=_("《{name}》{period}进展报告的审阅意见：\n{opinion}\n详情请登录清源平台查看。"),
        trusted={"period": report.period.title},
        name=project.title,
        opinion=opinion.strip() or "—",
    )


def rhythm_set(call: Call, *, by: Any, now: datetime, result: Any, **_rest: Any) -> list[Draft]:
    """To all bodies whose pilots of this call are under way."""
    del by, now
    if result is None:
        return []
    running = Project.objects.filter(pilot__call=call, stage=Project.Stage.RUNNING).select_related(
        "applicant"
    )
    bodies = list({project.applicant_id: project.applicant for project in running}.values())
    return letters(
        bodies,
        call.joint_body.host,
        subject=_("定期调度频次：{name}"),
        body=_(
            "“{name}”各试点的进展报告自 {day} 起开始的各期改为{rhythm}报送，期满后 {days} 日内报送。\n依据：{reason}"
        ),
        trusted={
            "day": f"{result.from_on:%Y-%m-%d}",
            "rhythm": result.get_rhythm_display(),
            "days": result.due_days,
        },
        name=call.title,
        reason=result.reason,
    )
