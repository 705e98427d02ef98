"""A verb's page says what it does and what it sends; a refusal keeps everything that was typed."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from qingyuan.kernel.models import LedgerEntry, Mail
from qingyuan.ui import navigation

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.ui.sample_urls")]


@pytest.fixture(autouse=True)
def no_menu(monkeypatch):
    monkeypatch.setattr(navigation, "_items", {})
    monkeypatch.setattr(navigation, "_identify", [])


@pytest.fixture
def address(mail):
    return f"/release/{mail.pk}/"


def hidden(tree, name):
    return tree.find(f".//main//form//input[@name='{name}']").get("value")


def test_page_says_what_will_be_sent_and_to_whom(browser, parse, address):
    tree = parse(browser.get(address))
    text = "".join(tree.find(".//main").itertext())
    for sentence in [
        "审发之后邮件进入待发送。",
        "这一步将发送以下邮件（1 封）",
        "演示收件单位",
        "通知 主题",
        "条款 H1",
    ]:
        assert sentence in text
    assert len(hidden(tree, "key")) == 32
    assert hidden(tree, "key") != hidden(parse(browser.get(address)), "key")
    assert hidden(tree, "revision") == "0"


def test_who_may_not_reads_why_and_gets_no_button(stranger, parse, address):
    client = Client(headers={"accept-language": "zh-CN"})
    client.force_login(stranger, backend="allauth.account.auth_backends.AuthenticationBackend")
    response = client.get(address)
    assert response.status_code == 403
    tree = parse(response)
    assert "只有签发人可以这样做" in "".join(tree.find(".//main").itertext())
    assert tree.find(".//main//form") is None
    refused = client.post(address, {"name": "我写的内容", "kind": "1"})
    assert refused.status_code == 403
    assert "我写的内容" in refused.content.decode()
    assert Mail.objects.get().stage == "draft"


def test_wrong_stage_is_a_conflict_not_a_missing_right(browser, address):
    Mail.objects.update(stage="queued")
    response = browser.get(address)
    assert response.status_code == 409
    assert "当前状态为“待发送”" in response.content.decode()


def test_success_goes_on_and_a_second_click_gets_the_same_answer(browser, mail, address):
    form = {"name": "名称", "kind": "1", "key": "k" * 32, "revision": "0"}
    first = browser.post(address, form)
    second = browser.post(address, form)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.url == second.url == f"/done/{mail.pk}/"
    assert LedgerEntry.objects.count() == 1


def test_refusal_keeps_the_input_and_stands_beside_its_field(browser, parse, address):
    upload = SimpleUploadedFile("a.pdf", b"x")
    response = browser.post(
        address, {"name": "重名", "kind": "2", "chapter": "<p>很长的一章</p>", "city": "1", "file": upload}
    )
    assert response.status_code == 422
    tree = parse(response)
    name = tree.find(".//input[@name='name']")
    assert name.get("value") == "重名"
    assert tree.find(".//input[@name='kind'][@checked]").get("value") == "2"
    assert tree.find(".//textarea[@name='chapter']").text.strip() == "<p>很长的一章</p>"
    assert tree.find(".//select/option[@selected]").get("value") == "1"
    assert "id_name_error" in name.get("aria-describedby").split()
    beside = "".join(tree.find(".//ul[@id='id_name_error']").itertext())
    assert beside == "名称已被使用；应为：不同的名称；改正办法：加上园区名"
    box = tree.find(".//div[@id='problems']")
    assert [link.get("href") for link in box.findall(".//a")] == ["/chapter/", "#id_name"]
    assert "请重新选择" in "".join(tree.find(".//main").itertext())


def test_invalid_form_is_422_with_all_errors_at_once(browser, parse, address):
    response = browser.post(address, {"name": "", "kind": "9"})
    assert response.status_code == 422
    links = parse(response).findall(".//div[@role='alert']//a")
    assert [link.get("href") for link in links] == ["#id_name", "#id_kind_0"] or [
        link.get("href") for link in links
    ] == ["#id_name", "#id_kind"]


def test_stale_page_is_told_and_can_be_sent_again(browser, parse, address):
    Mail.objects.update(revision=3)
    response = browser.post(address, {"name": "我的名称", "kind": "1", "revision": "0"})
    assert response.status_code == 409
    tree = parse(response)
    assert "已被他人更改" in "".join(tree.find(".//main").itertext())
    assert tree.find(".//input[@name='name']").get("value") == "我的名称"
    assert hidden(tree, "revision") == "3"
    assert browser.post(address, {"name": "我的名称", "kind": "1", "revision": "3"}).status_code == 302


def test_htmx_gets_the_part_and_its_redirect_by_header(browser, address):
    headers = {"HX-Request": "true"}
    part = browser.post(address, {"name": ""}, headers=headers)
    assert part.status_code == 422
    assert b"<html" not in part.content
    done = browser.post(address, {"name": "名称", "kind": "1"}, headers=headers)
    assert done.status_code == 204
    assert done.headers["HX-Redirect"].startswith("/done/")
