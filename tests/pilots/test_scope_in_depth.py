"""The scope in depth: every column by form and workbook, 5,000 rows, the registry, and enterprises named twice."""

from __future__ import annotations

import datetime as dt
import io

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qingyuan.kernel import checks
from qingyuan.kernel.errors import Invalid
from qingyuan.pilots import actions, paper, snapshot
from qingyuan.pilots.actions.scope import ScopeRow
from tests.pilot_maker import credit_code, enterprises
from tests.pilots.workspace import address, parsed, send, signed_in

HEADER = [
    "企业名称",
    "统一社会信用代码",
    "所属行业",
    "行业代码",
    "企业规模",
    "排污许可管理类别",
    "上次审核日期",
    "主要污染物",
    "所在市",
    "所在县（市、区）",
    "备注",
]


@pytest.fixture
def client(world):
    return signed_in(world.park_handler)


def workbook(rows, *, header=HEADER):
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"strings_to_formulas": False, "default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet("试点范围企业名单")
    for number, row in enumerate([header, *rows]):
        sheet.write_row(number, 0, row)
    book.close()
    return SimpleUploadedFile("名单.xlsx", target.getvalue())


def line(number):
    return [
        f"演示企业{number}",
        credit_code(number),
        "石化化工",
        "C2614",
        "中型",
        "重点管理",
        dt.date(2019, 6, 30),
        "COD、氨氮",
        "洛阳市",
        "孟津区",
        "",
    ]


# column, what stands there, a piece of what is said
BAD = [
    (0, "", "必填"),
    (1, "9141030000000000X?", ""),
    (2, "养殖", "以下之一"),
    (3, "9999", "没有大类"),
    (3, "B2614", "属于门类 C"),
    (4, "巨型", "以下之一"),
    (5, "免办", "以下之一"),
    (6, "2099-01-01", "已经过去"),
    (7, "长" * 201, ""),
    (8, "洛阳巿", "是否为“洛阳市”"),
]


@pytest.mark.clause("N2")
def test_five_thousand_rows_with_two_hundred_bad_cells_report_every_one(maker, client):
    pilot = maker("park")
    rows = [line(number) for number in range(1, 5001)]
    placed = {}
    for index in range(200):
        row, (column, value, _said) = index * 24 + 3, BAD[index % len(BAD)]
        rows[row][column] = value
        placed[row + 2, HEADER[column]] = BAD[index % len(BAD)][2]
    response = send(client, address("import-scope", pilot), file=workbook(rows))
    assert response.status_code == 422
    listed = {(problem.row, problem.title): problem for problem in response.context["listed"]}
    assert listed.keys() == placed.keys()
    assert len(response.context["listed"]) == 200
    assert {problem.sheet for problem in listed.values()} == {"试点范围企业名单"}
    for place, said in placed.items():
        assert said in f"{listed[place].expected}{listed[place].mend}", listed[place]
    assert not pilot.scope.exists()
    marked = client.get(response.context["marked_url"])
    assert marked.status_code == 200


def test_five_thousand_rows_are_imported_with_a_constant_number_of_queries(maker, world):
    pilot = maker("park")

    def cost(rows):
        with CaptureQueriesContext(connection) as queries:
            actions.import_scope(pilot, by=world.park_handler, rows=rows)
        return len(queries)

    few = cost(enterprises(50, sector="steel"))
    many = cost(enterprises(5000, sector="steel", start=1000))
    assert many == few
    assert pilot.scope.count() == 5000


@pytest.mark.clause("N2")
def test_every_column_comes_back_in_the_list_the_snapshot_and_the_plan(maker, client):
    pilot = maker("park")
    row = line(1)
    row[8] = "洛阳"
    assert send(client, address("import-scope", pilot), file=workbook([row])).status_code == 302
    entry = pilot.scope.get()
    assert (entry.sector_code, entry.size, entry.permit, entry.last_audit) == (
        "2614",
        "medium",
        "key",
        dt.date(2019, 6, 30),
    )
    assert (entry.pollutants, entry.prefecture, entry.county) == ("COD、氨氮", "洛阳市", "孟津区")
    page = client.get(address("scope", pilot)).content.decode()
    for said in ("2614", "中型", "重点管理", "2019-06-30", "COD、氨氮", "洛阳市孟津区"):
        assert said in page
    data = snapshot.build(maker.fresh(pilot))
    assert data["scope"][0]["last_audit"] == "2019-06-30"
    printed = paper.plan_of(maker.fresh(pilot), data, on=dt.date(2022, 6, 20)).scope[0]
    assert (printed.size, printed.permit, printed.place) == ("中型", "重点管理", "洛阳市孟津区")


def test_the_form_checks_each_field_and_keeps_what_was_typed(maker, client):
    pilot = maker("park")
    response = send(
        client,
        address("add-enterprise", pilot),
        name="演示化工",
        credit_code=credit_code(1),
        sector_code="D2614",
        last_audit="2030-01-01",
        prefecture="洛阳巿",
    )
    assert response.status_code == 422
    parsed(response)
    assert set(response.context["form"].errors) == {"sector_code", "last_audit", "prefecture"}
    good = send(
        client,
        address("add-enterprise", pilot),
        name="演示化工",
        credit_code=credit_code(1),
        sector_code="c 2614",
        last_audit="2019-06-30",
        pollutants="COD; 氨氮，COD",
        prefecture="济源",
        size="small",
        permit="simplified",
    )
    assert good.status_code == 302
    entry = pilot.scope.get()
    assert (entry.sector_code, entry.pollutants, entry.prefecture) == ("2614", "COD、氨氮", "济源示范区")


def test_the_verb_itself_refuses_what_a_program_sends_wrong(maker, world):
    pilot = maker("park")
    with pytest.raises(Invalid) as caught:
        actions.import_scope(
            pilot,
            by=world.park_handler,
            rows=[
                ScopeRow("甲", credit_code(1), sector_code="00", size="huge"),
                ScopeRow("乙", credit_code(2), permit="none", last_audit=dt.date(1900, 1, 1)),
            ],
        )
    assert {problem.where for problem in caught.value.problems} == {
        "1.sector_code",
        "1.size",
        "2.permit",
        "2.last_audit",
    }


def test_enterprises_of_the_registry_are_found_by_name_or_code_and_added(maker, client, world):
    first = maker("park", name="演示甲")
    actions.import_scope(first, by=world.park_handler, rows=enterprises(4, sector="steel"))
    pilot = maker("park", name="演示乙")
    url = address("add-known", pilot)
    assert "勾选" in client.get(url).content.decode()
    found = client.get(url, {"q": "演示企业"})
    parsed(found)
    assert len(found.context["found"]) == 4
    assert [one.credit_code for one in client.get(url, {"q": credit_code(3)}).context["found"]] == [
        credit_code(3)
    ]
    asked = f"{url}?q=演示企业"
    assert client.post(asked, {}).status_code == 422, "nothing chosen"
    chosen = {"codes": [credit_code(2), credit_code(3)], "sector": "steel"}
    assert client.post(asked, chosen).status_code == 302
    assert sorted(pilot.scope.values_list("stated_name", "sector")) == [
        ("演示企业2有限公司", "steel"),
        ("演示企业3有限公司", "steel"),
    ]
    assert len(client.get(url, {"q": "演示企业"}).context["found"]) == 2, "those in the scope are not offered"


def test_an_enterprise_of_two_applications_is_flagged_without_naming_strangers(maker, client, world):
    theirs = maker("sector", applicant="city", name="秘密的演示项目")
    actions.import_scope(theirs, by=world.city_all, rows=enterprises(3, sector="electroplating"))
    pilot = maker("park", name="演示己方")
    actions.import_scope(pilot, by=world.park_handler, rows=enterprises(4, sector="electroplating", start=3))
    page = client.get(address("scope", pilot), {"doubled": "1"})
    parsed(page)
    assert [entry.double for entry in page.context["page"]] == ["另一申报"]
    assert "秘密" not in page.content.decode()
    finding = next(f for f in checks.run("pilot", maker.fresh(pilot)) if "另一申报" in f.message)
    assert (finding.level, finding.area) == ("warning", "scope")
    assert "1 家" in finding.message
    actions.withdraw(theirs, by=world.city_all, remark="演示")
    assert not client.get(address("scope", pilot), {"doubled": "1"}).context["page"].paginator.count


def test_own_second_application_is_named(maker, client, world):
    one = maker("park", name="演示之一")
    two = maker("park", name="演示之二")
    for pilot in (one, two):
        actions.import_scope(pilot, by=world.park_handler, rows=enterprises(1, sector="steel"))
    marks = [entry.double for entry in client.get(address("scope", two)).context["page"]]
    assert marks == ["本单位另一申报“演示之一”"]


def test_the_province_sees_the_doubled_enterprises_of_what_it_received(maker, world):
    maker("park", stage="submitted", name="演示甲", scope=3)
    maker("park", stage="submitted", name="演示乙", scope=2)
    maker("park", stage="ready", name="演示未交", scope=3)
    response = signed_in(world.province_handler).get(reverse("pilots:received", args=[world.call.pk]))
    parsed(response)
    assert response.context["doubled"] == 2
    assert {one.pilots for one in response.context["doubles"]} == {("演示甲", "演示乙")}
