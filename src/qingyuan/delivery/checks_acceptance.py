"""Self-check before a pilot is handed in for acceptance. Further ideas register theirs under the subject `acceptance`."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.delivery.models import ChangeRequest, Project, ScopeEnterprise
from qingyuan.kernel import checks, clock
from qingyuan.kernel.checks import Finding


def ready(project: Project) -> Iterator[Finding]:
    """Changes undecided, term not over, enterprises whose audit is not finished (two queries)."""
    asked = project.changes.filter(stage=ChangeRequest.Stage.ASKED).count()
    if asked:
        yield Finding(
            "error",
            _("还有 %d 项变更申请没有审批") % asked,
            url=reverse("delivery:changes", args=[project.pk]),
            clause="N10",
            mend=_("等审批，或撤回申请"),
        )
    today = clock.local(clock.now()).date()
    if today < project.term_end:
        yield Finding(
            "warning",
            _("实施期限还没有到（%s），提前提交的须已全部完成") % project.term_end,
            url=project.get_absolute_url(),
            clause="N11",
        )
    finished = ScopeEnterprise.Phase.CONTINUOUS
    found = project.scope.filter(dropped_on=None).aggregate(
        total=Count("pk"), open=Count("pk", filter=Q(phase__lt=finished))
    )
    url = reverse("delivery:scope", args=[project.pk])
    if not found["total"]:
        yield Finding("warning", _("现行范围内没有企业"), url=url, clause="N13")
    elif found["open"]:
        yield Finding(
            "warning",
            _("%(open)d 家企业的审核还没有完成（共 %(total)d 家）") % found,
            url=url,
            clause="N13",
            mend=_("完成审核并报送；没有完成的，结论可能不计其审核记录"),
        )


checks.register("acceptance", ready)
