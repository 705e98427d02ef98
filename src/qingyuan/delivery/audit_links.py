"""From a project to the audits of its enterprises and back, for those who may open both."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qingyuan.audits import tabs as audits
from qingyuan.audits.rules.scheme import sees_audits
from qingyuan.delivery import tabs
from qingyuan.delivery.models import Project
from qingyuan.delivery.queries.project import RELATED
from qingyuan.delivery.rules.project import sees_project
from qingyuan.pilots.models import Pilot


def opens_audits(user: Any, project: Project) -> bool:
    return sees_audits.test(user, project.pilot)


def _pilot_of(project: Project) -> Any:
    return project.pilot_id


def back(user: Any, pilot: Pilot) -> str:
    """The project of a pilot under way (one query)."""
    project = Project.objects.filter(pilot=pilot).select_related(*RELATED).first()
    if project is None or not sees_project.test(user, project):
        return ""
    return project.get_absolute_url()


tabs.register(
    tabs.Tab("schemes", _("企业方案"), "audits:schemes", 27, opens_audits, _pilot_of),
    tabs.Tab("audit-reviews", _("企业评估验收"), "audits:reviews", 28, opens_audits, _pilot_of),
)
audits.register(audits.Tab("project", _("试点实施"), order=90, address=back))
