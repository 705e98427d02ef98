"""Old snapshots in today's shape: one step a schema, pure functions on plain data.

`SCHEMA` grows when the shape changes; `UPCASTERS[n]` brings a snapshot of schema n to n + 1, and a fixture of
every schema stays in the tests.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from qingyuan.papers import richtext
from qingyuan.pilots import derived
from qingyuan.pilots.derived import plain

SCHEMA = 3


def upcast(snapshot: dict[str, Any]) -> dict[str, Any]:
    """A snapshot of any schema in today's shape; the one given is not touched."""
    while snapshot["schema"] < SCHEMA:
        snapshot = UPCASTERS[snapshot["schema"]](snapshot)
    return snapshot


def _to_2(old: dict[str, Any]) -> dict[str, Any]:
    """Schema 1 knew less of an enterprise and of a target; what follows from its figures is worked out now."""
    blank = dict.fromkeys(("sector_code", "size", "permit", "pollutants", "prefecture", "county"), "")
    targets = []
    for number, row in enumerate(old["targets"], start=1):
        baseline, target = (None if row[key] is None else Decimal(row[key]) for key in ("baseline", "target"))
        found = derived.derive(baseline, target)
        more = {
            "key": row["measure"] or f"t{number}",
            "indicator_id": "",
            "change": plain(found.change),
            "percent": plain(found.percent),
            "formula": "",
            "share": None,
        }
        targets.append({**more, **row})
    return {
        **old,
        "schema": 2,
        "scope": [{**blank, "last_audit": None, **row} for row in old["scope"]],
        "targets": targets,
        "schedule": {"start": None, "end": None, "milestones": []},
        "outputs": [],
    }


def _to_3(old: dict[str, Any]) -> dict[str, Any]:
    """Schema 2 named the pictures of the chapters without their hashes: they are known, but nothing vouches for them."""
    named = dict.fromkeys(
        upload for chapter in old.get("chapters", []) for upload in richtext.uploads_shown(chapter["html"])
    )
    return {
        **old,
        "schema": 3,
        "pictures": [{"upload": upload, "name": "", "size": 0, "sha256": ""} for upload in named],
    }


UPCASTERS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {1: _to_2, 2: _to_3}
