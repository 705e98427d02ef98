"""Requests as the API reads them: JSON without what the database or a hash cannot hold, lists by limit and offset."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from ninja import Schema
from ninja.parser import Parser
from pydantic import Field

from qingyuan.kernel.errors import Invalid, Problem

T = TypeVar("T")


class Reader(Parser):
    """Refuses NUL, lone surrogates and NaN wherever they stand, naming the place."""

    def parse_body(self, request: HttpRequest) -> Any:
        data = json.loads(request.body, parse_constant=_no_constant)
        _refuse(list(_unstorable(data, "")))
        return data

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> Any:
        found = super().parse_querydict(data, list_fields, request)
        _refuse(list(_unstorable(found, "")))
        return found


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _unstorable(value: Any, where: str) -> Iterator[str]:
    if isinstance(value, str):
        if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
            yield where
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _unstorable(key, where)
            yield from _unstorable(item, f"{where}.{key}".lstrip("."))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _unstorable(item, f"{where}.{number}".lstrip("."))


def _refuse(places: Sequence[str]) -> None:
    if places:
        mend = _("删去其中的空字符（\\u0000）或不成对的代理字符")
        raise Invalid(
            [
                Problem(_("含有不能保存的字符"), where=where.encode(errors="replace").decode(), mend=mend)
                for where in places
            ]
        )


class Slice(Schema):
    """Which part of a list."""

    limit: int = Field(50, ge=1, le=100, description="最多返回几条，1 至 100")
    offset: int = Field(0, ge=0, le=1_000_000, description="从第几条开始，0 为第一条")


class Page(Schema, Generic[T]):
    """A part of a list, with the number of all."""

    items: list[T]
    count: int
    limit: int
    offset: int


def page(rows: QuerySet[Any] | Sequence[Any], part: Slice, present: Any) -> dict[str, Any]:
    """One slice of `rows`, each presented; two queries for a query set."""
    count = rows.count() if isinstance(rows, QuerySet) else len(rows)
    found = rows[part.offset : part.offset + part.limit]
    return {
        "items": [present(row) for row in found],
        "count": count,
        "limit": part.limit,
        "offset": part.offset,
    }
