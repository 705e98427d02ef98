"""The side menu marks the entry that a page belongs to, wherever the page's address lies."""

from __future__ import annotations

import html5lib
import pytest
from django.urls import get_resolver, reverse

from qingyuan.ui import navigation
from tests.delivery_maker import project_in
from tests.house.test_route_matrix import own_routes
from tests.pilots.workspace import signed_in

ELSEWHERE = {
    # Findings are quoted in the plan of the application.
    "audits:quotes": "pilots:list",
    # What the State's officers do from their round, and from a call.
    "delivery:start": "review:rounds",
    "delivery:filings": "review:rounds",
    "delivery:set-rhythm": "delivery:progress",
    # Begun on the page of a body or of the two departments.
    "delivery:record-promotion": "people:organisations",
    "delivery:draft-commendation": None,
}


def entry_of(name: str, path: str) -> str | None:
    """The entry that marks the page for somebody who sees all entries."""
    groups = navigation.groups("side", user=Everything(), path=path, route=name)
    by_url = {reverse(item.url_name): item.url_name for item in navigation.items("side")}
    return next((by_url[one.url] for group in groups for one in group.entries if one.current), None)


class Everything:
    """Stands for somebody whom every entry is for."""


@pytest.fixture
def all_visible(monkeypatch):
    shown = {
        key: navigation.Item(item.title, item.url_name, area=item.area)
        for key, item in navigation._items.items()
    }
    monkeypatch.setattr(navigation, "_items", shown)


def test_every_page_of_the_audits_and_the_delivery_belongs_to_an_entry_of_its_room(all_visible):
    assert get_resolver().url_patterns, "the rooms have said where their routes stand"
    wrong = []
    for name, pattern in own_routes():
        room = name.partition(":")[0]
        if room not in {"audits", "delivery"} or pattern.callback.guard.kind == "public":
            continue
        if name.startswith("audits:fill") or str(pattern.pattern).endswith("worker.js"):
            continue  # by a link: without an account there is no side menu
        path = "/" + str(pattern.pattern)
        entry = entry_of(name, path)
        expected = ELSEWHERE.get(name, entry)
        if entry != expected or (name not in ELSEWHERE and not (entry or "").startswith(f"{room}:")):
            wrong.append(f"{name} {path}: {entry}")
    assert wrong == []


def marked(user, url):
    page = html5lib.parse(signed_in(user).get(url).content.decode(), namespaceHTMLElements=False)
    menu = [one for one in page.iter("nav") if one.get("id") == "menu" or one.get("aria-label")]
    return {
        "".join(link.itertext()).strip()
        for one in menu
        for link in one.iter("a")
        if link.get("aria-current") == "page" and link.get("href") in entries()
    }


def entries():
    return {reverse(item.url_name) for item in navigation.items("side")}


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("audits:schemes", "清洁生产方案"),
        ("audits:focus", "清洁生产方案"),
        ("audits:reviews", "清洁生产方案"),
    ],
)
def test_pages_of_a_pilots_audits_are_not_marked_as_its_application(maker, world, name, title):
    project = project_in(maker, "running")
    assert marked(world.park_handler, reverse(name, args=[project.pilot_id])) == {title}


def test_an_entry_that_a_person_does_not_have_marks_nothing_else(maker, world):
    project = project_in(maker, "running")
    url = reverse("audits:schemes", args=[project.pilot_id])
    groups = navigation.groups("side", user=world.operator, path=url, route="audits:schemes")
    assert not any(group.current for group in groups if "pilots" not in str(group.title))
