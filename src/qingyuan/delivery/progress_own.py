"""The delivery's own parts of a progress report: the phases of the enterprises, and the changes of the baseline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.delivery import progress_parts
from qingyuan.delivery.calendar import Period
from qingyuan.delivery.models import ChangeRequest, Project, ScopeEnterprise
from qingyuan.kernel import clock

Phase = ScopeEnterprise.Phase


def phases(project: Project, period: Period) -> Iterator[tuple[str, str]]:
    """How many enterprises are in which phase now, how many moved on in the period."""
    present = [row for row in project.scope.all() if row.dropped_on is None]
    counted = Counter(row.phase for row in present)
    if not present:
        return
    yield _("范围内企业"), _("%d 家") % len(present)
    for phase in Phase:
        if counted[phase.value]:
            yield str(phase.label), _("%d 家") % counted[phase.value]
    moved = sum(bool(row.phase_on and period.starts <= row.phase_on <= period.ends) for row in present)
    yield _("本期内进入现阶段"), _("%d 家") % moved


def changes(project: Project, period: Period) -> Iterator[tuple[str, str]]:
    """Changes of the baseline that were decided in the period."""
    for change in project.changes.exclude(decided_at=None):
        assert change.decided_at is not None
        if period.starts <= clock.local(change.decided_at).date() <= period.ends:
            words = f"{change.was} → {change.becomes}" if change.becomes else change.was
            yield f"{change}（{ChangeRequest.Stage(change.stage).label}）", words


progress_parts.register("phases", gettext_lazy("企业审核阶段"), phases, order=10)
progress_parts.register("changes", gettext_lazy("基线变更"), changes, order=20)
