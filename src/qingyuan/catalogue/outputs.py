"""Kinds of results that a pilot hands over, as data."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from pydantic import Field

from qingyuan.catalogue import yamlfile
from qingyuan.catalogue.model import Part, Slug, Text

_FILE = Path(__file__).parent / "data" / "outputs.yaml"


class OutputKind(Part):
    """One kind; `words` in a title speak for it."""

    id: Slug
    title: Text
    words: tuple[Text, ...] = ()


class _Kinds(Part):
    source: Text
    verified: bool
    kinds: tuple[OutputKind, ...] = Field(min_length=1)


@cache
def kinds() -> dict[str, OutputKind]:
    """The kinds by id, in the order of the file; the last one is for what fits nowhere."""
    return {kind.id: kind for kind in load_kinds(_FILE)}


def load_kinds(path: Path) -> tuple[OutputKind, ...]:
    """Kinds of a file; raises CatalogueError with every problem."""
    return yamlfile.load(path, _Kinds, crosscheck=_crosscheck).kinds


def guess(title: str) -> str:
    """The id of the kind that a title speaks for: of the word that stands last in it, as a Chinese title ends in what it is."""
    places = (
        (title.rfind(word) + len(word), kind.id)
        for kind in kinds().values()
        for word in kind.words
        if word in title
    )
    return max(places, key=lambda one: one[0], default=(0, list(kinds())[-1]))[1]


def _crosscheck(file: _Kinds) -> Iterable[yamlfile.Finding]:
    seen: set[str] = set()
    for index, kind in enumerate(file.kinds):
        for name in (kind.id, kind.title):
            if name in seen:
                yield yamlfile.Finding(("kinds", index), f"“{name}”重复", "唯一的编号和名称")
            seen.add(name)
        if not kind.words and index != len(file.kinds) - 1:
            yield yamlfile.Finding(("kinds", index), "没有 words，只有最后一类可以没有", "words")
