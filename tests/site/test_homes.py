"""Each role's home: what waits, by deadline; and what to do next when nothing waits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import html5lib
import pytest

from qingyuan.kernel import clock, todos
from qingyuan.kernel.todos import ToDo

CHINESE = {"accept-language": "zh-hans"}


def home(client, user):
    client.force_login(user)
    response = client.get("/", headers=CHINESE)
    assert response.status_code == 200
    text = response.content.decode()
    html5lib.HTMLParser(strict=True).parse(text)
    return text


@pytest.mark.parametrize(
    ("person", "words", "where"),
    [
        ("park_reviewer", "没有待办事项", "/pilots/"),
        ("province_signer", "查看收件情况", "/received/"),
        ("prefecture_handler", "查看申报通知", "/calls/"),
        ("consultant", "查看可以编写的申报", "/pilots/"),
        ("expert", "申报利益关系", "/interests/"),
        ("stranger", "您的账号还没有加入任何单位", ""),
        ("state_signer", "没有待办事项", "/calls/"),
    ],
)
def test_nobody_meets_an_empty_page_without_a_next_step(client, world, person, words, where):
    text = home(client, world.people[person])
    assert words in text
    assert where in text


def test_the_operator_is_led_to_the_bodies(client, world):
    assert "/organisations/" in home(client, world.operator)


def test_an_applicant_is_led_to_the_open_call(client, world):
    text = home(client, world.city_handler)
    assert f"/calls/{world.call.pk}/apply/" in text


def test_after_the_deadline_nobody_is_sent_to_apply(client, world):
    with clock.at("2022-07-01T09:00:00+08:00"):
        text = home(client, world.city_handler)
    assert "/apply/" not in text
    assert "现在没有可以申报的通知" in text


def test_to_dos_stand_by_deadline_and_those_without_one_last(client, world, monkeypatch):
    soon = datetime(2022, 6, 21, tzinfo=UTC)
    rows = [
        ToDo("没有期限的事", "/c/"),
        ToDo("后天的事", "/b/", due=soon + timedelta(days=2)),
        ToDo("明天的事", "/a/", due=soon),
    ]
    monkeypatch.setattr(todos, "_sources", [])
    todos.register(lambda _user: rows)
    text = home(client, world.stranger)
    assert text.index("明天的事") < text.index("后天的事") < text.index("没有期限的事")


def test_my_bodies_show_every_role_i_hold(client, world):
    text = home(client, world.city_all)
    assert world.city.name in text
    assert "经办人、审核人、签发人" in text


def test_the_home_costs_the_same_with_more_pilots(client, world, maker, django_assert_max_num_queries):
    for name in ("甲", "乙", "丙"):
        maker("park", name=f"演示试点{name}")
    client.force_login(world.park_handler)
    client.get("/")
    with django_assert_max_num_queries(16):
        client.get("/")
