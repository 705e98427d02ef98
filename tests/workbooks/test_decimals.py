"""A column of numbers reads as exact decimals and gives back the very floats of the file."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from qingyuan.workbooks.decimals import Decimals
from qingyuan.workbooks.schema import NA
from tests.workbooks.sheets import sheet_of

FLOATS = st.lists(st.floats(-1e15, 1e15, allow_nan=False), min_size=1, max_size=30)


@given(FLOATS)
def test_an_item_is_the_decimal_of_the_shortest_text_and_the_float_comes_back(floats):
    column = Decimals(floats)
    assert [float(one) for one in column] == floats
    assert all(str(float(one)) == str(found) for one, found in zip(column, floats, strict=True))
    assert column == [Decimal(repr(one).removesuffix(".0")) for one in floats]
    assert len(column) == len(floats)
    assert column[-1] == column[len(floats) - 1]
    assert list(column[1:]) == list(column)[1:]


def test_nothing_is_missing_in_it():
    column = Decimals([1.0, 0.0, 2.5])
    assert None not in column
    assert NA not in column
    assert Decimal("2.5") in column
    assert Decimal(3) not in column
    assert column != [Decimal(1)]
    assert str(list(column)) == "[Decimal('1'), Decimal('0'), Decimal('2.5')]"


def test_a_file_of_numbers_is_read_without_making_a_decimal():
    from qingyuan.workbooks.read import read_table
    from qingyuan.workbooks.schema import Column, Table

    table = Table(
        name="t", title="演示", columns=(Column(name="x", title_zh="用水量", kind="decimal", required=True),)
    )
    found = read_table(sheet_of(["用水量"], [1.5], [0.1]), table).columns["x"]
    assert isinstance(found, Decimals)
    assert "_items" not in vars(found)
    assert list(found) == [Decimal("1.5"), Decimal("0.1")]
