"""Taking over what a computation chose, by a program."""

from __future__ import annotations

from tests.run_maker import chosen_run


def test_offers_are_listed_and_taken_over(api, maker, world):
    run = chosen_run(maker)
    client = api(world.park_handler)
    offers = client.get(f"/runs/{run.pk}/portfolio").json()
    assert [(one["credit_code"] != "", one["scheme"]) for one in offers] == [(True, None)] * 3 + [
        (False, None)
    ]
    wanted = {"taken": [{"place": 1, "owner": "演示设备部", "due_on": "2022-12-31"}]}
    sent = client.post(f"/runs/{run.pk}/schemes", wanted)
    assert sent.status_code == 201, sent.content
    assert sent.json()["added"] == 1
