"""Who may what with progress reports."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qingyuan.delivery.models import ProgressReport
from qingyuan.delivery.rules import project as projects
from qingyuan.kernel.permission import predicate


@predicate(_("仅试点实施单位及其授权人员、受理申报和批准试点的联合单位可见"))
def sees_report(user: Any, report: ProgressReport) -> bool:
    return projects.sees_project.test(user, report.project)


@predicate(_("须为试点实施单位的经办人或牵头负责人"))
def handles_report(user: Any, report: ProgressReport) -> bool:
    return projects.handles_project.test(user, report.project)


@predicate(_("须为受理申报的主办单位的经办人或牵头负责人"))
def reads_report(user: Any, report: ProgressReport) -> bool:
    return projects.supervises_project.test(user, report.project)
