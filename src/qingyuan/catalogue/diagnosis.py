"""What a diagnosis of a sector assumes: named settings with units, bounds and our own defaults, as data."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field

from qingyuan.catalogue import yamlfile
from qingyuan.catalogue.model import Part, Slug, Text

_FILE = Path(__file__).parent / "data" / "diagnosis.yaml"


class Setting(Part):
    """One assumption. Without a `default` it is unknown until somebody fills it in."""

    id: Slug
    title: Text
    group: Text
    kind: Literal["number", "integer", "choice", "text"] = "number"
    unit: str = ""
    choices: tuple[Text, ...] = ()
    default: Decimal | Text | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    note: str = ""


class _Settings(Part):
    source: Text
    verified: bool
    settings: tuple[Setting, ...] = Field(min_length=1)


@cache
def settings() -> dict[str, Setting]:
    """The settings by id, in the order of the file."""
    return {setting.id: setting for setting in _file().settings}


def source() -> str:
    """Where the defaults come from."""
    return _file().source


@cache
def _file() -> _Settings:
    return yamlfile.load(_FILE, _Settings, crosscheck=_crosscheck)


def _crosscheck(file: _Settings) -> Iterable[yamlfile.Finding]:
    seen: set[str] = set()
    for index, setting in enumerate(file.settings):
        place = ("settings", index)
        for name in (setting.id, setting.title):
            if name in seen:
                yield yamlfile.Finding(place, f"“{name}”重复", "唯一的编号和名称")
            seen.add(name)
        if (setting.kind == "choice") != bool(setting.choices):
            yield yamlfile.Finding(place, "choices 只用于 kind: choice", "成对出现")
