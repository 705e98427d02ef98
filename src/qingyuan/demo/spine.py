"""Enter once, quote everywhere: the demo's pilots under way hold data, a fixed version, a real computation and a quoting plan.

The computation is what a worker does with every run: the engine's own command in a process of its own, some seconds of it.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qingyuan.audits import actions as audits
from qingyuan.audits import charts
from qingyuan.audits.actions import run as runs
from qingyuan.audits.models import Dataset, Run
from qingyuan.audits.queries.dataset import RELATED
from qingyuan.audits.running import worker
from qingyuan.demo import depth, ditch, park_data, sector_data
from qingyuan.demo.blocks import paragraphs
from qingyuan.demo.examples import Sheets, region_book, with_members
from qingyuan.kernel.gate import receive
from qingyuan.papers import quoting
from qingyuan.pilots import drafts
from qingyuan.workbooks import collected as books
from qingyuan.workbooks.write import write_book

if TYPE_CHECKING:
    from qingyuan.demo.pilots import Example, Way
    from qingyuan.people.models import User
    from qingyuan.pilots.models import Pilot

TEMPLATES = {"sector": "industry", "park": "park", "region": "region"}
YEAR = 2021
HEATED, CHOOSING = 12, 8
"""Of how many enterprises of the park heat and schemes are computed: enough to see, and done in five seconds."""
QUOTES: Mapping[str, tuple[str, tuple[tuple[str, tuple[str, ...]], ...]]] = {
    "sector": (
        "groundwork-environment",
        (
            (
                "（演示）按统一采集表诊断，“单位产品新鲜水耗”未达到Ⅱ级的企业占 {}，都达到Ⅱ级每年可节水 {}。",
                ("failing:water:II", "potential:water:II:water_m3"),
            ),
            (
                "（演示）按此选 {} 深入审核，比逐家审核少用 {}，核查疑点 {}已列入核查清单。",
                ("sample", "effort:saved:person_days", "flags"),
            ),
        ),
    ),
    "park": (
        "work-contents",
        (
            (
                "（演示）能量梯级利用：园区可回收热量 {}，统筹利用比各家各自回收多节约 {}，可行的企业间热量匹配 {}。",
                ("heat:recovery_kw", "heat:gain_kw", "match:pairs"),
            ),
            (
                "（演示）水梯级利用后新鲜水用量可降低 {}；副产物交换与共享设施的年收益 {}。",
                ("water:saved_pct", "exchange:gain"),
            ),
        ),
    ),
    "region": (
        "groundwork-environment",
        (
            (
                "（演示）考核断面（分情景）中氨氮超过限值的有 {}，总磷超过限值的有 {}。",
                ("river:氨氮:exceeding", "river:总磷:exceeding"),
            ),
            (
                "（演示）全部断面达标的最小费用组合选用 {}，每年削减氨氮 {}。",
                ("select:chosen", "select:effect:氨氮"),
            ),
        ),
    ),
}
"""By category: the chapter, and its sentences with the figures that they quote, by their keys."""
CHARTS = {"region": "river-sections-1"}
"""By category: a chart that the same chapter shows."""


@dataclass
class Data:
    """The data of one pilot: begun, entered, fixed, computed, each by itself so that each has its day."""

    pilot: Pilot
    by: User
    category: str
    title: str
    sheets: Sheets
    year: int = YEAR

    @property
    def dataset(self) -> Dataset:
        return Dataset.objects.select_related(*RELATED).get(pilot=self.pilot.pk, title=self.title)

    @property
    def template(self) -> str:
        return TEMPLATES[self.category]

    def begin(self) -> None:
        audits.begin_dataset(self.pilot, by=self.by, template=self.template, title=self.title, year=self.year)

    def enter(self) -> None:
        """The workbook as somebody would upload it."""
        target = io.BytesIO()
        write_book(target, [with_members(*part) for part in self.sheets], free_rows=20)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"演示-{books.TEMPLATES[self.template]}.xlsx"
            path.write_bytes(target.getvalue())
            taken = books.read_workbook(self.template, path)
            assert taken.collected is not None, [str(one) for one in taken.problems]
            target.seek(0)
            upload = receive(target, by=self.by, name=path.name)
        audits.import_workbook(self.dataset, by=self.by, content=taken.collected, upload=upload)

    def fix(self) -> None:
        audits.fix_version(self.dataset, by=self.by)

    def compute(self, note: str = "演示：现状基准") -> None:
        dataset = self.dataset
        run = runs.start(dataset, by=self.by, version=dataset.versions.get(), note=note)
        at_work = worker.Worker(name="演示计算进程")
        taken = runs.take(run, by=at_work)
        at_work.tokens[taken.pk] = taken.token
        worker.look_after(taken, at_work)


class Spine:
    """What happens to the data of a pilot that is being drafted, each act on its day."""

    data: Data

    def __init__(self, way: Way) -> None:
        self.way, self.example, self.by = way, way.example, way.handler

    def steps(self) -> list[tuple[str, str, Callable[[], None]]]:
        minute = f"{self.way.number:02d}"
        return [
            ("drafting", f"2022-06-16T17:{minute}", self.begin),
            ("drafting", f"2022-06-17T10:{minute}", self.enter),
            ("drafting", f"2022-06-18T09:{minute}", self.fix),
            ("drafting", f"2022-06-18T10:{minute}", self.compute),
            ("drafting", f"2022-06-18T15:{minute}", self.quote),
        ]

    def begin(self) -> None:
        names = [row.name for row in depth.enterprises(self.example, self.way.number)]
        self.data = Data(
            self.way.pilot,
            self.by,
            self.example.category,
            f"{self.example.object_name}审核数据（演示）",
            sheets_of(self.example.category, names, self.example.counties),
        )
        self.data.begin()
        if self.example.is_rich:
            audits.name_access(self.data.dataset, by=self.by, organisation=self.way.world.bodies["service"])

    def enter(self) -> None:
        self.data.enter()

    def fix(self) -> None:
        self.data.fix()

    def compute(self) -> None:
        self.data.compute()

    def quote(self) -> None:
        """A paragraph of the plan says what was found, by codes that stay pinned to this computation."""
        run = Run.objects.get(dataset=self.data.dataset, stage=Run.Stage.DONE)
        outline_id, _sentences = QUOTES[self.example.category]
        chapter = self.way.pilot.chapters.get(outline_id=outline_id)
        chapter = drafts.save_chapter(
            self.way.pilot,
            outline_id=outline_id,
            html=chapter.html + passage(run, self.example),
            revision=chapter.revision,
            by=self.by,
        )
        if stem := CHARTS.get(self.example.category):
            chart = next(one for one in charts.offered(self.way.pilot, self.by) if one.stem == stem)
            charts.put(
                self.way.pilot,
                code=chart.code,
                outline_id=outline_id,
                revision=chapter.revision,
                by=self.by,
            )


def sheets_of(
    category: str,
    names: Sequence[str],
    counties: Sequence[str],
    *,
    heated: int = HEATED,
    choosing: int = CHOOSING,
) -> Sheets:
    """The filled data sheet of a pilot, with the enterprises of its scope."""
    if category == "sector":
        return sector_data.sheets(names)
    if category == "park":
        return park_data.sheets(names, heated=heated, choosing=choosing)
    return region_book(ditch.sheets(names, counties))


def passage(run: Run, example: Example) -> str:
    """Heading and sentences with a code for every figure."""
    codes: dict[str, Any] = {
        one.key: quoting.code_of(f"{quoting.FINDING}{one.code}", str(run.number))
        for one in run.findings.all()
    }
    _outline_id, sentences = QUOTES[example.category]
    return "<h3>审核数据的计算结果</h3>" + paragraphs(
        *(text.format(*(codes[key] for key in keys)) for text, keys in sentences)
    )
