"""Enterprises by form and workbook, and the targets table, as the pages take them."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook

from qingyuan.pilots import actions
from tests.pilot_maker import credit_code, enterprises
from tests.pilots.workspace import address, form_of, parsed, send, signed_in

HEADER = ["企业名称", "统一社会信用代码", "所属行业", "备注"]


@pytest.fixture
def client(world):
    return signed_in(world.park_handler)


def workbook(rows, *, header=HEADER, name="名单.xlsx"):
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"strings_to_formulas": False})
    sheet = book.add_worksheet("试点范围企业名单")
    for number, row in enumerate([header, *rows]):
        sheet.write_row(number, 0, row)
    book.close()
    return SimpleUploadedFile(name, target.getvalue())


def read_rows(response):
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(response.streaming_content)))
    return book.get_sheet_by_index(0).to_python(), book.sheet_names


# --- scope


@pytest.mark.clause("N3b")
def test_an_enterprise_is_added_by_form_and_removed_again(maker, client):
    pilot = maker("park")
    code = credit_code(7)
    spaced = f"{code[:8]} {code[8:].lower()}"
    response = send(
        client,
        address("add-enterprise", pilot),
        name=" 演示化工 ",
        credit_code=spaced,
        sector="petrochemical",
    )
    assert response.url == address("scope", pilot)
    entry = pilot.scope.select_related("enterprise").get()
    assert (entry.stated_name, entry.enterprise.credit_code, entry.sector) == (
        "演示化工",
        code,
        "petrochemical",
    )
    again = send(client, address("add-enterprise", pilot), name="再来", credit_code=code)
    assert again.status_code == 422
    assert "已在试点范围内" in again.content.decode()
    more = send(
        client, address("add-enterprise", pilot), name="另一家", credit_code=credit_code(8), again="1"
    )
    assert more.url == address("add-enterprise", pilot)
    assert send(client, address("remove-enterprise", pilot, entry.pk)).status_code == 302
    assert [e.stated_name for e in pilot.scope.all()] == ["另一家"]
    assert client.get(address("remove-enterprise", pilot, entry.pk)).status_code == 404


def test_a_wrong_check_digit_is_named_with_the_right_one(maker, client):
    pilot = maker("park")
    right = credit_code(7)
    wrong = right[:-1] + ("0" if right[-1] != "0" else "1")
    response = send(client, address("add-enterprise", pilot), name="演示化工", credit_code=wrong)
    assert response.status_code == 422
    assert f"第 18 位应为“{right[-1]}”" in str(response.context["form"].errors["credit_code"])
    assert form_of(response)["name"] == ["演示化工"]


def test_the_template_goes_out_and_comes_back(maker, client):
    pilot = maker("park")
    rows, _sheets = read_rows(client.get(address("scope-template", pilot)))
    assert rows[0][:3] == HEADER[:3]
    file = workbook([[f"演示企业{n}", credit_code(n), "石化化工", ""] for n in range(1, 4)])
    assert send(client, address("import-scope", pilot), file=file).url == address("scope", pilot)
    assert pilot.scope.count() == 3
    assert set(pilot.scope.values_list("sector", flat=True)) == {"petrochemical"}


def test_formula_like_cells_are_text(maker, client):
    pilot = maker("park")
    file = workbook([["=cmd()", credit_code(1), "电镀", "+1-1|@x"]])
    assert send(client, address("import-scope", pilot), file=file).status_code == 302
    entry = pilot.scope.get()
    assert (entry.stated_name, entry.note) == ("=cmd()", "+1-1|@x")


@pytest.mark.sqlite
def test_one_wrong_cell_and_nothing_is_imported_all_are_shown_and_marked(maker, client, world):
    pilot = maker("park")
    actions.import_scope(pilot, by=world.park_handler, rows=enterprises(2, sector="electroplating"))
    bad = credit_code(2)[:-1] + "?"
    file = workbook(
        [
            ["演示企业1", credit_code(1), "石化化工", ""],
            ["", bad, "养殖", ""],
            ["演示企业3", credit_code(1), "电镀", "x" * 900],
        ]
    )
    response = send(client, address("import-scope", pilot), file=file)
    assert response.status_code == 422
    parsed(response)
    places = {(problem.row, problem.title) for problem in response.context["listed"]}
    assert {
        (3, "企业名称"),
        (3, "统一社会信用代码"),
        (3, "所属行业"),
        (4, "统一社会信用代码"),
        (4, "备注"),
    } <= places
    assert pilot.scope.count() == 2, "the old list stands"
    marked = client.get(response.context["marked_url"])
    rows, sheets = read_rows(marked)
    assert rows[1][0] == "演示企业1"
    assert "问题清单" in sheets
    other = signed_in(world.park_lead)
    assert other.get(response.context["marked_url"]).status_code == 404, "only for the person who uploaded it"


def test_a_workbook_that_is_none_is_refused_with_a_reason(maker, client):
    pilot = maker("park")
    for name, data in (
        ("名单.xlsx", b"MZ\0\0 program"),
        ("名单.xlsx", b""),
        ("名单.csv", "企业名称\n甲".encode()),
    ):
        response = send(client, address("import-scope", pilot), file=SimpleUploadedFile(name, data))
        assert response.status_code == 422, name
        assert response.context["form"].errors["file"]
    assert (
        send(client, address("import-scope", pilot), file=workbook([], header=["没有", "关系"])).status_code
        == 422
    )
    assert not pilot.scope.exists()


@pytest.mark.sqlite
def test_the_list_is_paged_and_searched_by_name_and_code(maker, client):
    pilot = maker("park", stage="ready", scope=53)
    page = client.get(address("scope", pilot)).context["page"]
    assert (len(page), page.paginator.count) == (50, 53)
    found = client.get(address("scope", pilot), {"q": credit_code(5)}).context["page"]
    assert [entry.stated_name for entry in found] == ["演示企业5有限公司"]
    assert not client.get(address("scope", pilot), {"q": "没有"}).context["page"].paginator.count


def test_the_scope_is_read_only_after_hand_in(maker, client):
    pilot = maker("park", stage="signing")
    assert "移出" not in client.get(address("scope", pilot)).content.decode()
    refused = client.post(address("add-enterprise", pilot), {"name": "晚到", "credit_code": credit_code(99)})
    assert refused.status_code == 409
    assert pilot.scope.count() == 3


# --- targets


@pytest.mark.clause("N1")
def test_the_notices_aims_are_asked_first_and_missing_is_not_zero(maker, client):
    pilot = maker("park")
    url = address("targets", pilot)
    asked = [measure.id for _row, _aim, measure in client.get(url).context["form"].lines() if measure]
    assert asked == ["audit_days", "audit_cost", "coverage_share", "benefit_enterprises", "benefit_sectors"]
    response = send(
        client,
        url,
        **{
            "row-0-baseline": "1,200.50",
            "row-0-target": "０",
            "row-0-baseline_year": "2021",
            "row-5-indicator": "节水量",
            "row-5-unit": "万吨",
            "row-5-target": "3.25",
        },
    )
    assert response.status_code == 302
    first, *_middle, own = pilot.targets.all()
    assert (first.baseline, first.target, first.baseline_year) == (Decimal("1200.5"), Decimal(0), 2021)
    assert (own.indicator, own.unit, own.baseline, own.target) == ("节水量", "万吨", None, Decimal("3.25"))
    shown = form_of(client.get(url))
    assert (shown["row-0-baseline"], shown["row-0-target"], shown["row-1-target"]) == (
        ["1200.5"],
        ["0"],
        [""],
    )


@pytest.mark.clause("N1")
def test_the_aims_cannot_be_deleted_and_own_rows_can(maker, client):
    pilot = maker("park")
    url = address("targets", pilot)
    send(client, url, **{"row-5-indicator": "节水量", "row-6-indicator": "节电量"})
    assert [target.indicator for target in pilot.targets.all()][5:] == ["节水量", "节电量"]
    assert send(client, url, **{"row-5-drop": "on"}).status_code == 302
    assert [target.indicator for target in pilot.targets.all()][5:] == ["节电量"]
    forged = send(client, url, **{"row-0-measure_id": "", "row-0-indicator": ""})
    assert forged.status_code == 422
    assert pilot.targets.filter(measure_id="audit_days").exists()


def test_all_wrong_cells_are_shown_at_once_and_everything_typed_stays(maker, client):
    pilot = maker("park")
    response = send(
        client,
        address("targets", pilot),
        **{
            "row-0-baseline": "三百",
            "row-1-target": "1e9",
            "row-2-baseline_year": "去年",
            "row-3-target": "1" * 30,
            "row-5-target": "5",
            "row-6-note": "保留",
            "row-6-indicator": "有名称",
        },
    )
    assert response.status_code == 422
    parsed(response)
    wrong = {
        (number, name) for number, row in enumerate(response.context["form"].rows) for name in row.errors
    }
    assert wrong == {(0, "baseline"), (1, "target"), (2, "baseline_year"), (3, "target"), (5, "indicator")}
    kept = form_of(response)
    assert (kept["row-0-baseline"], kept["row-6-note"]) == (["三百"], ["保留"])
    assert pilot.targets.filter(target__isnull=False).count() == 0


def test_a_tampered_table_is_refused_not_crashed(maker, client):
    pilot = maker("park")
    for data in ({}, {"row-TOTAL_FORMS": "x"}, {"row-TOTAL_FORMS": "99999", "row-INITIAL_FORMS": "0"}):
        assert client.post(address("targets", pilot), data).status_code == 422


def test_two_people_do_not_overwrite_each_others_targets(maker, world, client):
    pilot = maker("park")
    url = address("targets", pilot)
    other = signed_in(world.park_lead)
    mine, theirs = form_of(client.get(url)), form_of(other.get(url))
    assert other.post(url, {**theirs, "row-0-target": "90"}).status_code == 302
    response = client.post(url, {**mine, "row-0-target": "100", "row-1-note": "我的说明"})
    assert response.status_code == 409
    page = response.content.decode()
    assert "90" in page
    assert form_of(response)["row-0-target"] == ["100"]
    assert form_of(response)["row-1-note"] == ["我的说明"]
