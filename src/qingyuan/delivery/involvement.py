"""Tells the registry in which pilots an enterprise takes part."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from qingyuan.delivery.credits import reference_of
from qingyuan.delivery.models import ConclusionExclusion, Project, ScopeEnterprise
from qingyuan.delivery.rules.project import visible_projects
from qingyuan.registry import involvement
from qingyuan.registry.involvement import Involvement
from qingyuan.registry.models import AuditRecord
from qingyuan.registry.standing import Participation, PilotState


def pilots_of(user: Any, enterprises: list[UUID]) -> Iterator[Involvement]:
    """Projects that this user sees (one query)."""
    seen = Project.objects.filter(visible_projects(user)).values("pk")
    found = ScopeEnterprise.objects.filter(enterprise__in=enterprises, project__in=seen)
    for row in found.select_related("project").order_by("-project__started_on", "pk"):
        state = _("已移出范围") if row.dropped_on else str(row.get_phase_display())
        yield Involvement(row.project.title, row.project.get_absolute_url(), state)


def participations(enterprises: list[UUID]) -> Iterator[tuple[UUID, Participation]]:
    """In which pilots each stands and how that ended for it, whoever asks (three queries).

    Why a pilot failed or was stopped is between the departments and its body; why an enterprise has no record, its own.
    """
    rows = list(
        ScopeEnterprise.objects.filter(enterprise__in=enterprises)
        .select_related("project__conclusion", "project__applicant", "enterprise")
        .order_by("-project__started_on", "pk")
    )
    if not rows:
        return
    left_out = dict(
        ConclusionExclusion.objects.filter(scope_enterprise__in=rows).values_list(
            "scope_enterprise", "reason"
        )
    )
    references = {reference_of(row.project_id) for row in rows}
    entries = {row.enterprise.merged_into_id or row.enterprise_id for row in rows} | set(enterprises)
    records: dict[tuple[str, UUID], list[AuditRecord]] = {}
    on_record = AuditRecord.objects.filter(reference__in=references, enterprise__in=entries).order_by("turn")
    for record in on_record:
        records.setdefault((record.reference, record.enterprise_id), []).append(record)
    for row in rows:
        keys = {row.enterprise_id, row.enterprise.merged_into_id or row.enterprise_id}
        mine = [one for key in keys for one in records.get((reference_of(row.project_id), key), [])]
        yield row.enterprise_id, _participation(row, left_out.get(row.pk, ""), mine)


def _participation(row: ScopeEnterprise, left_out: str, records: list[AuditRecord]) -> Participation:
    project = row.project
    conclusion = getattr(project, "conclusion", None)
    state: PilotState = "under_way"
    reason = ""
    if row.dropped_on is not None:
        state, reason = "dropped", _("经批准的变更于 %s 移出范围") % row.dropped_on.isoformat()
    elif project.stage == Project.Stage.STOPPED:
        state = "stopped"
    elif conclusion is not None and not conclusion.passed:
        state = "failed"
    elif left_out:
        state, reason = "excluded", left_out
    elif any(one.stage == AuditRecord.Stage.VALID for one in records):
        state = "credited"
    elif records:
        state, reason = "revoked", records[-1].revoked_reason
    elif conclusion is not None:
        state = "passed"
    return Participation(
        title=project.title,
        state=state,
        reason=reason,
        listed_on=conclusion.listed_on if conclusion is not None else None,
        applicant=project.applicant.name,
    )


involvement.register(pilots_of)
involvement.register_participations(participations)
