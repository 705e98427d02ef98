from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import html5lib
import pytest
from django.test import Client
from lxml import etree

from qingyuan.kernel import clock
from qingyuan.kernel.models import Mail


@pytest.fixture(autouse=True)
def _static_root(settings: Any) -> None:
    """WhiteNoise warns about a folder of collected files that does not exist; the finders serve here."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture
def signer(django_user_model: Any) -> Any:
    return django_user_model.objects.create_user(
        "signer", "signer@example.org", "pw", display_name="演示签发"
    )


@pytest.fixture
def stranger(django_user_model: Any) -> Any:
    return django_user_model.objects.create_user(
        "stranger", "stranger@example.org", "pw", display_name="演示路人"
    )


@pytest.fixture
def browser(signer: Any) -> Client:
    """A signed-in reader who prefers Chinese."""
    client = Client(headers={"accept-language": "zh-CN"}, raise_request_exception=False)
    client.force_login(signer, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def mail(db: None) -> Mail:
    return Mail.objects.create(
        stage="draft", address="a@example.org", subject="主题", body="正文", verb="x", created_at=clock.now()
    )


@pytest.fixture
def parse() -> Callable[[Any], Any]:
    """Parse strictly: any error of the HTML specification fails the test."""

    def parse_strictly(response: Any) -> Any:
        parser = html5lib.HTMLParser(
            tree=html5lib.getTreeBuilder("lxml"), strict=True, namespaceHTMLElements=False
        )
        tree = parser.parse(response.content.decode())
        assert isinstance(tree, etree._ElementTree)
        return tree

    return parse_strictly
