"""Looking at pages as a designer does: both widths, pictures kept, no serious fault of accessibility."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client

from qingyuan.people.models import User

WIDTHS = (1440, 390)
SERIOUS = {"serious", "critical"}


class Look:
    """One person at both widths; collects what is wrong."""

    def __init__(self, visitor: Any) -> None:
        self.visitor, self.problems = visitor, []

    def go(self, name: str, path: str) -> Any:
        page = self.visitor.go(path)
        self.at(name)
        return page

    def at(self, name: str) -> None:
        page = self.visitor.page
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.wait_for_load_state()
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                self.problems.append(f"{name}: wider than {width} px")
            self.visitor.shoot(name)
        found = Axe().run(page).response["violations"]
        self.problems += [
            f"{name}: {rule['id']} ({rule['help']}): {rule['nodes'][0]['html'][:160]}"
            for rule in found
            if rule["impact"] in SERIOUS
        ]


@pytest.fixture
def look(visit: Callable[..., Any]) -> Iterator[Callable[[str], Look]]:
    """`look("yuanqu-jingban")`: that person of the demo, signed in; `look("")`: somebody without an account."""
    looks: list[Look] = []

    def enter(username: str) -> Look:
        if not username:
            looks.append(Look(visit(width=WIDTHS[0])))
            return looks[-1]
        client = Client()
        client.force_login(User.objects.get(username=username))
        visitor = visit(width=WIDTHS[0])
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        visitor.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": visitor.base}]
        )
        looks.append(Look(visitor))
        return looks[-1]

    yield enter
    problems = [problem for one in looks for problem in one.problems]
    assert not problems, "\n".join(problems)
