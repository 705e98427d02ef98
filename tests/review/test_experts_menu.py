"""“我的评审” stands in the menu of whoever the pool knows, whatever kind of body employs them, and of nobody else's."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qingyuan.kernel import clock
from qingyuan.people import actions as people
from qingyuan.people.models import Membership, User
from tests.people.strict import client_of, strict

pytestmark = pytest.mark.django_db


def menu_of(user):
    page = strict(client_of(user).get("/"))
    return {one.get("href") for one in page.iter("a")}


def member_of(body, name):
    user = User.objects.create_user(name, f"{name}@example.org", "demo-pass-2022", display_name="演示")
    Membership.objects.create(user=user, organisation=body, role="handler", since=clock.now())
    return user


@pytest.mark.parametrize("body", ["institute", "service", "henan_ecology", "park"])
def test_an_expert_finds_the_own_reviews_whoever_the_employer_is(world, body):
    employer = getattr(world, body)
    plain, expert = member_of(employer, "plain"), member_of(employer, "known")
    people.enrol_expert(
        by=world.operator, user=expert, code="E-777", fields=["electroplating"], employer=employer
    )
    mine = reverse("review:my")
    assert mine in menu_of(expert)
    assert mine not in menu_of(plain)


def test_an_expert_without_any_body_finds_them_too(world):
    alone = User.objects.create_user("alone", "alone@example.org", "demo-pass-2022", display_name="演示")
    people.enrol_expert(by=world.operator, user=alone, code="E-778", fields=["electroplating"], employer=None)
    assert reverse("review:my") in menu_of(alone)


def test_the_menu_of_an_employed_expert_costs_no_more_than_that_of_a_colleague(world):
    plain, expert = member_of(world.institute, "plain"), member_of(world.institute, "known")
    people.enrol_expert(
        by=world.operator, user=expert, code="E-777", fields=["electroplating"], employer=world.institute
    )
    counts = []
    for user in (plain, expert):
        client = client_of(user)
        client.get(reverse("clauses"))
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("clauses"))
        counts.append(len(asked))
    assert counts[0] == counts[1]
