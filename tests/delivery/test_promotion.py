"""Promotion activities as counts, and what passed pilots got."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from qingyuan.delivery.actions import promotion as actions
from qingyuan.delivery.models import Promotion, Support
from qingyuan.delivery.queries import promotion as queries
from qingyuan.kernel.actions import Invalid, WrongStage
from tests.delivery_maker import project_in
from tests.library_maker import practice_in
from tests.people.strict import strict
from tests.promotion_maker import ACTIVITY, SUPPORT, promotion_in, support_in

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.mark.clause("N12")
def test_an_activity_is_counted_until_it_is_struck(delivery):
    case = practice_in(delivery.maker, "published")
    one = actions.record(delivery.park, by=delivery.park_handler, cases=[case.pk], **ACTIVITY)
    assert list(one.cases.all()) == [case]
    assert queries.sums(delivery.park_handler) == {"number": 1, "bodies": 30, "people": 120}
    actions.strike(one, by=delivery.park_handler, reason="演示：重复登记")
    assert queries.sums(delivery.park_handler) == {"number": 0, "bodies": 0, "people": 0}


@pytest.mark.parametrize(
    ("values", "where"),
    [
        ({"title": " "}, "title"),
        ({"place": ""}, "place"),
        ({"kind": "party"}, "kind"),
        ({"held_on": date(2030, 1, 1)}, "held_on"),
        ({"bodies": -1}, "bodies"),
        ({"people": 10_000_000}, "people"),
    ],
)
def test_what_does_not_fit_an_activity_says_where(delivery, values, where):
    with pytest.raises(Invalid) as refusal:
        actions.record(delivery.park, by=delivery.park_handler, **{**ACTIVITY, **values})
    assert where in {problem.where for problem in refusal.value.problems}


def test_only_published_cases_and_ones_own_pilots_are_named(delivery):
    case = practice_in(delivery.maker, "draft")
    with pytest.raises(Invalid) as refusal:
        actions.record(
            delivery.city, by=delivery.city_handler, cases=[case.pk], project=delivery.project.pk, **ACTIVITY
        )
    assert {problem.where for problem in refusal.value.problems} == {"cases", "project"}


@pytest.mark.clause("N15")
def test_what_a_passed_pilot_got_is_listed_by_province(delivery):
    with pytest.raises(WrongStage):
        actions.record_support(delivery.project, by=delivery.province_handler, **SUPPORT)
    support_in(delivery.maker, "recorded")
    struck = support_in(delivery.maker, "struck")
    (province,) = queries.by_province(delivery.province_handler)
    assert (province.name, province.number, province.pilots) == ("河南省", 1, 1)
    assert province.amount == Decimal("50.5")
    assert struck.stage == "struck"


@pytest.mark.parametrize(
    ("values", "where"),
    [
        ({"amount": None}, "amount"),
        ({"amount": Decimal(0)}, "amount"),
        ({"amount": Decimal("1E12")}, "amount"),
        ({"basis": " "}, "basis"),
        ({"given_by": ""}, "given_by"),
        ({"given_on": date(2022, 9, 19)}, "given_on"),
        ({"given_on": date(2030, 1, 1)}, "given_on"),
        ({"kind": "gift"}, "kind"),
    ],
)
def test_what_does_not_fit_a_support_says_where(delivery, values, where):
    project = project_in(delivery.maker, "passed")
    with pytest.raises(Invalid) as refusal:
        actions.record_support(project, by=delivery.province_handler, **{**SUPPORT, **values})
    assert where in {problem.where for problem in refusal.value.problems}


def test_the_pages_record_and_show(delivery, client):
    project = project_in(delivery.maker, "passed")
    client.force_login(delivery.park_handler, backend=BACKEND)
    for name in ("delivery:promotions", "delivery:supports"):
        strict(client.get(reverse(name)))
    url = reverse("delivery:record-promotion", args=[delivery.park.pk])
    strict(client.get(url))
    form = {**ACTIVITY, "held_on": "2022-06-01", "project": str(project.pk)}
    assert client.post(url, {**form, "people": "-1"}).status_code == 422
    assert client.post(url, form).status_code == 302
    one = Promotion.objects.get()
    assert one.project == project
    url = reverse("delivery:record-support", args=[project.pk])
    strict(client.get(url))
    assert client.post(url, {**SUPPORT, "amount": "50.5", "given_on": "2022-09-20"}).status_code == 302
    support = Support.objects.get()
    for address in (
        one.get_absolute_url(), support.get_absolute_url(), reverse("delivery:promotions"),
        reverse("delivery:supports"), reverse("delivery:supports-of", args=[project.pk]),
    ):  # fmt: skip
        page = client.get(address)
        assert page.status_code == 200
        strict(page)
    client.force_login(delivery.city_handler, backend=BACKEND)
    assert client.get(one.get_absolute_url()).status_code == 404
    assert client.get(support.get_absolute_url()).status_code == 404


def test_the_lists_cost_the_same_with_more(delivery, client, django_assert_max_num_queries):
    promotion_in(delivery.maker, "recorded")
    support_in(delivery.maker, "recorded")
    client.force_login(delivery.province_handler, backend=BACKEND)
    for name, most in (("delivery:promotions", 10), ("delivery:supports", 10)):
        url = reverse(name)
        client.get(url)
        with django_assert_max_num_queries(most) as few:
            client.get(url)
        for _number in range(5):
            promotion_in(delivery.maker, "recorded")
            support_in(delivery.maker, "recorded")
        with django_assert_max_num_queries(len(few)):
            client.get(url)
