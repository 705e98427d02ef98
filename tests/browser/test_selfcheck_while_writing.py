"""The self-check in a real browser: it follows the writing, and one click leads to the paragraph."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.pilot_maker import PilotMaker


@pytest.mark.clause("N6")
def test_a_slip_shows_beside_the_text_and_is_one_click_away(live_world, visit):
    pilot = PilotMaker(live_world)("park", stage="ready")
    clerk = visit("park_handler")
    page = clerk.go(f"/pilots/{pilot.pk}/plan/goals/")
    panel = page.locator("#chapter-check")
    expect(panel).not_to_contain_text("150天")
    page.locator(".ProseMirror").click()
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.insert_text("审核时间压缩到150天。")
    expect(panel).to_contain_text("审核时间压缩到150天")
    expect(panel).to_contain_text("请核对")
    clerk.shoot("selfcheck-chapter")
    clerk.go(f"/pilots/{pilot.pk}/check/?level=warning&area=plan")
    clerk.shoot("selfcheck-result")
    finding = page.locator(".q-findings > li", has_text="150天")
    finding.get_by_role("link", name="去处理").click()
    expect(page).to_have_url(f"{clerk.base}/pilots/{pilot.pk}/plan/goals/#paragraph-2")
    # Not wait_for_function: that evaluates strings inside the page, which the page's own policy forbids.
    for _ in range(100):
        if "150天" in page.evaluate("window.getSelection().toString()"):
            break
        page.wait_for_timeout(50)
    assert "150天" in page.evaluate("window.getSelection().toString()")


def test_the_result_reads_well_on_a_telephone(live_world, visit):
    pilot = PilotMaker(live_world)("park", stage="drafting")
    clerk = visit("park_handler", width=390)
    page = clerk.go(f"/pilots/{pilot.pk}/check/")
    clerk.shoot("selfcheck-result")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
