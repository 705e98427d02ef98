"""The pages of experts, mail and tokens, as their users meet them."""

from __future__ import annotations

import re
from datetime import date

import pytest

from qingyuan.kernel import todos
from qingyuan.kernel.models import ApiToken, Mail
from tests.people.pages import held_mail, post, url
from tests.people.strict import client_of, strict, words

pytestmark = pytest.mark.django_db


# --- experts


def rows(*declared, total=None):
    data = {"rows-TOTAL_FORMS": str(total or len(declared)), "rows-INITIAL_FORMS": "0", "truthful": "on"}
    for index, row in enumerate(declared):
        data |= {f"rows-{index}-{name}": value for name, value in row.items()}
    return data


def test_an_expert_declares_adds_rows_without_scripts_and_replaces(world):
    client = client_of(world.expert)
    address = url("interests")
    assert any(one.url == address for one in todos.of(world.expert))
    first = {"body_name": "演示·清洁生产咨询中心", "relation": "consulting", "until": ""}
    more = post(client, address, **rows(first), more="1")
    assert more.status_code == 200
    tree = strict(more)
    assert tree.find(".//input[@name='rows-0-body_name']").get("value") == first["body_name"]
    assert tree.find(".//input[@name='rows-2-body_name']") is not None
    second = {"body_name": "演示·未登记的公司", "relation": "kin", "until": "2023-01-01"}
    assert post(client, address, **rows(first, second, total=4)).status_code == 302
    expert = world.expert.expert
    declared = {one.relation: one for one in expert.interests.all()}
    assert declared["consulting"].organisation == world.service
    assert declared["kin"].body_name == "演示·未登记的公司"
    assert declared["kin"].until == date(2023, 1, 1)
    # The page shows what is declared; a ticked row goes, and the rest replaces the old declaration.
    assert "演示·未登记的公司" in client.get(address).content.decode()
    gone = {**second, "DELETE": "on"}
    assert post(client, address, **rows(first, gone)).status_code == 302
    assert expert.interests.get().relation == "consulting"
    world.expert.refresh_from_db()
    assert not any(one.url == address for one in todos.of(world.expert))


def test_a_half_row_is_named_and_nothing_is_declared(world):
    client = client_of(world.expert)
    answer = post(client, url("interests"), **rows({"body_name": "", "relation": "kin", "until": ""}))
    assert answer.status_code == 422
    assert "第 1 行 单位名称" in words(answer)
    without_promise = rows({"body_name": "某公司", "relation": "kin", "until": ""})
    del without_promise["truthful"]
    assert post(client, url("interests"), **without_promise).status_code == 422
    assert not world.expert.expert.interests.exists()


def test_no_interest_is_a_declaration_too(world):
    client = client_of(world.expert)
    assert post(client, url("interests"), **rows(total=2)).status_code == 302
    assert "没有利益关系" in words(client.get(url("interests")))


def test_who_is_no_expert_reads_how_to_become_one(world):
    client = client_of(world.park_handler)
    assert "您不在专家库中" in words(client.get(url("interests")))
    assert client.post(url("interests"), rows()).status_code == 404


def test_an_operator_enrols_an_expert(world):
    client = client_of(world.operator)
    said = words(post(client, url("enrol-expert"), email="nobody@example.org", code="E-001"))
    assert "没有邮箱为 nobody@example.org 的账号" in said
    assert "代码 E-001 已被使用" in said
    answer = post(
        client,
        url("enrol-expert"),
        email=world.consultant.email,
        code="E-002",
        employer=world.service.name,
        fields_of_work=["papermaking"],
    )
    assert answer.status_code == 302
    assert "E-002" in words(client.get(url("experts")))


# --- outbox


def test_the_outbox_lists_names_filters_and_opens(world):
    mail = held_mail(world, subject="一号演示邮件", body="您好：\n\n<b>正文</b>")
    client = client_of(world.park_handler)
    listed = words(client.get(url("outbox")))
    assert "一号演示邮件" in listed
    assert "待审发" in listed
    assert "没有符合条件的邮件" in words(client.get(url("outbox") + "?stage=sent&text=一号"))
    page = client.get(url("mail", mail))
    assert "<b>正文</b>" in words(page)
    assert "提交" in words(page)
    assert client_of(world.city_handler).get(url("mail", mail)).status_code == 404


def test_mail_to_a_mailbox_is_listed_by_the_body_s_name(world):
    assert "洛阳市生态环境局" in words(client_of(world.province_handler).get(url("outbox")))


def test_a_held_mail_waits_for_its_handlers_and_is_released_or_discarded(world):
    first, second = held_mail(world, subject="甲"), held_mail(world, subject="乙")
    assert [one.title for one in todos.of(world.park_handler) if one.kind == "邮件"] == ["审发 2 封待发邮件"]
    assert not [one for one in todos.of(world.park_reviewer) if one.kind == "邮件"]
    client = client_of(world.park_handler)
    shown = words(client.get(url("release-mail", first)))
    assert "演示正文" in shown
    assert post(client, url("release-mail", first)).status_code == 302
    assert post(client, url("discard-mail", second)).status_code == 302
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.stage, second.stage) == (Mail.Stage.QUEUED, Mail.Stage.DISCARDED)
    assert client.get(url("release-mail", second)).status_code == 409
    assert client_of(world.park_reviewer).get(url("release-mail", first)).status_code == 403
    assert not [one for one in todos.of(world.park_handler) if one.kind == "邮件"]


# --- tokens


def test_a_token_is_shown_once_and_kept_as_its_digest(world):
    client = client_of(world.park_handler)
    address = url("issue-token")
    form = strict(client.get(address)).find(".//form[@action='/tokens/issue/']")
    hidden = {one.get("name"): one.get("value") for one in form.iter("input") if one.get("type") == "hidden"}
    answer = client.post(address, {**hidden, "name": "演示程序", "days": "30"})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    secret = strict(answer).find(".//input[@id='secret']").get("value")
    token = ApiToken.objects.get()
    assert token.digest == ApiToken.digest_of(secret)
    assert strict(answer).find(".//button[@data-copy-from='#secret']") is not None
    again = client.post(address, {**hidden, "name": "演示程序", "days": "30"})
    assert again.status_code == 409
    assert "不会再次显示" in words(again)
    assert not re.search(r"qy_[\w-]{20}", again.content.decode() + client.get(url("tokens")).content.decode())
    assert ApiToken.objects.count() == 1
    assert "演示程序" in words(client.get(url("tokens")))
    assert client_of(world.park_lead).get(url("revoke-token", token)).status_code == 404
    assert post(client, url("revoke-token", token)).status_code == 302
    assert "已吊销" in words(client.get(url("tokens")))


def test_a_token_s_days_are_limited(world):
    answer = post(client_of(world.park_handler), url("issue-token"), name="演示程序", days="400")
    assert answer.status_code == 422
    assert not ApiToken.objects.exists()
