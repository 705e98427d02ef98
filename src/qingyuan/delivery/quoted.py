"""Figures and charts of computations in the texts of a pilot under way: pinned, marked when old, sealed with what they said.

Plain texts (progress reports, the summary of a filing) hold the codes `{{发现:CODE.N}}` and `{{图:CODE.N}}`; they are filled in
when the text is sealed. Chapters of the summary report hold them as elements.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils.translation import gettext as _

from qingyuan.audits import charts
from qingyuan.audits import quoting as findings
from qingyuan.audits.charts import Chart
from qingyuan.audits.pins import Pin, Place, renewed
from qingyuan.delivery.models import Project
from qingyuan.kernel import storage
from qingyuan.kernel.errors import Problem
from qingyuan.kernel.record_language import in_record_language
from qingyuan.papers import quoting
from qingyuan.papers.drawn import Drawn
from qingyuan.pilots.quotes import UNKNOWN_FINDING

Pins = Mapping[Place, Pin]
UNKNOWN_CHART = "〔引用的图不存在〕"


@dataclass(frozen=True)
class Offered:
    """What a text can quote: figures by result and part, and charts."""

    figures: Sequence[findings.Offer] = ()
    charts: Sequence[Chart] = ()

    def __bool__(self) -> bool:
        return bool(self.figures or self.charts)


def of_texts(project: Project, texts: Iterable[str]) -> dict[Place, Pin]:
    """What plain texts quote (five queries at most, none where they quote nothing)."""
    return findings.pins(project.pilot_id, [place for text in texts for place in quoting.typed(text)])


def of_chapters(project: Project, htmls: Iterable[str]) -> dict[Place, Pin]:
    """The same for chapters."""
    return findings.pins(project.pilot_id, [place for html in htmls for place in quoting.quoted(html)])


def figures_in(pins: Pins) -> list[Pin]:
    return [pin for (key, _number), pin in pins.items() if key.startswith(quoting.FINDING)]


def charts_in(pins: Pins, user: Any) -> list[tuple[Pin, bool]]:
    """The quoted charts, and whether this person may be shown drawings that no text has sealed."""
    return [
        (pin, isinstance(pin.said, Chart) and charts.readable(pin.said, user))
        for (key, _number), pin in pins.items()
        if key.startswith(quoting.CHART)
    ]


def said(pins: Pins, place: Place) -> str:
    """What stands in the text: two charts of one title are told apart by their computations."""
    pin = pins.get(place)
    if pin is None or pin.said is None:
        return UNKNOWN_CHART if place[0].startswith(quoting.CHART) else UNKNOWN_FINDING
    if isinstance(pin.said, Chart):
        return _mentions(pins)[place]
    return pin.said.text


@in_record_language()
def _mentions(pins: Pins) -> dict[Place, str]:
    found: dict[Place, str] = {}
    for place, pin in pins.items():
        if not isinstance(pin.said, Chart):
            continue
        words = pin.said.text
        if words in found.values():
            words = _("图“%(title)s”（%(source)s）") % {"title": pin.said.title, "source": pin.said.source}
        if words in found.values():
            words = f"{words}〔{pin.code}〕"
        found[place] = words
    return found


def filled(text: str, pins: Pins) -> str:
    return quoting.typed_filled(text, lambda *place: said(pins, place))


def moved(text: str, pins: Pins, codes: Iterable[str]) -> str:
    """Plain text that quotes the newest computation for these figures and charts."""
    return quoting.typed_moved(text, renewed(pins, set(codes)))


def unknown(pins: Pins, *, where: str) -> Iterator[Problem]:
    """Codes of nothing."""
    for (key, _number), one in pins.items():
        if one.said is None:
            is_chart = key.startswith(quoting.CHART)
            message = _("引用的图不存在：%s") if is_chart else _("引用的计算结果不存在：%s")
            yield Problem(
                message % f"{one.code}.{one.number}",
                where=where,
                mend=_("从“引用计算结果”中重新复制引用码"),
            )


def hidden(project: Project, text: str, *, before: str = "", by: Any, where: str) -> Iterator[Problem]:
    """Charts newly put into a plain text by somebody who may not read the result; those that stood there `before` stay."""
    stood = set(quoting.typed(before))
    yield from _hidden(project, [one for one in quoting.typed(text) if one not in stood], by=by, where=where)


def hidden_in_chapter(project: Project, html: str, *, before: str, by: Any, where: str) -> Iterator[Problem]:
    """The same for a chapter."""
    stood = set(quoting.quoted(before))
    yield from _hidden(project, [one for one in quoting.quoted(html) if one not in stood], by=by, where=where)


def _hidden(project: Project, places: Iterable[Place], *, by: Any, where: str) -> Iterator[Problem]:
    drawn_here = [place for place in places if place[0].startswith(quoting.CHART)]
    for one in findings.pins(project.pilot_id, drawn_here).values():
        if isinstance(one.said, Chart) and not charts.readable(one.said, by):
            yield Problem(
                _("引用的图不存在：%s") % f"{one.code}.{one.number}",
                where=where,
                mend=_("图由能查看该项计算结果的人员引用"),
            )


def sealed(pins: Pins) -> list[dict[str, Any]]:
    """What a sealed text quoted in figures, as it then stood: readable without the computation."""
    return [
        {
            "code": one.code,
            "run": one.number,
            "title": one.said.title,
            "value": one.said.text,
            "source": one.said.source,
            "result_sha256": one.said.sha256,
        }
        for one in figures_in(pins)
        if one.said is not None
    ]


def drawn(pins: Pins) -> list[Drawn]:
    """What a sealed text quoted in charts."""
    mentions = _mentions(pins)
    return [pin.said.sealed(mentions[place]) for place, pin in pins.items() if isinstance(pin.said, Chart)]


def upload_of(chart: Drawn) -> UUID:
    """What stands for the chart where a text names its pictures: the same for the same drawing."""
    return uuid5(NAMESPACE_URL, f"qingyuan:{chart.anchor}:{chart.sha256}")


def with_charts(html: str, drawings: Sequence[Drawn]) -> str:
    """A filled chapter with the pictures of its charts behind the blocks that quote them."""
    known = {
        (f"{quoting.CHART}{one.code}", str(one.run)): (str(upload_of(one)), one.caption) for one in drawings
    }
    return quoting.with_pictures(html, lambda *place: known.get(place))


def picture(sha256: str) -> bytes | None:
    """The bytes of a sealed chart."""
    try:
        with storage.open_blob(sha256) as kept:
            return kept.read()
    except FileNotFoundError:
        return None


def rows(quotes: Iterable[Mapping[str, Any]]) -> list[list[str]]:
    """Sealed quotes as a table's rows: what, how much, from where."""
    return [[one["title"], one["value"], one["source"]] for one in quotes]


def offered(project: Project, user: Any) -> Offered:
    """What this person's text can quote: figures of the whole for who works on the pilot, charts for who may read the results."""
    from qingyuan.pilots import rules

    if not rules.can_see_pilot.test(user, project.pilot):
        return Offered()
    return Offered(findings.offered(project.pilot), charts.offered(project.pilot, user))
