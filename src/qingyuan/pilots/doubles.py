"""Enterprises that stand in the scope of more than one application of a batch.

An applicant learns only that another application names the enterprise; whose it is, is told when it is its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from qingyuan.calls.models import Call
from qingyuan.pilots.models import Pilot, ScopeEntry


def others_of(pilot: Pilot) -> QuerySet[ScopeEntry]:
    """The entries of other applications of the same batch (the call, its parent and the parent's other calls)."""
    return ScopeEntry.objects.filter(_batch(pilot.call)).exclude(
        Q(pilot=pilot.pk) | Q(pilot__stage=Pilot.Stage.WITHDRAWN)
    )


def _batch(call: Call) -> Q:
    root = call.parent_id or call.pk
    return Q(pilot__call_id=root) | Q(pilot__call__parent_id=root)


def count_of(pilot: Pilot) -> int:
    """How many enterprises of the scope another application names too (one query)."""
    return (
        others_of(pilot)
        .filter(enterprise__scopes__pilot=pilot)
        .aggregate(n=Count("enterprise", distinct=True))["n"]
    )


def names_of(pilot: Pilot) -> tuple[list[dict[str, Any]], int]:
    """Names and places of the enterprises of the scope, and how many of them another application names (one query)."""
    named = Exists(others_of(pilot).filter(enterprise=OuterRef("enterprise")))
    rows = list(pilot.scope.values_list("stated_name", "prefecture", named))
    scope = [{"name": name, "prefecture": prefecture} for name, prefecture, _doubled in rows]
    return scope, sum(doubled for _name, _prefecture, doubled in rows)


def marks_of(pilot: Pilot, entries: Iterable[Any]) -> dict[UUID, str]:
    """By enterprise id, how the list marks those that another application names (one query)."""
    ids = [entry.enterprise_id for entry in entries]
    marks: dict[UUID, str] = {}
    rows = (
        others_of(pilot)
        .filter(enterprise_id__in=ids)
        .values_list("enterprise_id", "pilot__applicant_id", "pilot__name")
    )
    for enterprise, applicant, name in rows.order_by("enterprise_id", "pilot__created_at"):
        own = applicant == pilot.applicant_id
        marks.setdefault(enterprise, _("本单位另一申报“%s”") % name if own else _("另一申报"))
    return marks


@dataclass(frozen=True, kw_only=True)
class Double:
    """An enterprise that several received applications of a call name."""

    name: str
    credit_code: str
    pilots: tuple[str, ...]


def received_doubles(call: Call, *, most: int = 200) -> tuple[int, list[Double]]:
    """How many enterprises stand in several received applications of a call, and the first of them (two queries at most).

    Only applications that stand as submitted are compared: of what is being written nothing is told.
    """
    entries = ScopeEntry.objects.filter(pilot__call=call, pilot__stage=Pilot.Stage.SUBMITTED)
    doubled = (
        entries.order_by().values("enterprise").annotate(n=Count("pilot", distinct=True)).filter(n__gt=1)
    )
    rows = entries.filter(enterprise__in=doubled.values("enterprise")).order_by(
        "enterprise__credit_code", "pilot__created_at"
    )
    found: dict[str, tuple[str, list[str]]] = {}
    for code, name, pilot in rows.values_list("enterprise__credit_code", "enterprise__name", "pilot__name"):
        found.setdefault(code, (name, []))[1].append(pilot)
    lines = [
        Double(name=name, credit_code=code, pilots=tuple(pilots)) for code, (name, pilots) in found.items()
    ]
    return len(lines), lines[:most]
