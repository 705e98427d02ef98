"""A chart of a computation as a sealed text keeps it: its words, its picture by hash, the table behind it.

The text says where it stands (`mention`); pages and papers set it behind the line that does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from qingyuan.papers.picture import size_of
from qingyuan.papers.word import Document, paragraph, run
from qingyuan.papers.word_styles import TEXT_WIDTH

Pictures = Callable[[str], bytes | None]
"""The bytes of a picture by its SHA-256; None where they are gone."""


def no_picture(_sha256: str) -> bytes | None:
    """Where none are at hand."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """Everything is text as it is read; `rows` are the first of the table, `rest` says how many more there were."""

    code: str
    run: int
    mention: str
    title: str
    alt: str
    source: str
    on: str
    result_sha256: str
    sha256: str
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    rest: int = 0

    @property
    def anchor(self) -> str:
        return f"chart-{self.code}-{self.run}"

    @property
    def caption(self) -> str:
        """Title, computation and day."""
        return f"{self.title}（{self.source}，{self.on}）"

    @property
    def columns(self) -> list[tuple[str, bool]]:
        """Every heading, and whether its column holds numbers."""
        columns = zip(*self.rows, strict=True) if self.rows else ((),) * len(self.heads)
        cells = [[cell for cell in column if cell] for column in columns]
        return [
            (head, bool(filled) and all(map(_is_number, filled)))
            for head, filled in zip(self.heads, cells, strict=True)
        ]

    @property
    def lines(self) -> list[list[tuple[str, bool]]]:
        """The rows, each cell with whether its column holds numbers."""
        numeric = [is_numeric for _head, is_numeric in self.columns]
        return [list(zip(row, numeric, strict=True)) for row in self.rows]

    def plain(self) -> dict[str, Any]:
        """As it is sealed."""
        return {**asdict(self), "heads": list(self.heads), "rows": [list(row) for row in self.rows]}


def _is_number(cell: str) -> bool:
    try:
        return Decimal(cell).is_finite()
    except InvalidOperation:
        return False


def of_plain(content: Mapping[str, Any]) -> list[Drawn]:
    """The charts of a sealed content, in their order; contents sealed before charts were quoted have none."""
    return [
        Drawn(**{**one, "heads": tuple(one["heads"]), "rows": tuple(tuple(row) for row in one["rows"])})
        for one in content.get("charts", ())
    ]


def placed(text: str, charts: Sequence[Drawn]) -> list[str | Drawn]:
    """A plain text in pieces: each chart behind the line that first speaks of it; a line of nothing else gives way to it."""
    pieces: list[str | Drawn] = []
    lines: list[str] = []
    waiting = [one for one in charts if one.mention in text]
    for line in text.splitlines():
        here = [one for one in waiting if one.mention in line]
        left = line
        for one in here:
            left = left.replace(one.mention, "")
        if not here or left.strip():
            lines.append(line)
        if here:
            waiting = [one for one in waiting if one not in here]
            pieces += _said(lines)
            pieces += here
            lines = []
    return pieces + _said(lines)


def _said(lines: list[str]) -> list[str]:
    text = "\n".join(lines).strip("\n")
    return [text] if text.strip() else []


def set_in(document: Document, chart: Drawn, pictures: Pictures, *, number: int) -> Iterator[str]:
    """The picture and its numbered caption as paragraphs of a Word file."""
    data = pictures(chart.sha256)
    size = size_of(data) if data else None
    if data is None or size is None:
        yield paragraph(run(f"〔图片缺失：{chart.title}〕"), "Picture")
    else:
        yield paragraph(document.pictures.run(data, size, alt=chart.alt, room=TEXT_WIDTH), "Picture")
    yield paragraph(run(f"图{number}\u3000{chart.caption}"), "FigureCaption")
