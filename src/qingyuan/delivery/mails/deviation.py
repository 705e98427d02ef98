"""What the explanation of a deviation sends."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.delivery.mails.letters import letters
from qingyuan.delivery.models import Project
from qingyuan.kernel.outbox import Draft


def explained(project: Project, *, by: Any, now: datetime, result: Any, **_rest: Any) -> list[Draft]:
    """To the department that follows the work."""
    del by, now
    if result is None:
        return []
    return letters(
        [project.supervisor.host],
        project.applicant,
        subject=_("偏差说明：{name}"),
        body=_("《{name}》{reason}。\n原因：{cause}\n措施：{measure}\n见效日期：{day}"),
        trusted={"day": f"{result.until:%Y-%m-%d}"},
        name=project.title,
        reason=result.reason,
        cause=result.cause,
        measure=result.measure,
    )
