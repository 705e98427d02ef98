"""What a table must look like: its columns, their kinds and units, its key. Readers and writers both follow it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final, Literal

Kind = Literal["text", "integer", "decimal", "date", "choice", "code"]
KINDS: Final = ("text", "integer", "decimal", "date", "choice", "code")


class NotApplicable(Enum):
    """The value of a cell that says na: not blank, not zero."""

    NA = "na"

    def __repr__(self) -> str:
        return "NA"


NA: Final = NotApplicable.NA
NA_WORDS: Final = frozenset({"na", "n/a", "不适用"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column. `code` is text that looks like a number (credit codes, region codes) and keeps every digit.

    `validate` gets the cleaned text of a value and returns what is wrong with it, one sentence each. `allow_na` says
    whether na 不适用 may stand in a cell; `longest` is the most characters a text or code may have. `refers` names the
    table of the same book in whose first key column the value must stand.
    """

    name: str
    title_zh: str
    kind: Kind = "text"
    unit: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()
    validate: Callable[[str], list[str]] | None = None
    note: str = ""
    aliases: tuple[str, ...] = ()
    allow_na: bool = True
    longest: int = 2000
    refers: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(
                f"column {self.name}: unknown kind {self.kind}; expected one of {', '.join(KINDS)}"
            )
        if (self.kind == "choice") != bool(self.choices):
            raise ValueError(f"column {self.name}: choices belong to kind choice, and only to it")

    @property
    def heading(self) -> str:
        """The printed title, with the unit."""
        return f"{self.title_zh}（{self.unit}）" if self.unit else self.title_zh


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of a workbook. `key` names the columns whose values together may occur once only.

    `families` are columns of which a file may hold any number: a family named `effect` has the columns `effect:COD`,
    `effect:NOx` …, each by its own full name in what is read. `may_be_empty`: a header without data says “none”;
    `optional`: the table may be absent from a book of several, or be empty.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    max_rows: int = 100_000
    notes: tuple[str, ...] = ()
    families: tuple[Column, ...] = ()
    may_be_empty: bool = False
    optional: bool = False

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        if not names or len(set(names)) != len(names):
            raise ValueError(f"table {self.name}: column names must exist and differ")
        if unknown := set(self.key) - set(names):
            raise ValueError(f"table {self.name}: key names unknown columns {sorted(unknown)}")
        headers(self)

    @property
    def sheet(self) -> str:
        """The title as a sheet's name: Excel takes 31 characters and refuses some."""
        return (re.sub(r"[\[\]:*?/\\]", " ", self.title).strip(" '")[:31]).strip(" '") or self.name[:31]

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)

    def member(self, header: str) -> Column | None:
        """The column that a header such as `effect:COD` or `削减量：COD` means in one of the families.

        The family's unit may stand in brackets behind its title or at the end, as in the headings that we write.
        """
        head, colon, tail = unicodedata.normalize("NFKC", header).partition(":")
        for family in self.families if colon else ():
            name = " ".join(_without_unit(tail, family.unit).split())
            known = {fold(text) for text in (family.name, family.title_zh, *family.aliases)}
            if name and known & {fold(head), fold(_without_unit(head, family.unit))}:
                return replace(
                    family, name=f"{family.name}:{name}", title_zh=f"{family.title_zh}：{name}", aliases=()
                )
        return None

    def with_members(self, found: Iterable[Column]) -> Table:
        """The table as one file has it: with the members of its families that occur."""
        known = {column.name for column in self.columns}
        more = {column.name: column for column in found if column.name not in known}
        return replace(self, columns=(*self.columns, *more.values())) if more else self


def _without_unit(text: str, unit: str) -> str:
    """`text` without that unit in brackets at its end."""
    found = _LAST_BRACKETS.fullmatch(text)
    return found[1] if found and unit and fold(found[2]) == fold(unit) else text


_LAST_BRACKETS = re.compile(r"(.*?)\s*[(\[【〔]([^()\[\]【】〔〕]*)[)\]】〕]\s*")
_BRACKETS = re.compile(r"[(\[【〔](.*?)[)\]】〕]")
_IGNORED = re.compile(r"[\s*:：_-]+")


def fold(text: str) -> str:
    """`text` for comparing headers: full-width and half-width alike, no spaces, stars, colons or case."""
    return _IGNORED.sub("", unicodedata.normalize("NFKC", text)).casefold()


def split_unit(header: str) -> tuple[str, str]:
    """Folded header without its brackets, and the folded text of the last bracket ('' if there is none)."""
    plain = unicodedata.normalize("NFKC", header)
    found = _BRACKETS.findall(plain)
    return fold(_BRACKETS.sub("", plain)), fold(found[-1]) if found else ""


def headers(table: Table) -> Mapping[str, Column]:
    """Every folded header under which a column is known; two columns must not share one."""
    known: dict[str, Column] = {}
    for column in table.columns:
        for header in {
            fold(text) for text in (column.name, column.title_zh, column.heading, *column.aliases)
        }:
            if known.setdefault(header, column) is not column:
                raise ValueError(
                    f"table {table.name}: {column.name} and {known[header].name} share the header {header}"
                )
    return known
