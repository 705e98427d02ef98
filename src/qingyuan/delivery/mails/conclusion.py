"""What the end of a pilot sends."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.delivery.mails.letters import letters
from qingyuan.delivery.models import Conclusion, Project
from qingyuan.kernel.outbox import Draft


def concluded(
    project: Project, *, by: Any, now: datetime, outcome: str = "", document_number: str = "", **_rest: Any
) -> list[Draft]:
    """To the body that carried out the pilot, and to the departments that co-sign."""
    del by, now
    if outcome not in Conclusion.Outcome.values:
        return []
    supervisor = project.supervisor
    return letters(
        [project.applicant, *supervisor.cosigners],
        supervisor.host,
        subject=_("评估验收结果：{name}"),
        body=_("《{name}》：{outcome}（{number}）。\n不计审核记录的企业和理由请登录清源平台查看。"),
        trusted={"outcome": Conclusion.Outcome(outcome).label},
        name=project.title,
        number=document_number or "—",
    )
