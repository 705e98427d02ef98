"""What everybody may read without an account."""

from __future__ import annotations

import html5lib
import pytest

PAGES = [
    "/",
    "/notices/",
    "/notices/henan-2022/",
    "/notices/national-2022/",
    "/clauses/",
    "/ledger/",
    "/ledger/check/",
    "/accounts/login/",
]


def strict(response):
    """The page, if it parses as HTML without a single error."""
    html5lib.HTMLParser(strict=True).parse(response.content.decode())
    return response.content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_public_pages_need_no_account_and_are_strict_html(client, world, path):
    response = client.get(path)
    assert response.status_code == 200, path
    text = strict(response)
    assert "<script>" not in text
    assert "style=" not in text


@pytest.mark.parametrize("path", PAGES)
def test_public_pages_with_nothing_in_the_house(client, db, path):
    assert client.get(path).status_code == 200
    strict(client.get(path))
