"""The consultant's day: the pilots under authorisations of today, what waits in each, and nothing of anybody else's."""

from __future__ import annotations

from datetime import date

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qingyuan.audits.actions import scheme as schemes
from qingyuan.kernel import clock
from qingyuan.pilots.models import Pilot
from tests.house.cases.audits_questions import question_in
from tests.house.test_route_matrix import client_of
from tests.pilots.workspace import parsed
from tests.run_maker import run_in
from tests.schemes_maker import propose

ADDRESS = reverse("audits:consulting")


def day_of(user):
    page = client_of(user).get(ADDRESS)
    assert page.status_code == 200
    parsed(page)
    return page.context["lines"]


def test_what_waits_is_counted_by_pilot(maker, world):
    question = question_in(maker, "open")
    run_in(maker, "failed")
    scheme = propose(maker, pilot=question.dataset.pilot)
    schemes.confirm(scheme, by=world.park_handler, owner="演示设备部", due_on=date(2022, 6, 10))
    line = next(one for one in day_of(world.consultant) if one.pilot == question.dataset.pilot)
    assert line.counts["questions"] >= 1
    assert line.counts["sheets"] >= 1
    assert (line.counts["runs"], line.counts["schemes"]) == (1, 1)
    assert (line.due, line.is_late) == (date(2022, 6, 10), True)
    assert line.until is not None


def test_only_a_count_of_something_leads_somewhere(maker, world):
    question = question_in(maker, "open")
    schemes_page = reverse("audits:schemes", args=[question.dataset.pilot_id])
    assert schemes_page not in client_of(world.consultant).get(ADDRESS).content.decode()
    scheme = propose(maker, pilot=question.dataset.pilot)
    schemes.confirm(scheme, by=world.park_handler, owner="演示设备部", due_on=date(2022, 6, 10))
    assert schemes_page in client_of(world.consultant).get(ADDRESS).content.decode()


def test_nothing_stands_there_without_an_authorisation_of_today(maker, world):
    question_in(maker, "open")
    assert day_of(world.city_handler) == []
    until = max(one.until for one in day_of(world.consultant))
    with clock.at(f"{until.year + 1}-{until.month:02}-{until.day:02}T09:00:00+08:00"):
        page = client_of(type(world.consultant).objects.get(pk=world.consultant.pk)).get(ADDRESS)
    assert page.context["lines"] == []


def test_many_pilots_cost_as_much_as_one(maker, world):
    question_in(maker, "open")
    client = client_of(world.consultant)

    def cost():
        with CaptureQueriesContext(connection) as seen:
            assert client.get(ADDRESS).status_code == 200
        return len(seen)

    one = cost()
    first = Pilot.objects.first()
    count = len(day_of(world.consultant))
    for place in range(20):
        maker("park", name=f"演示试点{place}")
    assert first is not None
    assert len(day_of(world.consultant)) == count + 20
    assert cost() == one
