"""From the upload of a sector's workbook to its diagnosis: the terminal's result, at a constant number of queries."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qingyuan.audits import actions
from qingyuan.audits.actions import run as runs
from qingyuan.audits.running.worker import Worker, work
from qingyuan.kernel import storage
from qingyuan.workbooks.industry_demo import write_demo
from tests.dataset_maker import pilot_with_scope
from tests.house.test_route_matrix import client_of
from tests.run_maker import fresh

MOST_QUERIES = {"upload": 24, "fix": 18, "start": 12}


def demo(count: int) -> bytes:
    target = io.BytesIO()
    write_demo(target, count)
    return target.getvalue()


def walked(maker, count):
    """A run of an uploaded workbook that waits for its worker, and the queries of each step."""
    by, steps = maker.world.park_handler, {}
    client, pilot = client_of(by), pilot_with_scope(maker)

    def step(name, act):
        with CaptureQueriesContext(connection) as seen:
            found = act()
        steps[name] = len(seen)
        return found

    dataset = actions.begin_dataset(pilot, by=by, template="industry", title=f"演示{count}家", year=2021)
    address = reverse("audits:import-workbook", args=[dataset.pk])
    file = SimpleUploadedFile("diagnose.xlsx", demo(count))
    assert step("upload", lambda: client.post(address, {"file": file})).status_code == 302
    version = step("fix", lambda: actions.fix_version(dataset, by=by))
    return step("start", lambda: runs.start(dataset, by=by, version=version)), steps


def test_a_large_sector_costs_as_many_queries_as_a_small_one(maker, world):
    _run, few = walked(maker, 20)
    _run, many = walked(maker, 400)
    assert many == few
    assert {name: count for name, count in many.items() if count > MOST_QUERIES[name]} == {}


@pytest.mark.clause("N3a")
def test_the_result_is_the_terminal_s_on_the_uploaded_file(maker, world, tmp_path):
    run, _steps = walked(maker, 40)
    work(Worker())
    run = fresh(run)
    assert (run.stage, run.problems) == ("done", [])
    source, out = tmp_path / "diagnose.xlsx", tmp_path / "out"
    source.write_bytes(demo(40))
    subprocess.run(
        [sys.executable, "-m", "qingyuan", "diagnose", str(source), "--out", str(out)], check=True, capture_output=True
    )  # fmt: skip
    kept = {}
    for one in run.files.all():
        with storage.open_blob(one.sha256) as handle:
            kept[one.name] = handle.read()
    assert kept.keys() == {path.name for path in out.iterdir()}
    assert [path.name for path in out.iterdir() if path.read_bytes() != kept[path.name]] == []
