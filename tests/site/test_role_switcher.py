"""The demo's role switcher: on the sign-in page of a demo, for demo people, and nowhere else."""

from __future__ import annotations

import html5lib
import pytest

from qingyuan.people.models import User


@pytest.fixture
def demo(settings, cast_of_a_demo):
    settings.QINGYUAN_DEMO = True


@pytest.fixture
def cast_of_a_demo(world):
    User.objects.filter(pk__in=[user.pk for user in world.people.values()]).update(is_demo=True)


def test_it_does_not_exist_outside_a_demo(client, cast_of_a_demo):
    assert "act-as" not in client.get("/accounts/login/").content.decode()
    response = client.post("/demo/act-as/", {"username": "park_handler"})
    assert response.status_code == 404
    assert "_auth_user_id" not in client.session


def test_one_press_signs_in_as_a_person_of_the_cast(client, world, demo):
    page = client.get("/accounts/login/").content.decode()
    html5lib.HTMLParser(strict=True).parse(page)
    assert 'value="park_handler"' in page
    response = client.post("/demo/act-as/", {"username": "park_handler"})
    assert response["Location"] == "/"
    assert client.session["_auth_user_id"] == str(world.park_handler.pk)


def test_each_person_is_offered_once(client, world, demo):
    page = client.get("/accounts/login/").content.decode()
    assert page.count('value="park_and_province"') == 1
    assert page.count('value="stranger"') == 1


def test_real_people_and_closed_accounts_cannot_be_entered(client, world, demo):
    User.objects.create_user("real", "real@example.org", "a-real-pass-word", display_name="真人")
    User.objects.filter(username="city_handler").update(is_active=False)
    for name in ("real", "city_handler", "nobody", ""):
        assert client.post("/demo/act-as/", {"username": name}).status_code == 404
    assert 'value="real"' not in client.get("/accounts/login/").content.decode()


def test_entering_is_a_post(client, world, demo):
    assert client.get("/demo/act-as/?username=park_handler").status_code == 405
