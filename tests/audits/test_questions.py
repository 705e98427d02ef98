"""Checks while figures are filled in, and questions that stay until they are settled."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from qingyuan.audits import actions, filling, links
from qingyuan.audits.actions.question import Asked
from qingyuan.audits.doubts import Line, of_table
from qingyuan.audits.models import FigureQuestion
from qingyuan.audits.queries import question as queries
from qingyuan.kernel.actions import Invalid
from qingyuan.kernel.models import Mail
from qingyuan.workbooks.collected import tables
from tests.dataset_maker import content_of, dataset_in, fresh, sheet_in
from tests.house.test_route_matrix import client_of

SECTOR = {table.name: table for table in tables("industry")}
REGION = {table.name: table for table in tables("region")}


def lines(name, figures, **more):
    return [
        Line(n, f"企业{n}", {"enterprise": f"企业{n}", name: str(one), **more})
        for n, one in enumerate(figures)
    ]


def rules_of(table, found_lines, **more):
    return {(one.row, one.column, one.rule) for one in of_table(table, found_lines, **more)}


def test_a_slip_of_a_thousand_is_told_from_what_is_merely_far():
    usual = [950, 1000, 1050, 1100, 980, 1020, 1010, 990, 1000]
    found = rules_of(SECTOR["enterprises"], lines("energy_tce", [*usual, 1_000_000]))
    assert found == {(9, "energy_tce", "slip")}
    far = rules_of(SECTOR["enterprises"], lines("energy_tce", [*usual, 30_000]))
    assert far == {(9, "energy_tce", "outlier")}
    assert rules_of(SECTOR["enterprises"], lines("energy_tce", usual)) == set()


def test_a_group_of_seven_is_too_small_to_call_one_of_them_odd():
    assert rules_of(SECTOR["enterprises"], lines("energy_tce", [1, 1, 1, 1, 1, 1, 1e6])) == set()


def test_balance_bounds_and_statistics_within_one_row():
    table = SECTOR["enterprises"].with_members(
        [SECTOR["enterprises"].member("emission:COD"), SECTOR["enterprises"].member("statistics:COD")]
    )
    row = Line(
        1,
        "甲",
        {
            "enterprise": "甲", "mass_in_t": "100", "mass_out_t": "80", "water_m3": "50", "wastewater_m3": "60",
            "emission:COD": "12", "statistics:COD": "10",
        },
    )  # fmt: skip
    assert {one.rule for one in of_table(table, [row])} == {"balance", "bounds", "statistics"}
    fine = Line(1, "甲", {"enterprise": "甲", "mass_in_t": "100", "mass_out_t": "90", "water_m3": "60", "wastewater_m3": "60"})  # fmt: skip
    assert of_table(table, [fine]) == []


def test_the_year_before_shows_jumps_and_slips():
    before = lines("energy_tce", [100, 100, 100])
    found = rules_of(SECTOR["enterprises"], lines("energy_tce", [100, 400, 100_000]), before=before)
    assert found == {(1, "energy_tce", "jump"), (2, "energy_tce", "slip")}


def test_what_is_required_and_blank_is_said_once_a_cell():
    row = Line(5, "甲", {"enterprise": "甲", "medium": "水", "pollutant": "COD"})
    assert {one.column for one in of_table(REGION["emissions"], [row])} == {"discharge_t", "method"}


@pytest.fixture
def sheet(maker):
    return sheet_in(maker)


def ask(sheet, world, text="演示：与执行报告不一致"):
    row = sheet.dataset.rows.get(table="emissions", enterprise=sheet.enterprise)
    actions.ask(fresh(sheet.dataset), by=world.park_handler, questions=[Asked(row.pk, "discharge_t", text)])
    return row, FigureQuestion.objects.select_related(*queries.RELATED).get(dataset=sheet.dataset)


@pytest.mark.clause("N14")
def test_an_enterprise_corrects_and_answers_and_the_question_is_settled(sheet, world):
    row, question = ask(sheet, world)
    letter = Mail.objects.get(verb="dataset.ask")
    assert letter.address == sheet.address
    assert "12.5" not in letter.body
    client = Client()
    client.get(reverse("audits:enter", args=[links.secret_of(sheet)]))
    assert "演示：与执行报告不一致" in client.get(reverse("audits:fill-questions")).content.decode()
    by = links.filler_of(sheet)
    filling.save_row(
        sheet, row=row, texts={"discharge_t": "11"}, revision=row.revision, source="permit", method="", by=by
    )
    url = reverse("audits:fill-answer", args=[question.pk])
    assert client.get(url).status_code == 200
    assert client.post(url, {"answer": "原填为上半年数，已更正"}).status_code == 302
    question.refresh_from_db()
    assert (question.stage, question.value, question.answered_value) == ("answered", "12.5", "11")
    page = (
        client_of(world.park_handler)
        .get(reverse("audits:questions", args=[sheet.dataset_id]))
        .content.decode()
    )
    assert "原填为上半年数，已更正" in page
    actions.insist(question, by=world.park_handler, text="请附报告")
    question.refresh_from_db()
    assert (question.stage, question.answer) == ("open", "")
    assert "原填为上半年数" in question.text
    actions.answer(question, by=by, answer="已附")
    actions.settle(question, by=world.park_handler)
    assert FigureQuestion.objects.get(pk=question.pk).stage == "settled"


def test_open_questions_keep_a_dataset_from_being_fixed_unless_a_reason_is_given(sheet, world):
    ask(sheet, world)
    with pytest.raises(Invalid) as refused:
        actions.fix_version(fresh(sheet.dataset), by=world.park_handler)
    assert "核查问题" in refused.value.problems[0].message
    version = actions.fix_version(
        fresh(sheet.dataset), by=world.park_handler, reason="演示：企业已停产，无法答复"
    )
    assert version.reason == "演示：企业已停产，无法答复"


def test_one_cell_has_one_open_question(sheet, world):
    ask(sheet, world)
    with pytest.raises(Invalid, match="需要改正"):
        ask(sheet, world)


def test_another_enterprise_neither_sees_nor_answers(sheet, maker, world):
    _row, question = ask(sheet, world)
    other = sheet_in(maker, firm=1)
    client = Client()
    client.get(reverse("audits:enter", args=[links.secret_of(other)]))
    assert client.get(reverse("audits:fill-answer", args=[question.pk])).status_code == 404
    assert "演示：与执行报告不一致" not in client.get(reverse("audits:fill-questions")).content.decode()


def test_asking_about_all_doubts_takes_one_click_and_the_pages_cost_the_same(maker, world):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for size in (9, 60):
        names = tuple(f"演示企业{n}有限公司" for n in range(1, size + 1))
        made = dataset_in(maker, title=f"疑点{size}", fill=False)
        upload = maker.upload(by=world.park_handler, name="数据.pdf")
        actions.import_workbook(made, by=world.park_handler, content=content_of(names), upload=upload)
        row = made.rows.filter(table="emissions").first()
        row.values["discharge_t"] = "12500"
        row.save()
        assert [one.doubt.rule for one in queries.doubts_of(fresh(made))] == ["slip"]
        client = client_of(world.park_handler)
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse("audits:questions", args=[made.pk]))
        counts.append(len(seen))
        assert (
            client.post(reverse("audits:ask-doubts", args=[made.pk]), {"key": f"k{size}"}).status_code == 302
        )
        assert FigureQuestion.objects.get(dataset=made).rule == "slip"
    assert counts[0] == counts[1]
