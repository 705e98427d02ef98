"""Writes of the registry, called from inside other rooms' verbs (their ledger entry covers them)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from qingyuan.registry.models import Enterprise


@dataclass(frozen=True)
class StatedEnterprise:
    """An enterprise as somebody states it; `credit_code` is already checked and normalised."""

    name: str
    credit_code: str
    sector_code: str = ""
    is_demo: bool = False


def ensure_enterprises(stated: Iterable[StatedEnterprise]) -> dict[str, Enterprise]:
    """Find or enter enterprises by credit code. Who is known already keeps the registry's name; three queries in all."""
    wanted = {row.credit_code: row for row in stated}
    known = Enterprise.objects.in_bulk(list(wanted), field_name="credit_code")
    new = [
        Enterprise(
            name=row.name,
            credit_code=code,
            # Until a province's list says otherwise: where it was registered (GB 32100, characters 3 to 8).
            province=code[2:4],
            sector_code=row.sector_code,
            is_demo=row.is_demo,
        )
        for code, row in wanted.items()
        if code not in known
    ]
    # Another applicant may enter the same enterprise at this moment: then theirs stands.
    Enterprise.objects.bulk_create(new, ignore_conflicts=True)
    return Enterprise.objects.in_bulk(list(wanted), field_name="credit_code")
