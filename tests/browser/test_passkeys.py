"""Sign-in with a passkey, in a real browser with a virtual authenticator: registered, used, and taken away again."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from playwright.sync_api import expect

PASSWORD = "demo-pass-2022"

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def give_a_key(visitor: Any) -> tuple[Any, str]:
    """The browser believes that a fingerprint reader is built in, and that the right finger lies on it."""
    session = visitor.context.new_cdp_session(visitor.page)
    session.send("WebAuthn.enable")
    found = session.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    return session, found["authenticatorId"]


def register(visitor: Any) -> Any:
    """Adding a way in asks for the password once more."""
    page = visitor.go("/accounts/2fa/webauthn/add/")
    if "/reauthenticate/" in page.url:
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
    page.locator("[name=name]").fill("办公电脑")
    page.locator("[name=passwordless]").check()
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url(lambda url: "/webauthn/add/" not in url)
    return page


def sign_out(visitor: Any) -> None:
    """As if in a browser where nobody is signed in; the authenticator stays."""
    visitor.context.clear_cookies()


def test_a_passkey_is_registered_and_signs_in_without_a_password(live_world, visit):
    person = visit("park_signer")
    session, key = give_a_key(person)
    page = register(person)
    kept = Authenticator.objects.get(user=live_world.park_signer, type=Authenticator.Type.WEBAUTHN)
    assert kept.wrap().name == "办公电脑"
    held = session.send("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"]
    assert [one["isResidentCredential"] for one in held] == [True]

    sign_out(person)
    page = person.go("/accounts/login/?next=/organisations/")
    page.locator("#passkey_login").click()
    page.wait_for_url(person.base + "/organisations/")
    expect(page.locator("main")).to_contain_text(live_world.park.name)
    assert page.locator("input[name=password]").count() == 0

    # A key that the account no longer knows opens nothing.
    kept.delete()
    sign_out(person)
    page = person.go("/accounts/login/")
    with page.expect_navigation():
        page.locator("#passkey_login").click()
    expect(page.locator("[name=password]")).to_be_visible()
    person.go("/organisations/")
    assert "/accounts/login/" in person.page.url


def test_a_finger_that_is_not_recognised_does_not_sign_in(live_world, visit):
    person = visit("park_handler")
    session, key = give_a_key(person)
    register(person)
    session.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": False})
    sign_out(person)
    page = person.go("/accounts/login/")
    page.locator("#passkey_login").click()
    page.wait_for_timeout(500)
    person.go("/organisations/")
    assert "/accounts/login/" in person.page.url
    # The browser says so on its console when it gives up, which may be later than we are willing to wait.
    person.noises = [noise for noise in person.noises if "NotAllowedError" not in noise]
