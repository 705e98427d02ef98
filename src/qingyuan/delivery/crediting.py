"""A whole run of credits: one bounded transaction after another, until nobody waits. Killed in between, it is run again."""

from __future__ import annotations

from typing import Any

from qingyuan.delivery import credits as reads
from qingyuan.delivery.actions.credit import credit
from qingyuan.delivery.models import CreditBatch, Project
from qingyuan.kernel.errors import Invalid


def credit_all(project: Project, *, by: Any, key: str) -> CreditBatch:
    """Credit everybody who waits: one act a portion, each with a key of its own, so that a repeated click repeats nothing.

    The first act refuses like the verb itself, also when nobody waits. Returns the first run.
    """
    first = credit(project, by=by, key=key)
    if first.left:
        credit_rest(project, by=by, key=key)
    return first


def credit_rest(project: Project, *, by: Any, key: str) -> None:
    """Go on until nobody waits; another process may do so at the same time."""
    number = 2
    while _waiting(project):
        try:
            credit(project, by=by, key=f"{key}.{number}")
        except Invalid:
            if _waiting(project):
                raise
        number += 1


def _waiting(project: Project) -> int:
    return len(reads.waiting(reads.lines(project, reads.conclusion_of(project))))
