"""The received list: what stands in it, for whom, filtered, sorted, counted, and the same as a workbook."""

from __future__ import annotations

from io import BytesIO

import html5lib
import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from bench.data import fill
from qingyuan.kernel import clock
from qingyuan.pilots import actions, received
from qingyuan.pilots.models import Submission
from qingyuan.pilots.received import Filters

HOSTILE = "=cmd()|' /C calc'!A0 <b>&{{x}}演示"


@pytest.fixture
def client_of():
    def sign_in(user):
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in


@pytest.fixture
def page(world, client_of):
    client = client_of(world.province_handler)

    def load(query="", *, status=200):
        response = client.get(f"/calls/{world.call.pk}/received/{query}")
        assert response.status_code == status
        return response

    return load


def table_of(response):
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(response.content.decode())
    tables = tree.findall(".//table")
    body = tables[0].findall(".//tbody/tr") if tables else []
    return [["".join(cell.itertext()) for cell in row] for row in body]


def shown(call, **asked):
    return received.rows(call, received.register(call, Filters.read(call, asked)))


@pytest.mark.parametrize("who", ["province_handler", "province_signer", "reform_handler", "reform_signer"])
def test_both_departments_read_it(world, client_of, who):
    assert client_of(world.people[who]).get(f"/calls/{world.call.pk}/received/").status_code == 200
    assert client_of(world.people[who]).get(f"/calls/{world.call.pk}/received.xlsx").status_code == 200


@pytest.mark.parametrize(
    "who",
    ["prefecture_handler", "park_handler", "city_all", "consultant", "state_handler", "stranger", "expert"],
)
def test_nobody_else_is_told_that_it_exists(world, client_of, who):
    for page in ("received/", "received.xlsx"):
        assert client_of(world.people[who]).get(f"/calls/{world.call.pk}/{page}").status_code == 404


def test_an_empty_register_says_what_will_come(page):
    text = page().content.decode()
    assert "还没有申报" in text
    assert "还剩 10 天" in text


@pytest.mark.clause("H1")
@pytest.mark.sqlite
def test_received_unfinished_and_withdrawn_stand_side_by_side(maker, world, page):
    done = maker("park", stage="submitted", name="演示已收")
    maker("sector", stage="drafting", applicant="city", name="演示在编")
    gone = maker("park", stage="submitted", name="演示撤回")
    actions.withdraw(gone, by=world.park_signer, remark="演示：不再申报")
    never = maker("park", stage="drafting", name="演示未报先撤")
    actions.withdraw(never, by=world.park_signer, remark="演示：放弃")
    rows = {row[1]: row for row in table_of(page())}
    assert set(rows) == {"演示已收", "演示在编", "演示撤回"}
    number = done.submissions.get().register_label
    assert rows["演示已收"][0] == number
    assert rows["演示已收"][6:] == ["已收到", "", "2022-06-20 09:00:00", "", "1"]
    assert rows["演示撤回"][6] == "已撤回"
    assert rows["演示撤回"][0].startswith("收〔2022〕")
    assert rows["演示在编"][:1] == [""]
    assert rows["演示在编"][3] == "焦作市"


@pytest.mark.sqlite
def test_of_an_unfinished_application_only_how_much_is_filled_in_is_told(maker, world, page):
    maker("park", stage="drafting", name="演示刚开始")
    maker("park", stage="ready", name="演示填完")
    details = {row.name: row for row in shown(world.call)}
    done, total = details["演示填完"].detail.split("已填 ")[1].removesuffix("项").strip().split("/")
    assert done == total
    assert details["演示刚开始"].detail.startswith("编制中，已填 0/")
    assert details["演示填完"].sectors == ""
    text = page().content.decode()
    assert "演示试点对象" not in text
    assert "石化" not in text.split("<tbody>")[1].split("</tbody>")[0]


@pytest.mark.sqlite
def test_while_a_new_version_is_written_the_received_one_is_shown(maker, world):
    pilot = maker("park", stage="submitted", name="演示原名")
    actions.reopen(pilot, by=world.park_handler)
    pilot = maker.fresh(pilot)
    actions.describe(
        pilot,
        by=world.park_handler,
        name="演示改名",
        object_form="park",
        object_name="演示改过",
        region_code="410800",
        sectors=["papermaking"],
    )
    (row,) = shown(world.call)
    assert (row.state, row.name, row.prefecture) == ("received", "演示原名", "洛阳市")
    assert row.sectors == "石化化工、电镀"
    assert row.detail == "正在编制新版本"
    assert shown(world.call, sector="papermaking") == []
    assert [row.name for row in shown(world.call, sector="electroplating", prefecture="410300")] == [
        "演示原名"
    ]


@pytest.mark.sqlite
def test_filters_search_and_sorting_agree_with_the_counts(world):
    fill(world.call, 60)
    everything = shown(world.call)
    assert len(everything) == 60
    counts = received.counts(world.call)
    for state, number in counts.states.items():
        assert len(shown(world.call, state=state)) == number
    for code, by_state in counts.prefectures.items():
        assert len(shown(world.call, prefecture=code)) == sum(by_state.values())
    assert counts.table[0][2][0] >= counts.table[-1][2][0]
    for category in ("sector", "park", "region"):
        assert len(shown(world.call, category=category)) == 20
    assert {row.category for row in shown(world.call, sector="papermaking")} == {
        "重点区域和流域清洁生产协同审核创新"
    }
    assert [row.name[-4:] for row in shown(world.call, q="项目0007")] == ["0007"]
    assert len(shown(world.call, q="济源")) == len(shown(world.call, prefecture="419001"))
    names = [row.name for row in shown(world.call, sort="name")]
    assert names == sorted(names)
    assert names == [row.name for row in shown(world.call, sort="-name")][::-1]
    numbers = [row.number for row in shown(world.call, sort="number") if row.number]
    assert numbers == sorted(numbers)
    assert shown(world.call, sort="-at")[-1].at == ""


@pytest.mark.parametrize("key", received.SORTS)
def test_every_sort_keeps_every_row(world, key):
    fill(world.call, 12)
    assert {row.pilot_id for row in shown(world.call, sort=f"-{key}")} == {
        row.pilot_id for row in shown(world.call)
    }


def test_a_place_that_nobody_knows_is_counted_elsewhere(maker, world):
    pilot = maker("park", stage="submitted")
    type(pilot).objects.filter(pk=pilot.pk).update(region_code="")
    (row,) = shown(world.call, prefecture=received.ELSEWHERE)
    assert row.prefecture == "其他"


def test_only_the_latest_version_stands_with_a_way_to_the_earlier(world, page):
    fill(world.call, 1)
    (row,) = table_of(page())
    assert row[-1] == "2"
    latest = Submission.objects.get(version=2)
    assert f'/submissions/{latest.pk}/#versions"' in page().content.decode()


@pytest.mark.parametrize("query", ["", "?state=received&sort=name", "?q=项目001&sort=-at", "?category=park"])
def test_the_workbook_equals_the_screen(world, page, client_of, query):
    fill(world.call, 40)
    response = client_of(world.reform_handler).get(f"/calls/{world.call.pk}/received.xlsx{query}")
    sheet = CalamineWorkbook.from_filelike(BytesIO(response.content)).get_sheet_by_index(0).to_python()
    head = next(number for number, row in enumerate(sheet) if row[0] == "收件登记号")
    cells = [
        [str(int(cell)) if isinstance(cell, float) else str(cell) for cell in row]
        for row in sheet[head + 1 :]
    ]
    assert sheet[head] == [str(title) for title in received.COLUMNS.values()]
    assert cells == table_of(page(query))


def test_what_was_typed_stays_text_on_screen_and_in_the_workbook(maker, world, page, client_of):
    maker("park", stage="submitted", name=HOSTILE)
    (row,) = table_of(page())
    assert row[1] == HOSTILE
    data = client_of(world.reform_handler).get(f"/calls/{world.call.pk}/received.xlsx").content
    sheet = CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0)
    assert HOSTILE in [cell for row in sheet.to_python() for cell in row]
    import zipfile

    assert b"<f>" not in zipfile.ZipFile(BytesIO(data)).read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize(
    "query",
    [
        "?q=%00%27%22%3C",
        "?category=x&state=y&sector=z&prefecture=w&sort=pk",
        "?page=999999999999",
        "?page=-1&sort=-",
    ],
)
def test_any_address_gives_a_page(world, page, query):
    fill(world.call, 3)
    assert len(table_of(page(query))) in {0, 3}


def test_fifty_rows_a_page_and_the_filters_survive_the_way(world, page):
    fill(world.call, 80)
    first = page("?sort=name&category=")
    assert len(table_of(first)) == 50
    assert "sort=name" in first.content.decode().split('class="q-pages"')[1]
    assert len(table_of(page("?page=2"))) == 30


def test_the_countdown_ends_with_the_call(world, page):
    with clock.at("2022-06-30T18:00:00+08:00"):
        assert "已截止" in page().content.decode()


def test_the_number_of_queries_is_the_same_for_one_row_and_for_many(
    world, page, django_assert_max_num_queries
):
    fill(world.call, 8)
    page()
    with django_assert_max_num_queries(12) as one:
        page("?q=项目0007")
    with django_assert_max_num_queries(12) as three:
        page("?sort=-state")
    fill(world.call, 60)
    with django_assert_max_num_queries(12) as many:
        page("?sort=-state")
    assert len(one) == len(three) == len(many)


def test_a_page_of_fifty_stays_small(world, page):
    fill(world.call, 60)
    assert len(page().content) <= 80_000
