"""What the experience of pilots is told by: the outline of the summary report, and the words of the case library."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from pydantic import Field

from qingyuan.catalogue import yamlfile
from qingyuan.catalogue.model import Part, Slug, Text

_FILE = Path(__file__).parent / "data" / "experience.yaml"


class Word(Part):
    """One word of a list by which cases are searched."""

    id: Slug
    title: Text


class Heading(Part):
    """A chapter of the summary report, and what belongs under it."""

    id: Slug
    title: Text
    guidance: tuple[Text, ...] = ()


class Experience(Part):
    """`verified`: somebody with authority has confirmed the outline and the lists; false for our own."""

    source: Text
    verified: bool
    measures: tuple[Word, ...] = Field(min_length=1)
    pollutants: tuple[Word, ...] = Field(min_length=1)
    outline: tuple[Heading, ...] = Field(min_length=1)


@cache
def experience() -> Experience:
    """The file as it is shipped."""
    return yamlfile.load(_FILE, Experience, crosscheck=_crosscheck)


def measures() -> dict[str, str]:
    """Titles of the measures by id."""
    return {word.id: word.title for word in experience().measures}


def pollutants() -> dict[str, str]:
    """Titles of the pollutants by id."""
    return {word.id: word.title for word in experience().pollutants}


def outline() -> tuple[Heading, ...]:
    """The chapters of a summary report in their order."""
    return experience().outline


def _crosscheck(file: Experience) -> Iterable[yamlfile.Finding]:
    for name in ("measures", "pollutants", "outline"):
        seen: set[str] = set()
        for index, one in enumerate(getattr(file, name)):
            if one.id in seen:
                yield yamlfile.Finding((name, index, "id"), f"编号“{one.id}”重复", "唯一的编号")
            seen.add(one.id)
