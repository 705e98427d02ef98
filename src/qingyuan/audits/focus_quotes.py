"""Rankings of audit focus in texts: what ranks first, and the rank and points of each candidate, as one scoring had them.

A scoring of the same title is the newer one of it: its figures have the same codes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from qingyuan.audits.findings import code_of
from qingyuan.audits.models import FocusSheet
from qingyuan.papers import quoting
from qingyuan.papers.canonical import canonical_bytes, sha256_hex


@dataclass(frozen=True)
class Ranked:
    """A figure of a scoring (`pins.Quoted`)."""

    sheet: FocusSheet
    key: str
    title: str
    text: str

    @property
    def code(self) -> str:
        return code_of(self.sheet.pilot_id, f"focus:{self.sheet.title}:{self.key}")

    @property
    def number(self) -> int:
        return self.sheet.number

    @property
    def sign(self) -> str:
        return self.text

    @property
    def typed(self) -> str:
        return quoting.code_of(f"{quoting.FINDING}{self.code}", str(self.number))

    @property
    def origin(self) -> str:
        return _("第 %d 次打分") % self.number

    @property
    def source(self) -> str:
        return _("%(title)s的审核重点，%(origin)s") % {"title": self.sheet.title, "origin": self.origin}

    @property
    def url(self) -> str:
        return self.sheet.get_absolute_url()

    @property
    def sha256(self) -> str:
        return sha256_hex(canonical_bytes({"factors": self.sheet.factors, "ranking": self.sheet.ranking}))


def of_sheet(sheet: FocusSheet) -> Iterator[Ranked]:
    """Everything that can be quoted of a scoring, what ranks first before all."""
    first = [one["candidate"] for one in sheet.ranking if one["rank"] == 1]
    whose = {"title": sheet.title}
    yield Ranked(sheet, "first", _("%(title)s的审核重点（排在首位）") % whose, _("、").join(first))
    for one in sheet.ranking:
        named = {**whose, "candidate": one["candidate"]}
        rank = _("并列第 %d 名") if one["tied"] else _("第 %d 名")
        yield Ranked(
            sheet, f"rank:{one['candidate']}", _("%(title)s：%(candidate)s的名次") % named, rank % one["rank"]
        )
        yield Ranked(
            sheet,
            f"points:{one['candidate']}",
            _("%(title)s：%(candidate)s的总分") % named,
            _("%s 分") % one["total"],
        )


def of_pilots(pilots: Collection[UUID]) -> dict[tuple[UUID, str, int], Ranked]:
    """By pilot, code and number of the scoring (one query)."""
    return {
        (sheet.pilot_id, one.code, one.number): one
        for sheet in FocusSheet.objects.filter(pilot__in=pilots)
        for one in of_sheet(sheet)
    }


def newest(pilot: UUID) -> list[FocusSheet]:
    """The last scoring of every title, in the order of their numbers (one query)."""
    last = {sheet.title: sheet for sheet in FocusSheet.objects.filter(pilot=pilot).order_by("number")}
    return list(last.values())
