"""What came on paper, for the electronic register: the room that registers envelopes says it, without being imported here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Value
from django.db.models.expressions import Combinable
from django.urls import reverse

from qingyuan.calls.models import Call


@dataclass(frozen=True)
class Paper:
    """Copies that came of a pilot (an expression over `Pilot`), how that is said, and the register of paper itself."""

    copies: Callable[[], Combinable]
    say: Callable[[Call, int], str]
    page: str
    """URL name that takes the call."""


_paper: list[Paper] = []


def register(paper: Paper) -> None:
    """One room does; a second would have to agree with it on the column."""
    _paper[:] = [paper]


def copies() -> Combinable:
    return _paper[0].copies() if _paper else Value(0)


def said(call: Call, number: int) -> str:
    return _paper[0].say(call, number) if _paper and number else ""


def page(call: Call) -> str:
    """Where envelopes are registered; empty where nobody does."""
    return next((reverse(paper.page, args=[call.pk]) for paper in _paper), "")
