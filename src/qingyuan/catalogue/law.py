"""Legal bases with the dates between which they hold: a call of 2022 cites the old law, a new one the Code."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field

from qingyuan.catalogue import yamlfile
from qingyuan.catalogue.model import Part, Slug, Text

Status = Literal["in_force", "not_yet", "ended", "unknown"]
_FILE = Path(__file__).parent / "law.yaml"


class Article(Part):
    """One article with its text as published."""

    number: int = Field(gt=0)
    name: Text
    text: Text


class LegalBasis(Part):
    """A law, rule, guide or plan. `valid_to` is its last day; `seen` says whether its source was read."""

    id: Slug
    title: Text
    short_title: Text
    kind: Literal["law", "rule", "guide", "notice", "plan"]
    number: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    replaced_by: Slug | None = None
    source: Text
    seen: bool
    note: str = ""
    articles: tuple[Article, ...] = ()

    def status(self, *, on: date) -> Status:
        """Whether it holds on a day; unknown where no read source gives the day it began."""
        if self.valid_to is not None and on > self.valid_to:
            return "ended"
        if self.valid_from is None:
            return "unknown"
        return "not_yet" if on < self.valid_from else "in_force"

    def article(self, number: int) -> Article | None:
        return next((article for article in self.articles if article.number == number), None)


@dataclass(frozen=True, kw_only=True)
class Citation:
    """How a basis is written on a day: `text` to print, `warning` where it does not (surely) hold then."""

    basis: LegalBasis
    text: str
    status: Status
    warning: str = ""
    successor: LegalBasis | None = None


class _Law(Part):
    bases: tuple[LegalBasis, ...] = Field(min_length=1)


@cache
def legal_bases() -> dict[str, LegalBasis]:
    """All legal bases by id."""
    return {basis.id: basis for basis in load_law(_FILE)}


def load_law(path: Path) -> tuple[LegalBasis, ...]:
    """Legal bases of a file; raises CatalogueError with every problem."""
    return yamlfile.load(path, _Law, crosscheck=_crosscheck).bases


def in_force(*, on: date) -> tuple[LegalBasis, ...]:
    """What surely holds on a day."""
    return tuple(basis for basis in legal_bases().values() if basis.status(on=on) == "in_force")


def citation(basis_id: str, *, on: date, article: int | None = None) -> Citation:
    """The citation of a basis on a day; raises KeyError for an unknown id or an article that we do not hold."""
    basis = legal_bases()[basis_id]
    text = f"《{basis.title}》"
    if article is not None:
        found = basis.article(article)
        if found is None:
            raise KeyError(f"{basis_id} 第 {article} 条不在库中")
        text += found.name
    elif basis.number and basis.kind != "law":
        text += f"（{basis.number}）"
    status = basis.status(on=on)
    successor = legal_bases().get(basis.replaced_by or "")
    warning = {
        "in_force": "",
        "not_yet": f"{text}自 {basis.valid_from} 起施行，{on} 尚未施行",
        "ended": f"{text}的有效期到 {basis.valid_to} 为止",
        "unknown": f"{text}的施行日期未见于已核资料",
    }[status]
    if status == "ended" and successor is not None:
        warning += f"，现由《{successor.title}》规定"
    return Citation(basis=basis, text=text, status=status, warning=warning, successor=successor)


def _crosscheck(law: _Law) -> Iterable[yamlfile.Finding]:
    ids = [basis.id for basis in law.bases]
    by_id = {basis.id: basis for basis in law.bases}
    for index, basis in enumerate(law.bases):
        place = ("bases", index)
        if basis.id in ids[:index]:
            yield yamlfile.Finding((*place, "id"), f"编号“{basis.id}”重复", "唯一的编号")
        if basis.valid_from and basis.valid_to and basis.valid_to < basis.valid_from:
            yield yamlfile.Finding(
                (*place, "valid_to"), f"失效日期 {basis.valid_to} 早于施行日期", f"不早于 {basis.valid_from}"
            )
        if basis.replaced_by is None:
            continue
        if basis.replaced_by not in by_id:
            reason = f"替代者“{basis.replaced_by}”不存在"
            yield yamlfile.Finding((*place, "replaced_by"), reason, "本文件中的编号")
        elif basis.valid_to is None:
            reason = "写了替代者却没有失效日期"
            yield yamlfile.Finding((*place, "replaced_by"), reason, "同时写明 valid_to")
