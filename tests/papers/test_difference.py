"""What changed between two texts: every word of both is there, and nothing typed becomes markup."""

from __future__ import annotations

import re
import time
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from qingyuan.papers.difference import compare, compare_html, lines


def test_only_the_changed_words_are_marked():
    found = compare_html("<p>基准年为2020年，节水300吨。</p>", "<p>基准年为2021年，节水350吨。</p>")
    assert found.html == (
        "<p>基准年为<del>2020</del><ins>2021</ins>年，节水<del>300</del><ins>350</ins>吨。</p>"
    )
    assert (found.put_in, found.taken_out) == (2, 2)


def test_blocks_put_in_and_taken_out_stand_as_a_whole():
    found = compare_html("<p>甲</p><p>乙</p>", "<p>甲</p><p>丙丁戊</p><p>乙</p>")
    assert found.html == "<p>甲</p><p><ins>丙丁戊</ins></p><p>乙</p>"


def test_tables_are_lines_of_cells_and_pictures_and_notes_have_names():
    table = "<table><tbody><tr><td><p>甲</p></td><td>1</td></tr></tbody></table>"
    assert lines(table)[0].startswith("甲")
    assert lines("<p>文<strong>字</strong></p><ul><li>一</li><li>二</li></ul>") == ["文字", "一", "二"]


def test_nothing_typed_becomes_markup():
    found = compare(["<script>alert(1)</script>"], ["<img src=x onerror=alert(1)>&"])
    assert re.sub(r"</?(?:p|ins|del)>", "", found.html).count("<") == 0


words = st.lists(
    st.text(alphabet="甲乙丙丁 ab12<>&", max_size=20).map(lambda t: " ".join(t.split())), max_size=6
)


@given(words, words)
def test_both_texts_can_be_read_back(old, new):
    old, new = [line for line in old if line], [line for line in new if line]
    html = compare(old, new).html

    def side(drop: str) -> list[str]:
        kept = re.sub(rf"<{drop}>.*?</{drop}>", "", html)
        found = [unescape(re.sub(r"</?(?:ins|del)>", "", part)) for part in re.findall(r"<p>(.*?)</p>", kept)]
        return [line for line in found if line]

    assert side("ins") == old
    assert side("del") == new


def test_a_long_chapter_and_a_hostile_one_are_fast():
    begun = time.perf_counter()
    compare([f"第{n}段文字内容" * 20 for n in range(400)], [f"第{n}段文字改动" * 20 for n in range(400)])
    compare(["ab" * 200_000], ["ba" * 200_000])
    assert time.perf_counter() - begun < 20
