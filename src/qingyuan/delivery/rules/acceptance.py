"""Who may what with the evaluation and acceptance of a pilot."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qingyuan.delivery.models import Project
from qingyuan.delivery.rules.project import approved_elsewhere, supervises_project
from qingyuan.kernel.permission import predicate


@predicate(_("国家在本平台批准的试点，评估验收也在本平台决定"))
def is_accepted_elsewhere(_user: Any, project: Project) -> bool:
    """The State that approved outside the product also accepts outside of it."""
    return approved_elsewhere(project.case)


records_conclusion = supervises_project & is_accepted_elsewhere
