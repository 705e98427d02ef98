"""One pilot's whole life in a real browser, at both widths: kick-off, report, change, filing, acceptance, list, credit, summary,
archive. Only the human steps are walked; what has a walk of its own (experts, chapters) is made by the verbs."""

from __future__ import annotations

import zipfile
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import expect

from qingyuan.audits.actions import audit_review as audit_reviews
from qingyuan.delivery.models import AcceptanceFiling, ChangeRequest, Project, Summary
from qingyuan.kernel import clock
from qingyuan.people import actions as people
from qingyuan.people.models import Membership
from qingyuan.registry.models import AuditRecord
from qingyuan.review import actions as review
from qingyuan.review.decisions import Row
from qingyuan.review.models import Decision
from tests import acceptance_maker as made
from tests.browser.test_review_way import submit
from tests.delivery_maker import completed
from tests.pilot_maker import credit_code
from tests.review_of_audits_maker import record
from tests.schemes_maker import bring, propose
from tests.summary_maker import write_all

STARTING, REPORTING, CHANGING = (
    "2022-09-15T10:00:00+08:00",
    "2023-01-03T10:00:00+08:00",
    "2023-02-06T10:00:00+08:00",
)
HANDING_IN, DECIDING, AFTER = (
    "2023-09-04T10:00:00+08:00",
    "2023-09-10T09:00:00+08:00",
    "2023-09-12T09:00:00+08:00",
)
LEFT_OUT = "演示：审核未完成"


class Walk:
    """Who walks, and the pilot."""

    def __init__(self, maker: Any, look: Any) -> None:
        self.maker, self.world, self.look = maker, maker.world, look
        world = maker.world
        self.handler, self.province = look(world.park_handler.username), look(world.province_handler.username)
        self.state = look(world.state_handler.username)

    @property
    def project(self) -> Project:
        return Project.objects.select_related("case__round__call__joint_body", "pilot__call").get()

    def at(self, part: str) -> str:
        return f"/projects/{self.project.pk}/{part}"


@pytest.mark.clause("N10", "N11", "N12", "N13", "H5")
def test_from_the_kick_off_to_the_archive(live_maker, look, tmp_path):
    walk = Walk(live_maker, look)
    case = made.approved(live_maker)
    with clock.at(STARTING):
        kick_off(walk, case)
    with clock.at(REPORTING):
        report(walk)
    with clock.at(CHANGING):
        change(walk)
    with clock.at(HANDING_IN):
        hand_in(walk)
    with clock.at(DECIDING):
        decide(walk)
    with clock.at(AFTER):
        credit(walk)
        sum_up(walk)
        archive(walk, tmp_path)


def kick_off(walk: Walk, case: Any) -> None:
    Decision.objects.create(  # as the State's review leaves it; that has a walk of its own
        round=case.round, kind="final", stage="released", drafted_at=clock.now(), released_at=clock.now(),
        document_number="环办科财函〔2022〕演示1号", dated_on=date(2022, 9, 1), content_sha256="0" * 64,
    ).items.create(case=case, outcome="approved", position=1)  # fmt: skip
    page = walk.handler.go("life-kick-off", f"/review/cases/{case.pk}/begin/")
    page.fill("[name=started_on]", "2022-09-15")
    if page.locator("[name=term_end]").count():
        page.fill("[name=term_end]", "2023-08-31")
    submit(walk.handler)
    page = walk.handler.go("life-project", walk.at(""))
    for name in ("企业方案", "企业评估验收"):
        expect(page.get_by_role("link", name=name, exact=True)).to_be_visible()
    pilot = walk.project.pilot
    bring(walk.maker, propose(walk.maker, pilot=pilot), "done")
    asked = audit_reviews.ask(pilot, by=walk.world.park_handler, credit_code=credit_code(1), kind="evaluate")
    record(walk.maker, asked)
    walk.handler.go("life-audits", f"/pilots/{walk.project.pilot_id}/audit-reviews/")


def report(walk: Walk) -> None:
    walk.handler.go("life-report-begin", walk.at("reports/begin/"))
    submit(walk.handler)
    page = walk.handler.visitor.page
    expect(page.locator("main")).to_contain_text("方案和企业评估验收")
    draft = completed(walk.project, on=date(2022, 12, 30))
    page.fill("[name=text-progress]", draft.texts["progress"])
    for key, figure in draft.figures.items():
        page.fill(f"[name='figure-{key}-value']", figure.value)
        page.fill(f"[name='figure-{key}-measured_on']", figure.measured_on)
    for key in draft.steps:
        page.select_option(f"[name='step-{key}-state']", "current")
    walk.handler.at("life-report")
    submit(walk.handler, "报送进展报告")
    one = walk.project.reports.get()
    assert one.stage == "handed_in"
    walk.province.go("life-report-read", one.get_absolute_url())
    walk.province.go("life-report-accept", f"{one.get_absolute_url()}accept/")
    submit(walk.province)
    one.refresh_from_db()
    assert one.stage == "accepted"


def change(walk: Walk) -> None:
    """One enterprise leaves the scope: from then on it counts nowhere."""
    gone = walk.project.scope.select_related("enterprise").last()
    page = walk.handler.go("life-change", walk.at("changes/scope_drop/"))
    page.select_option("[name=item]", gone.enterprise.credit_code)
    page.fill("[name=reason]", "演示：企业停产")
    submit(walk.handler)
    asked = ChangeRequest.objects.get()
    signer = walk.look(walk.world.province_signer.username)
    signer.go("life-change-approve", f"/changes/{asked.pk}/approve/")
    submit(signer)
    page = walk.handler.go("life-audits-after", f"/pilots/{walk.project.pilot_id}/audit-reviews/")
    expect(page.locator("main")).not_to_contain_text(gone.name)


def hand_in(walk: Walk) -> None:
    page = walk.handler.go("life-hand-in", walk.at("hand-in/"))
    expect(page.locator("main")).to_contain_text("清洁生产方案")
    page.fill("[name=summary]", "演示：试点各项工作已经完成。")
    for line in walk.project.baseline.content["targets"]:
        page.fill(f"[name='reached-{line['key']}']", str(line["target"] or ""))
        page.fill(f"[name='reason-{line['key']}']", "" if line["target"] else "演示：定性目标")
    walk.handler.at("life-hand-in-filled")
    submit(walk.handler)
    filing = AcceptanceFiling.objects.get()
    walk.handler.go("life-filing", f"/filings/{filing.pk}/")
    made.acceptance_round(walk.maker)
    walk.state.go("life-take-in", f"/filings/{filing.pk}/take-in/")
    submit(walk.state)
    filing.refresh_from_db()
    assert filing.stage == "taken_in"


def decide(walk: Walk) -> None:
    """The panel's scores by the verbs; draft, both consents and the release by hand."""
    case = made.panelled(walk.maker)
    page = walk.state.go("life-case", f"/review/cases/{case.pk}/panel/")
    left_out = walk.project.scope.filter(dropped_on=None).select_related("enterprise").last()
    row = Row(
        case.pk,
        "passed",
        "",
        {"exclusions": [{"credit_code": left_out.enterprise.credit_code, "reason": LEFT_OUT}]},
    )
    decision = made.drafted(walk.maker, row)
    one = f"/review/decisions/{decision.pk}"
    page = walk.state.go("life-send", f"{one}/send/")
    page.locator("[name^=due_at]").first.fill("2023-09-15T18:00")
    submit(walk.state)
    second, signer = walk.look(walk.world.ndrc_signer.username), walk.look(walk.world.state_signer.username)
    for who in (second, signer):
        who.go("life-consent", f"{one}/consent/")
        submit(who)
    review.record_issue(
        made.fresh(decision), by=walk.world.state_handler, document_number="环办科财函〔2023〕演示9号",
        signed_by="演示签发人", dated_on=date(2023, 9, 10),
    )  # fmt: skip
    page = signer.go("life-release", f"{one}/release/")
    expect(page.locator("main")).to_contain_text(case.title)
    submit(signer)
    assert walk.project.stage == "passed"
    anybody = walk.look("")
    page = anybody.go("life-passed", "/passed/")
    expect(page.locator("main")).to_contain_text(walk.project.title)
    expect(page.locator("main")).to_contain_text("环办科财函〔2023〕演示9号")


def credit(walk: Walk) -> None:
    """The registry's records; what the enterprise sees of its own; what anybody finds by the code."""
    first, *_others = walk.project.scope.filter(dropped_on=None).select_related("enterprise")
    body = people.register_organisation(
        by=walk.world.operator, kind="enterprise", name=first.name, region_code="410300",
        credit_code=first.enterprise.credit_code, is_demo=True,
    )  # fmt: skip
    Membership.objects.create(user=walk.world.stranger, organisation=body, role="handler", since=clock.now())
    walk.province.go("life-credit", walk.at("credits/enter/"))
    walk.province.visitor.press("计入审核记录")
    page = walk.province.go("life-credits", walk.at("credits/"))
    expect(page.locator("main")).to_contain_text(LEFT_OUT)
    record = AuditRecord.objects.select_related("certificate").get(enterprise=first.enterprise)
    assert AuditRecord.objects.count() == 1  # of three one was dropped and one left out
    own = walk.look(walk.world.stranger.username)
    page = own.go("life-own", "/my-audits/")
    expect(page.locator("main")).to_contain_text("视同")
    anybody = walk.look("")
    page = anybody.go("life-certificates", "/audit-certificates/")
    page.fill("[name=code]", record.certificate.code.lower())
    page.locator("main form[role=search] button").click()
    page.wait_for_load_state()
    expect(page.locator("main")).to_contain_text("有效")
    anybody.at("life-certificate")


def sum_up(walk: Walk) -> None:
    walk.handler.go("life-summary-begin", walk.at("summary/begin/"))
    submit(walk.handler)
    one = Summary.objects.get()
    page = walk.handler.go("life-summary-chapter", f"/summaries/{one.pk}/chapters/results/")
    expect(page.locator(".q-rich")).to_contain_text("{{数据:schemes.low.done}}")
    write_all(one, walk.world.park_handler)
    walk.handler.go("life-summary", walk.at("summary/"))
    walk.handler.go("life-summary-hand-in", f"/summaries/{one.pk}/hand-in/")
    submit(walk.handler)
    walk.province.go("life-summary-accept", f"/summaries/{one.pk}/accept/")
    submit(walk.province)
    one.refresh_from_db()
    assert one.stage == "accepted"


def archive(walk: Walk, folder: Any) -> None:
    page = walk.province.go("life-archive", walk.at("archive/"))
    expect(page.locator("main")).to_contain_text("计入审核")
    walk.province.go("life-archive-seal", walk.at("archive/seal/"))
    submit(walk.province)
    page = walk.province.go("life-archived", walk.at("archive/"))
    assert walk.project.stage == "archived"
    with page.expect_download() as download:
        page.locator("a[href$='volume.zip']").first.click()
    download.value.save_as(folder / "volume.zip")
    names = zipfile.ZipFile(folder / "volume.zip").namelist()
    for wanted in (
        "01_启动/基线_第2版.docx", "03_变更/变更_01.docx", "02_过程/清洁生产方案.docx", "04_企业/企业评估验收.docx",
        "04_企业/计入审核.docx", "06_评估验收/验收材料_第1次提交.json", "06_评估验收/评估验收结论.docx",
        "07_经验/经验总结报告.docx",
    ):  # fmt: skip
        assert wanted in names
    assert any(name.startswith("02_过程/定期调度") for name in names)
