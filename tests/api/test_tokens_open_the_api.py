"""A token is valid until it expires or is revoked, and nothing else opens the API."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from qingyuan.kernel.models import ApiToken
from qingyuan.people import actions
from tests.api.conftest import ROOT, ApiClient, token_of


def test_without_a_token_the_answer_says_how_to_get_one(world):
    response = Client().get(f"{ROOT}/me")
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"
    body = response.json()
    assert body["error"] == "unauthenticated"
    assert "接口令牌" in body["problems"][0]["mend"]


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer ", "Bearer qy_wrong", "Basic cXk6eA==", "qy_x", "Bearer " + "x" * 5000, "Bearer \xe9"],
)
def test_anything_else_in_the_header_is_refused(world, header):
    assert Client().get(f"{ROOT}/me", headers={"Authorization": header}).status_code == 401


def test_a_session_alone_never_opens_the_api(world):
    client = Client()
    client.force_login(world.park_handler, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(f"{ROOT}/me").status_code == 401
    assert client.post(f"{ROOT}/calls/{world.call.pk}/pilots", {}).status_code == 401


def test_a_token_is_its_owner(world, api):
    body = api(world.park_handler).get("/me").json()
    assert body["name"] == "演示园区经办"
    assert [(one["id"], one["roles"]) for one in body["organisations"]] == [(str(world.park.pk), ["handler"])]
    assert api(world.consultant).get("/me").json()["authorised_by"] == {str(world.park.pk): ["draft"]}


def test_revocation_works_at_once(world):
    secret = token_of(world.park_handler)
    client = ApiClient(secret)
    assert client.get("/me").status_code == 200
    actions.revoke_token(ApiToken.objects.get(digest=ApiToken.digest_of(secret)), by=world.park_handler)
    assert client.get("/me").status_code == 401


def test_an_expired_token_and_a_closed_account_are_refused(world):
    secret = token_of(world.park_handler)
    client = ApiClient(secret)
    rows = ApiToken.objects.filter(digest=ApiToken.digest_of(secret))
    rows.update(expires_at=datetime.now(UTC) - timedelta(seconds=1))
    assert client.get("/me").status_code == 401
    rows.update(expires_at=datetime.now(UTC) + timedelta(days=1))
    assert client.get("/me").status_code == 200
    type(world.park_handler).objects.filter(pk=world.park_handler.pk).update(is_active=False)
    assert client.get("/me").status_code == 401


def test_the_day_of_the_last_use_is_written_once_a_day(world, django_assert_num_queries):
    secret = token_of(world.park_handler)
    client = ApiClient(secret)
    client.get("/ledger/head")
    token = ApiToken.objects.get(digest=ApiToken.digest_of(secret))
    assert token.last_used_on is None
    client.get("/me")
    token.refresh_from_db()
    assert token.last_used_on == datetime.now(UTC).date()
    with django_assert_num_queries(2):
        client.get("/me")
    ApiToken.objects.update(last_used_on=date(2020, 1, 1))
    with django_assert_num_queries(3):
        client.get("/me")
