"""Who may what with the account of the innovation."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qingyuan.delivery.models import AccountStatement, EffortEntry
from qingyuan.delivery.rules.project import handles_project, sees_project, supervises_project
from qingyuan.kernel.permission import predicate


@predicate(_("仅试点实施单位及其授权人员、受理申报和批准试点的联合单位可见"))
def sees_effort(user: Any, effort: EffortEntry) -> bool:
    return sees_project.test(user, effort.project)


@predicate(_("须为试点实施单位的经办人或牵头负责人"))
def handles_effort(user: Any, effort: EffortEntry) -> bool:
    return handles_project.test(user, effort.project)


@predicate(_("仅试点实施单位及其授权人员、受理申报和批准试点的联合单位可见"))
def sees_statement(user: Any, statement: AccountStatement) -> bool:
    return sees_project.test(user, statement.project)


@predicate(_("须为受理申报的主办单位的经办人或牵头负责人"))
def releases_statement(user: Any, statement: AccountStatement) -> bool:
    return supervises_project.test(user, statement.project)
