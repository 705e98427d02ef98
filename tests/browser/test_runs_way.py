"""Computations in a real browser, at both widths: from the empty list to charts that answer, and two results side by side."""

from __future__ import annotations

import io

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from python_calamine import CalamineWorkbook

from qingyuan.audits.actions import run as actions
from qingyuan.audits.running.worker import Worker, work
from tests.dataset_maker import dataset_in
from tests.run_maker import asked, fresh, take


@pytest.fixture(autouse=True)
def _a_worker_comes_when_called(settings):
    dummy = "django_tasks.backends.dummy.DummyBackend"
    settings.TASKS = {"default": {"BACKEND": dummy, "QUEUES": ["default", "engine"]}}


@pytest.mark.clause("N3c")
def test_the_pages_of_computations_at_both_widths(live_maker, look):
    maker, world = live_maker, live_maker.world
    dataset = dataset_in(maker, "ready")
    handler = look(world.park_handler.username)
    page = handler.go("runs-empty", reverse("audits:runs", args=[dataset.pk]))
    page.get_by_role("link", name="开始计算").click()
    page.wait_for_load_state()
    handler.at("runs-start")
    page.locator("#verb button[type=submit]").click()
    page.wait_for_load_state()
    run = dataset.runs.get()
    expect(page.locator("progress")).to_be_visible()
    handler.at("run-queued")
    assert work(Worker()) == 1
    # The bar asks every few seconds and finds the end by itself.
    expect(page.locator("figure svg").first).to_be_visible(timeout=15_000)
    handler.at("run-done")
    assert page.locator("figure").count() == run.files.filter(name__endswith=".svg").count() > 3
    for figure in page.locator("figure").all():
        figure.scroll_into_view_if_needed()
        expect(figure.locator(".q-chart-stage svg")).to_be_visible()
        assert figure.locator(".q-chart-stage").get_attribute("aria-label") != ""
        figure.locator("summary").click()
        expect(figure.locator("table")).to_be_visible()
    handler.at("run-done-with-data")
    first = page.locator("figure").first
    for kind, begins in (("SVG", b"<svg"), ("PNG", b"\x89PNG"), ("XLSX", b"PK")):
        with page.expect_download() as download:
            first.get_by_role("link", name=kind).click()
        data = download.value.path().read_bytes()
        assert data.startswith(begins), kind
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    heads = first.locator("thead th").all_inner_texts()
    assert any(list(row[: len(heads)]) == heads for row in rows)
    other = dataset_in(maker, "ready", title="演示另一情景")
    asked(maker, note="演示情景", dataset=other)
    work(Worker())
    page = handler.go("run-again", run.get_absolute_url())
    page.get_by_role("button", name="并列显示").click()
    page.wait_for_load_state()
    handler.at("runs-compare")
    handler.go("runs", reverse("audits:runs", args=[dataset.pk]))


def test_without_scripts_the_pictures_and_their_data_are_there(live_maker, visit):
    run = asked(live_maker)
    work(Worker())
    visitor = visit("park_handler", script=False, width=390)
    page = visitor.go(run.get_absolute_url())
    picture = page.locator("figure img").first
    expect(picture).to_be_visible()
    assert "。" in picture.get_attribute("alt")
    page.locator("figure summary").first.click()
    expect(page.locator("figure table").first).to_be_visible()


def test_a_run_that_failed_or_was_cancelled_says_what_to_do(live_maker, look):
    world = live_maker.world
    handler = look(world.park_handler.username)
    worker = Worker()
    run = take(asked(live_maker), worker)
    handler.go("run-running", run.get_absolute_url())
    handler.go("run-cancel", reverse("audits:cancel-run", args=[run.pk]))
    problem = {"sheet": "污染排放", "row": 2, "column": "依据", "expected": "依据", "mend": "请补充。"}
    actions.fail(fresh(run), by=worker, exit_code=2, problems=[problem])
    page = handler.go("run-failed", run.get_absolute_url())
    expect(page.locator("main")).to_contain_text("需要改正的地方")
