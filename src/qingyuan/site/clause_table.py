"""条款对照表: every clause, where the product carries it out, and whether a passing test shows it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from qingyuan.catalogue.clauses import Clause, clauses
from qingyuan.kernel import clause_places
from qingyuan.kernel.clause_places import Where

RECORD = Path(__file__).parent / "clauses-done.json"
"""Written by `make docs` from a test run: clause id -> the passing tests marked with it."""


@cache
def record() -> dict[str, list[str]]:
    """The committed record of the last test run that was asked to write it."""
    found: dict[str, list[str]] = json.loads(RECORD.read_text("utf-8"))
    return found


@dataclass(frozen=True)
class Row:
    """One clause. `done` means that at least one marked test passed and none failed."""

    clause: Clause
    where: tuple[Where, ...]
    tests: tuple[str, ...]

    @property
    def done(self) -> bool:
        return bool(self.tests)


def rows() -> list[Row]:
    tests = record()
    return [
        Row(clause, tuple(clause_places.of(clause.id)), tuple(tests.get(clause.id, ())))
        for clause in clauses()
    ]


def as_json() -> list[dict[str, Any]]:
    """What `qingyuan clauses --json` prints."""
    return [
        {
            "id": row.clause.id,
            "title": row.clause.title,
            "done": row.done,
            "where": [
                {"title": place.title, "url": place.url, **({"verb": place.verb} if place.verb else {})}
                for place in row.where
            ],
        }
        for row in rows()
    ]
