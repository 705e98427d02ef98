"""One thing wrong in a table, named so exactly that a clerk can find and mend it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """`row` counts as the spreadsheet does, from 1 with the header in it; 0 means the whole file or sheet.

    `letter` and `title` name the column (both empty when the problem is not one cell's), `name` is its English header;
    `value` is what stands there.
    """

    file: str
    expected: str
    mend: str
    sheet: str = ""
    row: int = 0
    letter: str = ""
    title: str = ""
    name: str = ""
    value: str = ""
    level: Literal["error", "warning"] = "error"

    @property
    def column(self) -> str:
        """Letter and title, as C（企业名称）."""
        if self.letter and self.title:
            return f"{self.letter}（{self.title}）"
        return self.letter or self.title

    @property
    def full_column(self) -> str:
        """Letter, title and English header, as C（年节约 saving）: for programs, which know either header."""
        return replace(self, title=" ".join(dict.fromkeys(filter(None, (self.title, self.name))))).column

    def __str__(self) -> str:
        place = [
            self.file,
            self.sheet and f"工作表“{self.sheet}”",
            self.row and f"第{self.row}行",
            self.column and f"{self.column}列",
        ]
        where = " ".join(part for part in place if part)
        found = f"现为“{self.value}”，" if self.value else ""
        return f"{where}：{found}应为：{self.expected}。{self.mend}"


def letter(index: int) -> str:
    """Column letter of a 0-based index: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def shown(value: object) -> str:
    """A cell's value as it may stand in a message: short, on one line."""
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    text = " ".join(text.split())
    return text if len(text) <= 60 else f"{text[:57]}…"
