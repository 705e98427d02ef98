"""Charts in what a pilot under way hands in, at both widths: copied, drawn in the draft, renewed, sealed, read by the panel."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from qingyuan.audits import actions as datasets
from qingyuan.audits.actions import run as runs
from qingyuan.audits.running.worker import Worker, work
from qingyuan.delivery import actions, drafts
from qingyuan.delivery import report as contents
from qingyuan.kernel import clock
from tests import acceptance_maker as made
from tests.assessment_maker import Panel, user_of
from tests.browser.looking import WIDTHS
from tests.dataset_maker import content_of
from tests.delivery_maker import DURING, completed, hand_in
from tests.run_maker import asked


@pytest.fixture(autouse=True)
def _a_worker_comes_when_called(settings):
    dummy = "django_tasks.backends.dummy.DummyBackend"
    settings.TASKS = {"default": {"BACKEND": dummy, "QUEUES": ["default", "engine"]}}


def computed(maker, pilot):
    """A real result of this pilot."""
    by = maker.world.park_handler
    dataset = datasets.begin_dataset(pilot, by=by, template="region", title="演示流域数据", year=2021)
    upload = maker.upload(by=by, name="演示流域数据.pdf")
    datasets.import_workbook(dataset, by=by, content=content_of(), upload=upload)
    datasets.fix_version(dataset, by=by)
    run = asked(maker, dataset=dataset)
    assert work(Worker()) == 1
    return run


@pytest.mark.clause("N10", "N11", "N1")
def test_a_chart_goes_from_the_list_into_a_report_and_before_the_panel(live_maker, look):
    maker, world = live_maker, live_maker.world
    project = made.state_project(maker)
    with clock.at(DURING):
        run = computed(maker, project.pilot)
        report = actions.begin_report(project, by=world.park_handler)
    with clock.at("2023-01-03T10:00:00+08:00"):
        draft = completed(project, on=clock.local(clock.now()).date())
        report = drafts.save_report(
            report, draft=draft, revision=report.draft_revision, by=world.park_handler
        )
        handler = look(world.park_handler.username)
        page = handler.go("report-draft", report.get_absolute_url())
        offers = page.locator("details", has=page.locator(".q-offers"))
        offers.locator("summary").click()
        handler.at("report-offers")
        code = offers.locator("code").first.inner_text()
        page.locator("#f-text-progress").fill(f"演示：断面浓度下降。\n{code}\n演示：下一步照旧。")
        page.get_by_role("button", name="保存草稿").click()
        page.wait_for_load_state()
        runs.repeat(run, by=world.park_handler)
        assert work(Worker()) == 1
        page = handler.go("report-pinned", report.get_absolute_url())
        expect(page.get_by_text("有更新，图相同")).to_be_visible()
        page.get_by_role("button", name="更新", exact=True).click()
        page.wait_for_load_state()
        expect(page.get_by_text("有更新，图相同")).to_have_count(0)
        report.refresh_from_db()
        assert code not in contents.of_plain(report.content).texts["progress"]
        actions.hand_in(report, by=world.park_handler, draft_revision=report.draft_revision)
        page = handler.go("report-sealed", report.get_absolute_url())
        drawn = page.locator("figure.q-drawn")
        expect(drawn).to_have_count(1)
        assert drawn.locator("img").evaluate("one => one.complete && one.naturalWidth > 300")
        drawn.locator("summary").click()
        expect(drawn.locator("table")).to_be_visible()
        handler.at("report-sealed-with-data")
    with clock.at(made.AT):
        made.acceptance_round(maker)
        filing = hand_in(maker, project, summary=f"演示：断面浓度下降。\n{code}", keep_older=True)
        handler.go("filing", reverse("delivery:filing", args=[filing.pk]))
        actions.take_in(filing, by=world.state_handler)
        filing.refresh_from_db()
        panel = Panel(world, filing.case)
        first = panel.assignments[0]
        expert = look(user_of(first).username)
        page = expert.visitor.go(reverse("review:assess", args=[first.pk]))
        page.get_by_role("button", name="开始评分").click()
        page.wait_for_load_state()
        expert.at("filing-before-the-panel")
        expect(page.locator("figure.q-drawn img")).to_be_visible()
    for one in (handler, expert):
        assert one.problems == [], WIDTHS
