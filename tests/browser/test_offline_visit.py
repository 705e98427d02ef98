"""A site visit on a phone without network: opened offline, answered with a photo, online again, synced exactly once."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from qingyuan.review import fieldwork
from qingyuan.review.models import VisitPhoto, VisitSync
from tests.visit_maker import photo_file, take


@pytest.fixture
def visit_row(live_review: Any) -> Any:
    return take(live_review, live_review.cases[0], until="notified")


def answer(page: Any, position: int, label: str, note: str = "") -> None:
    item = page.locator(f"[data-visit-item='{position}']")
    if note:
        item.locator("textarea").fill(note)
    item.get_by_label(label, exact=True).check()


def state(page: Any) -> Any:
    return page.locator("[data-visit-state]")


@pytest.mark.clause("H3")
def test_a_visit_without_network_loses_nothing_and_syncs_once(live_review, visit, visit_row):
    phone = visit("reform_handler", width=390)
    page = phone.go(f"/review/visits/{visit_row.pk}/field/")
    page.get_by_role("button", name="存到本机，离线可用").click()
    expect(state(page)).to_contain_text("已存到本机")
    phone.shoot("visit-field")

    phone.context.set_offline(True)
    page.reload()
    expect(page.get_by_role("heading", name="现场核对单")).to_be_visible()
    answer(page, 1, "相符")
    answer(page, 2, "不符", "演示：门口牌子是另一个名字")
    item = page.locator("[data-visit-item='2']")
    item.locator("input[type=file]").set_input_files(
        {"name": "门口.jpg", "mimeType": "image/jpeg", "buffer": photo_file()}
    )
    item.get_by_label(re.compile("同意记录拍摄地点")).check()
    item.get_by_role("button", name="加入照片").click()
    expect(state(page)).to_contain_text("离线")
    expect(state(page)).to_contain_text("3 处待同步")
    assert not visit_row.items.exclude(answer="").exists()
    phone.shoot("visit-offline")

    # The tab is closed and opened again, still without network: everything stands there.
    page.reload()
    expect(page.locator("[data-visit-item='2'] textarea")).to_have_value("演示：门口牌子是另一个名字")
    expect(page.locator("[data-visit-item='2'] [data-visit-photos]")).to_contain_text("门口.jpg")

    phone.context.set_offline(False)
    expect(state(page)).to_contain_text("全部已同步", timeout=30_000)
    found = {
        item.position: (item.answer, item.note, item.revision) for item in visit_row.items.exclude(answer="")
    }
    assert found == {1: ("consistent", "", 1), 2: ("inconsistent", "演示：门口牌子是另一个名字", 1)}
    photo = VisitPhoto.objects.get()
    assert (photo.item.position, str(photo.latitude)) == (2, "34.619700")
    assert VisitSync.objects.count() == 3
    page.reload()
    expect(page.locator("[data-visit-item='2'] [data-visit-photos] a")).to_have_count(1)
    page.get_by_role("button", name="立即同步").click()
    assert VisitSync.objects.count() == 3
    phone.shoot("visit-synced")


def test_an_answer_that_another_changed_meanwhile_is_shown_and_not_lost(live_review, visit, visit_row):
    phone = visit("reform_handler", width=390)
    page = phone.go(f"/review/visits/{visit_row.pk}/field/")
    phone.context.set_offline(True)
    answer(page, 1, "不符", "演示：我看到的")
    expect(state(page)).to_contain_text("1 处待同步")
    meanwhile = fieldwork.Writing(answer="consistent", note="演示：同事看到的", base=0, key="other")
    fieldwork.answer(visit_row, 1, meanwhile, by=live_review.province_handler)
    phone.context.set_offline(False)
    box = page.locator("[data-visit-item='1'] [data-visit-conflict]")
    expect(box).to_contain_text("演示：同事看到的", timeout=30_000)
    expect(box).to_contain_text("演示：我看到的")
    assert visit_row.items.get(position=1).note == "演示：同事看到的"
    phone.shoot("visit-conflict")
    box.get_by_role("button", name="用我的").click()
    expect(state(page)).to_contain_text("全部已同步", timeout=30_000)
    item = visit_row.items.get(position=1)
    assert (item.answer, item.note, item.revision) == ("inconsistent", "演示：我看到的", 2)


def test_signing_out_asks_and_then_leaves_nothing_on_the_device(live_review, visit, visit_row):
    phone = visit("reform_handler", width=390)
    page = phone.go(f"/review/visits/{visit_row.pk}/field/")
    page.get_by_role("button", name="存到本机，离线可用").click()
    expect(state(page)).to_contain_text("已存到本机")
    phone.go("/accounts/logout/")
    page.locator("main").get_by_role("button", name="退出").click()
    page.wait_for_url(lambda url: "logout" not in url)
    names = page.evaluate(
        "async () => [...await caches.keys(), ...(await indexedDB.databases()).map((one) => one.name)]"
    )
    assert names == []


def test_the_checklist_works_without_scripts(live_review, visit, visit_row):
    desk = visit("reform_handler", script=False)
    page = desk.go(f"/review/visits/{visit_row.pk}/field/")
    answer(page, 1, "无法核实", "演示：未见台账")
    page.locator("[data-visit-item='1']").get_by_role("button", name="保存").click()
    assert visit_row.items.get(position=1).answer == "unverifiable"
    page.locator("[data-visit-item='1'] input[type=file]").set_input_files(
        {"name": "台账.jpg", "mimeType": "image/jpeg", "buffer": photo_file()}
    )
    page.locator("[data-visit-item='1']").get_by_role("button", name="加入照片").click()
    assert VisitPhoto.objects.get().latitude is None
    desk.shoot("visit-noscript")
