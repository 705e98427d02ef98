"""The field log: late and repeated changes lose nothing, both versions are kept, and only the named read it."""

from __future__ import annotations

import io
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from qingyuan.audits import fieldlog
from qingyuan.audits.models import FieldEntry, FieldPhoto, FieldSync, RawRead
from qingyuan.kernel import offline
from qingyuan.kernel.errors import Invalid, KeyReused, NotAllowed
from tests.dataset_maker import dataset_in
from tests.house.test_route_matrix import body_of, client_of
from tests.pilots.workspace import parsed
from tests.visit_maker import as_file, photo_file


def writing(text="演示：与动力车间谈用水", *, key="a" * 32, base=0, kind="talk"):
    return fieldlog.Writing(kind=kind, text=text, base=base, key=key)


@pytest.fixture
def dataset(maker, world):
    return dataset_in(maker)


def test_a_change_that_comes_twice_counts_once(dataset, world):
    first = fieldlog.write(dataset, 77, writing(), by=world.park_handler)
    again = fieldlog.write(dataset, 77, writing(), by=world.park_handler)
    assert first == again
    assert (FieldEntry.objects.get().revision, FieldSync.objects.count()) == (1, 1)
    with pytest.raises(KeyReused):
        fieldlog.write(dataset, 77, writing("演示：别的"), by=world.park_handler)


def test_both_versions_are_kept_when_two_wrote(dataset, world):
    fieldlog.write(dataset, 77, writing(), by=world.park_handler)
    fieldlog.write(dataset, 77, writing("演示：先到", key="b", base=1), by=world.park_handler)
    for _time in range(2):
        with pytest.raises(offline.Conflict) as refusal:
            fieldlog.write(dataset, 77, writing("演示：后到", key="c", base=1), by=world.park_handler)
    assert refusal.value.theirs["note"] == "演示：先到"
    entry = FieldEntry.objects.get()
    assert (entry.text, [one.text for one in entry.versions.all()]) == ("演示：先到", ["演示：后到"])
    chosen = fieldlog.write(dataset, 77, writing("演示：后到", key="d", base=2), by=world.park_handler)
    assert chosen["revision"] == 3
    assert entry.versions.count() == 1


def test_everything_wrong_is_said_at_once(dataset, world):
    with pytest.raises(Invalid) as refusal:
        fieldlog.write(dataset, 0, writing(" ", kind="x", key=""), by=world.park_handler)
    assert [one.where for one in refusal.value.problems] == ["", "answer", "note", "key"]


def test_only_the_named_write_and_read_and_every_reading_is_noted(dataset, world):
    for who in ("consultant", "park_reviewer", "province_handler"):
        with pytest.raises(NotAllowed):
            fieldlog.write(dataset, 1, writing(), by=world.people[who])
    address = reverse("audits:field-log", args=[dataset.pk])
    assert client_of(world.province_handler).get(address).status_code == 404
    before = RawRead.objects.count()
    page = client_of(world.park_handler).get(address)
    parsed(page)
    assert "camera=(self)" in page["Permissions-Policy"]
    assert RawRead.objects.count() == before + 1


def test_photos_pass_the_gate_and_keep_their_place_only_with_consent(dataset, world):
    fieldlog.write(dataset, 5, writing(kind="seen"), by=world.park_handler)
    client = client_of(world.park_handler)
    address = reverse("audits:field-add-photo", args=[dataset.pk, 5])
    for key, more in (("k1", {"consent": "on"}), ("k2", {}), ("k1", {"consent": "on"})):
        sent = client.post(
            address,
            {"photo": as_file(photo_file()), "key": key, **more},
            headers={"Accept": "application/json"},
        )
        assert sent.status_code == 200, sent.content
    assert [str(one.latitude) for one in FieldPhoto.objects.order_by("added_at")] == ["34.619700", "None"]
    photo = FieldPhoto.objects.first()
    assert body_of(client.get(reverse("audits:field-photo", args=[photo.pk])))
    assert client_of(world.park_lead).get(reverse("audits:field-photo", args=[photo.pk])).status_code == 404
    fake = client.post(
        address, {"photo": as_file(b"MZ no picture"), "key": "k3"}, headers={"Accept": "application/json"}
    )
    assert fake.status_code == 422
    assert FieldPhoto.objects.count() == 2
    missing = client.post(
        reverse("audits:field-add-photo", args=[dataset.pk, 6]),
        {"photo": as_file(photo_file()), "key": "k4"},
        headers={"Accept": "application/json"},
    )
    assert missing.status_code == 422


def test_the_page_works_without_scripts_and_shows_a_conflict_with_both_texts(dataset, world):
    client = client_of(world.park_handler)
    write = reverse("audits:field-write", args=[dataset.pk, 9])
    given = {"answer": "measurement", "note": "演示：总排口 COD 三天九次", "revision": "0", "key": "9-0"}
    assert client.post(write, given).status_code == 302
    late = client.post(write, {**given, "note": "演示：只测一天", "key": "9-0-x"})
    assert late.status_code == 409
    parsed(late)
    text = late.content.decode()
    assert "演示：总排口 COD 三天九次" in text
    assert "演示：只测一天" in text
    said = client.post(
        write, {**given, "note": "演示：只测两天", "key": "y"}, headers={"Accept": "application/json"}
    )
    assert (said.status_code, json.loads(said.content)["error"]) == (409, "conflict")


PLAN = {"plan-spot": "演示：总排口", "plan-item": "COD", "plan-method": "重铬酸盐法", "plan-frequency": "三天九次", "plan-time": "停机检修后"}  # fmt: skip


def test_a_measurement_is_planned_in_columns_and_stands_in_the_table(dataset, world):
    client = client_of(world.park_handler)
    old = fieldlog.Writing(kind="measurement", text="演示：旧写法，锅炉房烟气三次", base=0, key="old")
    fieldlog.write(dataset, 8, old, by=world.park_handler)
    write = reverse("audits:field-write", args=[dataset.pk, 9])
    given = {"answer": "measurement", "note": "演示：备注在此", "revision": "0", "key": "9-0", **PLAN}
    assert client.post(write, given).status_code == 302
    entry = FieldEntry.objects.get(place=9)
    assert entry.plan == {name.removeprefix("plan-"): cell for name, cell in PLAN.items()}
    page = client.get(reverse("audits:field-log", args=[dataset.pk]))
    parsed(page)
    table = page.content.decode().split("<table")[1].split("</table>")[0]
    for cell in (*PLAN.values(), "演示：备注在此", "演示：旧写法，锅炉房烟气三次"):
        assert cell in table
    book = client.get(reverse("audits:field-plan-xlsx", args=[dataset.pk]))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(body_of(book))).get_sheet_by_index(0).to_python()
    assert [*PLAN.values(), "演示：备注在此"] in rows
    assert rows[-2][-1] == "演示：旧写法，锅炉房烟气三次"
    # A page that was kept before there were columns says nothing of them, and takes nothing away.
    kept = {"answer": "measurement", "note": "演示：改备注", "revision": "1", "key": "9-1"}
    assert client.post(write, kept).status_code == 302
    entry.refresh_from_db()
    assert (entry.text, entry.plan["item"]) == ("演示：改备注", "COD")


def test_a_measurement_needs_no_remark_and_any_of_two_versions_keeps_its_columns(dataset, world):
    client = client_of(world.park_handler)
    write = reverse("audits:field-write", args=[dataset.pk, 9])
    given = {"answer": "measurement", "note": "", "revision": "0", **PLAN}
    headers = {"Accept": "application/json"}
    assert client.post(write, {**given, "key": "a"}, headers=headers).status_code == 200
    late = client.post(write, {**given, "plan-item": "氨氮", "key": "b"}, headers=headers)
    said = json.loads(late.content)
    assert late.status_code == 409
    assert (said["theirs"]["fields"]["plan-item"], said["yours"]["fields"]["plan-item"]) == ("COD", "氨氮")
    assert FieldEntry.objects.get().versions.get().plan["item"] == "氨氮"
    page = client.post(write, {**given, "plan-item": "氨氮", "key": "c"})
    parsed(page)
    assert 'value="氨氮"' in page.content.decode()
    long = client.post(write, {**given, "plan-spot": "长" * 201, "key": "d"}, headers=headers)
    assert long.status_code == 422
    empty = {"answer": "measurement", "note": " ", "revision": "0", "key": "e"}
    other = reverse("audits:field-write", args=[dataset.pk, 10])
    assert client.post(other, empty, headers=headers).status_code == 422


def test_the_page_costs_the_same_for_many_entries(dataset, world):
    client, address = client_of(world.park_handler), reverse("audits:field-log", args=[dataset.pk])

    def cost():
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    fieldlog.write(dataset, 1, writing(key="k1"), by=world.park_handler)
    few = cost()
    for place in range(2, 30):
        fieldlog.write(dataset, place, writing(key=f"k{place}"), by=world.park_handler)
    assert cost() == few
