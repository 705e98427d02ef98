"""Every frame and every part is valid HTML, says things in words, and lets no typed text become markup."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from qingyuan.ui import navigation
from tests.ui.sample_urls import HOSTILE

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.ui.sample_urls")]


@pytest.fixture(autouse=True)
def menu(monkeypatch):
    """The menu of the sample site alone: the rooms' own entries have no addresses in it."""
    monkeypatch.setattr(navigation, "_items", {})
    monkeypatch.setattr(navigation, "_identify", [lambda _user: navigation.Identity(HOSTILE, "演示单位")])
    navigation.register(
        navigation.Item("零件", "everything", "list", order=1),
        navigation.Item("密件", "home", "lock", visible=lambda _user: False),
        navigation.Item("公开", "home", "world", area="public"),
    )


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/everything/?page=2&sort=-name&name=&kind=9",
        "/accounts/2fa/",
        "/accounts/password/change/",
        "/accounts/logout/",
    ],
)
def test_pages_are_strict_html(browser, parse, address):
    response = browser.get(address)
    assert response.status_code == 200
    tree = parse(response)
    assert tree.getroot().get("lang") == "zh-hans"
    assert len(tree.findall(".//main")) == 1
    assert len(tree.findall(".//h1")) == 1
    assert tree.find(".//title").text.strip()
    assert tree.find(".//a[@class='q-skip']").get("href") == "#main"
    identifiers = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(identifiers) == len(set(identifiers))


def test_sign_in_page_works_without_scripts_and_offers_no_roles(parse):
    tree = parse(Client(headers={"accept-language": "zh-CN"}).get("/accounts/login/"))
    names = {element.get("name") for element in tree.findall(".//form[@action='/accounts/login/']//input")}
    assert {"login", "password", "csrfmiddlewaretoken"} <= names
    assert b"role_switcher" not in Client().get("/accounts/login/").content


@pytest.mark.parametrize(
    ("address", "status"), [("/bad/", 400), ("/forbidden/", 403), ("/nowhere/", 404), ("/broken/", 500)]
)
def test_error_pages_are_pages_of_ours(browser, parse, address, status):
    response = browser.get(address)
    assert response.status_code == status
    assert parse(response).find(".//h1").text
    assert "Content-Security-Policy" in response.headers


@pytest.mark.parametrize("status", [403, 404, 409, 413, 422])
def test_a_refusal_has_its_page(rf, signer, parse, status):
    from django.http import HttpResponse
    from django.template.loader import render_to_string

    from qingyuan.kernel.errors import Problem, Refused

    request = rf.get("/")
    request.user = signer
    page = render_to_string(
        f"ui/errors/{status}.html", {"refusal": Refused("不成立", [Problem(HOSTILE)])}, request
    )
    assert "不成立" in page
    parse(HttpResponse(page))


def test_typed_text_never_becomes_markup(browser):
    page = browser.get("/everything/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_states_are_words_and_not_only_colours(browser, parse):
    tree = parse(browser.get("/everything/"))
    badges = tree.findall(".//span[@class='q-badge']")
    assert badges
    assert all("".join(badge.itertext()).strip() for badge in badges)
    deadline = tree.find(".//span[@class='q-due']")
    assert "".join(deadline.itertext()).strip() == "2022年6月22日 14:00还剩 2 天 5 小时"


def test_lists_are_paged_and_keep_the_other_parameters(browser, parse):
    tree = parse(browser.get("/everything/?page=2&sort=-name"))
    assert len(tree.findall(".//table[@class='table']/tbody/tr")) == 50
    assert tree.find(".//th[@aria-sort]").get("aria-sort") == "descending"
    assert tree.find(".//a[@rel='next']").get("href") == "?page=3&sort=-name"
    assert "共 120 条，本页第 51–100 条" in browser.get("/everything/?page=2").content.decode()
    assert browser.get("/everything/?page=none").status_code == 200


def test_menu_shows_what_the_reader_may_use_and_where_he_is(browser, parse):
    tree = parse(browser.get("/everything/"))
    side = tree.find(".//div[@class='q-side']/nav")
    assert ["".join(link.itertext()) for link in side.findall(".//a")] == ["零件"]
    assert side.find(".//a").get("aria-current") == "page"
    # The same menu folds into <details> on small screens, without scripts.
    assert tree.find(".//details[@class='q-fold']/nav//a").get("href") == "/everything/"


def test_demo_says_so_on_every_page(browser, settings):
    settings.QINGYUAN_DEMO = True
    assert "演示环境：数据均为演示 · 演示时钟" in browser.get("/everything/").content.decode()
    settings.QINGYUAN_DEMO = False
    assert "演示环境" not in browser.get("/everything/").content.decode()


def test_policy_allows_only_our_own_scripts_and_styles(browser):
    policy = browser.get("/everything/").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert browser.get("/everything/").headers["X-Content-Type-Options"] == "nosniff"


def test_language_switch_turns_the_page(browser):
    reply = browser.post("/i18n/setlang/", {"language": "en", "next": "/everything/"}, follow=True)
    assert '<html lang="en">' in reply.content.decode()
    assert settings.LANGUAGE_CODE == "zh-hans"
