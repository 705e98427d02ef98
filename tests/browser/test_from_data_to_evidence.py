"""One figure in a real browser: asked of an enterprise, signed, questioned, computed, drawn, quoted, submitted, read by an expert."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from qingyuan.audits import filling
from qingyuan.audits.models import Dataset, EnterpriseSheet, FigureQuestion, Run
from qingyuan.audits.running.worker import Worker, work
from qingyuan.kernel import clock
from qingyuan.papers import richtext
from qingyuan.pilots import actions, seal
from qingyuan.pilots.models import Pilot, Submission
from tests.assessment_maker import Panel, user_of
from tests.dataset_maker import workbook
from tests.review_maker import AFTER_CLOSING, round_in

MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FIRM = "演示企业1有限公司"


@pytest.fixture(autouse=True)
def _a_worker_comes_when_called(settings):
    dummy = "django_tasks.backends.dummy.DummyBackend"
    settings.TASKS = {"default": {"BACKEND": dummy, "QUEUES": ["default", "engine"]}}


def carry_out(visitor: Any, path: str, **fields: str) -> Any:
    """A verb's page: filled in and sent."""
    page = visitor.go(path)
    for name, value in fields.items():
        page.locator(f"main [name='{name}']").fill(value)
    page.locator("#verb button[type=submit]").click()
    page.wait_for_load_state()
    return page


@pytest.mark.clause("N3a")
@pytest.mark.clause("N3c")
@pytest.mark.clause("N14")
def test_a_figure_from_the_enterprise_to_the_expert(live_maker, visit):
    maker, world = live_maker, live_maker.world
    pilot = maker("park", stage="ready", name="演示数据试点")
    clerk = visit("park_handler")
    dataset = collected(clerk, pilot)
    firm, sheet = invited(clerk, visit, dataset)
    questioned(clerk, firm, dataset, sheet)
    run = computed(clerk, dataset)
    figure = quoted(clerk, pilot, run)

    pilot = maker.fresh(pilot)
    actions.hand_in(pilot, by=world.park_handler)
    actions.pass_review(pilot, by=world.park_reviewer)
    actions.sign(pilot, by=world.park_signer, no_state_secrets=True)
    maker.attach_seal(pilot, by=world.park_handler)
    pilot = maker.fresh(pilot)
    actions.submit(pilot, by=world.park_handler, sealed=seal.seal(pilot))
    assert Submission.objects.get(pilot=pilot).version == 1

    round_ = round_in(maker, "reviewing")
    with clock.at(AFTER_CLOSING):
        assignment = Panel(world, round_.cases.get(pilot=pilot)).assignments[0]
        expert = visit(user_of(assignment).username)
        page = expert.go(f"/review/assignments/{assignment.pk}/assess/")
        expert.press("开始评分")
        expect(page.locator("main")).to_contain_text(f"方案组合的年费用为{figure}。")
        expert.shoot("evidence-expert")
        # What was quoted is the evidence; what it was made of stays with the enterprise and the applicant.
        for closed in (run.get_absolute_url(), reverse("audits:tables", args=[dataset.pk])):
            assert expert.page.request.get(expert.base + closed).status == 404


def collected(clerk: Any, pilot: Pilot) -> Dataset:
    """A dataset begun, and what the applicant has of it brought in."""
    page = clerk.go(reverse("audits:begin-dataset", args=[pilot.pk]))
    page.select_option("[name=template]", "region")
    page.locator("#verb button[type=submit]").click()
    page.wait_for_load_state()
    dataset = Dataset.objects.get(pilot=pilot)
    page = clerk.go(reverse("audits:import-workbook", args=[dataset.pk]))
    page.set_input_files(
        "[name=file]", {"name": "采集表.xlsx", "mimeType": MEDIA, "buffer": workbook().getvalue()}
    )
    clerk.press("检查并导入")
    assert dataset.rows.filter(table="emissions").count() == 3
    return dataset


def invited(clerk: Any, visit: Any, dataset: Dataset) -> tuple[Any, EnterpriseSheet]:
    """An enterprise asked; at its door with the link that was handed over."""
    code = dataset.pilot.scope.get(stated_name=FIRM).enterprise.credit_code
    page = clerk.go(reverse("audits:invite", args=[dataset.pk]))
    page.check(f"[name='invite-{code}']")
    page.fill(f"[name='mail-{code}']", "firm@example.org")
    clerk.press("发出邀请")
    sheet = dataset.sheets.get()
    carry_out(clerk, reverse("audits:hand-over-link", args=[sheet.pk]))
    link = clerk.page.locator("main code").inner_text()
    firm = visit()
    page = firm.go(link)
    expect(page.locator("main")).to_contain_text(dataset.pilot.applicant.name)
    expect(page.locator("main")).not_to_contain_text("演示企业2有限公司")
    firm.shoot("evidence-own-sheet")
    return firm, sheet


def questioned(clerk: Any, firm: Any, dataset: Dataset, sheet: EnterpriseSheet) -> None:
    """Filled in, asked about, corrected, answered, signed, settled."""
    row = next(row for row in filling.rows_of(sheet) if row.table == "emissions")
    place = [one.name for one in filling.table_of(sheet, "emissions").columns].index("discharge_t")
    fill_in(firm, row, f"c{place}", "125", "estimate")
    carry_out(
        clerk,
        reverse("audits:ask", args=[dataset.pk, row.pk, "discharge_t"]),
        text="演示：比执行报告大十倍，请核对",
    )
    question = FigureQuestion.objects.get()
    fill_in(firm, row, f"c{place}", "12.5", "measured")
    page = firm.go(reverse("audits:fill-answer", args=[question.pk]))
    page.fill("[name=answer]", "小数点填错，已更正")
    firm.press("提交答复")
    page = firm.go(reverse("audits:fill-sign"))
    page.check("[name=declared]")
    firm.press("签署")
    sheet.refresh_from_db()
    assert (sheet.stage, sheet.signed_via) == ("signed", "handed")
    page = clerk.go(reverse("audits:questions", args=[dataset.pk]))
    expect(page.locator("main")).to_contain_text("小数点填错，已更正")
    clerk.shoot("evidence-questions")
    carry_out(clerk, reverse("audits:settle-question", args=[question.pk]))
    row.refresh_from_db()
    assert row.values["discharge_t"] == "12.5"


def fill_in(firm: Any, row: Any, name: str, value: str, source: str) -> None:
    page = firm.go(reverse("audits:fill-row", args=[row.pk]))
    page.fill(f"[name={name}]", value)
    page.select_option("[name=source]", source)
    page.fill("[name=method]", "演示：在线监测年均值")
    firm.press("保存")


def computed(clerk: Any, dataset: Dataset) -> Run:
    """A version, a computation of it, and a chart that answers."""
    carry_out(clerk, reverse("audits:fix-version", args=[dataset.pk]))
    assert dataset.versions.count() == 1
    page = carry_out(clerk, reverse("audits:start-run", args=[dataset.pk]), note="演示：申报用")
    run = dataset.runs.get()
    expect(page.locator("progress")).to_be_visible()
    assert work(Worker()) == 1
    chart = page.locator("figure").filter(has_text="边际减排成本").first
    expect(chart.locator(".q-chart-stage svg")).to_be_visible()
    chart.locator("summary").click()
    expect(chart.locator("tbody tr")).to_have_count(3)
    clerk.shoot("evidence-run")
    return Run.objects.get(pk=run.pk)


def quoted(clerk: Any, pilot: Pilot, run: Run) -> str:
    """The figure put into a chapter by its code; what the reader sees in its place."""
    finding = run.findings.get(key="select:cost")
    code = f"{{{{发现:{finding.code}.{run.number}}}}}"
    leaf = pilot.notice.leaves()[0].id
    page = clerk.go(f"/pilots/{pilot.pk}/plan/{leaf}/")
    page.locator(".ProseMirror").click()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text(f"方案组合的年费用为{code}。")
    clerk.press("保存")
    kept = richtext.to_text(pilot.chapters.get(outline_id=leaf).html)
    assert "方案组合的年费用为" in kept
    page = clerk.go(reverse("audits:quotes", args=[pilot.pk]))
    expect(page.locator("main")).to_contain_text(finding.text)
    expect(page.locator("main")).to_contain_text("最新")
    clerk.shoot("evidence-quotes")
    return finding.text
