"""Figures of the account for those who quote them: live, or pinned to a statement.

Keys: kind `account`, id PROJECT:MEASURE:FIELD (fields of `account_words.FIELDS`), version blank for live or the number of a statement.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse

from qingyuan.catalogue import innovation
from qingyuan.delivery import account_words as words
from qingyuan.delivery.models import AccountStatement, Project
from qingyuan.delivery.queries import account as queries
from qingyuan.kernel import quotables
from qingyuan.kernel.quotables import Key, Quote

KIND = "account"


def key(project: Project, measure: str, field: str, *, statement: AccountStatement | None = None) -> Key:
    """The key by which a figure is quoted."""
    return Key(KIND, f"{project.pk}:{measure}:{field}", str(statement.number) if statement else "")


def sentences(project: Project) -> list[tuple[str, tuple[Key, ...]]]:
    """The sentences of the account as it stands, each with the keys of the figures in it that can be quoted."""
    return [
        (
            one.text,
            tuple(
                key(project, measure, field)
                for measure, field in one.quotes
                if measure in innovation.measures()
            ),
        )
        for one in queries.book(project).sentences
    ]


def resolve(keys: Sequence[Key]) -> Mapping[Key, Quote]:
    """Two queries for pinned keys, and seven for live ones, however many."""
    asked: dict[Key, tuple[UUID, str, str]] = {}
    for one in keys:
        project, _sep, rest = one.id.partition(":")
        measure, _sep, field = rest.partition(":")
        if measure in innovation.measures() and field in words.FIELDS and (pk := _uuid(project)):
            asked[one] = (pk, measure, field)
    live = {pk for one, (pk, _measure, _field) in asked.items() if not one.version}
    books = queries.books(Project.objects.filter(pk__in=live)) if live else {}
    pinned = {pk for one, (pk, _measure, _field) in asked.items() if one.version}
    stated: dict[tuple[Any, str], Any] = {}
    newest: dict[Any, str] = {}
    for each in AccountStatement.objects.filter(project__in=pinned).order_by("number") if pinned else ():
        stated[each.project_id, str(each.number)] = queries.results_of(each.content)
        newest[each.project_id] = str(each.number)
    found: dict[Key, Quote] = {}
    for one, (pk, measure, field) in asked.items():
        results = (
            stated.get((pk, one.version)) if one.version else (books[pk].results if pk in books else None)
        )
        if results is None or (text := words.figures(results[measure]).get(field)) is None:
            continue
        title = innovation.measures()[measure]
        found[one] = Quote(
            label=f"{title.title}：{words.FIELDS[field]}",
            value=text,
            unit=title.unit,
            source_url=reverse("delivery:account", args=[pk]),
            is_stale=bool(one.version) and newest.get(pk) != one.version,
        )
    return found


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


quotables.register(KIND, resolve)
