"""The self-check on its pages: filtered, downloaded, beside a chapter as it is written; and what the ledger keeps of it."""

from __future__ import annotations

import io
import json
from datetime import date

import pytest
from django.urls import reverse
from docx import Document

from qingyuan.catalogue.notices import notices
from qingyuan.kernel import checks, clock
from qingyuan.kernel.models import LedgerEntry
from qingyuan.papers.canonical import canonical_bytes
from qingyuan.pilots import actions, drafts, snapshot
from qingyuan.pilots.actions.schedule import MilestoneRow
from qingyuan.pilots.models import Pilot
from qingyuan.pilots.selfcheck import run_on_snapshot
from tests.pilots.workspace import HOSTILE, address, parsed, signed_in

WRONG = "<p>演示：目标。</p><p>审核时间压缩到150天，由XX公司承担。</p>"


@pytest.fixture
def client(world):
    return signed_in(world.park_handler)


def write(pilot, html, *, by, outline_id="goals"):
    chapter = pilot.chapters.get(outline_id=outline_id)
    return drafts.save_chapter(pilot, outline_id=outline_id, html=html, revision=chapter.revision, by=by)


@pytest.mark.sqlite
@pytest.mark.clause("N6")
def test_a_finding_leads_to_its_paragraph_and_says_how_to_mend_it(maker, world, client):
    pilot = maker("park", stage="ready")
    write(pilot, WRONG, by=world.park_handler)
    page = client.get(address("check", pilot))
    found = {finding.rule: finding for finding in page.context["findings"]}
    assert found["targets-in-text"].url == address("chapter", pilot, "goals") + "#paragraph-2"
    assert (found["targets-in-text"].level, found["targets-in-text"].clause) == ("warning", "N1")
    text = "".join(parsed(page).itertext())
    for words in ("审核时间压缩到150天", "核实后统一", "怎么改：", "规则集 national-2022/2", "请核对"):
        assert words in text


def test_the_result_is_filtered_by_severity_and_part(maker, world, client):
    pilot = maker("park", stage="drafting")
    only = client.get(address("check", pilot), {"level": "error", "area": "scope"})
    shown = [finding for _title, found in only.context["groups"] for finding in found]
    assert [(finding.level, finding.area) for finding in shown] == [("error", "scope")]
    assert only.context["errors"] > 1, "the verdict counts everything"
    parsed(only)
    none = client.get(address("check", pilot), {"level": "info", "area": "scope"})
    assert none.context["groups"] == []
    assert "这样筛选没有结果" in none.content.decode()
    odd = client.get(address("check", pilot), {"level": "'><script>", "area": "nowhere"})
    assert not odd.context["is_filtered"]
    parsed(odd)


def test_the_result_goes_down_as_word_and_as_text(maker, world, client):
    pilot = maker("park", stage="ready", name="演示试点<&>：东/西片")
    write(pilot, WRONG, by=world.park_handler)
    word = client.get(address("check-docx", pilot))
    document = Document(io.BytesIO(b"".join(word.streaming_content)))
    cells = "\n".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
    assert "150天" in cells
    assert "怎么改：" in cells
    plain = b"".join(client.get(address("check-txt", pilot)).streaming_content).decode()
    assert "规则集：national-2022/2" in plain
    assert "【实施方案】" in plain
    assert "演示试点<&>：东/西片" in plain
    assert signed_in(world.stranger).get(address("check-docx", pilot)).status_code == 404


@pytest.mark.sqlite
def test_the_panel_of_a_chapter_follows_what_is_saved(maker, world, client):
    pilot = maker("park", stage="ready")
    page = client.get(address("chapter", pilot, "goals"))
    (panel,) = [element for element in parsed(page).iter("div") if element.get("id") == "chapter-check"]
    assert panel.get("hx-get") == address("chapter-check", pilot, "goals")
    assert "qingyuan:saved" in panel.get("hx-trigger")
    chapter = pilot.chapters.get(outline_id="goals")
    data = {"html": WRONG, "revision": chapter.revision}
    assert (
        client.post(address("chapter", pilot, "goals"), data, headers={"x-autosave": "1"}).status_code == 200
    )
    fragment = client.get(panel.get("hx-get")).content.decode()
    assert "150天" in fragment
    assert "占位符" in fragment
    assert "<html" not in fragment
    other = client.get(address("chapter-check", pilot, "schedule")).content.decode()
    assert "150天" not in other
    assert client.get(reverse("pilots:chapter-check", args=[pilot.pk, "nothing"])).status_code == 404


def test_hostile_text_is_only_text(maker, world, client):
    pilot = maker("park", stage="ready")
    write(
        pilot, f"<p>由XX公司 {HOSTILE.replace('<', '&lt;')} 承担，审核时间150天。</p>", by=world.park_handler
    )
    for url in (address("check", pilot), address("chapter", pilot, "goals")):
        assert "<script>alert" not in client.get(url).content.decode()
        parsed(client.get(url))
    assert "<script>alert" not in client.get(address("chapter-check", pilot, "goals")).content.decode()


@pytest.mark.clause("N6", "H1")
def test_the_ledger_keeps_which_rule_set_found_how_much(maker, world):
    pilot = maker("park", stage="submitted")
    kept = {
        entry.verb: entry.content["payload"]["self_check"]
        for entry in LedgerEntry.objects.filter(verb__in=["pilot.hand_in", "pilot.sign", "pilot.submit"])
    }
    assert set(kept) == {"pilot.hand_in", "pilot.sign", "pilot.submit"}
    findings = checks.run("pilot", pilot)
    for summary in kept.values():
        assert (summary["rule_set"], summary["version"], summary["error"]) == ("national-2022", 2, 0)
        assert summary["warning"] == sum(finding.level == "warning" for finding in findings)


def test_the_same_rule_set_reads_a_stored_submission_without_a_database(
    maker, world, django_assert_num_queries
):
    pilot = maker("park", stage="submitted")
    stored = pilot.submissions.get().snapshot
    now = [(finding.rule, finding.message) for finding in checks.run("pilot", pilot)]
    with django_assert_num_queries(0):
        later = run_on_snapshot(stored, notices()["henan-2022"])
    assert [(one.rule, one.message) for one in later] == now


@pytest.mark.clause("H3", "N9")
@pytest.mark.parametrize("category", ["park", "region"])
def test_a_sealed_version_is_found_to_have_what_the_live_one_has(maker, world, category):
    """The form check starts from here: quotes, schedule, outputs and joint work are asked of the sealed data too."""
    pilot = maker(category, stage="ready")
    write(pilot, f"{WRONG}<p>节水约3000万吨，节电200万kWh，节省3526万元。</p>", by=world.park_handler)
    actions.set_schedule(
        maker.fresh(pilot),
        by=world.park_handler,
        term_start=date(2022, 6, 1),
        term_end=date(2023, 6, 1),
        rows=[MilestoneRow(title="摸底", starts=date(2022, 7, 1), ends=date(2022, 9, 1))],
    )
    pilot = maker.fresh(pilot)
    live = checks.run("pilot", pilot)
    sealed = json.loads(canonical_bytes(snapshot.build(pilot)))
    later = run_on_snapshot(sealed, pilot.notice, closes_on=clock.local(pilot.call.closes_at).date())
    assert [(one.rule, one.severity, one.clause, one.message, one.mend) for one in later] == [
        (one.rule, one.level, one.clause, one.message, one.mend) for one in live
    ]
    rules = {one.rule for one in later}
    assert {"schedule", "targets-in-text"} <= rules
    assert ("joint" in rules) == (category == "region")


def test_the_self_check_costs_the_same_for_one_and_for_many(maker, world, django_assert_max_num_queries):
    few, many = maker("park", stage="ready", scope=1), maker("park", stage="ready", scope=40)
    for number in range(4):
        upload = maker.upload(by=world.park_handler, name=f"附{number}.pdf")
        actions.attach(many, by=world.park_handler, upload=upload, purpose="other")
    costs = []
    for pilot in (few, many):
        # As every page has it: the pilot with its call and its applicant.
        pilot = Pilot.objects.select_related("call", "applicant").get(pk=pilot.pk)  # noqa: PLW2901
        with django_assert_max_num_queries(8) as captured:
            checks.run("pilot", pilot)
        costs.append(len(captured))
    assert costs[0] == costs[1]


def test_warnings_do_not_stop_a_hand_in(maker, world):
    pilot = maker("park", stage="ready")
    write(pilot, WRONG, by=world.park_handler)
    actions.hand_in(maker.fresh(pilot), by=world.park_handler)
    assert maker.fresh(pilot).stage == "reviewing"
