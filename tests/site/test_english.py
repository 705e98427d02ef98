"""Public pages and the shell promise English: no string of theirs is untranslated."""

from __future__ import annotations

import gettext
import io
import re

import pytest

from qingyuan.site import messages


def test_nothing_of_ui_and_site_is_untranslated():
    assert messages.problems() == [], "translate in src/qingyuan/locale/en, then `qingyuan messages`"


def test_the_scan_sees_templates_and_code():
    found = {message for _place, message in messages.promised()}
    assert {"登录", "待办", "条款对照表", "没有待办事项", "%(counter)s 项测试"} <= found


def test_the_scan_reads_every_kind_of_message():
    text = (
        '{% translate "甲" as a %}{% blocktranslate count n=rows|length trimmed %}\n  {{ n }} 项\n'
        '{% plural %}{{ n }} 项们{% endblocktranslate %}{% card _("乙") %}{{ _("丙")|upper }}'
    )
    assert [message for _line, message in messages.of_template(text)] == [
        "甲",
        "%(n)s 项",
        "%(n)s 项们",
        "乙",
        "丙",
    ]
    code = 'x = _("甲")\ny = pgettext_lazy("kind", "乙")\nz = gettext(name)'
    assert [message for _line, message in messages.of_python(code)] == ["甲", "乙"]


def test_our_mo_files_are_what_gettext_reads():
    data = messages.mo_bytes(
        {
            "": "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n",
            "一": "one",
            "%d 份\x00%d 份": "%d copy\x00%d copies",
            "无": "",
        }
    )
    catalogue = gettext.GNUTranslations(io.BytesIO(data))
    assert catalogue.gettext("一") == "one"
    assert catalogue.ngettext("%d 份", "%d 份", 3) == "%d copies"
    assert catalogue.gettext("无") == "无"


@pytest.mark.parametrize("path", ["/", "/clauses/", "/ledger/", "/ledger/check/", "/notices/"])
def test_the_frame_of_a_public_page_in_english_holds_no_chinese(client, db, path):
    """What notices say stays Chinese; headings, menus and buttons do not."""
    text = client.get(path, headers={"accept-language": "en"}).content.decode()
    frame = re.findall(r"<(?:h1|h2|button|th)\b[^>]*>(.*?)</(?:h1|h2|button|th)>", text, re.DOTALL)
    frame += re.findall(r"<(?:header|footer)\b.*?</(?:header|footer)>", text, re.DOTALL)
    shown = [re.sub(r"<[^>]*>", " ", piece).replace("中文", "") for piece in frame]
    assert [piece for piece in shown if re.search(r"[\u3400-\u9fff]", piece)] == []
