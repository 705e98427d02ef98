"""协同组织 of category 3: who leads, who takes part, with which share; one body still applies."""

from __future__ import annotations

import io
from datetime import date

import pytest
from docx import Document

from qingyuan.kernel import checks
from qingyuan.kernel.actions import Invalid
from qingyuan.papers import plan_docx
from qingyuan.pilots import actions, differences, snapshot
from qingyuan.pilots.actions.joint import MeetingRow, PartyRow
from qingyuan.pilots.models import Submission
from qingyuan.pilots.paper import plan_of
from tests.pilot_maker import small_pdf
from tests.pilots.workspace import HOSTILE, address, form_of, parsed, signed_in


@pytest.fixture
def basin(maker):
    return maker("region", stage="drafting", applicant="city")


def parties(pilot, duties="统筹协调"):
    return [
        PartyRow(pilot.applicant.name, "lead", duties),
        PartyRow("演示·武陟县人民政府", "partner", "组织县内企业参加"),
    ]


MEETINGS = [MeetingRow(date(2022, 6, 10), "启动会", "明确分工")]


@pytest.mark.clause("N3c")
@pytest.mark.clause("N4")
def test_parties_and_meetings_stand_in_the_snapshot_and_the_printed_plan(basin, maker, world):
    assert "joint" not in snapshot.build(basin)
    before = snapshot.content_hash(snapshot.build(basin))
    actions.organise_jointly(basin, by=world.city_handler, parties=parties(basin), meetings=MEETINGS)
    pilot = maker.fresh(basin)
    data = snapshot.build(pilot)
    assert data["schema"] == snapshot.SCHEMA
    assert [row["name"] for row in data["joint"]["parties"]] == [pilot.applicant.name, "演示·武陟县人民政府"]
    assert data["joint"]["meetings"] == [{"held_on": "2022-06-10", "topic": "启动会", "outcome": "明确分工"}]
    assert pilot.parties.get(part="lead").organisation == world.city
    document = Document(io.BytesIO(plan_docx.write_plan(plan_of(pilot, data, on=date(2022, 6, 20)))))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert "组织县内企业参加" in cells
    assert "启动会" in cells
    assert any("协同审核组织分工表" in paragraph.text for paragraph in document.paragraphs)
    actions.organise_jointly(pilot, by=world.city_handler, parties=[], meetings=[])
    assert snapshot.content_hash(snapshot.build(maker.fresh(basin))) == before


@pytest.mark.clause("N3c")
def test_prefectures_and_parties_stand_in_the_plan_and_in_the_differences(maker, world):
    pilot = maker("region", stage="submitted", applicant="city")
    submission = pilot.submissions.get()
    made = maker("region", stage="drafting", applicant="city", name="演示区域")
    actions.describe(
        made,
        by=world.city_handler,
        name=made.name,
        object_form="region",
        object_name="演示区域",
        region_code="410800",
        sectors=[],
    )
    made = maker.fresh(made)
    actions.organise_jointly(made, by=world.city_handler, parties=parties(made), meetings=MEETINGS)
    actions.set_places(
        maker.fresh(made), by=world.city_handler, key_place="fen-wei", codes=["410800", "410300"]
    )
    made = maker.fresh(made)
    data = snapshot.build(made)
    printed = Document(io.BytesIO(plan_docx.write_plan(plan_of(made, data, on=date(2022, 6, 20)))))
    cells = {cell.text for table in printed.tables for row in table.rows for cell in row.cells}
    assert {"焦作市", "洛阳市"} <= cells
    later = Submission(snapshot=data, pilot=pilot, call=pilot.call)
    tables = dict(differences.between(submission, later).tables)
    said = " ".join(f"{row.what} {row.after}" for row in tables["试点对象"])
    assert "焦作市" in said
    assert "洛阳市" in said
    assert {"演示·武陟县人民政府", "2022-06-10 启动会"} <= {row.what for row in tables["协同组织"]}


def test_other_categories_have_none(maker, world):
    pilot = maker("park", stage="drafting")
    with pytest.raises(Invalid):
        actions.organise_jointly(pilot, by=world.park_handler, parties=[], meetings=[])
    page = signed_in(world.park_handler).get(address("joint", pilot))
    parsed(page)
    assert "joint/" not in signed_in(world.park_handler).get(address("describe", pilot)).content.decode()


@pytest.mark.clause("N4")
def test_all_problems_at_once(basin, world):
    rows = [
        PartyRow("甲", "lead", "x"),
        PartyRow("甲", "lead", " "),
        PartyRow("", "boss", "长" * 1001),
    ]
    with pytest.raises(Invalid) as refusal:
        actions.organise_jointly(
            basin,
            by=world.city_handler,
            parties=rows,
            meetings=[MeetingRow(date(2022, 6, 21), " ")],
        )
    where = [problem.where for problem in refusal.value.problems]
    for expected in (
        "2.name",
        "2.duties",
        "3.name",
        "3.part",
        "3.duties",
        "meeting-1.topic",
        "meeting-1.held_on",
    ):
        assert expected in where
    assert where.count("parties") == 2  # two leads, and the applicant is not among them


@pytest.mark.clause("N3c")
def test_the_check_asks_for_it_as_a_warning(basin, world, maker):
    def said(pilot):
        return [f.message for f in checks.run("pilot", maker.fresh(pilot)) if f.level == "warning"]

    assert any("尚未填写协同组织" in message for message in said(basin))
    actions.organise_jointly(basin, by=world.city_handler, parties=parties(basin)[:1], meetings=[])
    assert any("没有参与的政府" in message for message in said(basin))
    actions.organise_jointly(maker.fresh(basin), by=world.city_handler, parties=parties(basin), meetings=[])
    assert not any("没有参与的政府" in message for message in said(basin))
    assert any("协同审核的协议" in message for message in said(basin))
    upload = maker.upload(by=world.city_handler, name="协议.pdf")
    actions.attach(maker.fresh(basin), by=world.city_handler, upload=upload, purpose="agreement")
    assert not any("协同" in message for message in said(basin))


def test_the_page_saves_both_tables_and_keeps_hostile_text_as_text(basin, world, maker):
    client = signed_in(world.city_handler)
    url = address("joint", basin)
    assert url in client.get(address("describe", basin)).content.decode()
    form = form_of(client.get(url))
    assert form["party-0-name"] == [basin.applicant.name]
    filled = {
        **form,
        "party-0-duties": HOSTILE,
        "party-1-name": "演示·乙县人民政府",
        "party-1-duties": "配合",
        "meeting-0-held_on": "2022-06-10",
        "meeting-0-topic": HOSTILE,
    }
    assert client.post(url, filled).status_code == 302
    assert basin.parties.count() == 2
    page = client.get(url)
    parsed(page)
    assert "<script>alert" not in page.content.decode()
    wrong = client.post(
        url, {**form_of(client.get(url)), "party-1-part": "lead", "meeting-1-topic": "没有日期"}
    )
    assert wrong.status_code == 422
    parsed(wrong)
    assert "请填写会议日期" in wrong.content.decode()
    wrong = client.post(url, {**form_of(client.get(url)), "party-1-part": "lead"})
    assert wrong.status_code == 422
    parsed(wrong)
    assert "牵头单位须有且只有一个（现有 2 个）" in wrong.content.decode()


@pytest.mark.clause("N3c")
def test_the_agreement_is_uploaded_beside_it_and_read_by_reviewers(basin, world, maker):
    client = signed_in(world.city_handler)
    url = address("agreement", basin)
    file = small_pdf("x")
    file.name = "协议.pdf"
    assert client.post(url, {**form_of(client.get(url)), "title": "", "file": file}).status_code == 302
    page = client.get(address("joint", basin))
    parsed(page)
    assert "协议.pdf" in page.content.decode()
    reading = maker("region", stage="reviewing", applicant="city", name="演示送审")
    for name in ("joint", "agreement"):
        parsed(client.get(address(name, reading)))
