"""A large table comes into the database as one value; what stands there is what row by row would have put there."""

from __future__ import annotations

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from qingyuan.audits.models import DatasetRow, VersionTable
from qingyuan.kernel import bulk, clock
from tests.dataset_maker import dataset_in, pilot_with_scope

TEXTS = ("演示", 'a"b', "a\\b", "{a,b}", "NULL", "'; --", "%s %(a)s", "a\nb", "", "𠮷")


def shared(dataset, world):
    return {
        "dataset_id": dataset.pk,
        "origin": "upload",
        "upload_id": None,
        "revision": 1,
        "updated_at": clock.now(),
        "updated_by_id": world.park_handler.pk,
    }


def put(dataset, world, row):
    bulk.insert_rows(DatasetRow, shared=shared(dataset, world), names=tuple(row), rows=[tuple(row.values())])
    connection.check_constraints()


@pytest.mark.sqlite
def test_rows_are_those_that_would_have_come_one_by_one(maker, world):
    dataset = dataset_in(maker, title="整批", fill=False)
    firm = pilot_with_scope(maker).scope.first().enterprise_id
    rows = [
        ("values", place, [str(firm), None][place % 2], {text: text, "中": "na"})
        for place, text in enumerate(TEXTS)
    ]
    same = shared(dataset, world)
    bulk.insert_rows(
        DatasetRow, shared=same, names=("table", "position", "enterprise_id", "values"), rows=rows
    )
    names = ["table", "position", "enterprise_id", "values", *same]
    found = list(dataset.rows.order_by("position").values_list(*names))
    for table, position, _firm, values in rows:
        DatasetRow.objects.create(
            table=table,
            position=position + 100,
            enterprise_id=[firm, None][position % 2],
            values=values,
            **same,
        )
    others = dataset.rows.filter(position__gte=100).order_by("position").values_list(*names)
    assert found == [(one[0], one[1] - 100, *one[2:]) for one in others]
    assert [row[3] for row in found] == [row[3] for row in rows]


def test_what_does_not_fit_is_refused_and_not_cut(maker, world):
    dataset = dataset_in(maker, title="整批", fill=False)
    for wrong in (
        {"table": "表" * 41},
        {"position": -1},
        {"enterprise_id": "5f0b9c1e-0000-4000-8000-000000000000"},
    ):
        row = {"table": "values", "position": 0, "enterprise_id": None, "values": {}} | wrong
        with pytest.raises((DataError, IntegrityError)), transaction.atomic():
            put(dataset, world, row)
    assert not dataset.rows.exists()


def test_a_thousand_rows_are_one_query(maker, world):
    version = dataset_in(maker, "ready").versions.get()
    rows = [(9 + place, f"t{place}", 0, ("a", "b"), (("1", None),), [], "0" * 64) for place in range(1000)]
    names = ("position", "name", "row_count", "columns", "rows", "notes", "sha256")
    with CaptureQueriesContext(connection) as seen:
        bulk.insert_rows(VersionTable, shared={"version_id": version.pk}, names=names, rows=iter(rows))
        bulk.insert_rows(VersionTable, shared={"version_id": version.pk}, names=names, rows=[])
    assert len(seen) == 1
    made = version.tables.get(name="t999")
    assert (made.columns, made.rows, made.notes, made.position) == (["a", "b"], [["1", None]], [], 1008)
