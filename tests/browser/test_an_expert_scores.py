"""An expert in a real browser: reads and scores side by side, by keyboard, on a telephone, with what was typed kept."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from qingyuan.catalogue.scoresheets import scoresheets
from qingyuan.review.models import Assessment
from tests.assessment_maker import OPINION, Panel, submitted, user_of

SHEET = scoresheets()["henan-assessment-2022"]


@pytest.mark.clause("H3")
@pytest.mark.parametrize("width", [390, 1440])
def test_an_expert_scores_by_keyboard_and_then_sees_the_panel(live_review, visit, width):
    panel = Panel(live_review.world, live_review.cases[0])
    submitted(panel.assignments[1], 3)
    one = panel.assignments[0]
    expert = visit(user_of(one).username, width=width)
    page = expert.go(f"/review/assignments/{one.pk}/assess/")
    expect(page.locator("main")).to_contain_text("只记录开始和提交两个时刻")
    expert.press("开始评分")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    expert.shoot("assessment-sheet")

    # A radio group is one stop; arrows choose within it.
    page.locator("#f-score-idea_0").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#f-score-idea_1")).to_be_checked()
    expect(page.locator("[data-autosave-state]")).to_contain_text("已保存", timeout=15_000)
    assert Assessment.objects.get(assignment=one).scores == {"idea": 4}

    page.locator("#f-score-goals_0").check()
    expert.shoot("assessment-filling")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="提交评分").click()
    confirm(page)
    errors = page.get_by_role("alert")
    expect(errors).to_contain_text("评为 5 分，须写明理由")
    expect(errors).to_contain_text("“计划的可行性”还没有评分")
    expert.shoot("assessment-refused")

    for name in SHEET.weights:
        page.locator(f"#f-score-{name}_1").check()
    page.locator("details.q-evidence").first.locator("summary").click()
    page.locator("#f-evidence-idea_0").check()
    page.locator("#f-confidence_0").check()
    page.locator("#f-overall_0").check()
    page.locator("#f-opinion").fill(OPINION)
    page.get_by_role("button", name="提交评分").click()
    confirm(page)
    expect(page.locator("main")).to_contain_text("评分已提交封存")
    expert.shoot("assessment-sealed")
    page.locator("main").get_by_role("link", name="专家组", exact=True).click()
    expect(page.locator("main")).to_contain_text("E-902")
    expect(page.locator("main")).to_contain_text("60.00")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    expert.shoot("assessment-panel")


def confirm(page) -> None:
    """Where the page asks once more, say yes."""
    dialog = page.locator("dialog[open]")
    page.wait_for_timeout(200)
    if dialog.count():
        dialog.get_by_role("button").first.click()
    page.wait_for_load_state()


def test_the_office_ranks_and_tries_other_weights(live_review, visit):
    for index, scores in enumerate([(5, 4, 5), (3, 3, 4), (4, 1, 5)]):
        Panel(live_review.world, live_review.cases[index], first=1 + index).submit(*scores)
    clerk = visit("province_handler", width=1440)
    page = clerk.go(f"/review/rounds/{live_review.round.pk}/ranking/")
    expect(page.locator("main")).to_contain_text("还没有启封")
    clerk.shoot("ranking-sealed")
    page.get_by_role("link", name="启封评分").click()
    clerk.press("启封评分")
    expect(page.locator("table.q-ranking tbody tr")).to_have_count(3)
    clerk.shoot("ranking")
    page.get_by_label(re.compile("试点思路的科学性")).fill("60")
    clerk.press("按所填权重试算")
    expect(page.locator("main")).to_contain_text("没有保存")
    clerk.shoot("ranking-what-if")
    assert page.evaluate("document.documentElement.scrollWidth") <= 1440
