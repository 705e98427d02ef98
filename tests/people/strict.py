"""What every page of the rooms must be: strict HTML with one main part and one headline, no inline code."""

from __future__ import annotations

from typing import Any

import html5lib
from django.test import Client


def client_of(user: Any) -> Client:
    client = Client(headers={"accept-language": "zh-CN"})
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def strict(response: Any) -> Any:
    """The page's tree, if it parses without a single error and has the frame that every page has."""
    text = response.content.decode()
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)
    assert len(tree.findall(".//main")) == 1
    assert len(tree.findall(".//h1")) == 1
    assert tree.find(".//title").text.strip(" ·清源")
    identifiers = [element.get("id") for element in tree.iter() if element.get("id")]
    assert sorted(identifiers) == sorted(set(identifiers))
    assert " style=" not in text
    assert not any(name.startswith("on") for element in tree.iter() for name in element.attrib)
    assert all(script.get("src") for script in tree.iter("script"))
    labelled = {element.get("for") for element in tree.iter("label")}
    for control in [*tree.iter("input"), *tree.iter("select"), *tree.iter("textarea")]:
        if control.get("type") not in {"hidden", "submit"}:
            assert control.get("id") in labelled or control.get("aria-label"), control.attrib
    return tree


def words(response: Any) -> str:
    """The text of the page's main part, with white space closed up."""
    return " ".join("".join(strict(response).find(".//main").itertext()).split())
