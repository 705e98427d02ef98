"""The password of the demo's people is published: outside a demo it opens nothing."""

from __future__ import annotations

import pytest
from django.test import Client

from qingyuan.people.models import User

LOGIN = {"login": "demo-person", "password": "qingyuan-demo-2022"}


@pytest.fixture
def demo_person(db):
    return User.objects.create_user(
        LOGIN["login"], "demo-person@example.org", LOGIN["password"], display_name="演示·某人", is_demo=True
    )


@pytest.mark.parametrize("login", ["demo-person", "demo-person@example.org"])
def test_outside_a_demo_a_demo_account_is_shown_the_door(client, demo_person, login):
    response = client.post("/accounts/login/", {**LOGIN, "login": login}, follow=True)
    assert "_auth_user_id" not in client.session
    assert response.redirect_chain == [("/accounts/login/", 302)]
    assert "演示账号只能在演示环境登录" in response.content.decode()


def test_within_a_demo_it_opens(client, demo_person, settings):
    settings.QINGYUAN_DEMO = True
    assert client.post("/accounts/login/", LOGIN).headers["Location"] == "/"
    assert client.session["_auth_user_id"] == str(demo_person.pk)


def test_a_real_account_opens_outside_a_demo(demo_person):
    User.objects.update(is_demo=False)
    client = Client()
    assert client.post("/accounts/login/", LOGIN).headers["Location"] == "/"
    assert "_auth_user_id" in client.session
