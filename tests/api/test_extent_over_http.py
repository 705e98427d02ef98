"""Where the object lies, over HTTP: set, read, refused with every problem."""

from __future__ import annotations

import pytest

from tests.house.cases.pilots import of_form
from tests.pilot_maker import SQUARE, small_pdf


def ok(response, status=200):
    assert response.status_code == status, response.content.decode()
    return response.json()


@pytest.mark.clause("N5.3")
def test_a_boundary_is_sent_as_coordinates_or_geojson(maker, api, world):
    pilot = maker("park", stage="drafting")
    of_form(pilot, "park")
    client, path = api(world.park_handler), f"/pilots/{pilot.pk}"
    ok(
        client.put(
            f"{path}/boundary", {"coordinates": SQUARE, "prefectures": ["410300"], "declared_km2": "1"}
        )
    )
    found = ok(client.get(f"{path}/extent"))
    assert found["geometry"]["area_m2"] == 1017412
    assert found["difference_percent"] == "+1.74"
    ring = [[112.45, 34.61], [112.46, 34.61], [112.46, 34.62], [112.45, 34.61]]
    polygon = {"type": "Polygon", "coordinates": [ring]}
    ok(client.put(f"{path}/boundary", {"geojson": polygon, "prefectures": ["410300"]}))
    assert ok(client.get(f"{path}/extent"))["geometry"]["area_m2"] < 600_000
    refused = ok(client.put(f"{path}/boundary", {"coordinates": "34.6,112.4\nabc"}), 422)
    assert [problem["message"][:6] for problem in refused["problems"]] == ["第 1 行：", "第 2 行："]
    for hostile in ({"type": "Polygon", "coordinates": [[["a" * 99, {}]]]}, {"type": "Point"}, {}):
        ok(client.put(f"{path}/boundary", {"geojson": hostile}), 422)


@pytest.mark.clause("N3c")
@pytest.mark.clause("N5.4")
def test_a_basin_and_its_proofs(maker, api, world):
    pilot = maker("region", stage="drafting")
    of_form(pilot, "basin", pollutants=["总氮"])
    client, path = api(world.park_handler), f"/pilots/{pilot.pk}"
    body = {"key_place": "yellow-river", "reaches": [{"name": "段", "river": "河", "length_km": "3.5"}]}
    ok(client.put(f"{path}/basin", body))
    ok(client.put(f"{path}/basin", {"sections": [{"name": "面", "river": "河", "present": "6"}]}))
    geometry = ok(client.get(f"{path}/extent"))["geometry"]
    assert (geometry["reaches"][0]["length_km"], geometry["sections"][0]["present"]) == ("3.5", "6")
    stated = {
        "pollutant": "总氮",
        "document": "演示方案",
        "number": "1号",
        "issuer": "演示市",
        "issued_on": "2021-01-02",
        "page": "3",
    }
    made = ok(
        client.upload(f"{path}/key-tasks", small_pdf("依据").getvalue(), name="方案.pdf", **stated), 201
    )
    assert ok(client.get(f"{path}/key-tasks")) == [made]
    ok(client.delete(f"{path}/key-tasks/{made['id']}"))
    assert ok(client.get(f"{path}/key-tasks")) == []
