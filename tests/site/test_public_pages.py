"""What everybody may read without an account."""

from __future__ import annotations

import html5lib
import pytest

from qingyuan.catalogue.clauses import clauses
from qingyuan.kernel import clock, ledger
from qingyuan.site import clause_table

PAGES = [
    "/",
    "/notices/",
    "/notices/henan-2022/",
    "/notices/national-2022/",
    "/clauses/",
    "/ledger/",
    "/ledger/check/",
    "/accounts/login/",
]


def strict(response):
    """The page's text, if it parses as HTML without a single error."""
    text = response.content.decode()
    html5lib.HTMLParser(strict=True).parse(text)
    return text


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_public_pages_need_no_account_and_are_strict_html(client, world, path, language):
    client.cookies["django_language"] = language
    response = client.get(path)
    assert response.status_code == 200, path
    text = strict(response)
    assert "<script>" not in text
    assert "style=" not in text
    assert "onclick" not in text


@pytest.mark.sqlite
@pytest.mark.parametrize("path", PAGES)
def test_public_pages_with_nothing_in_the_house(client, db, path):
    strict(client.get(path))


@pytest.mark.parametrize("path", PAGES)
def test_public_pages_are_as_readable_for_the_signed_in(client, world, path):
    client.force_login(world.park_handler)
    response = client.get(path, follow=True)
    assert response.status_code == 200
    strict(response)


def test_the_landing_page_names_open_calls_with_their_countdown(client, world):
    text = client.get("/", headers={"accept-language": "zh-hans"}).content.decode()
    assert world.call.title in text
    assert "2022年6月30日 18:00" in text
    assert "还剩 10 天" in text


def test_a_closed_call_is_no_longer_open_on_the_landing_page(client, world):
    with clock.at("2022-06-30T18:00:00+08:00"):
        text = client.get("/", headers={"accept-language": "zh-hans"}).content.decode()
    assert world.call.title not in text
    assert "现在没有正在申报的通知" in text


@pytest.mark.clause("X1")
def test_the_notices_are_public_word_for_word_with_their_clauses(client, world):
    text = client.get("/notices/henan-2022/", headers={"accept-language": "zh-hans"}).content.decode()
    assert "各申报单位于 2022 年 6 月 30 日 18:00 前，将实施方案材料电子件，打包发送至联系人邮箱" in text
    assert 'href="/clauses/#H1"' in text
    national = client.get("/notices/national-2022/").content.decode()
    assert "(此件社会公开)" in national
    for clause in ("N1", "N3a", "N5.4", "N6", "N14"):
        assert f'href="/clauses/#{clause}"' in national


def test_a_notice_of_a_coming_day_is_not_told(client, world):
    with clock.at("2022-05-30T12:00:00+08:00"):
        world.call.delete()
        assert client.get("/notices/henan-2022/").status_code == 404
        assert "henan-2022" not in client.get("/notices/").content.decode()
    assert client.get("/notices/no-such-notice/").status_code == 404


def test_the_clause_page_has_a_row_for_every_clause(client, db):
    text = client.get("/clauses/", headers={"accept-language": "zh-hans"}).content.decode()
    for clause in clauses():
        assert f'<tr id="{clause.id}">' in text
        assert clause.title in text


def test_each_clause_that_is_done_says_which_tests_show_it(client, db):
    text = client.get("/clauses/", headers={"accept-language": "zh-hans"}).content.decode()
    for row in clause_table.rows():
        part = text.split(f'<tr id="{row.clause.id}">')[1].split("</tr>")[0]
        assert ("<details" in part) == row.done, row.clause.id
        for test in row.tests:
            assert f'title="{test}"' in part, test
    one = clause_table.shown_by("tests/pilots/test_x.py::test_n5_4_own_pollutants_need_a_local_key_task")
    assert (one.sentence, one.room) == ("N5.4: own pollutants need a local key task", "pilots")


def test_the_ledger_page_publishes_the_present_head_and_the_days(client, world):
    text = client.get("/ledger/").content.decode()
    assert ledger.head().hash in text


def test_the_language_switch_is_a_post(client, db):
    assert client.get("/i18n/setlang/").status_code == 405
    response = client.post("/i18n/setlang/", {"language": "en", "next": "/clauses/"})
    assert response["Location"] == "/clauses/"
    assert "Where" in client.get("/clauses/").content.decode()


def test_health_answers_while_the_database_does(client, db):
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


def test_public_pages_ask_the_database_little(client, world, django_assert_max_num_queries):
    client.get("/")
    for path in PAGES:
        with django_assert_max_num_queries(4):
            client.get(path)
