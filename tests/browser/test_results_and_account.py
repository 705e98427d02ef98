"""Results and the account of the innovation in a real browser, at both widths: filled, empty, said and drawn."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from qingyuan.delivery.actions import account as verbs
from qingyuan.delivery.models import Output
from qingyuan.kernel import clock
from tests.account_maker import codes_of, logged
from tests.delivery_maker import DURING, Delivery
from tests.outputs_maker import output_in, promise
from tests.pilot_maker import PilotMaker, small_pdf


@pytest.fixture
def live_delivery(live_world: Any) -> Any:
    made = Delivery(PilotMaker(live_world))
    promise(made.project)
    with clock.at(DURING):
        yield made


@pytest.mark.clause("N10")
def test_a_result_from_the_list_to_the_departments_word(live_delivery, look, tmp_path):
    delivery = live_delivery
    output_in(delivery.maker, "accepted")
    handler = look(delivery.park_handler.username)
    page = handler.go("outputs-list", reverse("delivery:outputs", args=[delivery.project.pk]))
    page.get_by_role("link", name="演示减污技术清单").click()
    page.wait_for_load_state()
    handler.at("outputs-one-empty")
    page.get_by_role("link", name="上传版本").click()
    page.wait_for_load_state()
    files = []
    for name in ("清单.pdf", "说明.pdf"):
        (tmp_path / name).write_bytes(small_pdf(name.encode("unicode_escape").decode()).getvalue())
        files.append(tmp_path / name)
    page.fill("[name=title]", "送审稿")
    page.set_input_files("[name=uploads]", files)
    handler.at("outputs-version")
    page.locator("#verb button[type=submit]").click()
    page.wait_for_load_state()
    handler.at("outputs-one")
    expect(page.locator("main")).to_contain_text("说明.pdf")
    page.get_by_role("link", name="提交", exact=True).click()
    page.wait_for_load_state()
    page.locator("#verb button[type=submit]").click()
    page.wait_for_load_state()
    one = Output.objects.get(key="o2")
    assert one.stage == "handed_in"
    judge = look(delivery.province_handler.username)
    page = judge.go("outputs-accept", reverse("delivery:accept-output", args=[one.pk]))
    page.locator("#verb button[type=submit]").click()
    page.wait_for_load_state()
    one.refresh_from_db()
    assert one.stage == "accepted"


@pytest.mark.clause("N1")
def test_the_account_from_the_first_entry_to_the_public_totals(live_delivery, look):
    delivery, project = live_delivery, live_delivery.project
    handler = look(delivery.park_handler.username)
    address = reverse("delivery:account", args=[project.pk])
    page = handler.go("account-empty", address)
    page.get_by_role("link", name="记一笔").first.click()
    page.wait_for_load_state()
    page.fill("[name=day]", "2022-09-18")
    page.select_option("[name=kind]", "review")
    page.check("[name=whole]")
    page.fill("[name=days]", "10")
    page.fill("[name=person_days]", "6")
    handler.at("account-entry")
    page.locator("#verb button[type=submit]").click()
    page.wait_for_load_state()
    codes = codes_of(project)
    logged(delivery.maker, project, codes=codes[:2], person_days=64, money=42000)
    logged(delivery.maker, project, kind="money", money=36000, note="监测")
    logged(delivery.maker, project, kind="visit", codes=codes, person_days=9)
    logged(delivery.maker, project, kind="document", codes=codes, documents=2)
    by = delivery.park_handler
    verbs.assume(
        project, by=by, measure="money", low=Decimal(60000), mid=Decimal(80000), high=Decimal(120000),
        source="演示：2021 年三份审核合同",
    )  # fmt: skip
    verbs.state_coverage(
        project, by=by, quantity="工业总产值", unit="亿元", year=2021, covered=Decimal("36.5"), total=Decimal(48),
        source="演示统计年鉴 2022",
    )  # fmt: skip
    verbs.declare_log(project, by=by, measures=["days", "visits"])
    verbs.release(verbs.state_account(project, by=by), by=delivery.province_handler)
    page = handler.go("account", address)
    expect(page.locator("main")).to_contain_text("可确认节省")
    drawn = page.locator("main img")
    expect(drawn).to_be_visible()
    assert drawn.evaluate("image => image.complete && image.naturalWidth > 0")
    for name in ("account-log", "import-efforts", "assume", "declare-log"):
        handler.go(f"account-{name}", reverse(f"delivery:{name}", args=[project.pk]))
    handler.go("accounts", reverse("delivery:accounts"))
    stranger = look("")
    page = stranger.go("account-public", reverse("delivery:public-account"))
    expect(page.locator("main")).to_contain_text("各试点合计")
