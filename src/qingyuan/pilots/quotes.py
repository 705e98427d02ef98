"""Figures quoted in chapter texts: of the targets table, live until sealed; of a computation, as they were."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from qingyuan.kernel import quotables
from qingyuan.kernel.quotables import Key, Quote
from qingyuan.papers import quoting
from qingyuan.pilots import derived
from qingyuan.pilots.derived import plain, signed
from qingyuan.pilots.models import Chapter, Pilot, Target

KIND = "target"
HOLE = "〔未填〕"
UNKNOWN = "〔引用的目标不存在〕"
UNKNOWN_FINDING = "〔引用的计算结果不存在〕"
FINDING = "finding"
"""The kind for which the room of the computations answers: id PILOT:CODE, version the number of the computation."""


def figure(target: Target, field: str) -> str:
    """A figure of a target as text with its unit; empty where it is not stated or cannot be worked out."""
    found = derived.of(target)
    unit = target.unit if target.unit == "%" else f" {target.unit}".rstrip()
    size = None if found.change is None else abs(found.change)
    rate = None if found.percent is None else abs(found.percent)
    number, after = {
        "value": (plain(target.target), unit),
        "baseline": (plain(target.baseline), unit),
        "change": (signed(found.change), unit),
        "size": (plain(size), unit),
        "percent": (signed(found.percent), "%"),
        "rate": (plain(rate), "%"),
    }[field]
    return f"{number}{after}" if number else ""


def resolve(keys: Sequence[Key]) -> Mapping[Key, Quote]:
    """Answer for keys of the form PILOT:KEY:FIELD (one query for all)."""
    wanted: dict[tuple[str, str], list[tuple[str, Key]]] = {}
    for key in keys:
        pilot, _sep, rest = key.id.partition(":")
        row, _sep, field = rest.rpartition(":")
        if field in quoting.FIELDS and _is_uuid(pilot):
            wanted.setdefault((pilot, row), []).append((field, key))
    rows = Target.objects.filter(
        pilot__in={pilot for pilot, _row in wanted}, key__in={row for _pilot, row in wanted}
    )
    return {
        key: Quote(
            label=f"{target.indicator}{quoting.FIELDS[field]}",
            value=figure(target, field),
            unit=target.unit,
            source_url=reverse("pilots:targets", args=[target.pilot_id]),
        )
        for target in rows
        for field, key in wanted.get((str(target.pilot_id), target.key), ())
    }


quotables.register(KIND, resolve)


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def key_of(pilot: UUID, key: str, field: str) -> Key:
    """What the kernel calls a figure of a text."""
    if key.startswith(quoting.FINDING):
        return Key(FINDING, f"{pilot}:{key.removeprefix(quoting.FINDING)}", field)
    return Key(KIND, f"{pilot}:{key}:{field}")


def shown(pilot: Pilot, html: str) -> str:
    """A text with its figures as they stand now (one query for each kind that it quotes)."""
    keys = {place: key_of(pilot.pk, *place) for place in set(quoting.quoted(html))}
    answers = quotables.resolve(list(keys.values())) if keys else {}

    def said(key: str, field: str) -> str:
        quote = answers.get(keys[key, field])
        return _unknown(key) if quote is None else str(quote.value) or HOLE

    return quoting.fill(html, said)


def _unknown(key: str) -> str:
    return UNKNOWN_FINDING if key.startswith(quoting.FINDING) else UNKNOWN


def findings_in(pilot: UUID, texts: Iterable[str]) -> dict[tuple[str, str], Quote]:
    """The figures of computations that these texts quote (one query or two, none where they quote none)."""
    keys = {
        place: key_of(pilot, *place)
        for html in texts
        for place in quoting.quoted(html)
        if place[0].startswith(quoting.FINDING)
    }
    answers = quotables.resolve(list(keys.values())) if keys else {}
    return {place: answers[key] for place, key in keys.items() if key in answers}


def filled_texts(chapters: Iterable[Chapter], targets: Iterable[Target]) -> dict[str, str]:
    """Chapters with their figures, by outline id: what is printed, signed and sealed."""
    rows = {target.key: target for target in targets}
    chapters = list(chapters)
    found = findings_in(chapters[0].pilot_id, (chapter.html for chapter in chapters)) if chapters else {}

    def said(key: str, field: str) -> str:
        if key.startswith(quoting.FINDING):
            return str(found[key, field].value) if (key, field) in found else UNKNOWN_FINDING
        if key not in rows or field not in quoting.FIELDS:
            return UNKNOWN
        return figure(rows[key], field) or HOLE

    return {chapter.outline_id: quoting.fill(chapter.html, said) for chapter in chapters}


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A figure that can be put into a text."""

    title: str
    code: str
    now: str
    anchor: str


def offered(pilot: Pilot) -> list[tuple[str, list[Offer]]]:
    """The figures of every target, for the list beside the editor (one query)."""
    return [
        (
            target.indicator,
            [
                Offer(
                    title=title,
                    code=quoting.code_of(target.key, field),
                    now=figure(target, field) or HOLE,
                    anchor=f"figure-{target.key}-{field}",
                )
                for field, title in quoting.FIELDS.items()
            ],
        )
        for target in pilot.targets.all()
    ]
