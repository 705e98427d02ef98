"""Figures of computations in the texts of a pilot under way: pinned, marked when old, sealed with what they said.

Plain texts (progress reports, the summary of a filing) hold the code `{{发现:CODE.N}}`; it is filled in when the text is
sealed. Chapters of the summary report hold them as the plan's chapters do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.audits import quoting as findings
from qingyuan.audits.models import Finding, Run
from qingyuan.audits.quoting import Pin, Place
from qingyuan.delivery.models import Project
from qingyuan.kernel.errors import Problem
from qingyuan.papers import quoting
from qingyuan.pilots.quotes import UNKNOWN_FINDING

Pins = Mapping[Place, Pin]
Offered = list[tuple[Run, list[tuple[str, list[Finding]]]]]


def of_texts(project: Project, texts: Iterable[str]) -> dict[Place, Pin]:
    """What plain texts quote (two queries, none where they quote nothing)."""
    return findings.pins(project.pilot_id, [place for text in texts for place in quoting.typed(text)])


def of_chapters(project: Project, htmls: Iterable[str]) -> dict[Place, Pin]:
    """The same for chapters."""
    return findings.pins(project.pilot_id, [place for html in htmls for place in quoting.quoted(html)])


def said(pins: Pins, place: Place) -> str:
    pin = pins.get(place)
    return UNKNOWN_FINDING if pin is None or pin.said is None else pin.said.text


def filled(text: str, pins: Pins) -> str:
    return quoting.typed_filled(text, lambda *place: said(pins, place))


def moved(text: str, pins: Pins, codes: Iterable[str]) -> str:
    """Plain text that quotes the newest computation for these figures."""
    return quoting.typed_moved(text, findings.renewed(pins, set(codes)))


def unknown(pins: Pins, *, where: str) -> Iterator[Problem]:
    """Codes of nothing."""
    for one in pins.values():
        if one.said is None:
            yield Problem(
                _("引用的计算结果不存在：%s") % f"{one.code}.{one.number}",
                where=where,
                mend=_("从“引用计算结果”中重新复制引用码"),
            )


def sealed(pins: Pins) -> list[dict[str, Any]]:
    """What a sealed text quoted, as it then stood: readable without the computation."""
    return [
        {
            "code": one.code,
            "run": one.number,
            "title": one.said.title,
            "value": one.said.text,
            "source": source_of(one.said),
            "result_sha256": one.said.run.result_sha256,
        }
        for one in pins.values()
        if one.said is not None
    ]


def source_of(finding: Finding) -> str:
    return _("%(dataset)s，第 %(number)d 次计算") % {
        "dataset": finding.run.dataset.title,
        "number": finding.run.number,
    }


def rows(quotes: Iterable[Mapping[str, Any]]) -> list[list[str]]:
    """Sealed quotes as a table's rows: what, how much, from where."""
    return [[one["title"], one["value"], one["source"]] for one in quotes]


def offered(project: Project, user: Any) -> Offered:
    """Figures that this person's text can quote: of the whole, for who works on the pilot."""
    from qingyuan.pilots import rules

    if not rules.can_see_pilot.test(user, project.pilot):
        return []
    return findings.offered(project.pilot)
