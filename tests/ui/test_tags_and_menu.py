from __future__ import annotations

from datetime import UTC, date, datetime
from typing import ClassVar

import pytest
from django.utils import translation

from qingyuan.kernel import clock
from qingyuan.ui import navigation
from qingyuan.ui.templatetags import ui

DEADLINE = datetime(2022, 6, 30, 10, 0, tzinfo=UTC)


def test_an_instant_is_read_in_shanghai():
    assert ui.local(DEADLINE) == '<time datetime="2022-06-30T10:00:00Z">2022年6月30日 18:00</time>'
    assert "18:00:00" in ui.local(DEADLINE, "s")
    assert ui.local(date(2022, 7, 10)) == '<time datetime="2022-07-10">2022年7月10日</time>'
    assert ui.local(None) == "—"
    with translation.override("en"):
        assert "30 Jun 2022 18:00" in ui.local(DEADLINE)


@pytest.mark.parametrize(
    ("now", "tone", "words"),
    [
        ("2022-06-20T18:00:00+08:00", "info", "还剩 10 天"),
        ("2022-06-28T12:00:00+08:00", "warn", "还剩 2 天 6 小时"),
        ("2022-06-30T16:30:00+08:00", "bad", "还剩 1 小时 30 分"),
        ("2022-06-30T17:59:59+08:00", "bad", "还剩 0 分 1 秒"),
        ("2022-06-30T18:00:00+08:00", "past", "已截止"),
    ],
)
def test_a_deadline_says_how_long(now, tone, words):
    with clock.at(now):
        shown = ui.deadline(DEADLINE)
    assert f'data-tone="{tone}"' in shown
    assert words in shown
    assert 'data-deadline="2022-06-30T10:00:00Z"' in shown


@pytest.mark.parametrize(
    ("size", "words"), [(0, "0 B"), (1023, "1023 B"), (1536, "1.5 KB"), (50 * 1024**2, "50.0 MB")]
)
def test_bytes_as_people_read_them(size, words):
    assert ui.bytes_zh(size) == words


def test_a_badge_escapes_its_text_and_knows_its_tones():
    assert ui.badge("<b>", "bad") == '<span class="q-badge" data-tone="bad">&lt;b&gt;</span>'
    assert 'data-tone="neutral"' in ui.badge("x", '"onclick')


class TestMenu:
    items: ClassVar = [
        navigation.Item("项目", "account_email", order=2, group="甲"),
        navigation.Item("首页", "account_login", order=1),
        navigation.Item("密件", "account_logout", visible=lambda user: user == "chief", group="甲"),
    ]

    @pytest.fixture(autouse=True)
    def registered(self, monkeypatch, settings):
        settings.ROOT_URLCONF = "tests.ui.sample_urls"
        monkeypatch.setattr(navigation, "_items", {})
        navigation.register(*self.items)

    def test_groups_stand_in_the_order_of_their_first_entry(self):
        groups = navigation.groups("side", user="clerk", path="/nowhere/")
        assert [(group.title, [entry.title for entry in group.entries]) for group in groups] == [
            ("", ["首页"]),
            ("甲", ["项目"]),
        ]

    def test_only_visible_entries_are_shown(self):
        titles = [entry.title for entry in navigation.entries("side", user="chief", path="/")]
        assert "密件" in titles

    def test_the_longest_address_is_current(self):
        entries = navigation.entries("side", user="clerk", path="/accounts/email/confirm/")
        assert [entry.title for entry in entries if entry.current] == ["项目"]

    def test_registering_again_replaces(self):
        navigation.register(navigation.Item("新名", "account_login", order=1))
        assert [item.title for item in navigation.items("side")].count("首页") == 0
