"""Who may what with the evaluation and acceptance of a pilot."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qingyuan.delivery.models import AcceptanceFiling, Project, Rectification
from qingyuan.delivery.rules.project import (
    approved_elsewhere,
    handles_project,
    sees_project,
    supervises_project,
)
from qingyuan.kernel.permission import predicate
from qingyuan.people.models import Role
from qingyuan.people.rules import in_host


@predicate(_("国家在本平台批准的试点，评估验收也在本平台决定"))
def is_accepted_elsewhere(_user: Any, project: Project) -> bool:
    """The State that approved outside the product also accepts outside of it."""
    return approved_elsewhere(project.case)


records_conclusion = supervises_project & is_accepted_elsewhere


@predicate(_("须为批准试点的主办单位的经办人或牵头负责人"))
def organises_acceptance(user: Any, project: Project) -> bool:
    """The host of the round that approved: the State's; a province's, where the State decides outside the product."""
    return in_host(user, project.case.round.joint_body, Role.HANDLER, Role.LEAD)


@predicate(_("须为批准试点的主办单位的经办人或牵头负责人"))
def organises_filing(user: Any, filing: AcceptanceFiling) -> bool:
    return organises_acceptance.test(user, filing.project)


@predicate(_("仅试点实施单位及其授权人员、受理申报和批准试点的联合单位可见"))
def sees_filing(user: Any, filing: AcceptanceFiling) -> bool:
    return sees_project.test(user, filing.project)


@predicate(_("须为试点实施单位的经办人或牵头负责人"))
def handles_rectification(user: Any, rectification: Rectification) -> bool:
    return handles_project.test(user, rectification.project)


@predicate(_("须为批准试点的主办单位的经办人或牵头负责人"))
def organises_rectification(user: Any, rectification: Rectification) -> bool:
    return organises_acceptance.test(user, rectification.project)


@predicate(_("仅试点实施单位及其授权人员、受理申报和批准试点的联合单位可见"))
def sees_rectification(user: Any, rectification: Rectification) -> bool:
    return sees_project.test(user, rectification.project)
