"""The account kept in the product: the log, its import, assumptions, coverage, statements, pages, quotes and totals."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pytest
import xlsxwriter
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from qingyuan.delivery import account_quotes, archive_parts, efforts, facts, progress_parts
from qingyuan.delivery.actions import account as verbs
from qingyuan.delivery.actions import approve, ask_change
from qingyuan.delivery.calendar import Period
from qingyuan.delivery.models import EffortEntry, Project
from qingyuan.delivery.queries import account as queries
from qingyuan.kernel import quotables
from qingyuan.kernel.actions import Invalid, NotAllowed
from qingyuan.kernel.models import LedgerEntry
from qingyuan.workbooks.outputs import output_table
from qingyuan.workbooks.read import read_table
from tests.account_maker import codes_of, effort, logged
from tests.delivery.test_project import BACKEND, refused
from tests.outputs_maker import output_in
from tests.people.strict import strict


def results(delivery):
    return queries.book(delivery.project).results


def assume(delivery, measure="person_days", *, low=60, mid=100, high=160, source="演示：三份合同"):
    three = {"low": Decimal(low), "mid": Decimal(mid), "high": Decimal(high)}
    return verbs.assume(delivery.project, by=delivery.park_handler, measure=measure, source=source, **three)


@pytest.mark.clause("N1")
def test_what_was_logged_stands_beside_the_traditional_way(delivery):
    """Three enterprises; 90 person-days for all, 30 common: 40 each beside 100: 180 of 300 saved."""
    codes = codes_of(delivery.project)
    assert len(codes) == 3
    logged(delivery.maker, delivery.project, codes=codes, person_days=90)
    logged(delivery.maker, delivery.project, kind="meeting", person_days=30)
    logged(delivery.maker, delivery.project, kind="visit", codes=codes[:2], person_days=0)
    assume(delivery)
    found = results(delivery)
    assert found["person_days"].per_enterprise == 40
    assert found["person_days"].confirmed.mid == 180
    assert found["person_days"].percent.mid == 60
    assert (found["visits"].actual, found["visits"].stated) == (2, 2)
    assert found["days"].confirmed is None
    entry = LedgerEntry.objects.filter(verb="project.assume").get()
    assert "演示：三份合同" in entry.body


@pytest.mark.clause("N1")
def test_coverage_counts_enterprises_sectors_and_shares(delivery):
    verbs.state_coverage(
        delivery.project,
        by=delivery.park_handler,
        quantity="工业总产值",
        unit="亿元",
        year=2021,
        covered=Decimal(30),
        total=Decimal(40),
        source="演示统计年鉴",
    )
    assume(delivery, "enterprises", low=1, mid=1, high=2)
    book = queries.book(delivery.project)
    assert book.coverage.enterprises == 3
    assert [share.percent for share in book.coverage.shares] == [75]
    assert "传统方式同期审核 1至2 家" in book.sentences[0].text
    assert "占区域工业总产值的 75%" in book.sentences[0].text


def test_everything_wrong_with_an_entry_is_said_at_once(delivery):
    row = efforts.EffortRow(
        day=date(2030, 1, 1),
        kind="feast",
        enterprises=("91410300MA3X00001A",),
        person_days=Decimal(-1),
        money=Decimal("1.234"),
        done_by="长" * 200,
    )
    with pytest.raises(Invalid) as refusal:
        verbs.log_effort(delivery.project, by=delivery.park_handler, row=row)
    assert {problem.where for problem in refusal.value.problems} == {
        "kind",
        "day",
        "enterprises",
        "person_days",
        "money",
        "done_by",
    }
    with refused("至少填一项"):
        verbs.log_effort(delivery.project, by=delivery.park_handler, row=effort())


def test_the_same_thing_is_not_logged_twice_and_a_voided_one_counts_no_more(delivery):
    one = logged(delivery.maker, delivery.project, person_days=5)
    with refused("与已有的第 1 笔完全相同"):
        logged(delivery.maker, delivery.project, person_days="5.00")
    with refused("作废的理由"):
        verbs.void(one, by=delivery.park_handler, reason=" ")
    verbs.void(one, by=delivery.park_handler, reason="演示：记错")
    assert queries.book(delivery.project).entries == 0
    logged(delivery.maker, delivery.project, person_days=5)


@pytest.mark.parametrize(
    ("arguments", "where"),
    [
        ({"measure": "glory"}, "measure"),
        ({"low": 200}, "mid"),
        ({"low": -1}, "low"),
        ({"source": " "}, "source"),
    ],
)
def test_what_an_assumption_needs(delivery, arguments, where):
    with pytest.raises(Invalid) as refusal:
        assume(delivery, **arguments)
    assert where in {problem.where for problem in refusal.value.problems}


def test_a_part_larger_than_the_whole_is_refused(delivery):
    with refused("大于区域总量"):
        verbs.state_coverage(
            delivery.project,
            by=delivery.park_handler,
            quantity="产值",
            unit="亿元",
            year=2021,
            covered=Decimal(50),
            total=Decimal(40),
            source="演示",
        )


def test_an_enterprise_that_left_leaves_its_effort_to_the_others(delivery):
    codes = codes_of(delivery.project)
    logged(delivery.maker, delivery.project, codes=codes, person_days=90)
    change = ask_change(
        delivery.project, by=delivery.park_handler, kind="scope_drop", item=codes[0], reason="演示"
    )
    approve(change, by=delivery.province_signer)
    found = results(delivery)["person_days"]
    assert (found.enterprises, found.per_enterprise) == (2, 45)


# --- the workbook


def workbook(rows):
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet("试点工作量记录")
    heads = [
        "日期",
        "类型",
        "所涉企业信用代码",
        "历时（天）",
        "人日（人日）",
        "金额（元）",
        "份数（份）",
        "承担单位",
        "说明",
    ]
    for number, row in enumerate([heads, *rows]):
        sheet.write_row(number, 0, row)
    book.close()
    target.seek(0)
    target.name = "记录.xlsx"
    return target


def test_a_workbook_is_taken_in_whole_and_not_twice(delivery, client):
    codes = codes_of(delivery.project)
    client.force_login(delivery.park_handler, backend=BACKEND)
    url = reverse("delivery:import-efforts", args=[delivery.project.pk])
    rows = [
        ["2022-09-16", "审核工作", "、".join(codes), "", 12.5, "", "", "演示服务机构", "采集数据"],
        ["2022-09-17", "费用支出", "", "", "", 30000, "", "", "监测"],
        ["2022-09-17", "专家现场", codes[0], "", 2, "", "", "", ""],
    ]
    assert client.post(url, {"file": workbook(rows)}).status_code == 302
    found = queries.book(delivery.project)
    assert found.entries == 3
    assert found.results["person_days"].actual == Decimal("14.5")
    assert LedgerEntry.objects.filter(verb="project.import_efforts").count() == 1
    again = client.post(url, {"file": workbook(rows)})
    assert again.status_code == 422
    assert "与已有的第 1 笔完全相同" in again.content.decode()
    assert EffortEntry.objects.count() == 3


def test_wrong_cells_are_named_exactly_and_marked(delivery, client):
    client.force_login(delivery.park_handler, backend=BACKEND)
    url = reverse("delivery:import-efforts", args=[delivery.project.pk])
    rows = [
        ["2022-09-16", "审核工作", "", "", -1, "", "", "", ""],
        ["2030-01-01", "宴请", "91410300MA3X00001A", "", "很多", "", "", "", ""],
    ]
    response = client.post(url, {"file": workbook(rows)})
    assert response.status_code == 422
    strict(response)
    listed = {(problem.row, problem.letter) for problem in response.context_data["listed"]}
    assert listed == {(2, "E"), (3, "A"), (3, "B"), (3, "C"), (3, "E")}
    assert not EffortEntry.objects.exists()
    marked = client.get(response.context_data["marked_url"])
    content = b"".join(marked.streaming_content)
    assert "问题清单" in CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names
    client.force_login(delivery.province_handler, backend=BACKEND)
    assert client.get(response.context_data["marked_url"]).status_code == 404


def test_the_template_reads_back_empty(delivery, client):
    client.force_login(delivery.park_handler, backend=BACKEND)
    response = client.get(reverse("delivery:efforts-template", args=[delivery.project.pk]))
    content = b"".join(response.streaming_content)
    names = (
        CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("试点工作量记录").to_python()[0]
    )
    assert "所涉企业信用代码" in names[2]


# --- statements, quotes, totals


def test_a_statement_keeps_what_it_said_and_live_quotes_follow(delivery):
    codes = codes_of(delivery.project)
    logged(delivery.maker, delivery.project, codes=codes, person_days=90)
    stated = verbs.state_account(delivery.project, by=delivery.park_handler)
    with refused("完全相同"):
        verbs.state_account(delivery.project, by=delivery.park_handler)
    live = account_quotes.key(delivery.project, "person_days", "per_enterprise")
    pinned = account_quotes.key(delivery.project, "person_days", "per_enterprise", statement=stated)
    strange = quotables.Key("account", f"{delivery.project.pk}:glory:per_enterprise")
    assert quotables.resolve([live])[live].value == "30 人日"
    logged(delivery.maker, delivery.project, codes=codes, person_days=30)
    found = quotables.resolve([live, pinned, strange])
    assert (found[live].value, found[pinned].value) == ("40 人日", "30 人日")
    assert strange not in found
    assert not found[pinned].is_stale
    verbs.state_account(delivery.project, by=delivery.park_handler)
    assert quotables.resolve([pinned])[pinned].is_stale
    for text, keys in account_quotes.sentences(delivery.project):
        if "投入人日" in text:
            assert set(quotables.resolve(keys)) == set(keys)


def test_nothing_to_compare_is_not_stated(delivery):
    with refused("还没有一项"):
        verbs.state_account(delivery.project, by=delivery.park_handler)


@pytest.mark.clause("N1")
def test_the_public_sees_sums_of_what_departments_released_and_nothing_else(delivery, client):
    codes = codes_of(delivery.project)
    logged(delivery.maker, delivery.project, codes=codes, person_days=90)
    stated = verbs.state_account(delivery.project, by=delivery.park_handler)
    url = reverse("delivery:public-account")
    assert "还没有公开的数据" in client.get(url).content.decode()
    with pytest.raises(NotAllowed):
        verbs.release(stated, by=delivery.park_handler)
    verbs.release(stated, by=delivery.province_handler)
    response = client.get(url)
    strict(response)
    text = response.content.decode()
    assert "210 人日（90 人日至390 人日）" in text
    assert "自拟的默认值" in text
    assert delivery.project.title not in text
    assert all(code not in text for code in codes)
    found = client.get("/api/v1/statistics/innovation").json()
    assert found["pilots"] == 1
    assert {one["measure"] for one in found["totals"]} == {"person_days"}
    stated.refresh_from_db()
    verbs.retract(stated, by=delivery.province_handler, reason="演示：有误")
    assert "还没有公开的数据" in client.get(url).content.decode()


# --- pages


def test_the_pages_from_the_first_entry_to_the_chart(delivery, client):
    project, codes = delivery.project, codes_of(delivery.project)
    client.force_login(delivery.park_handler, backend=BACKEND)
    page = reverse("delivery:account", args=[project.pk])
    assert "还没有工作量记录" in client.get(page).content.decode()
    url = reverse("delivery:log-effort", args=[project.pk])
    wrong = client.post(url, {"day": "2022-09-18", "kind": "work", "person_days": "-1"})
    assert wrong.status_code == 422
    both = client.post(
        url,
        {"day": "2022-09-18", "kind": "work", "person_days": "1", "whole": "on", "enterprises": codes[:1]},
    )
    assert "只用一种" in both.content.decode()
    assert (
        client.post(
            url, {"day": "2022-09-18", "kind": "review", "days": "10", "person_days": "6", "whole": "on"}
        ).status_code
        == 302
    )
    url = reverse("delivery:assume", args=[project.pk])
    assert 'value="30"' in client.get(url, {"measure": "days"}).content.decode()
    assert (
        client.post(
            url, {"measure": "days", "low": "20", "mid": "15", "high": "40", "source": "演示"}
        ).status_code
        == 422
    )
    client.post(url, {"measure": "days", "low": "20", "mid": "30", "high": "45", "source": "演示：通知"})
    client.post(reverse("delivery:declare-log", args=[project.pk]), {"measures": ["days"]})
    client.post(
        reverse("delivery:state-coverage", args=[project.pk]),
        {"quantity": "产值", "unit": "亿元", "year": "2021", "covered": "", "total": "40", "source": "演示"},
    )
    client.post(reverse("delivery:state-account", args=[project.pk]), {})
    response = client.get(page)
    text = response.content.decode()
    strict(response)
    assert "80 天（50 天至125 天）" in text
    assert "演示：通知" in text
    assert "评估验收历时" in text
    for name in (
        "account-log",
        "log-effort",
        "import-efforts",
        "state-coverage",
        "declare-log",
        "state-account",
    ):
        shown = client.get(reverse(f"delivery:{name}", args=[project.pk]))
        assert shown.status_code == 200, name
        strict(shown)
    drawn = client.get(reverse("delivery:account-svg", args=[project.pk]))
    assert drawn["Content-Type"] == "image/svg+xml"
    assert "本试点" in drawn.content.decode()
    assert client.get(reverse("delivery:account-png", args=[project.pk])).content.startswith(b"\x89PNG")
    everything = client.get(reverse("delivery:account-xlsx", args=[project.pk]))
    names = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(everything.streaming_content))).sheet_names
    assert names == [
        "与传统逐家审核相比",
        "平台上实际发生的与估算",
        "传统方式的假设",
        "供引用的句子",
        "需要核对",
        "覆盖范围",
        "工作量记录",
    ]
    mine = client.get(reverse("delivery:accounts"))
    strict(mine)
    assert project.title in mine.content.decode()


def test_evidence_of_an_entry_is_served_to_who_sees_the_project(delivery, client):
    upload = delivery.maker.upload(by=delivery.park_handler)
    made = verbs.log_effort(
        delivery.project, by=delivery.park_handler, row=effort(person_days=1), evidence=upload
    )
    url = reverse("delivery:effort-evidence", args=[made.pk])
    for who, status in (("province_handler", 200), ("city_handler", 404)):
        client.force_login(getattr(delivery, who), backend=BACKEND)
        response = client.get(url)
        assert response.status_code == status
        if response.streaming:
            assert b"".join(response.streaming_content)


@pytest.mark.parametrize("address", ["account", "account-log", "accounts"])
def test_fifty_entries_cost_as_many_queries_as_five(delivery, client, address):
    client.force_login(delivery.park_handler, backend=BACKEND)
    codes = codes_of(delivery.project)
    url = reverse(f"delivery:{address}", args=[] if address == "accounts" else [delivery.project.pk])

    def more(count):
        have = delivery.project.efforts.count()
        rows = [effort(codes=codes, person_days=1, note=str(have + number)) for number in range(count)]
        verbs.import_efforts(delivery.project, by=delivery.park_handler, rows=rows)

    def cost():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    more(5)
    cost()
    few = cost()
    more(45)
    assert cost() == few


def test_many_pilots_cost_as_many_queries_as_one(delivery):
    rows = [effort(codes=codes_of(delivery.project), person_days=1, note=str(number)) for number in range(5)]
    verbs.import_efforts(delivery.project, by=delivery.park_handler, rows=rows)
    with CaptureQueriesContext(connection) as captured:
        queries.books(Project.objects.filter(pk=delivery.project.pk))
    assert len(captured) == 7


def test_reports_and_the_archive_get_figures_and_papers(delivery):
    one = output_in(delivery.maker, "accepted")
    logged(delivery.maker, delivery.project, codes=codes_of(delivery.project), person_days=90)
    verbs.state_account(delivery.project, by=delivery.park_handler)
    known = facts.of(delivery.project)
    assert known["outputs-accepted"].shown == "1 项"
    assert known["account.person_days.per_enterprise"].shown == "30 人日"
    assert known["account.sentence.0"].value.startswith("试点范围内企业 3 家")
    papers = {(folder, paper.name): paper for folder, paper in archive_parts.of(delivery.project)}
    kept = [name for folder, name in papers if folder == "05_成果"]
    assert sorted(kept) == ["产出成果清单.xlsx", "送审稿成果.pdf"], "what was not handed in stays out"
    made = papers["05_成果", "产出成果清单.xlsx"].make()
    reading = read_table(made, output_table(), name="清单.xlsx")
    assert [row["number"] for row in reading.rows()] == [one.versions.filter(verdict="accepted").get().number]
    assert papers["02_过程", "创新账.xlsx"].make().startswith(b"PK")
    assert "person_days" in papers["02_过程", "创新账报数_第1次.json"].make().decode()


def test_a_progress_report_says_what_happened_in_its_period(delivery):
    one = output_in(delivery.maker, "handed_in")
    logged(delivery.maker, delivery.project, codes=codes_of(delivery.project), person_days=90, money=20000)

    def said(first, last):
        period = Period(*map(date.fromisoformat, (first, last, last)))
        return {
            part["slug"]: dict(map(tuple, part["facts"]))
            for part in progress_parts.of(delivery.project, period)
        }

    june, september = said("2022-06-01", "2022-06-30"), said("2022-09-01", "2022-09-30")
    assert june["account"]["本期工作量记录"] == "1 笔"
    assert june["account"]["投入人日"] == "90 人日"
    assert june["account"]["审核费用"] == "2 万元"
    assert "可确认节省" in june["account"]["截至最近一笔"]
    assert september["account"]["本期工作量记录"] == "0 笔"
    assert september["outputs"][f"{one.title} 第 1 版"] == "已提交"
    assert f"{one.title} 第 1 版" not in june["outputs"]
