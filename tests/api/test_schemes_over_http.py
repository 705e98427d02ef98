"""Schemes over HTTP: a sheet in, one scheme through its stages, strangers outside."""

from __future__ import annotations

from tests.pilot_maker import credit_code
from tests.schemes_maker import pilot_of


def ok(response, status=200):
    assert response.status_code == status, response.content.decode()
    return response.json()


def test_a_sheet_in_and_one_scheme_to_its_measured_effect(maker, world, api):
    client, pilot = api(world.park_handler), pilot_of(maker)
    path = f"/pilots/{pilot.pk}/schemes"
    rows = [
        {
            "credit_code": credit_code(1),
            "title": "演示照明",
            "figures": {"invest_wan_cny": "2.5", "water_t": "na"},
        },
        {"credit_code": credit_code(2), "title": "演示膜", "figures": {"invest_wan_cny": "120"}},
    ]
    wrong = client.post(
        f"{path}/sheet", {"basis": "planned", "rows": [*rows, {**rows[0], "credit_code": "X"}]}
    )
    assert wrong.status_code == 422
    made = ok(client.post(f"{path}/sheet", {"basis": "planned", "rows": rows}), 201)
    assert (made["rows"], made["added"]) == (2, 2)
    low, high = ok(client.get(path))["items"]
    assert (low["code"], high["code"], low["planned"]["values"]["water_t"]) == ("WD1", "ZG1", "na")
    one = f"/schemes/{low['id']}"
    assert client.post(f"{one}/confirm", {}).status_code == 422
    ok(client.post(f"{one}/confirm", {"owner": "设备部", "due_on": "2022-09-30"}))
    ok(client.post(f"{one}/start", {"started_on": "2022-06-01"}))
    done = ok(client.post(f"{one}/finish", {"figures": {"benefit_wan_cny": "0.8"}}))
    assert (done["stage"], done["finished_on"]) == ("done", "2022-06-20")
    assert done["measured"]["values"]["benefit_wan_cny"] == "0.8"
    assert done["measured"]["values"]["invest_wan_cny"] == ""
    assert next(event["what"] for event in done["events"]) == "scheme.finish"
    assert ok(client.get(f"{path}?stage=done"))["count"] == 1
    province, stranger = api(world.province_handler), api(world.city_handler)
    assert ok(province.get(one))["code"] == "WD1"
    assert province.post(f"{one}/measure", {"figures": {}}).status_code == 403
    assert stranger.get(one).status_code == 404
    assert stranger.get(path).status_code == 404
