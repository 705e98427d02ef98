"""Single parts of the sealed versions of many cases at once, read where they lie: the texts stay in the database."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from qingyuan.pilots.models import Submission
from qingyuan.review.models import Case


def parts_of(cases: Sequence[Case], *keys: str) -> dict[uuid.UUID, dict[str, Any]]:
    """Per case with a sealed version: these keys of its snapshot, None where it has none (one query).

    Not upcast: only for what every schema of the snapshot holds in the same shape (names and codes of the scope, the
    parties of a joint organisation, the sectors).
    """
    of_submission: dict[uuid.UUID, list[uuid.UUID]] = {}
    for case in cases:
        if case.submission_id is not None:
            of_submission.setdefault(case.submission_id, []).append(case.pk)
    if not of_submission:
        return {}
    rows = Submission.objects.filter(pk__in=of_submission).values_list(
        "pk", *(f"snapshot__{key}" for key in keys)
    )
    return {
        case_id: dict(zip(keys, found, strict=True))
        for submission_id, *found in rows
        for case_id in of_submission[submission_id]
    }
