"""The main pages at the width of a desk and of a phone: no accessibility fault, nothing wider than the screen."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.house.cases.calls import supplement_in
from tests.house.cases.people import mail_in

WIDTHS = (1280, 390)


def faults(page: Any) -> list[str]:
    """What axe-core finds (WCAG 2.1 A and AA, and its best practices), as readable lines."""
    found = Axe().run(page).response["violations"]
    return [f"{page.url}: {rule['id']} ({rule['help']}): {rule['nodes'][0]['html'][:160]}" for rule in found]


def look(visitor: Any, pages: dict[str, str]) -> list[str]:
    problems = []
    for name, path in pages.items():
        page = visitor.go(path)
        page.wait_for_load_state("networkidle")
        problems += faults(page)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            problems.append(f"{page.url} is wider than {page.viewport_size['width']} px")
        visitor.shoot(name)
    return problems


@pytest.mark.parametrize("width", WIDTHS)
def test_public_pages(live_world, visit, width):
    visitor = visit(width=width)
    pages = {
        "landing": "/",
        "sign-in": "/accounts/login/",
        "notices": "/notices/",
        "notice": "/notices/henan-2022/",
        "clauses": "/clauses/",
        "ledger": "/ledger/",
        "ledger-check": "/ledger/check/",
        "not-found": "/nothing-here/",
    }
    assert look(visitor, pages) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_the_applicants_pages(live_maker, live_world, visit, width):
    pilot = live_maker("park", stage="drafting", name="洛阳新材料产业园清洁生产整体审核创新试点（演示）")
    ready = live_maker("sector", stage="sealed", name="演示第二个试点")
    at, signed = f"/pilots/{pilot.pk}", f"/pilots/{ready.pk}"
    visitor = visit("park_handler", width=width)
    pages = {
        "home": "/",
        "pilots": "/pilots/",
        "create": f"/calls/{live_world.call.pk}/apply/",
        "pilot": f"{at}/",
        "object": f"{at}/object/",
        "eligibility": f"{at}/eligibility/",
        "eligibility-N5.2": f"{at}/eligibility/N5.2/",
        "eligibility-N5.3": f"{at}/eligibility/N5.3/",
        "scope": f"{at}/scope/",
        "scope-add": f"{at}/scope/add/",
        "scope-import": f"{at}/scope/import/",
        "plan": f"{at}/plan/",
        "chapter": f"{at}/plan/goals/",
        "targets": f"{at}/targets/",
        "attachments": f"{at}/attachments/",
        "check": f"{at}/check/",
        "hand-in": f"{at}/hand-in/",
        "submit": f"{signed}/submit/",
        "organisation": f"/organisations/{live_world.park.pk}/",
        "outbox": "/outbox/",
        "tokens": "/tokens/",
    }
    assert look(visitor, pages) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_the_departments_pages(live_maker, live_world, visit, width):
    pilot = live_maker("park", stage="submitted", name="洛阳新材料产业园清洁生产整体审核创新试点（演示）")
    live_maker("sector", stage="drafting", applicant="city", name="焦作电镀行业整体审核创新试点（演示）")
    supplement = supplement_in(live_maker, "cosign")
    mail = mail_in(live_maker, "draft")
    visitor = visit("province_handler", width=width)
    pages = {
        "home-province": "/",
        "calls": "/calls/",
        "call": f"/calls/{live_world.call.pk}/",
        "received": f"/calls/{live_world.call.pk}/received/",
        "submission": f"/submissions/{pilot.submissions.get().pk}/",
        "supplement": f"/supplements/{supplement.pk}/",
    }
    problems = look(visitor, pages)
    assert mail.pk
    assert problems == []


def test_everything_can_be_reached_and_done_by_keyboard(live_maker, live_world, visit):
    visitor = visit("park_handler")
    page = visitor.go("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    seen = []
    for _press in range(25):
        page.keyboard.press("Tab")
        box = page.evaluate(
            "(() => { const e = document.activeElement, s = getComputedStyle(e);"
            " return [e.tagName, s.outlineStyle !== 'none' || s.boxShadow !== 'none'] })()"
        )
        seen.append(box)
    assert all(visible for tag, visible in seen if tag in {"A", "BUTTON", "INPUT", "SUMMARY"})
