"""Who may: composed `rules` predicates that can say why not.

A predicate is written once, with the sentence a person reads when it fails; `&`, `|` and `~` keep the parts,
so that `judge` can name exactly the conditions that were missed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import rules
from django.utils.functional import Promise

Reason = str | Promise


@dataclass(frozen=True)
class Verdict:
    """The answer to "may I?": `reasons` is empty when `ok`."""

    ok: bool
    reasons: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.ok


class Reasoned(rules.Predicate):  # type: ignore[name-defined]  # rules ships no types
    """A `rules` predicate with a readable reason; compositions remember their operands."""

    reason: Reason
    operator: str
    parts: tuple[Reasoned, ...]

    def __init__(
        self,
        fn: Any,
        name: str | None = None,
        *,
        reason: Reason = "",
        operator: str = "leaf",
        parts: tuple[Reasoned, ...] = (),
    ) -> None:
        super().__init__(fn, name)
        self.reason = reason
        self.operator = operator
        self.parts = parts

    def __and__(self, other: Reasoned) -> Reasoned:
        return Reasoned(super().__and__(other), operator="and", parts=(self, other))

    def __or__(self, other: Reasoned) -> Reasoned:
        return Reasoned(super().__or__(other), operator="or", parts=(self, other))

    def __invert__(self) -> Reasoned:
        return Reasoned(super().__invert__(), operator="not", parts=(self,), reason=f"不得：{self.reason}")

    @property
    def policy(self) -> str:
        """The whole rule as a sentence, for the permission table of the documentation."""
        if self.operator == "and":
            return " 且 ".join(part.grouped() for part in self.parts)
        if self.operator == "or":
            return " 或 ".join(part.grouped() for part in self.parts)
        return str(self.reason)

    def grouped(self) -> str:
        return f"（{self.policy}）" if self.operator in {"and", "or"} else self.policy


def predicate(reason: Reason) -> Callable[[Callable[..., bool]], Reasoned]:
    """Declare a condition `(user, object) -> bool` with the reason that is shown when it fails."""

    def wrap(function: Callable[..., bool]) -> Reasoned:
        return Reasoned(function, function.__name__, reason=reason)

    return wrap


def judge(condition: Reasoned, user: Any, obj: Any = None) -> Verdict:
    """Test a condition and, when it fails, collect the reasons of the parts that failed."""
    if condition.test(user, obj):
        return Verdict(ok=True)
    return Verdict(ok=False, reasons=tuple(dict.fromkeys(_reasons(condition, user, obj))))


@dataclass(frozen=True)
class Finding:
    """A condition as it stands for one person and one object, with its parts: why somebody may, or may not."""

    ok: bool
    reason: str
    """What the condition asks; empty for a composition."""
    operator: str
    parts: tuple[Finding, ...] = ()


def trace(condition: Reasoned, user: Any, obj: Any = None) -> Finding:
    """Every part of a condition, the met ones too. The whole is what `judge` says."""
    parts = condition.parts if condition.operator in {"and", "or"} else ()
    return Finding(
        ok=judge(condition, user, obj).ok,
        reason="" if parts else str(condition.reason),
        operator=condition.operator,
        parts=tuple(trace(part, user, obj) for part in parts),
    )


def _reasons(condition: Reasoned, user: Any, obj: Any) -> list[str]:
    if condition.operator == "and":
        return [
            reason
            for part in condition.parts
            if not part.test(user, obj)
            for reason in _reasons(part, user, obj)
        ]
    if condition.operator == "or":
        return ["；或者 ".join(reason for part in condition.parts for reason in _reasons(part, user, obj))]
    return [str(condition.reason)]


@predicate("须登录")
def is_signed_in(user: Any, _obj: Any = None) -> bool:
    return bool(user and user.is_authenticated and user.is_active)


@predicate("须为平台运维人员")
def is_operator(user: Any, _obj: Any = None) -> bool:
    return bool(user and user.is_authenticated and user.is_active and user.is_superuser)
