"""Checks: findings about an object that its rooms contribute (提交前自查, 形式校核)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

Level = Literal["error", "warning"]


@dataclass(frozen=True)
class Finding:
    """One result of a check: an error stops a submission, a warning is shown; `url` leads to the place to mend it."""

    level: Level
    message: str
    url: str = ""
    clause: str = ""
    area: str = ""


_checks: dict[str, list[Callable[[Any], Iterable[Finding]]]] = defaultdict(list)


def register(subject: str, check: Callable[[Any], Iterable[Finding]]) -> None:
    """Let a room look at a subject ("pilot", ...) whenever somebody asks for its findings."""
    if check not in _checks[subject]:
        _checks[subject].append(check)


def run(subject: str, obj: Any) -> list[Finding]:
    """All findings of all rooms, errors first, in the order in which the rooms registered."""
    found = [finding for check in _checks[subject] for finding in check(obj)]
    return sorted(found, key=lambda finding: finding.level != "error")
