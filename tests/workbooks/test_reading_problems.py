"""Files as they really arrive: other encodings, moved headers, lost digits, merged cells."""

import datetime as dt
from decimal import Decimal

import pytest

from qingyuan.workbooks.read import read_table
from qingyuan.workbooks.schema import NA, Column, Table
from qingyuan.workbooks.scope import scope_table
from tests.workbooks.sheets import TABLE, book, csv_of, one, sheet_of


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_csv_in_any_usual_encoding_and_delimiter(encoding, mark):
    lines = [
        mark.join(cells)
        for cells in (["企业名称", "统一社会信用代码", "用水量（万t）"], ["某某“钢铁”公司", "91x", "1.50"])
    ]
    reading = read_table(csv_of(*lines, encoding=encoding), TABLE, name="f.csv")
    assert not reading.problems
    assert next(reading.rows()) == {
        "name": "某某“钢铁”公司",
        "code": "91X",
        "water": Decimal("1.50"),
        "count": None,
        "on": None,
        "sector": None,
    }


@pytest.mark.parametrize(
    "header", ["企业名称", " 企业 名称 * ", "单位名称", "name", "NAME", "企业名称（必填）"]
)
def test_headers_are_known_by_any_of_their_names(header):
    assert read_table(csv_of(f"{header},统一社会信用代码", "甲,1"), TABLE).columns["name"] == ["甲"]


@pytest.mark.parametrize("header", ["用水量", "用水量（万t）", "用水量(万ｔ)", "用水量【万t】", "water"])
def test_headers_with_and_without_their_unit(header):
    reading = read_table(csv_of(f"企业名称,统一社会信用代码,{header}", "甲,1,2"), TABLE)
    assert reading.columns["water"] == [2]
    assert reading.ok


def test_another_unit_in_the_header_is_an_error_because_numbers_would_be_wrong_by_powers_of_ten():
    reading = read_table(csv_of("企业名称,统一社会信用代码,用水量（t）", "甲,1,2"), TABLE)
    assert [(problem.column, problem.expected) for problem in reading.problems] == [
        ("C（用水量）", "单位为 万t")
    ]
    assert not reading.ok


def test_every_problem_at_once_and_exact_to_the_cell():
    reading = read_table(
        sheet_of(
            ["2022年演示表"],
            ["企业名称", "统一社会信用代码", "用水量", "人数", "投产日期", "行业", "多余列"],
            ["甲", "A1", "12吨", 3.5, "2022年2月30日", "钢鉄", "x"],
            [],
            ["", "A1", 0, 0, dt.date(2022, 6, 30), "焦化", ""],
        ),
        TABLE,
        name="企业.xlsx",
    )
    found = [
        (problem.row, problem.letter, problem.title, problem.value, problem.level)
        for problem in reading.problems
    ]
    assert found == [
        (2, "G", "", "多余列", "warning"),
        (3, "C", "用水量", "12吨", "error"),
        (3, "D", "人数", "3.5", "error"),
        (3, "E", "投产日期", "2022年2月30日", "error"),
        (3, "F", "行业", "钢鉄", "error"),
        (5, "A", "企业名称", "", "error"),
        (5, "B", "统一社会信用代码", "A1", "error"),
    ]
    assert str(reading.problems[1]) == (
        "企业.xlsx 工作表“演示表” 第3行 C（用水量）列：现为“12吨”，应为：数字，单位 万t。请只填数字，不带单位、“万”“约”等字样；单位以表头为准。"
    )
    assert "是否为“钢铁”" in reading.problems[4].mend
    assert reading.problems[6].mend == "与第 3 行重复，请删去或改正其中一行。"
    assert reading.header_row == 2
    assert list(reading.row_numbers) == [3, 5]


def test_blank_na_and_zero_are_three_different_things():
    reading = read_table(
        csv_of("企业名称,统一社会信用代码,用水量", "甲,1,", "乙,2,na", "丙,3,0", "丁,4,不适用"), TABLE
    )
    assert reading.columns["water"] == [None, NA, 0, NA]
    assert reading.ok


def test_na_is_refused_where_it_makes_no_sense():
    reading = read_table(csv_of("企业名称,统一社会信用代码", "NA,1"), TABLE)
    assert reading.problems[0].mend == "这一列不能填 na（不适用）。"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.1, "0.1"), (2.0, "2"), (123456.789, "123456.789"), (1e16, "1E+16"), ("1,234.50", "1234.50"),
        ("１２．５", "12.5"), (" 7 ", "7"), ("−3", "-3"), ("1e3", "1E+3"),
    ],
)  # fmt: skip
def test_numbers_keep_what_was_written(value, expected):
    number, problems = one("用水量", value)
    assert number == Decimal(expected)
    assert not problems


@pytest.mark.parametrize(
    "value",
    [
        "12%",
        "约5",
        "1.2万",
        "1,23",
        "--",
        "#DIV/0!",
        True,
        dt.date(2022, 1, 1),
        "1e999",
        "９" * 80,
        "nan",
        "inf",
    ],
)
def test_what_is_no_number_is_said_so(value):
    number, problems = one("用水量", value)
    assert number is None
    assert len(problems) == 1


@pytest.mark.parametrize(
    "value",
    [
        dt.date(2022, 6, 30),
        44742,
        "2022-6-30",
        "2022/06/30",
        "2022.6.30",
        "2022年6月30日",
        "20220630",
        20220630,
        "２０２２年６月３０日",
        "2022-06-30 00:00:00",
        " 2022 年 6 月 30 日 ",
    ],
)
def test_dates_in_every_usual_writing(value):
    assert one("投产日期", value) == (dt.date(2022, 6, 30), [])


@pytest.mark.parametrize("value", ["2022年6月", "2022-13-01", "昨天", 44742.5, "0001-01-01", True, -5])
def test_what_is_no_date_is_said_so(value):
    day, problems = one("投产日期", value)
    assert day is None
    assert len(problems) == 1


@pytest.mark.parametrize("value", [914100001234567890, "9.1410E+17"])
def test_a_credit_code_typed_as_a_number_has_lost_digits_and_the_message_says_so(value):
    reading = read_table(sheet_of(["企业名称", "统一社会信用代码"], ["甲", value]), TABLE)
    assert "丢失" in reading.problems[0].mend
    assert "文本" in reading.problems[0].mend
    assert reading.columns["code"] == [None]


def test_short_numeric_codes_are_taken_as_their_digits():
    assert read_table(sheet_of(["企业名称", "统一社会信用代码"], ["甲", 2522]), TABLE).columns["code"] == [
        "2522"
    ]


def test_missing_columns_and_missing_header():
    reading = read_table(csv_of("企业名称", "甲"), TABLE)
    assert [problem.title for problem in reading.problems] == ["统一社会信用代码"]
    lost = read_table(csv_of("一,二", "1,2"), TABLE, name="f.csv")
    assert "前 5 行内有表头" in str(lost.problems[0])


def test_doubled_columns_and_too_many_rows():
    reading = read_table(
        csv_of("企业名称,单位名称,统一社会信用代码", *(f"甲,乙,{number}" for number in range(60))), TABLE
    )
    assert [problem.expected for problem in reading.problems] == ["每列只出现一次", "不超过 50 行数据"]
    assert len(reading) == 50


def test_formulas_are_read_as_their_values():
    def fill(opened):
        sheet = opened.add_worksheet("演示表")
        sheet.write_row(0, 0, ["企业名称", "统一社会信用代码", "用水量"])
        sheet.write_row(1, 0, ["甲", "X"])
        sheet.write_formula(1, 2, "=1+1.5", None, 2.5)

    assert read_table(book(fill), TABLE).columns["water"] == [Decimal("2.5")]


def test_the_right_sheet_is_found_and_hidden_ones_are_left_alone():
    def fill(opened):
        opened.add_worksheet("封面").write(0, 0, "说明文字")
        hidden = opened.add_worksheet("藏")
        hidden.write_row(0, 0, ["企业名称", "统一社会信用代码"])
        hidden.hide()
        opened.add_worksheet("数据").write_row(0, 0, ["企业名称", "统一社会信用代码"])
        opened.get_worksheet_by_name("数据").write_row(1, 0, ["甲", "1"])

    reading = read_table(book(fill), TABLE)
    assert reading.sheet == "数据"
    assert reading.columns["name"] == ["甲"]
    assert "其余 2 个工作表（含隐藏的）未读取" in reading.notes[0]


def test_merged_sub_headings_are_skipped_and_merged_values_explained():
    def fill(opened):
        sheet = opened.add_worksheet("演示表")
        sheet.write_row(0, 0, ["企业名称", "统一社会信用代码", "用水量"])
        sheet.merge_range(1, 0, 1, 2, "一、钢铁企业")
        sheet.merge_range(2, 0, 3, 0, "甲")
        sheet.write(2, 1, "1")
        sheet.write(3, 1, "2")
        sheet.write(4, 0, "   ")

    reading = read_table(book(fill), TABLE)
    assert list(reading.row_numbers) == [3, 4]
    assert "跳过了 1 个" in reading.notes[0]
    assert [(problem.row, "合并的单元格" in problem.mend) for problem in reading.problems] == [(4, True)]


def test_a_huge_cell_is_an_error_of_that_cell():
    reading = read_table(csv_of("企业名称,统一社会信用代码", f"{'长' * 5000},1"), TABLE)
    assert reading.problems[0].expected == "不超过 30 字"
    assert len(reading.problems[0].value) <= 60
    assert "引号" in str(
        read_table(csv_of("企业名称,统一社会信用代码", f'"{"长" * 200_000},1'), TABLE).problems[0]
    )


@pytest.mark.parametrize("title", [column.title_zh for column in TABLE.columns])
@pytest.mark.parametrize(
    "bulk", ["(" * 32_000, "," * 32_000, "9" * 32_000, "2" + " " * 32_000 + "x", "年" * 32_000, ":c " * 9000]
)
def test_bulky_nonsense_is_answered_without_quadratic_patterns(title, bulk):
    # Not timed: a quadratic pattern would take minutes here and be noticed.
    assert read_table(sheet_of(["企业名称", "统一社会信用代码", title], ["甲", "1", bulk]), TABLE).problems
    assert read_table(sheet_of([bulk, "企业名称", "统一社会信用代码"], ["甲", "1", "2"]), TABLE).problems


def check(code):
    return [] if len(code) == 18 else ["18 位的统一社会信用代码"]


def test_the_scope_of_a_pilot():
    table = scope_table(check_code=check, sectors=["钢铁", "焦化"])
    reading = read_table(
        csv_of(
            "企业名称,信用代码,行业代码,行业",
            "某某公司（演示）,91410000ma3x00000x,2522,焦化",
            "乙,123,C25,造纸",
        ),
        table,
    )
    assert next(reading.rows())["code"] == "91410000MA3X00000X"
    assert [(problem.row, problem.title, problem.expected) for problem in reading.problems] == [
        (3, "统一社会信用代码", "18 位的统一社会信用代码"),
        (3, "所属行业", "以下之一：钢铁、焦化"),
    ]
    assert table.max_rows == 5000


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Column(name="a", title_zh="甲", kind="choice"),
        lambda: Column(name="a", title_zh="甲", choices=("x",)),
        lambda: Table(name="t", title="t", columns=()),
        lambda: Table(name="t", title="t", columns=(Column(name="a", title_zh="甲"),), key=("b",)),
        lambda: Table(
            name="t", title="t", columns=(Column(name="a", title_zh="甲"), Column(name="b", title_zh="甲"))
        ),
    ],
)
def test_a_schema_that_does_not_hold_together_is_refused(wrong):
    with pytest.raises(ValueError, match=r"column|table"):
        wrong()
