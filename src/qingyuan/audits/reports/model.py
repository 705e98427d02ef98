"""A chapter of an audit report: what fills it, and what is missing with the place where it is entered."""

from __future__ import annotations

from dataclasses import dataclass, field

from qingyuan.papers.audit_docx import Chapter, Grid, Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """What is not there: a sentence, and where it is entered, in words and as an address."""

    what: str
    where: str
    url: str

    @property
    def sentence(self) -> str:
        return f"〔待补〕{self.what}（填写处：{self.where}）。"


@dataclass(kw_only=True)
class Draft:
    """One chapter while it is put together."""

    number: int
    title: str
    paragraphs: list[str] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)

    @property
    def is_filled(self) -> bool:
        return bool(self.paragraphs or self.grids or self.pictures)

    @property
    def chapter(self) -> Chapter:
        return Chapter(
            number=f"{self.number} ",
            title=self.title,
            paragraphs=(*self.paragraphs, *(one.sentence for one in self.missing)),
            grids=tuple(self.grids),
            pictures=tuple(self.pictures),
        )
