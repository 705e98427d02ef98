"""The guards of the delivery's addresses, shared by all `urls_<idea>`."""

from __future__ import annotations

from qingyuan.delivery.models import Project
from qingyuan.delivery.queries.project import RELATED
from qingyuan.delivery.rules import project as rules
from qingyuan.kernel.guards import sees

sees_project = sees(Project, by=rules.sees_project, arg="project", related=RELATED)
