"""The experience of a pilot in a real browser, at both widths: report, case, archive, and what the public sees."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.commendation_maker import NAME, commendation_in
from tests.library_maker import SECRET, practice_in
from tests.promotion_maker import promotion_in, support_in
from tests.summary_maker import summary_in


def test_the_pages_of_experience_at_both_widths(live_maker, look):
    case = practice_in(live_maker, "published")
    promotion_in(live_maker, "recorded")
    summary = summary_in(live_maker, "writing")
    project = summary.project
    writer = look(live_maker.world.park_handler.username)
    writer.go("summary", f"/projects/{project.pk}/summary/")
    page = writer.go("summary-chapter", f"/summaries/{summary.pk}/chapters/methods/")
    expect(page.locator(".q-rich")).to_contain_text("{{数据:enterprises}}")
    writer.go("practice", case.get_absolute_url())
    writer.go("practice-write", f"/projects/{project.pk}/practices/write/")
    writer.go("archive", f"/projects/{project.pk}/archive/")
    support_in(live_maker, "recorded")
    honour = commendation_in(live_maker, "issued")
    officer = look(live_maker.world.province_handler.username)
    for name, path in (
        ("promotions", "/promotions/"),
        ("supports", "/supports/"),
        ("commendations", "/commendations/"),
        ("commendation", honour.get_absolute_url()),
        ("practices", "/practices/"),
    ):
        officer.go(name, path)
    anybody = look("")
    for name, path in (
        ("statistics", "/statistics/"),
        ("cases", "/cases/"),
        ("case", case.public_url),
        ("honours", "/honours/"),
        ("honour", f"/honours/{honour.pk}/"),
        ("passed", "/passed/"),
        ("landing", "/"),
    ):
        page = anybody.go(name, path)
        expect(page.locator("body")).not_to_contain_text(SECRET)
        expect(page.locator("body")).not_to_contain_text(NAME)
