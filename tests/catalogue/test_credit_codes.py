"""统一社会信用代码: what is wrong with a code is said exactly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.catalogue.credit_code import ALPHABET, check, check_character, normalise

BODIES = st.tuples(
    st.text(ALPHABET, min_size=2, max_size=2),
    st.text("0123456789", min_size=6, max_size=6),
    st.text(ALPHABET, min_size=9, max_size=9),
).map("".join)


def test_the_example_of_the_standard():
    assert check("91350100M000100Y43") == []


@given(BODIES)
def test_a_code_with_its_check_character_holds(body):
    assert check(body + check_character(body)) == []


@given(BODIES, st.integers(0, 16), st.sampled_from(ALPHABET))
def test_one_wrong_character_never_passes(body, position, other):
    code = body + check_character(body)
    wrong = code[:position] + other + code[position + 1 :]
    assert (check(wrong) == []) is (wrong == code)


@given(BODIES)
def test_the_message_gives_the_right_check_character(body):
    right = check_character(body)
    for wrong in set(ALPHABET) - {right}:
        (problem,) = check(body + wrong)
        assert f"应为“{right}”" in problem
        assert f"实际为“{wrong}”" in problem


@given(BODIES)
def test_full_width_lower_case_and_spaces_are_forgiven(body):
    code = body + check_character(body)
    wide = "".join(chr(ord(character) + 0xFEE0) for character in code)
    assert normalise(wide) == code
    assert check(f" {code[:8].lower()}　{code[8:]}\n") == []


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("", ["为空"]),
        ("9135", ["应为 18 位，实际 4 位"]),
        ("91350I00M000100Y4O", ["第 6 位“I”", "是否应为 1", "第 18 位“O”", "是否应为 0"]),
        ("91350100M000100Y430", ["实际 19 位"]),
        ("91A50100M000100Y43", ["第 3 至 8 位", "行政区划码"]),
        ("9135010中M000100Y43", ["第 8 位“中”"]),
    ],
)
def test_problems_are_named_with_their_place(code, words):
    problems = "\n".join(check(code))
    for word in words:
        assert word in problems


@given(st.text())
def test_any_text_is_judged_without_an_error(text):
    assert isinstance(check(text), list)


def test_the_body_must_have_seventeen_characters():
    with pytest.raises(ValueError, match="17 位"):
        check_character("123")
