"""Who may what with the results of a pilot."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingyuan.delivery.models import Output, OutputFile, Project
from qingyuan.delivery.rules.project import handles_project, sees_project, supervises_project
from qingyuan.kernel.permission import is_signed_in, predicate


def works_on(user: Any, project: Project) -> bool:
    """Whoever carries out the pilot, or works for it under an authorisation: sees what was not handed in yet as well."""
    return is_signed_in.test(user) and (
        user.standing.holds(project.applicant_id) or project.applicant_id in user.standing.authorised
    )


def visible_versions(user: Any, project: Project) -> Q:
    """The same relation as `sees_output_file`, for lists of versions."""
    return Q() if works_on(user, project) else Q(handed_in_at__isnull=False)


@predicate(_("仅试点实施单位及其授权人员、受理申报和批准试点的联合单位可见"))
def sees_output(user: Any, output: Output) -> bool:
    return sees_project.test(user, output.project)


@predicate(_("仅试点实施单位及其授权人员可见；提交之后受理申报和批准试点的联合单位也可见"))
def sees_output_file(user: Any, file: OutputFile) -> bool:
    project = file.version.output.project
    if not sees_project.test(user, project):
        return False
    return file.version.handed_in_at is not None or works_on(user, project)


@predicate(_("须为试点实施单位的经办人或牵头负责人"))
def handles_output(user: Any, output: Output) -> bool:
    return handles_project.test(user, output.project)


@predicate(_("须为受理申报的主办单位的经办人或牵头负责人"))
def judges_output(user: Any, output: Output) -> bool:
    return supervises_project.test(user, output.project)
