"""Charts of computations in a plan: put into a chapter as a picture, pinned to their computation, marked when old.

The title of the picture ends with a mark such as 〔k7x2m9qa.3〕: the chart's code, the same in every computation of the
dataset, and the computation's number. Who takes the mark out of the title has an ordinary picture.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from qingyuan.audits.findings import code_of
from qingyuan.audits.models import Run, RunFile
from qingyuan.audits.queries.run import RELATED
from qingyuan.audits.rules import run as rules
from qingyuan.kernel import storage
from qingyuan.kernel.errors import NotFound
from qingyuan.kernel.gate import receive
from qingyuan.papers import richtext
from qingyuan.pilots import drafts
from qingyuan.pilots.models import Chapter, Pilot

_MARK = re.compile(r"〔([a-z2-7]{8})\.([0-9]{1,6})〕$")


@dataclass(frozen=True)
class Chart:
    """A drawn figure of a result."""

    code: str
    run: Run
    stem: str
    png: RunFile
    option: RunFile | None

    @property
    def mark(self) -> str:
        return f"〔{self.code}.{self.run.number}〕"

    @cached_property
    def title(self) -> str:
        """As the chart is headed, read from the store when it is asked for."""
        if self.option is None:
            return self.stem
        with storage.open_blob(self.option.sha256) as kept:
            return str(json.load(kept)["title"])

    @property
    def svg_name(self) -> str:
        return f"{self.stem}.svg"


@dataclass(frozen=True)
class Shown:
    """A chart as a chapter shows it, and what the newest computation draws."""

    chapter: Chapter
    title: str
    """The chapter's."""
    upload: str
    caption: str
    then: Chart | None
    """None: the mark names no chart."""
    newest: Chart | None

    @property
    def is_stale(self) -> bool:
        return (
            self.then is not None
            and self.newest is not None
            and self.newest.run.number > self.then.run.number
        )

    @property
    def differs(self) -> bool:
        """Is another picture drawn now?"""
        return (
            self.is_stale
            and self.then is not None
            and self.newest is not None
            and self.newest.png.sha256 != self.then.png.sha256
        )


def _all(pilot: Pilot) -> dict[tuple[str, int], Chart]:
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
    newest = {code: chart for (code, _number), chart in _all(pilot).items()}
    allowed: dict[UUID, bool] = {}
    return [
        one
        for one in newest.values()
        if allowed.setdefault(one.run.dataset_id, rules.sees_run.test(user, one.run))
    ]


def shown(pilot: Pilot) -> list[Shown]:
    """Every chart in the pilot's chapters (three queries)."""
    chapters = list(pilot.chapters.filter(html__contains="〕"))
    places = [
        (chapter, image.get("data-upload", ""), image.get("alt", ""), found)
        for chapter in chapters
        for image in richtext.tree(chapter.html).iter("img")
        if (found := _MARK.search(image.get("alt", "")))
    ]
    if not places:
        return []
    charts = _all(pilot)
    newest = {code: chart for (code, _number), chart in charts.items()}
    titles = {heading.id: heading.title for heading in pilot.notice.leaves()}
    return [
        Shown(
            chapter,
            titles.get(chapter.outline_id, chapter.outline_id),
            upload,
            alt[: mark.start()],
            charts.get((mark[1], int(mark[2]))),
            newest.get(mark[1]),
        )
        for chapter, upload, alt, mark in places
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
    if place is None or place.newest is None or not rules.sees_run.test(by, place.newest.run):
        raise NotFound(_("没有这幅图或这一章"))
    drafts.refuse_picture(pilot, by)
    fresh = _picture(place.newest, by)
    html = richtext.with_picture(
        place.chapter.html, upload, other=str(fresh), alt=place.caption + place.newest.mark
    )
    return drafts.save_chapter(pilot, outline_id=outline_id, html=html, revision=revision, by=by)


def _picture(chart: Chart, by: Any) -> UUID:
    """The drawing through the gate, like any picture."""
    with storage.open_blob(chart.png.sha256) as drawn:
        return receive(drawn, by=by, name=f"{chart.stem}.png", allow=frozenset({"png"})).pk
