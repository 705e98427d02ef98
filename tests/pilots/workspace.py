"""What the tests of the workspace share: signing in, addresses, a strict reader of pages, forms as a browser posts them."""

from __future__ import annotations

from typing import Any

import html5lib
from django.test import Client
from django.urls import reverse

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
HOSTILE = "<script>alert(1)</script>\"'&\u202e=cmd()"
PARTS = [
    "pilot",
    "describe",
    "eligibility",
    "scope",
    "plan",
    "targets",
    "schedule",
    "outputs",
    "attachments",
    "check",
]
VERBS = ["hand-in", "pass-review", "return", "sign", "submit", "reopen", "withdraw"]


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def address(name: str, pilot: Any, *more: Any) -> str:
    return reverse(f"pilots:{name}", args=[pilot.pk, *more])


def all_pages(pilot: Any) -> list[str]:
    """Every page of a pilot that answers GET with HTML."""
    single = (
        "add-enterprise",
        "add-known",
        "import-scope",
        "import-plan",
        "boundary",
        "places",
        "basin",
        "key-tasks",
    )
    found = [address(name, pilot) for name in (*PARTS, *VERBS, *single)]
    found += [address("import-basin", pilot, table) for table in ("reaches", "sections")]
    found += [address("condition", pilot, c.id) for c in pilot.notice.conditions_for(pilot.category_id)]
    found += [address("chapter", pilot, leaf.id) for leaf in pilot.notice.leaves()]
    found += [address("remove-enterprise", pilot, entry.pk) for entry in pilot.scope.all()[:1]]
    found += [address("detach", pilot, attachment.pk) for attachment in pilot.attachments.all()[:1]]
    return found


def parsed(response: Any) -> Any:
    """The page as a tree; a mistake in the markup is an error."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(response.content.decode())


def form_of(response: Any) -> dict[str, list[str]]:
    """What a browser would post from the page's own form: every control with its present value."""
    tree = parsed(response)
    forms = [
        form
        for form in tree.iter("form")
        if form.get("method") == "post" and any(child.get("name") in {"key", "html"} for child in form.iter())
    ]
    assert forms, "the page has no form"
    values: dict[str, list[str]] = {}
    for control in forms[0].iter():
        if control.tag not in {"input", "textarea", "select"}:
            continue
        name, kind = control.get("name"), control.get("type", "text")
        if not name or name == "csrfmiddlewaretoken" or kind == "file":
            continue
        if kind in {"checkbox", "radio"} and "checked" not in control.attrib:
            continue
        if control.tag == "select":
            chosen = [
                option.get("value", "") for option in control.iter("option") if "selected" in option.attrib
            ]
            options = [option.get("value", "") for option in control.iter("option")]
            values.setdefault(name, []).extend(chosen or options[:1])
        elif control.tag == "textarea":
            values.setdefault(name, []).append((control.text or "").removeprefix("\n"))
        else:
            values.setdefault(name, []).append(control.get("value", "on" if kind == "checkbox" else ""))
    return values


def send(client: Client, url: str, *, leave_out: tuple[str, ...] = (), **changes: Any) -> Any:
    """Open the page, change some fields (dots and dashes of names as underscores will not do: use **{"q-x": ...}), post it."""
    data: dict[str, Any] = {**form_of(client.get(url)), **changes}
    return client.post(url, {name: value for name, value in data.items() if name not in leave_out})
