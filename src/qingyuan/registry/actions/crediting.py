"""Credits of pilots: entered from inside a verb of the room that knows the pilots (its ledger entry covers them).

Exactly once: the database holds (enterprise, reference, turn) to one row, whatever its stage. A repetition or another
process finds the row in its way and writes nothing; a revoked credit is not brought back by repeating the first act.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import F

from qingyuan.people.models import Organisation
from qingyuan.registry import codes, duties
from qingyuan.registry.models import AuditRecord, Certificate, Enterprise


@dataclass(frozen=True, kw_only=True)
class Basis:
    """What the credits come of. `reference` names it for ever; `completed_on` is the day from which they count."""

    reference: str
    pilot: str
    list_title: str
    document_number: str
    listed_on: date
    completed_on: date
    issuer: Organisation

    @property
    def source(self) -> str:
        longest: int = AuditRecord._meta.get_field("source").max_length or 0
        return f"《{self.list_title}》{self.document_number}"[:longest]


@dataclass(frozen=True, kw_only=True)
class Credit:
    """One enterprise to be credited: where the record goes, in which turn, and what must be said with it."""

    enterprise: Enterprise
    turn: int = 1
    note: str = ""


def enter_credits(given: Sequence[Credit], *, basis: Basis, now: datetime) -> list[AuditRecord]:
    """Write the records that are not there yet, each with its certificate; returns those written now. Three statements."""
    wanted = [
        AuditRecord(
            enterprise=one.enterprise,
            kind=AuditRecord.Kind.CREDIT,
            completed_on=basis.completed_on,
            source=basis.source,
            reference=basis.reference,
            turn=one.turn,
            note=one.note,
            made_at=now,
        )
        for one in given
    ]
    AuditRecord.objects.bulk_create(wanted, ignore_conflicts=True)
    stood = set(AuditRecord.objects.filter(pk__in=[one.pk for one in wanted]).values_list("pk", flat=True))
    written = [one for one in wanted if one.pk in stood]
    Certificate.objects.bulk_create(
        Certificate(
            record=one,
            code=codes.new_code(),
            issuer=basis.issuer,
            issuer_name=basis.issuer.name,
            holder_name=one.enterprise.name,
            holder_code=one.enterprise.credit_code,
            pilot=basis.pilot,
            list_title=basis.list_title,
            document_number=basis.document_number,
            listed_on=basis.listed_on,
            next_due=duties.next_due(basis.completed_on),
            issued_at=now,
        )
        for one in written
    )
    return written


def revoke_credits(records: Sequence[UUID], *, reason: str, now: datetime) -> set[UUID]:
    """Revoke those of the records that are still valid credits; returns them. Two statements."""
    valid = AuditRecord.objects.select_for_update().filter(
        pk__in=list(records), kind=AuditRecord.Kind.CREDIT, stage=AuditRecord.Stage.VALID
    )
    found = set(valid.order_by("pk").values_list("pk", flat=True))
    AuditRecord.objects.filter(pk__in=found).update(
        stage=AuditRecord.Stage.REVOKED, revoked_at=now, revoked_reason=reason, revision=F("revision") + 1
    )
    return found
