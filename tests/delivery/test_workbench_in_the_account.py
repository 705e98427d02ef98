"""What happened on the platform beside what was estimated: days, sheets, questions, efforts; missing is not zero."""

from __future__ import annotations

import io
import re
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from qingyuan.audits import actions as audits
from qingyuan.audits import links
from qingyuan.audits.actions import run as runs
from qingyuan.audits.actions.firm_sheet import Invitation
from qingyuan.audits.findings import Figure
from qingyuan.audits.running.worker import Worker
from qingyuan.delivery.queries import account, workbench
from qingyuan.kernel import clock
from tests.account_maker import codes_of, logged
from tests.api.conftest import ApiClient, token_of
from tests.dataset_maker import content_of
from tests.delivery_maker import project_in
from tests.house.test_route_matrix import body_of
from tests.people.strict import strict
from tests.pilots.workspace import signed_in
from tests.run_maker import fresh, kept, take

BEGUN = datetime.fromisoformat("2022-09-20T09:00:00+08:00")


@pytest.fixture
def project(maker, world):
    found = project_in(maker, "running")
    with clock.at(BEGUN):
        yield found


def lines_of(project):
    return {one.id: one for one in workbench.happened(project, account.book(project))}


def dataset_of(maker, project, *, title="演示创新账数据"):
    by = maker.world.park_handler
    made = audits.begin_dataset(project.pilot, by=by, template="region", title=title, year=2021)
    upload = maker.upload(by=by, name=f"{title}.pdf")
    audits.import_workbook(made, by=by, content=content_of(), upload=upload)
    return made


def estimated(maker, dataset, **values):
    """A diagnosis's result that says these of the effort."""
    worker = Worker(name="演示计算进程")
    run = runs.start(dataset, by=maker.world.park_handler, version=dataset.versions.get())
    type(run).objects.filter(pk=run.pk).update(command="diagnose")
    found = tuple(
        Figure(key=f"effort:{key}", group="审核工作量", title=key, value=Decimal(value))
        for key, value in values.items()
    )
    runs.finish(
        take(fresh(run), worker),
        by=worker,
        files=kept({}),
        exit_code=0,
        cpu_ms=1,
        repeatable=True,
        figures=found,
    )


def test_what_did_not_happen_is_missing_and_not_zero(project):
    lines = lines_of(project)
    assert set(lines) == {
        "collecting", "computing", "elapsed", "sheets", "questions", "visits", "days", "person_days", "money",
    }  # fmt: skip
    assert all(
        one.actual is None and one.why and one.shown == "—" and one.differs == "—" for one in lines.values()
    )


@pytest.mark.clause("N1")
def test_the_days_of_the_workbench_stand_beside_the_engines_estimate(maker, project):
    dataset = dataset_of(maker, project)
    assert lines_of(project)["collecting"].actual is None, "not fixed yet"
    with clock.at(BEGUN + timedelta(days=11)):
        audits.fix_version(dataset, by=maker.world.park_handler)
    with clock.at(BEGUN + timedelta(days=13)):
        estimated(
            maker,
            dataset,
            **{"assumed:collect_days": "30", "this_way:person_days": "730", "this_way:money_cny": "1034000"},
        )
    lines = lines_of(project)
    collecting = lines["collecting"]
    assert (collecting.actual, collecting.estimate.value, collecting.difference) == (12, 30, -18)
    assert collecting.percent == Fraction(-60)
    assert collecting.differs == "-18 天（-60%）"
    assert collecting.tone == "good"
    assert lines["computing"].actual == 14
    assert lines["person_days"].actual is None
    assert lines["person_days"].estimated == "730 人日"
    assert lines["person_days"].difference is None


@pytest.mark.clause("N1")
def test_what_the_log_states_of_a_part_is_not_compared_with_the_whole(maker, project):
    dataset = dataset_of(maker, project)
    audits.fix_version(dataset, by=maker.world.park_handler)
    estimated(maker, dataset, **{"this_way:person_days": "100"})
    codes = codes_of(project)
    logged(maker, project, codes=codes[:1], person_days=30)
    line = lines_of(project)["person_days"]
    assert (line.actual, line.difference) == (30, None)
    assert f"{len(codes) - 1} 家没有数据" in line.why
    logged(maker, project, codes=codes[1:], person_days=40)
    line = lines_of(project)["person_days"]
    assert (line.actual, line.difference, line.why) == (70, -30, "")


@pytest.mark.clause("N1")
def test_sheets_and_questions_are_counted_out_of_those_asked_for(maker, project):
    dataset = dataset_of(maker, project)
    by = maker.world.park_handler
    wanted = [Invitation(code, "") for code in codes_of(project)]
    audits.invite(dataset, by=by, invitations=wanted)
    sheet = dataset.sheets.select_related(*links.RELATED).first()
    audits.sign(sheet, by=links.filler_of(sheet), declared=True)
    line = lines_of(project)["sheets"]
    assert (line.actual, line.of) == (1, len(wanted))
    assert line.shown == f"1 / {len(wanted)} 份"
    assert lines_of(project)["questions"].actual is None


def test_the_page_shows_it_with_the_same_number_of_queries_however_much_there_is(
    maker, world, project, django_assert_max_num_queries
):
    book = account.book(project)
    with django_assert_max_num_queries(6):
        workbench.happened(project, book)
    for number in range(3):
        audits.fix_version(dataset_of(maker, project, title=f"演示{number}"), by=world.park_handler)
    with django_assert_max_num_queries(6):
        workbench.happened(project, book)
    answer = signed_in(world.park_handler).get(reverse("delivery:account", args=[project.pk]))
    assert answer.status_code == 200
    strict(answer)
    assert "数据采集历时" in answer.content.decode()


def test_the_table_is_taken_along_with_numbers_as_numbers_and_words_that_are_no_formulas(
    maker, world, project
):
    dataset = dataset_of(maker, project, title="=HYPERLINK(1)")
    with clock.at(BEGUN + timedelta(days=11)):
        audits.fix_version(dataset, by=world.park_handler)
        estimated(maker, dataset, **{"assumed:collect_days": "30"})
    client = signed_in(world.park_handler)
    alone = sheets_of(client.get(reverse("delivery:workbench-xlsx", args=[project.pk])))
    together = sheets_of(client.get(reverse("delivery:account-xlsx", args=[project.pk])))
    name = "平台上实际发生的与估算"
    assert list(alone) == [name]
    assert alone[name] == together[name]
    heads = next(row for row in alone[name] if row[0] == "项目")
    rows = {row[0]: dict(zip(heads, row, strict=True)) for row in alone[name] if row[0]}
    line = rows["数据采集历时（新建数据集到定版）"]
    assert (line["实际"], line["估算"], line["实际比估算"], line["相差百分比"]) == (12, 30, -18, -60)
    assert "=HYPERLINK(1)" in line["估算的来源"]
    visits = rows["工作量记录：专家现场"]
    assert (visits["实际"], visits["缺什么"]) == ("", "工作量记录里没有填")


def sheets_of(answer):
    assert answer.status_code == 200
    book = CalamineWorkbook.from_filelike(io.BytesIO(body_of(answer)))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@pytest.mark.clause("N1")
def test_programs_read_the_same_lines_and_strangers_none(maker, world, project):
    dataset = dataset_of(maker, project)
    with clock.at(BEGUN + timedelta(days=11)):
        audits.fix_version(dataset, by=world.park_handler)
        estimated(maker, dataset, **{"assumed:collect_days": "30"})
        address = f"/projects/{project.pk}/account/workbench"
        answer = ApiClient(token_of(world.park_handler)).get(address)
        assert ApiClient(token_of(world.city_handler)).get(address).status_code == 404
    found = {one["id"]: one for one in answer.json()}
    assert found.keys() == lines_of(project).keys()
    line = found["collecting"]
    assert (line["actual"], line["estimate"]["value"], line["difference"]) == ("12", "30", "-18")
    assert (line["percent"], line["why"]) == ("-60.0", "")
    assert (found["visits"]["actual"], found["visits"]["percent"]) == (None, None)


@pytest.mark.parametrize("name", ["delivery:account", "delivery:account-log", "delivery:acceptance"])
def test_headings_and_buttons_of_the_account_and_the_acceptance_speak_english(maker, world, project, name):
    logged(maker, project, codes=codes_of(project), person_days=30)
    client = signed_in(world.park_handler)
    client.cookies["django_language"] = "en"
    text = client.get(reverse(name, args=[project.pk])).content.decode()
    main = text[text.index("<main") :]
    parts = re.findall(r"<(?:h2|button|th|dt)\b[^>]*>(.*?)</(?:h2|button|th|dt)>", main, re.DOTALL)
    shown = [re.sub(r"<[^>]*>", " ", part) for part in parts]
    assert len(shown) > 0
    assert [part for part in shown if re.search(r"[\u3400-\u9fff]", part)] == []
