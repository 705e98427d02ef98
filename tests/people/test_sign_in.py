"""Sign-in as people meet it: passwords are slow to guess, guessing is stopped, a second factor is asked for."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.hashers import identify_hasher, make_password
from django.test import Client
from django.urls import reverse

from qingyuan.people import actions as people

URL = "/accounts/login/"


def sign_in(client: Client, *, login: str, password: str):
    return client.post(URL, {"login": login, "password": password})


def test_passwords_are_kept_as_argon2(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    assert identify_hasher(make_password("一个很长的口令")).algorithm == "argon2"


def test_the_settings_put_argon2_first():
    from pathlib import Path

    import qingyuan

    text = (Path(qingyuan.__file__).parent / "settings.py").read_text("utf-8")
    assert re.search(r'PASSWORD_HASHERS = \[\s*"django\.contrib\.auth\.hashers\.Argon2PasswordHasher"', text)


def test_name_or_address_with_password_leads_home(world):
    for login in ("park_handler", world.park_handler.email):
        client = Client()
        response = sign_in(client, login=login, password="demo-pass-2022")
        assert response.status_code == 302
        assert response.headers["Location"] == reverse("home")
        assert client.get(reverse("people:organisations")).status_code == 200


def test_guessing_is_stopped_and_said(world):
    client = Client()
    pages = [sign_in(client, login="park_handler", password=f"wrong-{n}") for n in range(12)]
    assert pages[0].status_code == 200
    assert "登录" in pages[0].content.decode()
    last = pages[-1]
    assert last.status_code == 429 or "太多" in last.content.decode() or "过多" in last.content.decode()
    # The right password does not help either while the brake is on.
    assert sign_in(client, login="park_handler", password="demo-pass-2022").status_code != 302


def test_a_second_factor_is_asked_for(world):
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(world.park_signer, secret)
    client = Client()
    response = sign_in(client, login="park_signer", password="demo-pass-2022")
    assert response.status_code == 302
    assert response.headers["Location"] == reverse("mfa_authenticate")
    assert client.get(reverse("people:organisations")).status_code == 302
    assert client.get(reverse("mfa_authenticate")).status_code == 200


def test_nobody_signs_up_alone(world):
    page = Client().get("/accounts/signup/")
    assert "password1" not in page.content.decode()


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/password/reset/"])
def test_sign_in_pages_carry_the_strict_policy(db, path):
    response = Client().get(path)
    assert "default-src 'self'" in response.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in response.headers["Content-Security-Policy"]


def test_signing_out_needs_a_post(world):
    client = Client()
    client.force_login(world.park_handler, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.get("/accounts/logout/")
    assert client.get(reverse("people:organisations")).status_code == 200
    client.post("/accounts/logout/")
    assert client.get(reverse("people:organisations")).status_code == 302


def test_a_sign_in_never_leads_to_another_site(world):
    response = Client().post(
        f"{URL}?next=https://evil.example/",
        {"login": "park_handler", "password": "demo-pass-2022", "next": "https://evil.example/"},
    )
    assert "evil.example" not in response.headers.get("Location", "")


def test_nobody_takes_an_address_that_is_not_theirs(world):
    """Roles are given to addresses: an account must not be able to put itself on somebody else's."""
    client = Client()
    client.force_login(world.stranger, backend="allauth.account.auth_backends.AuthenticationBackend")
    for data in (
        {"action_add": "", "email": "signer@park.example.org"},
        {"action_primary": "", "email": "signer@park.example.org"},
    ):
        assert client.post("/accounts/email/", data).status_code == 404
    world.stranger.refresh_from_db()
    assert world.stranger.email == "stranger@example.org"
    people.add_member(
        world.park, by=world.park_lead, email="signer@park.example.org", name="真签发", role="signer"
    )
    assert not world.stranger.memberships.exists()
