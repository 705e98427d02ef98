"""Every room with pages promises English: no string of theirs is untranslated."""

from __future__ import annotations

import gettext
import re

import pytest
from django.utils.translation.template import templatize

from qingyuan.site import messages


def test_nothing_of_the_promised_rooms_is_untranslated():
    assert {"pilots", "calls", "people", "api", "audits", "registry", "review"} <= set(messages.PROMISED)
    assert messages.problems() == [], "translate in src/qingyuan/locale/en, then `qingyuan messages`"


def test_the_scan_sees_templates_and_code():
    found = {
        words
        for _file, _line, message, _context in messages.promised()
        for words in ([message] if isinstance(message, str) else message)
    }
    assert {
        "登录",
        "待办",
        "条款对照表",
        "没有待办事项",
        "%(counter)s 项测试",
        "继续填写：%(title)s",
        "已送审",
    } <= found


def test_the_scan_reads_every_kind_of_message():
    text = (
        '{% translate "甲" as a %}{% blocktranslate count n=rows|length trimmed %}\n  {{ n }} 项\n'
        '{% plural %}{{ n }} 项们{% endblocktranslate %}{% card _("乙") %}{{ _("丙")|upper }}'
    )
    found = [message for _line, message, _context in messages.messages_of(templatize(text))]
    assert found == ["甲", ("%(n)s 项", "%(n)s 项们"), "乙", "丙"]
    code = 'x = _("甲")\ny = pgettext_lazy("kind", "乙")\nz = gettext(name)'
    found = [(message, context) for _line, message, context in messages.messages_of(code)]
    assert found == [("甲", None), ("乙", "kind")]


def test_what_is_compiled_is_what_gettext_reads():
    for path in messages.compile_all():
        with path.open("rb") as handle:
            catalogue = gettext.GNUTranslations(handle)
        assert catalogue.gettext("登录") == "Sign in"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/clauses/",
        "/ledger/",
        "/ledger/check/",
        "/notices/",
        "/statistics/",
        "/honours/",
        "/cases/",
        "/passed/",
    ],
)
def test_the_frame_of_a_public_page_in_english_holds_no_chinese(client, db, path):
    """What notices say stays Chinese; headings, menus and buttons do not."""
    client.cookies["django_language"] = "en"
    text = client.get(path).content.decode()
    frame = re.findall(r"<(?:h1|h2|button|th)\b[^>]*>(.*?)</(?:h1|h2|button|th)>", text, re.DOTALL)
    frame += re.findall(r"<(?:header|footer)\b.*?</(?:header|footer)>", text, re.DOTALL)
    shown = [re.sub(r"<[^>]*>", " ", piece).replace("中文", "") for piece in frame]
    assert [piece for piece in shown if re.search(r"[\u3400-\u9fff]", piece)] == []
