"""Lists and details cost the same number of queries for one row and for many."""

from __future__ import annotations

import pytest

from bench.data import fill

MOST = 20


@pytest.fixture
def count(django_assert_max_num_queries):
    def measure(client, path):
        client.get(path)
        with django_assert_max_num_queries(MOST) as captured:
            response = client.get(path)
        assert response.status_code == 200
        return len(captured)

    return measure


def test_lists_of_pilots_and_submissions(maker, world, api, count):
    client = api(world.park_handler)
    maker("park", stage="submitted")
    one = [count(client, "/pilots"), count(client, "/submissions"), count(client, "/calls")]
    maker("park", stage="submitted")
    maker("sector", stage="submitted")
    assert [count(client, "/pilots"), count(client, "/submissions"), count(client, "/calls")] == one


def test_everything_in_a_pilot(maker, world, api, count):
    client = api(world.park_handler)
    small, large = maker("park", stage="submitted", scope=1), maker("park", stage="submitted", scope=30)
    for path in ("", "/eligibility", "/findings", "/chapters", "/scope", "/targets", "/attachments"):
        assert count(client, f"/pilots/{small.pk}{path}") == count(client, f"/pilots/{large.pk}{path}"), path


def test_the_register(world, api, count):
    client = api(world.province_handler)
    path = f"/calls/{world.call.pk}/received?sort=-state"
    fill(world.call, 10)
    few = count(client, path)
    fill(world.call, 60)
    assert count(client, path) == few
    assert count(client, f"/calls/{world.call.pk}/received/counts") <= few
