"""Certificates as anybody may check them, and what a paper or a page says of one."""

from __future__ import annotations

from dataclasses import dataclass

from qingyuan.registry import codes, duties
from qingyuan.registry.models import AuditRecord, Certificate, Enterprise


@dataclass(frozen=True)
class Checked:
    """A certificate as it stands today. `holder` is who stands for the enterprise now (it may have been merged)."""

    certificate: Certificate
    record: AuditRecord
    holder: Enterprise

    @property
    def is_valid(self) -> bool:
        return self.record.stage == AuditRecord.Stage.VALID

    @property
    def code(self) -> str:
        return codes.shown(self.certificate.code)

    @property
    def is_called_otherwise(self) -> bool:
        """Renamed or merged since the day of issue."""
        there = self.certificate
        return (self.holder.name, self.holder.credit_code) != (there.holder_name, there.holder_code)

    @property
    def basis(self) -> tuple[str, ...]:
        """The law in force on the day from which the audit counts."""
        return duties.basis_on(self.record.completed_on)[0]

    @property
    def next_basis(self) -> tuple[str, ...]:
        return duties.basis_on(self.certificate.next_due)[0]


def checked(text: str) -> Checked | None:
    """The certificate of a code as somebody typed it (one query; none for what cannot be a code)."""
    code = codes.read(text)
    if not code:
        return None
    found = (
        Certificate.objects.filter(code=code)
        .select_related("record__enterprise__merged_into", "issuer")
        .first()
    )
    if found is None:
        return None
    enterprise = found.record.enterprise
    return Checked(found, found.record, enterprise.merged_into or enterprise)
