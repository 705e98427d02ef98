"""Who may what with the credits of a passed pilot."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qingyuan.delivery.models import Project
from qingyuan.delivery.rules.project import supervises_project
from qingyuan.kernel.permission import predicate
from qingyuan.people.models.organisation import Kind


@predicate(_("计入审核记录的须为省级生态环境主管部门：企业基础信息库由其管理"))
def is_kept_by_the_host(_user: Any, project: Project) -> bool:
    """The host of the call keeps the provincial base; a host of another kind would write into another's."""
    host = project.supervisor.host
    return host is not None and host.kind in {Kind.PROVINCE_ECOLOGY, Kind.STATE_ECOLOGY}


enters_credits = supervises_project & is_kept_by_the_host
