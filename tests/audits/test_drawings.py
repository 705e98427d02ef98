"""Charts of a result: what is said of them, their data to read and to take along, and two scenarios side by side."""

from __future__ import annotations

import io
import json

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from qingyuan.audits import drawings
from qingyuan.audits.models import RawRead, RunFile
from qingyuan.audits.queries import run as queries
from qingyuan.audits.running.worker import Worker
from qingyuan.kernel import storage
from tests.dataset_maker import dataset_in
from tests.house.test_route_matrix import body_of, client_of
from tests.run_maker import asked, end, run_in, take

SAID = {
    "title": "边际减排成本：演示",
    "alt": "2 个方案，成本都为正。",
    "width": 960,
    "height": 540,
    "option": {},
    "data": {
        "heads": ["方案", "成本", "说明"],
        "rows": [["甲", 1234567.25, None], ["=乙", 0.0000123, "演示"]],
    },
}


def drawn(run, said=SAID, stem="macc"):
    for name, kind, data in (
        (f"{stem}.svg", "image/svg+xml", b"<svg/>"),
        (f"{stem}.option.json", "application/json", json.dumps(said).encode()),
    ):
        blob = storage.put(io.BytesIO(data))
        RunFile.objects.create(run=run, name=name, media_type=kind, size=blob.size, sha256=blob.sha256)


def test_the_page_says_what_is_to_be_seen_and_shows_the_data(maker, world):
    run = run_in(maker, "done")
    drawn(run)
    text = body_of(client_of(world.park_handler).get(run.get_absolute_url())).decode()
    assert 'alt="2 个方案，成本都为正。"' in text
    assert "1234570" in text
    assert "0.0000123" in text
    assert "ui/dist/charts.js" in text
    assert "macc.option.json?shown=1" in text


def test_charts_with_names_at_their_nodes_get_the_whole_width(maker, world):
    run = run_in(maker, "done")
    drawn(run, said=SAID | {"option": {"series": [{"type": "sankey"}]}}, stem="flows")
    drawn(run, said=SAID | {"option": {"series": {"type": "bar"}}}, stem="macc")
    assert {one.stem: one.is_wide for one in drawings.of(queries.files_of(run))} == {
        "flows": True,
        "macc": False,
    }
    text = body_of(client_of(world.park_handler).get(run.get_absolute_url())).decode()
    assert text.count("q-chart-wide") == 1


def test_a_page_without_charts_loads_nothing_for_them(maker, world):
    text = body_of(client_of(world.park_handler).get(run_in(maker, "done").get_absolute_url())).decode()
    assert "charts.js" not in text


def test_the_workbook_has_every_row_and_digit_and_its_reading_is_noted(maker, world):
    run = run_in(maker, "done")
    drawn(run)
    before = RawRead.objects.count()
    response = client_of(world.park_handler).get(reverse("audits:run-file", args=[run.pk, "macc.xlsx"]))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(body_of(response))).get_sheet_by_index(0).to_python()
    assert ["甲", 1234567.25, ""] in rows
    assert ["=乙", 0.0000123, "演示"] in rows
    assert RawRead.objects.count() == before + 1
    assert "macc.xlsx" in RawRead.objects.latest("pk").what


@pytest.mark.parametrize("name", ["other.xlsx", "macc", "macc.csv", ".xlsx"])
def test_no_other_name_makes_a_workbook(maker, world, name):
    run = run_in(maker, "done")
    drawn(run)
    assert (
        client_of(world.park_handler).get(reverse("audits:run-file", args=[run.pk, name])).status_code == 404
    )


def test_an_older_result_shows_its_picture_alone(maker, world):
    run = run_in(maker, "done")
    drawn(run, said={"width": 960, "height": 540, "option": {}})
    (chart,) = drawings.of(queries.files_of(run))
    assert (chart.title, chart.alt, chart.book, chart.shown) == ("macc", "macc", "", [])
    client = client_of(world.park_handler)
    assert client.get(run.get_absolute_url()).status_code == 200
    assert client.get(reverse("audits:run-file", args=[run.pk, "macc.xlsx"])).status_code == 404


def test_two_scenarios_are_compared_figure_by_figure(maker):
    first = run_in(maker, "done")
    second = asked(maker, dataset=dataset_in(maker, "ready", title="演示另一情景"))
    if second.stage != "done":
        worker = Worker()
        second = end(take(second, worker), worker, cost="600.00")
    pairs = queries.side_by_side(first, second)
    assert all(pair.before and pair.after for pair in pairs)
    assert len(pairs) == first.findings.count()
