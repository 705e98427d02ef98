"""Numbers written in Chinese say the same as their digits, wherever the checks meet them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qingyuan.pilots.selfcheck import numerals
from qingyuan.pilots.selfcheck.figures import figures

DIGITS = "零一二三四五六七八九"


def section(number: int) -> str:
    """1 to 9999, as schools teach it."""
    made, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            made += ("零" if gap else "") + DIGITS[digit] + name
            gap = False
        else:
            gap = bool(made)
    return made


def written(number: int) -> str:
    for size, name in ((10**8, "亿"), (10**4, "万")):
        if number >= size:
            high, low = divmod(number, size)
            made = written(high) + name
            return made + ("零" if 0 < low < size // 10 else "") + (written(low) if low else "")
    return section(number)


NUMBERS = st.one_of(
    st.integers(1, 99_999),
    st.integers(1, 10**12),
    st.tuples(st.integers(1, 9999), st.sampled_from([10, 100, 10**4, 10**7, 10**8])).map(
        lambda p: p[0] * p[1]
    ),
)


@given(NUMBERS)
@example(30_000_000)
@example(320)
@example(10**8)
@example(100_010_001)
def test_what_is_written_is_read(number):
    words = written(number)
    assert numerals.value_of(words) == number
    if 10 <= number < 20:
        assert numerals.value_of(words.removeprefix("一")) == number, "十二 as well as 一十二"
    if "二千" in words or "二百" in words:
        assert numerals.value_of(words.replace("二千", "两千").replace("二百", "两百")) == number


@given(
    st.integers(1, 9999),
    st.text("零一二三四五六七八九", min_size=1, max_size=4),
    st.sampled_from(["", "万", "亿"]),
)
def test_decimals(whole, rest, scale):
    digits = "".join(str(DIGITS.index(one)) for one in rest)
    size = {"": 1, "万": 10**4, "亿": 10**8}[scale]
    words = f"{written(whole)}点{rest}{scale}"
    assert numerals.value_of(words) == Decimal(f"{whole}.{digits}") * size
    assert numerals.step_of(words) == Decimal(size) / 10 ** len(rest)


@given(NUMBERS.filter(lambda n: n >= 10), st.sampled_from(["家", "吨", "元", "天", "千瓦时"]))
def test_words_and_digits_are_the_same_figure(number, unit):
    (said,) = figures(f"共{written(number)}{unit}。")
    (typed,) = figures(f"共{number}{unit}。")
    assert (said.value, said.unit, said.is_exact) == (typed.value, typed.unit, typed.is_exact)
    assert said.equals(typed.value)


@given(st.integers(1, 400))
def test_of_a_hundred(number):
    for text in (f"百分之{written(number)}", f"百分之{number}", f"{number}%"):
        (figure,) = figures(f"降低{text}。")
        assert (figure.value, figure.unit) == (number, "%")


@given(st.text(numerals.NUMERAL, max_size=12))
def test_any_row_of_signs_is_a_number_or_is_not_and_never_an_error(text):
    found = numerals.value_of(text)
    assert found is None or found > 0 or set(text) <= set("零〇点")


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("节水三千万吨", 30_000_000, "吨"),
        ("约三百二十家企业", 320, "个"),
        ("百分之十二", 12, "%"),
        ("千分之三", Decimal("0.3"), "%"),
        ("1.2万家企业", 12_000, "个"),
        ("投资3.5亿元", 350_000_000, "元"),
        ("投资三亿五千万元", 350_000_000, "元"),
        ("五千瓦时", 5, "千瓦时"),
        ("两千千瓦时", 2000, "千瓦时"),
        ("十二个月", 12, "月"),
        ("提高五个百分点", 5, "百分点"),
        ("一二〇家", 120, "个"),
    ],
)
def test_what_the_texts_of_plans_say(text, value, unit):
    (figure,) = figures(text)
    assert (figure.value, figure.unit) == (value, unit)


@pytest.mark.parametrize(
    "text",
    [
        "第三方水质检测", "三分之一元素", "每一家企业", "数十家企业", "上百家企业", "近百家企业", "三四十家", "三四家", "百家争鸣",
        "统一个标准", "两个方面", "三项任务", "“十四五”期间", "一家一策", "千家万户", "三十余家", "三百多家", "二〇二二年", "三万五吨",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_count_is_none(text):
    assert figures(text) == ()


def test_ranges_and_bounds_in_words_are_no_exact_statement():
    assert not figures("十至二十家")[0].is_exact
    assert not figures("不少于三十家")[0].is_exact
    assert not figures("百分之十到百分之二十")[1].is_exact
    assert not figures("三十家以上")[0].is_exact
    assert figures("约三百二十家")[0].is_about
