"""Charts of computations in texts: pinned to their computation, marked when old, renewed by a click.

A plan's chapter holds one as a picture whose title ends with a mark such as 〔k7x2m5qa.3〕: the chart's code, the same in every
computation of the dataset, and the computation's number. Who takes the mark out of the title has an ordinary picture. Texts
of the delivery hold the code `{{图:k7x2m5qa.3}}`, and seal what it stands for (`sealed`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from qingyuan.audits import drawings
from qingyuan.audits.findings import code_of
from qingyuan.audits.models import Run, RunFile
from qingyuan.audits.pins import Pin, newest_of
from qingyuan.audits.queries.run import RELATED
from qingyuan.audits.rules import run as rules
from qingyuan.kernel import clock, storage
from qingyuan.kernel.errors import NotFound
from qingyuan.kernel.gate import receive
from qingyuan.papers import quoting, richtext
from qingyuan.papers.drawn import Drawn
from qingyuan.pilots import drafts
from qingyuan.pilots.models import Chapter, Pilot


@dataclass(frozen=True)
class Chart:
    """A drawn figure of a result (`pins.Quoted`)."""

    code: str
    run: Run
    stem: str
    png: RunFile
    option: RunFile | None

    @property
    def number(self) -> int:
        return self.run.number

    @cached_property
    def title(self) -> str:
        """As the drawing says it: read from the store when it is asked for."""
        return self.drawing.title

    @cached_property
    def drawing(self) -> drawings.Drawing:
        return drawings.Drawing(self.stem, self.png, self.png, self.option)

    @property
    def text(self) -> str:
        return _("图“%s”") % self.title

    @property
    def sign(self) -> str:
        return self.png.sha256

    @property
    def origin(self) -> str:
        return _("第 %d 次计算") % self.run.number

    @property
    def source(self) -> str:
        return f"{self.run.dataset.title}，{self.origin}"

    @property
    def url(self) -> str:
        return self.run.get_absolute_url()

    @property
    def sha256(self) -> str:
        return self.run.result_sha256

    @property
    def mark(self) -> str:
        return quoting.mark_of(self.code, self.run.number)

    @property
    def typed(self) -> str:
        """The code that stands for it in texts."""
        return quoting.code_of(f"{quoting.CHART}{self.code}", str(self.run.number))

    def sealed(self, mention: str) -> Drawn:
        """What a text keeps of it: readable without the computation, its picture in the store by its hash."""
        drawing = self.drawing
        return Drawn(
            code=self.code,
            run=self.run.number,
            mention=mention,
            title=drawing.title,
            alt=drawing.alt,
            source=self.source,
            on=clock.local(self.run.ended_at or self.run.asked_at).date().isoformat(),
            result_sha256=self.run.result_sha256,
            sha256=self.png.sha256,
            heads=tuple(drawing.heads),
            rows=tuple(tuple(cell for _head, cell, _number in row) for row in drawing.shown),
            rest=drawing.rest,
        )


@dataclass(frozen=True)
class Shown(Pin):
    """A chart as a chapter of the plan shows it."""

    chapter: Chapter
    title: str
    """The chapter's."""
    upload: str
    caption: str


def of_pilot(pilot: UUID) -> dict[tuple[str, int], Chart]:
    """Every chart of every result of a pilot, the oldest first (two queries)."""
    runs = list(
        Run.objects.filter(dataset__pilot=pilot, stage=Run.Stage.DONE)
        .select_related(*RELATED)
        .prefetch_related("dataset__accesses")
        .order_by("number")
    )
    files: dict[UUID, dict[str, RunFile]] = {}
    for one in RunFile.objects.filter(run__in={run.holder_id for run in runs}):
        files.setdefault(one.run_id, {})[one.name] = one
    return {
        (chart.code, run.number): chart for run in runs for chart in _drawn(run, files.get(run.holder_id, {}))
    }


def _drawn(run: Run, files: dict[str, RunFile]) -> Iterator[Chart]:
    for name, png in files.items():
        if name.endswith(".png"):
            stem = name.removesuffix(".png")
            code = code_of(run.dataset_id, f"chart:{stem}")
            yield Chart(code, run, stem, png, files.get(f"{stem}.option.json"))


def offered(pilot: Pilot, user: Any) -> list[Chart]:
    """The newest drawing of every chart that this person may read."""
    newest = newest_of(of_pilot(pilot.pk))
    return [one for one in newest.values() if isinstance(one, Chart) and readable(one, user)]


def readable(chart: Chart, user: Any) -> bool:
    """A drawing says how single enterprises stand: it is put into a text by who may read the result."""
    return rules.sees_run.test(user, chart.run)


def shown(pilot: Pilot) -> list[Shown]:
    """Every chart in the pilot's chapters (three queries)."""
    chapters = list(pilot.chapters.filter(html__contains="〕"))
    places = [(chapter, one) for chapter in chapters for one in quoting.marked(chapter.html)]
    if not places:
        return []
    charts = of_pilot(pilot.pk)
    newest = newest_of(charts)
    titles = {heading.id: heading.title for heading in pilot.notice.leaves()}
    return [
        Shown(
            one.code,
            one.number,
            charts.get((one.code, one.number)),
            newest.get(one.code),
            chapter,
            titles.get(chapter.outline_id, chapter.outline_id),
            one.upload,
            one.title,
        )
        for chapter, one in places
    ]


def put(pilot: Pilot, *, code: str, outline_id: str, revision: int, by: Any) -> Chapter:
    """Add the newest drawing of a chart to the end of a chapter.

    Raises NotFound (also where this person may not read the result), or what saving a chapter raises.
    """
    chapter = pilot.chapters.filter(outline_id=outline_id).first()
    chart = next((one for one in offered(pilot, by) if one.code == code), None)
    if chapter is None or chart is None:
        raise NotFound(_("没有这幅图或这一章"))
    drafts.refuse_picture(pilot, by)
    image = f'<img data-upload="{_picture(chart, by)}" alt="{escape(chart.title + chart.mark)}">'
    return drafts.save_chapter(
        pilot, outline_id=outline_id, html=chapter.html + image, revision=revision, by=by
    )


def renew(pilot: Pilot, *, upload: str, outline_id: str, revision: int, by: Any) -> Chapter:
    """Let a chapter show the newest drawing in the place of an older one; its title stays as it was written."""
    place = next(
        (one for one in shown(pilot) if one.upload == upload and one.chapter.outline_id == outline_id), None
    )
    newest = place.newest if place else None
    if place is None or not isinstance(newest, Chart) or not readable(newest, by):
        raise NotFound(_("没有这幅图或这一章"))
    drafts.refuse_picture(pilot, by)
    fresh = _picture(newest, by)
    html = richtext.with_picture(
        place.chapter.html, upload, other=str(fresh), alt=place.caption + newest.mark
    )
    return drafts.save_chapter(pilot, outline_id=outline_id, html=html, revision=revision, by=by)


def _picture(chart: Chart, by: Any) -> UUID:
    """The drawing through the gate, like any picture."""
    with storage.open_blob(chart.png.sha256) as drawn:
        return receive(drawn, by=by, name=f"{chart.stem}.png", allow=frozenset({"png"})).pk
