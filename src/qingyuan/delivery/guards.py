"""The guards of the delivery's addresses, shared by all `urls_<idea>`."""

from __future__ import annotations

from qingyuan.calls.models import Call
from qingyuan.calls.rules import can_see_call
from qingyuan.delivery.models import ProgressReport, Project
from qingyuan.delivery.queries import report as reports
from qingyuan.delivery.queries.project import RELATED
from qingyuan.delivery.rules import project as rules
from qingyuan.delivery.rules import report as report_rules
from qingyuan.kernel.guards import sees

sees_project = sees(Project, by=rules.sees_project, arg="project", related=RELATED)
sees_report = sees(
    ProgressReport, by=report_rules.sees_report, arg="report", related=(*reports.RELATED, "saved_by")
)
sees_call = sees(Call, by=can_see_call, arg="call", related=("joint_body",))
