"""The process management of approved pilots over HTTP."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(delivery):
    return delivery.project


def test_phases_are_set_and_read(project, world, api):
    mine = api(world.park_handler)
    path = f"/projects/{project.pk}"
    first, second, _third = [row["credit_code"] for row in mine.get(f"{path}/process").json()["items"]]
    rows = [
        {"credit_code": first, "phase": 1, "on": "2022-09-16"},
        {"credit_code": second, "phase": 2, "on": "2022-09-17"},
    ]
    assert mine.post(f"{path}/phases", {"rows": rows}).status_code == 200
    found = {row["credit_code"]: row for row in mine.get(f"{path}/process").json()["items"]}
    assert (found[first]["phase"], found[second]["phase_on"]) == (1, "2022-09-17")
    changes = api(world.province_handler).get(f"{path}/phase-changes").json()
    assert changes["count"] == 2
    assert {(one["was"], one["phase"]) for one in changes["items"]} == {(0, 1), (0, 2)}


def test_every_wrong_row_is_named(project, world, api):
    rows = [
        {"credit_code": "91410300MA3X00001A", "phase": 1, "on": "2022-09-16"},
        {"credit_code": "91410300MA3X00002A", "phase": 1, "on": "2022-09-16"},
    ]
    answer = api(world.park_handler).post(f"/projects/{project.pk}/phases", {"rows": rows})
    assert answer.status_code == 422
    assert [one["where"] for one in answer.json()["problems"]] == ["rows.1.credit_code", "rows.2.credit_code"]


def test_strangers_find_nothing(project, world, api):
    assert api(world.city_handler).get(f"/projects/{project.pk}/process").status_code == 404
    assert (
        api(world.province_handler)
        .post(
            f"/projects/{project.pk}/phases", {"rows": [{"credit_code": "x", "phase": 1, "on": "2022-09-16"}]}
        )
        .status_code
        == 403
    )
