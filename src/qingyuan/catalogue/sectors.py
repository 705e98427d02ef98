"""The notice's key sectors, and where GB/T 4754-2017 has them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from qingyuan.catalogue import csvfile, yamlfile
from qingyuan.catalogue.model import Part, Slug, Text

_DATA = Path(__file__).parent / "data"
_CODE = re.compile(r"([A-T]?)(\d{2})(\d{0,2})")
LAST_DIVISION = "97"
"""国际组织, the last 大类 of GB/T 4754-2017."""
DivisionCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}$")]


class Section(Part):
    """A 门类 of GB/T 4754-2017."""

    code: Annotated[str, StringConstraints(pattern=r"^[A-T]$")]
    name: Text


class Division(Part):
    """A 大类 of GB/T 4754-2017."""

    code: DivisionCode
    section: Annotated[str, StringConstraints(pattern=r"^[A-T]$")]
    name: Text


class Mapping(Part):
    """Our reading of how a sector of the notice meets a division; see `fit` in the data file."""

    code: DivisionCode
    fit: Literal["whole", "part", "unclear"]


class Sector(Part):
    """A key sector as the notice names it. `across`: a process found in many divisions."""

    id: Slug
    title: Text
    divisions: tuple[Mapping, ...]
    across: bool = False
    note: str = ""


class _Sectors(Part):
    source: Text
    verified: bool
    sectors: tuple[Sector, ...] = Field(min_length=1)


@cache
def sections() -> dict[str, Section]:
    """门类 by letter."""
    return {section.code: section for section in csvfile.load_table(_DATA / "sections.csv", Section).rows}


@cache
def divisions() -> dict[str, Division]:
    """大类 of the sections B, C and D by two-digit code."""
    return {
        division.code: division for division in csvfile.load_table(_DATA / "divisions.csv", Division).rows
    }


@cache
def sectors() -> dict[str, Sector]:
    """The key sectors by id, in the order of the notice."""
    return {sector.id: sector for sector in _file().sectors}


def mapping_is_verified() -> bool:
    """Whether someone with authority has confirmed the divisions of the sectors; false for our own mapping."""
    return _file().verified


def sectors_of_division(code: str) -> tuple[Sector, ...]:
    """Which key sectors an enterprise of this division may belong to; sectors found across divisions come last."""
    direct = [
        sector for sector in sectors().values() if any(found.code == code for found in sector.divisions)
    ]
    across = [sector for sector in sectors().values() if sector.across and sector not in direct]
    return (*direct, *across)


def normalise_code(code: str) -> str:
    """An industry code without spaces, full-width characters and the letter of its section, which the division implies."""
    plain = "".join(unicodedata.normalize("NFKC", code).split()).upper()
    return plain[1:] if _CODE.fullmatch(plain) and plain[0].isalpha() else plain


def check_code(code: str) -> list[str]:
    """What is wrong with a GB/T 4754 code of a division, group or class, in Chinese; empty when it holds.

    Divisions are checked in the sections whose table we have (B, C, D); of the others only the form is.
    """
    plain = "".join(unicodedata.normalize("NFKC", code).split()).upper()
    found = _CODE.fullmatch(plain)
    if found is None:
        return [f"行业代码“{plain[:12]}”应为 2 至 4 位数字（前面可有门类字母），如 2614 或 C2614"]
    letter, division, _rest = found.groups()
    known = divisions()
    tables = {entry.section for entry in known.values()}
    if division in known:
        right = known[division]
        if letter and letter != right.section:
            return [f"大类 {division}（{right.name}）属于门类 {right.section}，不是 {letter}"]
        return []
    if letter in tables or min(known) <= division <= max(known) or not "01" <= division <= LAST_DIVISION:
        return [f"GB/T 4754 没有大类 {division}{f'（门类 {letter}）' if letter else ''}"]
    return []


@cache
def _file() -> _Sectors:
    return yamlfile.load(_DATA / "sectors.yaml", _Sectors, crosscheck=_crosscheck)


def _crosscheck(file: _Sectors) -> Iterable[yamlfile.Finding]:
    seen: set[str] = set()
    for index, sector in enumerate(file.sectors):
        if sector.id in seen:
            yield yamlfile.Finding(("sectors", index, "id"), f"编号“{sector.id}”重复", "唯一的编号")
        seen.add(sector.id)
        for number, found in enumerate(sector.divisions):
            if found.code not in divisions():
                place = ("sectors", index, "divisions", number, "code")
                yield yamlfile.Finding(place, f"大类 {found.code} 不存在", "divisions.csv 中的大类代码")
