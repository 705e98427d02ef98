"""Quoted figures in Word files: a field carries which figure it is, whatever is typed into it."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest

from qingyuan.papers import quoting
from qingyuan.papers.carried import carried
from qingyuan.papers.plan_docx import write_plan
from qingyuan.papers.plan_read import read_plan
from tests.papers.libreoffice import needs_libreoffice, soffice
from tests.papers.test_word_round_trip import OUTLINE, back, plan_of

QUOTE = '<data data-quote="target:audit_days:value">120 天</data>'
TEXT = f'<p>缩短到{QUOTE}，<strong>再降{QUOTE}</strong>；见<a href="https://example.org/">{QUOTE}</a></p>'


def edited(docx: bytes, pattern: str, put: str, count: int = 1) -> io.BytesIO:
    """The file after somebody edited its text in Word."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "word/document.xml":
                text, found = re.subn(pattern, put, data.decode(), count=count)
                assert found == count
                data = text.encode()
            new.writestr(name, data)
    made.seek(0)
    return made


def test_a_quote_goes_out_as_a_field_with_its_figure_and_comes_back_as_the_same_quote():
    docx = write_plan(plan_of(TEXT))
    document = zipfile.ZipFile(io.BytesIO(docx)).read("word/document.xml").decode()
    assert document.count("DOCPROPERTY &quot;qingyuan:target:audit_days:value&quot;") == 3
    stated = zipfile.ZipFile(io.BytesIO(docx)).read("docProps/custom.xml").decode()
    assert "<vt:lpwstr>120 天</vt:lpwstr>" in stated, "updating the fields in Word shows the same"
    html = back(plan_of(TEXT)).chapters["place"]
    assert quoting.figures(html) == [("audit_days", "value", "120 天")] * 3
    assert carried(html) == carried(quoting.to_elements(TEXT))


def test_a_number_typed_over_in_word_is_still_the_quote_and_says_what_was_typed():
    reading = read_plan(edited(write_plan(plan_of(TEXT)), "120 天", "12,3 天"), OUTLINE)
    html = reading.chapters["place"]
    assert [said for _key, _field, said in quoting.figures(html)] == ["12,3 天", "120 天", "120 天"]
    assert carried(html) == carried(TEXT), "what it quotes has not changed"
    assert "12,3" not in quoting.unquoted(html, ())
    kept = quoting.unquoted(html, {0})
    assert kept.startswith("<p>缩短到12,3 天，<strong>再降<data")
    assert len(quoting.quoted(kept)) == 2


@pytest.mark.parametrize(
    "tag", ["qingyuan:javascript:x", "qingyuan:target:a b:value", "other:target:k:value", ""]
)
def test_a_field_of_somebody_else_is_only_its_text(tag):
    docx = write_plan(plan_of(f"<p>到{QUOTE}止</p>"))
    reading = read_plan(edited(docx, "qingyuan:target:audit_days:value", tag), OUTLINE)
    assert reading.chapters["place"] == "<p>到120 天止</p>"


def test_a_quote_in_a_title_above_a_table_stays_a_paragraph():
    text = f"<p>表：{QUOTE}</p><table><tbody><tr><td>{QUOTE}</td><td>a</td></tr></tbody></table>"
    assert carried(back(plan_of(text)).chapters["place"]) == carried(text)


@needs_libreoffice
def test_libreoffice_keeps_quotes_when_it_saves_the_file(tmp_path: Path):
    (tmp_path / "in").mkdir()
    path = tmp_path / "in" / "plan.docx"
    path.write_bytes(write_plan(plan_of(f"<p>缩短到{QUOTE}，很好。</p>", f"<ul><li>{QUOTE}</li></ul>")))
    saved = soffice(path, to="docx", folder=tmp_path)
    with saved.open("rb") as file:
        reading = read_plan(file, OUTLINE)
    for chapter in ("place", "industry"):
        assert quoting.figures(reading.chapters[chapter]) == [("audit_days", "value", "120 天")]
