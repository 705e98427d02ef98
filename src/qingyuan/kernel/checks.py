"""Checks: findings about an object that its rooms contribute (提交前自查, 形式校核)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

Level = Literal["error", "warning", "info"]
_ORDER = {"error": 0, "warning": 1, "info": 2}


@dataclass(frozen=True)
class Finding:
    """One result of a check: an error stops a submission, the rest is shown; `url` leads to the place to mend it.

    `part` is the thing inside the area (a chapter, a condition), `rule` the rule broken, `mend` what to do,
    `excerpt` the words that it is about.
    """

    level: Level
    message: str
    url: str = ""
    clause: str = ""
    area: str = ""
    part: str = ""
    rule: str = ""
    mend: str = ""
    excerpt: str = ""


_checks: dict[str, list[Callable[[Any], Iterable[Finding]]]] = defaultdict(list)


def register(subject: str, check: Callable[[Any], Iterable[Finding]]) -> None:
    """Let a room look at a subject ("pilot", ...) whenever somebody asks for its findings."""
    if check not in _checks[subject]:
        _checks[subject].append(check)


def run(subject: str, obj: Any) -> list[Finding]:
    """All findings of all rooms, errors first, then warnings, in the order in which the rooms registered."""
    return by_level(finding for check in _checks[subject] for finding in check(obj))


def by_level(findings: Iterable[Finding]) -> list[Finding]:
    """Errors first, then warnings, then what is only worth knowing; otherwise in the order given."""
    return sorted(findings, key=lambda finding: _ORDER[finding.level])
