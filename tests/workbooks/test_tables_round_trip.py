"""What is written is read back equal, blank, na and zero kept apart, and no text turns into a formula."""

import datetime as dt
import io
import zipfile
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingyuan.workbooks.problems import Problem, letter
from qingyuan.workbooks.read import read_table
from qingyuan.workbooks.schema import NA, Column, Table
from qingyuan.workbooks.scope import scope_table
from qingyuan.workbooks.write import write_csv, write_marked, write_table, write_template

TABLE = Table(
    name="demo",
    title="演示表",
    columns=(
        Column(name="name", title_zh="企业名称", longest=40_000),
        Column(name="code", title_zh="代码", kind="code"),
        Column(name="count", title_zh="人数", kind="integer", unit="人"),
        Column(name="water", title_zh="用水量", kind="decimal", unit="万t"),
        Column(name="on", title_zh="投产日期", kind="date"),
        Column(name="sector", title_zh="行业", kind="choice", choices=("钢铁", "焦化", "有色金属")),
    ),
)

# What Excel itself cannot keep, and what the reader trims, is no part of the promise.
plain = st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co", "Zs", "Zl", "Zp", "Cf"])
text = st.builds(
    "".join, st.tuples(st.sampled_from(["", "=", "+", "-", "@", "'", "'=", "＝"]), st.text(plain, min_size=1))
)
NA_LIKE = {"na", "n/a", "不适用"}
ERRORS = {"#N/A"}
row = st.fixed_dictionaries(
    {
        "name": st.none()
        | st.just(NA)
        | text.filter(
            lambda value: value.casefold() not in NA_LIKE and value.strip() == value and value not in ERRORS
        ),
        "code": st.none() | st.from_regex(r"[0-9]{1,6}[A-Z]{0,2}|0{3}[0-9]{12,15}", fullmatch=True),
        "count": st.none() | st.just(NA) | st.integers(-(10**17), 10**17),
        "water": st.none()
        | st.just(NA)
        | st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=5),
        "on": st.none() | st.just(NA) | st.dates(dt.date(1900, 3, 1), dt.date(2199, 12, 31)),
        "sector": st.none() | st.just(NA) | st.sampled_from(("钢铁", "焦化", "有色金属")),
    }
)


def filled(rows):
    return [row for row in rows if any(value is not None for value in row.values())]


@settings(max_examples=60, deadline=None)
@given(st.lists(row, min_size=1, max_size=8).filter(filled))
def test_xlsx_reads_back_as_written(rows):
    target = io.BytesIO()
    write_table(target, TABLE, rows, title="演示数据", subtitle="生成于演示")
    reading = read_table(target, TABLE, name="演示.xlsx")
    assert not reading.problems
    assert list(reading.rows()) == filled(rows)
    assert reading.header_row == 3


@settings(max_examples=60, deadline=None)
@given(st.lists(row, min_size=1, max_size=8).filter(filled))
def test_csv_reads_back_as_written(rows):
    target = io.BytesIO()
    write_csv(target, TABLE, rows)
    reading = read_table(target, TABLE, name="演示.csv")
    assert not reading.problems
    assert list(reading.rows()) == filled(rows)


@pytest.mark.parametrize(
    "hostile",
    [
        "=cmd()",
        "+1+1",
        "-2",
        "@SUM(A1)",
        "\tx",
        "\r=1",
        '=HYPERLINK("http://evil")',
        "http://example.org",
        "＝1+1",
    ],
)
def test_no_text_becomes_a_formula_or_a_link(hostile):
    for write in (write_table, write_csv):
        target = io.BytesIO()
        write(target, TABLE, [{"name": hostile}])
        if write is write_table:
            sheets = zipfile.ZipFile(target)
            xml = b"".join(sheets.read(name) for name in sheets.namelist() if "worksheets" in name)
            assert b"<f>" not in xml
            assert b"<hyperlink" not in xml
        else:
            cell = target.getvalue().decode("utf-8-sig").splitlines()[1].strip('"')
            assert cell[0] not in "=+-@\t\r＝"
        assert read_table(target, TABLE).columns["name"] == [hostile.strip()]


def test_same_rows_same_bytes():
    one, two = io.BytesIO(), io.BytesIO()
    write_table(one, TABLE, [{"name": "甲"}])
    write_table(two, TABLE, [{"name": "甲"}])
    assert one.getvalue() == two.getvalue()


def test_a_value_too_long_for_a_cell_is_cut_and_says_so():
    target = io.BytesIO()
    write_table(target, TABLE, [{"name": "长" * 50_000}])
    assert read_table(target, TABLE).columns["name"][0].endswith("已截断）")


def test_numbers_beyond_excel_keep_every_digit():
    target = io.BytesIO()
    write_table(target, TABLE, [{"count": 12345678901234567, "water": Decimal("0.12345678901234567891")}])
    assert next(read_table(target, TABLE).rows())["water"] == Decimal("0.12345678901234567891")
    assert next(read_table(target, TABLE).rows())["count"] == 12345678901234567


def test_a_template_is_empty_until_filled_and_carries_drop_downs_and_notes():
    table = scope_table(check_code=lambda _code: [], sectors=[f"演示行业{number:03}" for number in range(60)])
    target = io.BytesIO()
    write_template(
        target, table, [{"name": "某某公司（演示）", "code": "91410000MA3X00000X", "sector": "演示行业001"}]
    )
    reading = read_table(target, table)
    assert [problem.expected for problem in reading.problems] == ["至少一行数据"]
    archive = zipfile.ZipFile(target)
    assert b"dataValidation" in archive.read("xl/worksheets/sheet1.xml")
    strings = archive.read("xl/sharedStrings.xml").decode()
    assert "示例（不会被读取）" in strings
    assert "演示行业059" in strings


def test_the_marked_file_shows_each_problem_where_it_is():
    reading = read_table("企业名称,人数\n甲,十二\n乙,3\n".encode(), TABLE, name="演示.csv")
    assert not reading.ok
    target = io.BytesIO()
    write_marked(target, reading.cells, reading.problems, sheet="演示表")
    archive = zipfile.ZipFile(target)
    assert "应为：整数，单位 人" in archive.read("xl/comments1.xml").decode()
    assert b'ref="B2"' in archive.read("xl/comments1.xml")
    assert b"FFFFC7CE" in archive.read("xl/styles.xml")
    again = read_table(target, TABLE)
    assert again.columns["name"] == ["甲", "乙"]
    assert again.columns["count"] == [None, 3]


def test_a_marked_file_of_every_kind_of_cell():
    cells = [
        ["企业名称", "投产日期"],
        ["=1", dt.date(2022, 1, 2)],
        [True, dt.datetime(2022, 1, 2, 3, 4)],  # noqa: DTZ001
        [1.5, dt.time(1, 2)],
        ["", dt.timedelta(1)],
    ]
    problems = [
        Problem(file="f", expected="e", mend="m", row=5, letter="A", level="warning"),
        Problem(file="f", expected="e", mend="m"),
    ]
    target = io.BytesIO()
    write_marked(target, cells, problems)
    assert read_table(target, TABLE).columns["name"][:3] == ["=1", "是", "1.5"]


def test_column_letters():
    assert [letter(index) for index in (0, 25, 26, 701, 702, 16383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]


def test_members_of_a_family_with_a_unit_come_back_under_their_names():
    """Written 汇入浓度：氨氮（mg/L）, typed 汇入浓度（mg/L）：氨氮 or bare: the same column."""
    table = Table(
        name="t",
        title="表",
        columns=(Column(name="a", title_zh="甲"),),
        families=(Column(name="conc", title_zh="汇入浓度", kind="decimal", unit="mg/L"),),
    )
    rows = [{"a": "x", "conc:氨氮": 3}]
    full = table.with_members([table.member("conc:氨氮")])
    target = io.BytesIO()
    write_csv(target, full, rows)
    assert list(read_table(target.getvalue(), table, name="t.csv").columns) == ["a", "conc:氨氮"]
    for header in ("汇入浓度（mg/L）：氨氮", "汇入浓度：氨氮", "conc:氨氮", "汇入浓度：氨氮 [mg/l]"):
        read = read_table(f"甲,{header}\nx,3\n".encode(), table, name="t.csv")
        assert read.ok
        assert read.columns["conc:氨氮"] == [3]
    assert table.member("汇入浓度：总氮(以N计)").name == "conc:总氮(以N计)"
