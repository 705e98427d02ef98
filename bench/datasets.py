"""Rows about a pilot's data: one cell saved in a grid of 1,000 x 60, and a whole sector from upload to the diagnosis page."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.measure import Row, cpu_ms

ENTERPRISES, INDICATORS = 1000, 60
MOST_OVERHEAD_PCT = 15.0
RUNS = 3


def grid_content() -> Any:
    """1,000 enterprises with 60 indicators, invented."""
    from qingyuan.workbooks.collected import Collected, Sheet

    names = [f"演示企业{place}有限公司" for place in range(1, ENTERPRISES + 1)]
    indicators = [f"i{place:02d}" for place in range(1, INDICATORS + 1)]
    return Collected(
        template="industry",
        sheets=(
            Sheet(
                name="indicators",
                columns=("indicator", "title", "unit", "direction", "I", "II", "III"),
                rows=tuple((one, f"演示指标{one}", "kg/t", "越小越好", "1", "2", "3") for one in indicators),
            ),
            Sheet(
                name="enterprises",
                columns=("enterprise", "output", "output_unit"),
                rows=tuple((name, "1000", "t") for name in names),
            ),
            Sheet(
                name="values",
                columns=("enterprise", *indicators),
                rows=tuple(
                    (name, *(f"{1 + (place * column) % 17 / 10}" for column in range(INDICATORS)))
                    for place, name in enumerate(names)
                ),
            ),
        ),
    )


def begun(maker: Any, pilot: Any, title: str) -> Any:
    from qingyuan.audits import actions

    return actions.begin_dataset(
        pilot, by=maker.world.park_handler, template="industry", title=title, year=2021
    )


def measure() -> list[Row]:
    from bench.pages import in_a_database

    return in_a_database(_rows)


def _rows() -> list[Row]:
    from tests.cast import build_world
    from tests.pilot_maker import PilotMaker

    maker = PilotMaker(build_world())
    pilot = maker("park", stage="ready", scope=30)
    return [_save(maker, pilot), *_to_the_diagnosis(maker, pilot)]


def _save(maker: Any, pilot: Any) -> Row:
    """One cell as the browser saves it, in a table of 1,000 rows with 60 columns."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    from bench.pages import _client
    from qingyuan.audits import actions
    from qingyuan.audits.models import DatasetRow

    dataset, by = begun(maker, pilot, "演示网格"), maker.world.park_handler
    upload = maker.upload(by=by, name="演示网格.pdf")
    actions.import_workbook(dataset, by=by, content=grid_content(), upload=upload)
    row = DatasetRow.objects.filter(dataset=dataset, table="values").order_by("position")[500]
    client, address = _client(by), reverse("audits:grid", args=[dataset.pk, "values"])
    values = iter(range(1, 1_000_000))

    def save() -> None:
        revision = DatasetRow.objects.values_list("revision", flat=True).get(pk=row.pk)
        sent = client.post(
            address,
            {f"c.{row.pk}.i01": str(next(values)), f"r.{row.pk}": str(revision)},
            headers={"X-Autosave": "1"},
        )
        assert sent.status_code == 200, sent.content

    with CaptureQueriesContext(connection) as seen:
        save()
    count = len(seen)  # before the next request empties the log
    taken = cpu_ms(save)
    return Row(
        f"one cell saved in a grid of {ENTERPRISES:,} enterprises x {INDICATORS} indicators",
        cpu_ms=taken,
        sql=count,
        budget="<= 40 ms",
        within=taken <= 40,
        notes={"page of 40 rows, ms": cpu_ms(lambda: client.get(address), runs=3)},
    )


def _to_the_diagnosis(maker: Any, pilot: Any) -> list[Row]:
    """Upload by its page, fixed, computed by a worker, page of the result; beside the bare engine on the same file.

    The bare engine is the terminal's command in a process of its own: it reads the workbook and writes all results.
    """
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.urls import reverse

    from bench.pages import _client
    from qingyuan.audits import actions
    from qingyuan.audits.actions import run as runs
    from qingyuan.audits.models import Run
    from qingyuan.audits.running import child
    from qingyuan.audits.running.worker import Worker, work
    from qingyuan.workbooks.industry_demo import write_demo

    client = _client(maker.world.park_handler)
    by, load = maker.world.park_handler, round(os.getloadavg()[0], 1)
    with tempfile.TemporaryDirectory() as folder, _compiled(Path(folder) / "compiled"):
        path = Path(folder) / "demo.xlsx"
        with path.open("wb") as target:
            write_demo(target, ENTERPRISES)
        data = path.read_bytes()
        clock = iter(range(100))

        def bare() -> None:
            out = Path(folder) / f"out{next(clock)}"
            ended = child.compute("diagnose", path, out, go_on=lambda _part: True, every=60, limit=600)
            assert ended.code == 0, ended.complaint

        parts: dict[str, float] = {}

        def uploaded() -> Any:
            dataset = begun(maker, pilot, f"演示行业{next(clock)}")
            address = reverse("audits:import-workbook", args=[dataset.pk])
            sent = client.post(address, {"file": SimpleUploadedFile("demo.xlsx", data)})
            assert sent.status_code == 302, sent.content.decode()[:2000]
            return actions.fix_version(dataset, by=by)

        def run_of(version: Any) -> Any:
            run = runs.start(version.dataset, by=by, version=version)
            assert run.same_as_id is None
            work(Worker())  # nothing is left where waking the workers has computed it already
            run = Run.objects.get(pk=run.pk)
            assert run.stage == "done", run.problems
            return run

        def platform() -> None:
            start = time.perf_counter()
            page = client.get(run_of(uploaded()).get_absolute_url())
            assert page.status_code == 200
            parts["seconds by the clock"] = round(time.perf_counter() - start, 1)

        alone = cpu_ms(bare, runs=RUNS)
        whole = cpu_ms(platform, runs=RUNS, before=_forget_results)
        version = uploaded()
        run_only = cpu_ms(lambda: run_of(version), runs=RUNS, before=_forget_results)
    over = round(100 * (whole - alone) / alone, 1)
    return [
        Row(
            f"upload of {ENTERPRISES:,} enterprises to the finished diagnosis page",
            cpu_ms=whole,
            ratio=round(whole / alone, 3),
            ratio_to="the bare `qingyuan diagnose --out` on the same file",
            budget=f"<= {MOST_OVERHEAD_PCT} % over the bare engine",
            within=over <= MOST_OVERHEAD_PCT,
            notes={
                "bare engine ms": alone,
                "overhead %": over,
                "run of a fixed version alone ms": run_only,
                "its overhead %": round(100 * (run_only - alone) / alone, 1),
                "1-minute load before": load,
                **parts,
            },
        )
    ]


@contextmanager
def _compiled(folder: Path) -> Iterator[None]:
    """Commands find their modules compiled, as where the product is installed: else both sides compile them each time."""
    before = {name: os.environ.get(name) for name in ("PYTHONPYCACHEPREFIX", "PYTHONDONTWRITEBYTECODE")}
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(folder)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _forget_results() -> None:
    """So that the same data are computed again instead of taken over."""
    from qingyuan.audits.models import Run

    Run.objects.update(repeatable=False)
