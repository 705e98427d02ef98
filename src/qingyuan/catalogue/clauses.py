"""Every clause of the programme: what the notices ask, in their own words where they say it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field

from qingyuan.catalogue import yamlfile
from qingyuan.catalogue.model import Part, Slug, Text

_FILE = Path(__file__).parent / "clauses.yaml"


class Clause(Part):
    """One clause. `wording` holds exact extracts of the notice; empty where the 2022 notice does not say it."""

    id: Slug
    title: Text
    level: Literal["national", "provincial"]
    wording: tuple[Text, ...] = ()
    source: Text
    note: str = ""


class _Clauses(Part):
    clauses: tuple[Clause, ...] = Field(min_length=1)


@cache
def clauses() -> list[Clause]:
    """All clauses, in the order of the programme."""
    return list(load_clauses(_FILE))


def clause(clause_id: str) -> Clause:
    """One clause; raises KeyError for an unknown id."""
    for found in clauses():
        if found.id == clause_id:
            return found
    raise KeyError(clause_id)


@cache
def clause_ids() -> frozenset[str]:
    """The ids, for cross-checks."""
    return frozenset(found.id for found in clauses())


def load_clauses(path: Path) -> tuple[Clause, ...]:
    """Clauses of a file; raises CatalogueError with every problem."""
    return yamlfile.load(path, _Clauses, crosscheck=_crosscheck).clauses


def _crosscheck(file: _Clauses) -> Iterable[yamlfile.Finding]:
    ids = [found.id for found in file.clauses]
    for index, found in enumerate(file.clauses):
        if found.id in ids[:index]:
            yield yamlfile.Finding(("clauses", index, "id"), f"条款“{found.id}”重复", "唯一的条款号")
        if not found.wording and not found.note:
            yield yamlfile.Finding(("clauses", index), "既没有原文也没有说明", "wording 或 note")
