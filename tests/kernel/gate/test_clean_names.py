"""File names made safe for every system, and still recognisable."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.kernel.gate.names import LONGEST, LONGEST_BYTES, clean_name, extension


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("实施方案（送审版）.docx", "实施方案（送审版）.docx"),
        ("2022+某某园区+管委会.zip", "2022+某某园区+管委会.zip"),
        ("C:\\Users\\a\\方案.docx", "方案.docx"),
        ("../../etc/passwd", "passwd"),
        ("a/b\\c.pdf", "c.pdf"),
        ("方案\u202excod.exe", "方案xcod.exe"),
        ("方\u200b案\x00\r\n.pdf", "方案.pdf"),
        ("e\u0301.pdf", "\u00e9.pdf"),
        ('a<b>:"|?*.pdf', "a_b______.pdf"),
        ("CON.docx", "_CON.docx"),
        ("nul", "_nul"),
        ("com1.a.pdf", "_com1.a.pdf"),
        ("LPT¹.pdf", "_LPT¹.pdf"),
        ("console.pdf", "console.pdf"),
        ("方案.docx...  ", "方案.docx"),
        (" .方案.docx", "方案.docx"),
        (".docx", "未命名.docx"),
        ("", "未命名"),
        ("...", "未命名"),
        ("a/", "未命名"),
        ("第1.2节 说明", "第1.2节 说明"),
    ],
)
def test_examples(name, clean):
    assert clean_name(name) == clean


def test_long_names_are_cut_and_keep_their_extension():
    assert clean_name("a" * 300 + ".docx") == "a" * 115 + ".docx"
    chinese = clean_name("长" * 300 + ".docx")
    assert chinese.endswith("长.docx")
    assert len(chinese.encode()) <= LONGEST_BYTES
    assert len(clean_name("a." + "b" * 500)) == LONGEST


@given(st.text(alphabet=st.characters() | st.sampled_from(list("./\\ \u202e:*con.nul")), max_size=400))
def test_any_text_becomes_a_safe_name(name):
    clean = clean_name(name)
    assert clean_name(clean) == clean
    assert 0 < len(clean) <= LONGEST
    assert len(clean.encode()) <= LONGEST_BYTES
    assert not set(clean) & set('/\\<>:"|?*')
    assert clean == clean.strip(" .")
    assert not any(unicodedata.category(mark) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for mark in clean)


@pytest.mark.parametrize(
    ("name", "last"), [("A.DOCX", "docx"), ("a", ""), (".pdf", "pdf"), ("a.tar.gz", "gz")]
)
def test_extension(name, last):
    assert extension(name) == last
