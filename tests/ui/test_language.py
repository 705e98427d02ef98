"""Chinese first: English only for who asked for it with the switch."""

from __future__ import annotations

import pytest
from django.test import Client


@pytest.mark.parametrize(
    ("cookie", "header", "language"),
    [
        ("", "", "zh-hans"),
        ("", "en-US,en;q=0.9", "zh-hans"),
        ("en", "zh-CN", "en"),
        ("zh-hans", "en", "zh-hans"),
        ("tlh", "en", "zh-hans"),
    ],
)
def test_the_switch_decides_and_not_the_browser(db, cookie, header, language):
    client = Client(headers={"accept-language": header} if header else {})
    if cookie:
        client.cookies["django_language"] = cookie
    response = client.get("/accounts/login/")
    assert response.headers["Content-Language"] == language
    assert f'<html lang="{language}">' in response.content.decode()


def test_the_switch_sets_the_language_and_comes_back(db):
    client = Client()
    response = client.post("/i18n/setlang/", {"language": "en", "next": "/notices/"})
    assert response.headers["Location"] == "/notices/"
    assert 'lang="en"' in client.get("/notices/").content.decode()
