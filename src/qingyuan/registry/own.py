"""How an enterprise stands with its mandatory audit: for itself, and for the departments that keep it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import Q

from qingyuan.people.models import Organisation
from qingyuan.people.models.organisation import Kind
from qingyuan.registry import involvement, queries
from qingyuan.registry.models import AuditRecord, Enterprise
from qingyuan.registry.standing import Completed, Participation, Standing, standing


@dataclass(frozen=True)
class Own:
    """One body of a person and the enterprise of the same credit code, None where the registry knows none."""

    organisation: Organisation
    enterprise: Enterprise | None
    standing: Standing | None = None
    records: Sequence[AuditRecord] = ()
    pilots: Sequence[Participation] = ()


def standing_of(
    enterprise: Enterprise, records: Iterable[AuditRecord], pilots: Sequence[Participation]
) -> Standing | None:
    """By the records in hand (no query); None for one that is closed or merged: nothing is asked of it."""
    if enterprise.stage != Enterprise.Stage.ACTIVE:
        return None
    return standing(
        today=queries.today(),
        listed=enterprise.listed_on,
        completed=[
            Completed(on=one.completed_on, record=one)
            for one in records
            if one.stage == AuditRecord.Stage.VALID and one.kind in queries.DISCHARGING
        ],
        pilots=pilots,
    )


def pilots_of(entries: list[UUID]) -> list[Participation]:
    return [one for _enterprise, one in involvement.participations(entries)]


def unnamed(pilots: Iterable[Participation], known: set[str]) -> list[Participation]:
    """The same without the names of those pilots that the reader does not see."""
    return [one if one.title in known else replace(one, title="", applicant="", reason="") for one in pilots]


def bodies_of(user: Any) -> list[Organisation]:
    """The person's enterprises (no query)."""
    found = user.standing.in_kinds({Kind.ENTERPRISE})
    return sorted((body for body in found if body.credit_code), key=lambda body: body.name)


def own(user: Any) -> list[Own]:
    """All enterprises of a person, however many in the same number of queries."""
    bodies = bodies_of(user)
    if not bodies:
        return []
    codes = [body.credit_code for body in bodies]
    known = {
        one.credit_code: one
        for one in Enterprise.objects.filter(credit_code__in=codes).select_related("merged_into")
    }
    # Who stands for it: an entry under an old code was merged into the one under the new.
    stands = {code: one.merged_into or one for code, one in known.items()}
    keys = [one.pk for one in stands.values()]
    records: dict[UUID, list[AuditRecord]] = {pk: [] for pk in keys}
    entries = {pk: pk for pk in keys}
    found = AuditRecord.objects.filter(Q(enterprise__in=keys) | Q(enterprise__merged_into__in=keys))
    for record in found.select_related("enterprise", "certificate"):
        records[record.enterprise.merged_into_id or record.enterprise_id].append(record)
    merged = Enterprise.objects.filter(merged_into__in=keys).values_list("pk", "merged_into_id")
    entries |= dict(merged)
    pilots: dict[UUID, list[Participation]] = {pk: [] for pk in keys}
    for enterprise, one in involvement.participations(list(entries)):
        pilots[entries[enterprise]].append(one)
    return [_own(body, stands.get(body.credit_code), records, pilots) for body in bodies]


def _own(
    body: Organisation,
    enterprise: Enterprise | None,
    records: dict[UUID, list[AuditRecord]],
    pilots: dict[UUID, list[Participation]],
) -> Own:
    if enterprise is None:
        return Own(body, None)
    mine, inside = records[enterprise.pk], pilots[enterprise.pk]
    return Own(body, enterprise, standing_of(enterprise, mine, inside), mine, inside)
