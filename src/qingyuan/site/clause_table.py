"""条款对照表: every clause, where the product carries it out, and whether a passing test shows it."""

from __future__ import annotations

import json
import re
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
class Shown:
    """One passing test: what it shows, by its name, and where it stands (`browser`, `pilots`, `api` …)."""

    sentence: str
    room: str
    test: str


def shown_by(test: str) -> Shown:
    """`tests/pilots/test_x.py::test_own_pollutants_need_a_task` says "Own pollutants need a task"."""
    path, _, name = test.partition("::")
    words = name.removeprefix("test_").split("_")
    # A name cannot hold the dot of a clause: n5_4 reads N5.4.
    sentence = re.sub(r"^n(\d) (\d)\b", r"N\1.\2:", " ".join(words))
    return Shown(sentence[:1].upper() + sentence[1:], path.split("/")[1], test)


@dataclass(frozen=True)
class Row:
    """One clause. `done` means that at least one marked test passed and none failed."""

    clause: Clause
    where: tuple[Where, ...]
    tests: tuple[str, ...]

    @property
    def done(self) -> bool:
        return bool(self.tests)

    @property
    def shows(self) -> list[Shown]:
        """How deep it goes: what each test shows, those through a browser or over HTTP among the others by room."""
        return sorted((shown_by(test) for test in self.tests), key=lambda one: (one.room, one.test))


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
            "shows": [{"test": one.test, "shows": one.sentence} for one in row.shows],
            "where": [
                {"title": place.title, "url": place.url, **({"verb": place.verb} if place.verb else {})}
                for place in row.where
            ],
        }
        for row in rows()
    ]
