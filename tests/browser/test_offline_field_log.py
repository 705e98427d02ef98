"""A consultant in a workshop without network: entries and a photo are written offline and sync exactly once."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from qingyuan.audits import fieldlog
from qingyuan.audits.models import Dataset, FieldEntry, FieldPhoto, FieldSync
from tests.dataset_maker import dataset_in
from tests.visit_maker import photo_file

COLUMNS = {
    "测点（位置）": "演示总排口",
    "项目": "COD",
    "方法": "重铬酸盐法",
    "频次": "三天九次",
    "时间": "9 月上旬",
}


@pytest.fixture
def dataset(live_maker: Any) -> Dataset:
    return dataset_in(live_maker)


def new_entry(page: Any, number: int) -> Any:
    return page.locator("[data-visit-item]", has_text="新记录").nth(number)


def write(entry: Any, label: str, text: str) -> None:
    entry.locator("textarea").fill(text)
    entry.get_by_label(label, exact=True).check()
    entry.locator("textarea").blur()


def test_entries_written_offline_sync_once(live_world, visit, dataset):
    phone = visit("park_handler", width=390)
    page = phone.go(f"/field-log/{dataset.pk}/")
    state = page.locator("[data-visit-state]")
    page.get_by_role("button", name="存到本机，离线可用").click()
    expect(state).to_contain_text("已存到本机")
    phone.shoot("field-log")

    phone.context.set_offline(True)
    page.reload()
    expect(page.get_by_role("button", name="立即同步")).to_be_visible()
    write(new_entry(page, 0), "访谈", "演示：动力车间说冷却水不回用")
    expect(state).to_contain_text("1 处待同步")
    second = new_entry(page, 1)
    second.get_by_text("再记一条").click()
    expect(second.get_by_label("测点（位置）")).to_be_hidden()
    write(second, "实测计划", "演示：避开检修")
    for label, cell in COLUMNS.items():
        second.get_by_label(label, exact=True).fill(cell)
        second.get_by_label(label, exact=True).blur()
    expect(state).to_contain_text("2 处待同步")
    second.locator("input[type=file]").set_input_files(
        {"name": "总排口.jpg", "mimeType": "image/jpeg", "buffer": photo_file()}
    )
    second.get_by_label(re.compile("同意记录拍摄地点")).check()
    second.get_by_role("button", name="加入照片").click()
    expect(state).to_contain_text("3 处待同步")
    assert not FieldEntry.objects.exists()
    phone.shoot("field-log-offline")

    page.reload()
    expect(new_entry(page, 0).locator("textarea")).to_have_value("演示：动力车间说冷却水不回用")
    expect(new_entry(page, 1).get_by_label("频次")).to_have_value("三天九次")
    expect(new_entry(page, 1).locator("textarea")).to_be_visible()  # what waits is not folded away

    phone.context.set_offline(False)
    expect(state).to_contain_text("全部已同步", timeout=30_000)
    found = {(one.kind, one.text, one.revision) for one in FieldEntry.objects.all()}
    assert found == {
        ("talk", "演示：动力车间说冷却水不回用", 1),
        ("measurement", "演示：避开检修", 1),
    }
    assert set(FieldEntry.objects.get(kind="measurement").plan.values()) == set(COLUMNS.values())
    assert FieldPhoto.objects.get().entry.kind == "measurement"
    assert FieldSync.objects.count() == 3
    page.reload()
    row = page.locator("table tbody tr")
    for cell in (*COLUMNS.values(), "演示：避开检修"):
        expect(row).to_contain_text(cell)
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        phone.shoot("field-log-plan")
    page.get_by_role("button", name="立即同步").click()
    assert FieldSync.objects.count() == 3


def test_what_another_wrote_meanwhile_stands_beside_it(live_world, visit, dataset):
    handler = live_world.park_handler
    first = fieldlog.Writing(kind="seen", text="演示：初见", base=0, key="k0")
    fieldlog.write(dataset, 42, first, by=handler)
    phone = visit("park_handler", width=390)
    page = phone.go(f"/field-log/{dataset.pk}/")
    phone.context.set_offline(True)
    write(page.locator("[data-visit-item='42']"), "现场所见", "演示：我看到的")
    expect(page.locator("[data-visit-state]")).to_contain_text("1 处待同步")
    meanwhile = fieldlog.Writing(kind="seen", text="演示：同事看到的", base=1, key="k1")
    fieldlog.write(dataset, 42, meanwhile, by=handler)
    phone.context.set_offline(False)
    box = page.locator("[data-visit-item='42'] [data-visit-conflict]")
    expect(box).to_contain_text("演示：同事看到的", timeout=30_000)
    entry = FieldEntry.objects.get()
    assert (entry.text, [one.text for one in entry.versions.all()]) == (
        "演示：同事看到的",
        ["演示：我看到的"],
    )
    box.get_by_role("button", name="用我的").click()
    expect(page.locator("[data-visit-state]")).to_contain_text("全部已同步", timeout=30_000)
    assert FieldEntry.objects.get().text == "演示：我看到的"
