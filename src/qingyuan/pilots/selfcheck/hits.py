"""What a check finds, as plain data: the room that shows it knows the address of the place."""

from __future__ import annotations

from dataclasses import dataclass

from qingyuan.catalogue.notices.selfcheck import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where to mend: an area of the application, the thing in it (chapter, condition), the paragraph from 1."""

    area: str
    part: str = ""
    paragraph: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One finding of a named check. `clause`: where it is another than the rule's."""

    message: str
    place: Place
    mend: str = ""
    excerpt: str = ""
    clause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A hit with the rule that it broke."""

    rule: str
    severity: Severity
    clause: str
    message: str
    mend: str
    """With the notice's own words, where the rule quotes them."""
    hit: Hit


LONGEST_EXCERPT = 90


def excerpt(text: str, *, around: str = "") -> str:
    """The sentence, cut to what a person takes in at a glance, with `around` inside."""
    text = " ".join(text.split())
    if len(text) <= LONGEST_EXCERPT:
        return text
    start = max(0, text.find(around) - LONGEST_EXCERPT // 2) if around else 0
    piece = text[start : start + LONGEST_EXCERPT]
    return f"{'…' if start else ''}{piece}{'…' if start + LONGEST_EXCERPT < len(text) else ''}"
