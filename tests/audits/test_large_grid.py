"""A grid of 1,000 enterprises x 60 indicators stays usable: a window costs what it shows, a saved cell touches its row."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.datasets import ENTERPRISES, INDICATORS, grid_content
from qingyuan.audits import actions
from qingyuan.audits.models import DatasetRow
from qingyuan.workbooks.collected import Collected, Sheet
from tests.dataset_maker import pilot_with_scope
from tests.house.test_route_matrix import client_of
from tests.pilots.workspace import parsed

MOST_QUERIES = 14


def grid_of(maker, count):
    by = maker.world.park_handler
    dataset = actions.begin_dataset(
        pilot_with_scope(maker), by=by, template="industry", title=f"演示{count}家", year=2021
    )
    whole = grid_content()
    content = Collected(
        template="industry",
        sheets=tuple(
            sheet
            if sheet.name == "indicators"
            else Sheet(name=sheet.name, columns=sheet.columns, rows=sheet.rows[:count])
            for sheet in whole.sheets
        ),
    )
    actions.import_workbook(dataset, by=by, content=content, upload=maker.upload(by=by, name=f"{count}.pdf"))
    return dataset, reverse("audits:grid", args=[dataset.pk, "values"])


def queries_of(act):
    with CaptureQueriesContext(connection) as seen:
        response = act()
    assert response.status_code == 200
    return response, seen.captured_queries


@pytest.mark.clause("N3a")
def test_a_window_and_a_saved_cell_cost_the_same_in_a_large_grid(maker, world):
    client = client_of(world.park_handler)
    _small, small_address = grid_of(maker, 20)
    large, address = grid_of(maker, ENTERPRISES)
    assert large.rows.filter(table="values").count() == ENTERPRISES
    assert len(large.rows.filter(table="values").first().values) == INDICATORS + 1
    few = queries_of(lambda: client.get(small_address))[1]
    page, many = queries_of(lambda: client.get(address))
    parsed(page)
    assert len(many) == len(few) <= MOST_QUERIES
    assert len(page.content) < 250_000
    last = queries_of(lambda: client.get(f"{address}?page=25&cols=6"))[1]
    assert len(last) <= MOST_QUERIES
    found = queries_of(lambda: client.get(f"{address}?q=演示企业999有限"))[0]
    assert "演示企业999有限公司" in found.content.decode()

    row = large.rows.filter(table="values").order_by("position")[500]
    before = dict(large.rows.values_list("pk", "revision"))
    sent = {f"c.{row.pk}.i60": "1.75", f"r.{row.pk}": str(row.revision)}
    answer, seen = queries_of(lambda: client.post(address, sent, headers={"X-Autosave": "1"}))
    assert answer.json() == {"revisions": {str(row.pk): row.revision + 1}}
    assert len(seen) <= MOST_QUERIES
    written = [one["sql"] for one in seen if one["sql"].startswith(("UPDATE", "INSERT", "DELETE"))]
    assert len(written) == 1
    assert "audits_datasetrow" in written[0]
    changed = {pk for pk, revision in large.rows.values_list("pk", "revision") if before[pk] != revision}
    assert changed == {row.pk}
    assert DatasetRow.objects.get(pk=row.pk).values["i60"] == "1.75"
