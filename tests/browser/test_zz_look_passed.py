"""A look at the passed list."""

from __future__ import annotations

from tests.browser import looking
from tests.delivery_maker import project_in


def test_look(live_maker, look, monkeypatch):
    monkeypatch.setattr(looking, "WIDTHS", (1280, 390))
    project_in(live_maker, "passed")
    anybody = look("")
    anybody.visitor.page.set_default_timeout(150000)
    anybody.visitor.page.set_default_navigation_timeout(150000)
    anybody.go("passed", "/passed/")
    anybody.go("lists", "/lists/")
