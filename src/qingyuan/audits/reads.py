"""The log of who read raw figures, beside the ledger: written in the moment of reading, never edited."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from qingyuan.audits.models import Dataset, RawRead
from qingyuan.kernel import clock

Way = RawRead.Way


def note(
    dataset: Dataset,
    *,
    by: Any,
    what: str,
    way: str = Way.PAGE,
    enterprises: Iterable[UUID | None] | None = None,
) -> None:
    """Note that somebody reads the figures of these enterprises; None: of all that the dataset has.

    Two or three queries, however many enterprises.
    """
    whose = None if enterprises is None else {one for one in enterprises if one is not None}
    with transaction.atomic():
        made = RawRead.objects.create(
            dataset=dataset, way=way, what=what[:120], everybody=whose is None, by=by, at=clock.now()
        )
        if whose:
            through = RawRead.enterprises.through
            through._default_manager.bulk_create(
                through(rawread_id=made.pk, enterprise_id=one) for one in whose
            )


def reads_of(dataset: Dataset, *, enterprise: Any = None) -> QuerySet[RawRead]:
    """The newest first; with `enterprise` only those that showed its figures."""
    found = dataset.reads.select_related("by")
    if enterprise is not None:
        mine = RawRead.enterprises.through._default_manager.filter(enterprise=enterprise)
        found = found.filter(Q(everybody=True) | Q(pk__in=mine.values("rawread")))
    return found
