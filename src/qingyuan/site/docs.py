"""The parts of docs/ that are made from the code, between `<!-- generated: name -->` and `<!-- end -->`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.db import models
from django.utils import translation

from qingyuan.kernel.actions import Verb, verbs

_PART = re.compile(r"(<!-- generated: (?P<name>[a-z]+) -->\n).*?(<!-- end -->)", re.DOTALL)


class UnknownPartError(LookupError):
    """A document asks for a generated part that nobody makes."""


def stale(folder: Path) -> dict[Path, str]:
    """The documents whose generated parts are not current, with the text they should have."""
    found = {}
    for path in sorted(folder.rglob("*.md")):
        text = path.read_text("utf-8")
        fresh = _PART.sub(_fill, text)
        if fresh != text:
            found[path] = fresh
    return found


def _fill(match: re.Match[str]) -> str:
    name = match["name"]
    if name not in PARTS:
        raise UnknownPartError(f"no generated part is called {name!r}; there are {', '.join(PARTS)}")
    with translation.override("zh-hans"):
        return f"{match[1]}\n{PARTS[name]().strip()}\n\n{match[3]}"


def states() -> str:
    """A diagram for every aggregate that moves through stages."""
    parts = []
    for model in staged_models():
        parts.append(f"### {model._meta.app_label}.{model.__name__}\n\n```mermaid\nstateDiagram-v2")
        labels = _labels(model)
        parts += [f'    state "{label}" as {stage}' for stage, label in labels.items()]
        parts += [f"    {line}" for line in dict.fromkeys(transitions(model))]
        parts.append("```\n")
    return "\n".join(parts)


def staged_models() -> list[type[models.Model]]:
    """The models that a verb moves or creates in a stage, in the order of their names."""
    found: set[type[models.Model]] = {verb.on for verb in verbs().values() if verb.on and verb.stages}
    found |= {verb.creates for verb in verbs().values() if verb.creates and verb.creates_in}
    return sorted(found, key=lambda model: model._meta.label_lower)


def _labels(model: type[models.Model]) -> dict[str, str]:
    """Stage -> what it is called."""
    field: Any = model._meta.get_field("stage")
    return {str(stage): str(label) for stage, label in field.flatchoices}


def transitions(model: type[models.Model]) -> Iterator[str]:
    leaving = set()
    for verb in verbs().values():
        if verb.creates is model:
            yield from (f"[*] --> {stage}: {verb.title}" for stage in verb.creates_in)
        if verb.on is model and verb.to:
            leaving |= set(verb.stages or ())
            yield from (f"{start} --> {end}: {verb.title}" for start in verb.stages or () for end in verb.to)
    ends = {end for verb in verbs().values() if verb.on is model for end in verb.to} - leaving
    yield from (f"{end} --> [*]" for end in sorted(ends))


def permissions() -> str:
    """Every verb: what it is called, on what, who may, from where to where, for which clause."""
    head = ["verb", "what it is called", "on", "who may", "from", "to", "clauses", "repeat-safe"]
    rows = [head, ["---"] * len(head), *(_row(verb) for verb in verbs().values())]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def _row(verb: Verb[Any]) -> list[str]:
    labels = _labels(verb.on) if verb.on is not None and verb.stages is not None else {}
    made = f"new {verb.creates.__name__}" if verb.creates else ""
    return [
        f"`{verb.name}`",
        str(verb.title),
        verb.on.__name__ if verb.on else "—",
        str(verb.may.policy),
        "、".join(str(labels.get(stage, stage)) for stage in verb.stages or ()) or "any",
        "、".join(str(labels.get(stage, stage)) for stage in verb.to) or made or "—",
        " ".join(verb.clauses) or "—",
        "yes" if verb.idempotent else "—",
    ]


PARTS: dict[str, Callable[[], str]] = {"states": states, "permissions": permissions}
