"""The performance sheet: what goes out comes back the same; sums, codes and enterprises are checked to the cell."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from qingyuan.catalogue.performance import QUANTITIES, layout_for, layouts
from qingyuan.workbooks.performance import SchemeRow, export_rows, performance_table, understand
from qingyuan.workbooks.performance_doubts import doubts_of
from qingyuan.workbooks.read import read_table
from qingyuan.workbooks.schema import NA
from qingyuan.workbooks.write import write_csv, write_table

LAYOUT = layouts()["seen-21"]
KNOWN = {"91410300000000001X": "演示甲有限公司", "91410300000000002X": "演示乙（洛阳）有限公司"}
FIRST, SECOND = KNOWN


def read(source, *, only="", layout=LAYOUT):
    return understand(
        read_table(source, performance_table(layout), name="表.xlsx"), layout, known=KNOWN, only=only
    )


def book(*rows, header=None):
    target = io.BytesIO()
    made = xlsxwriter.Workbook(target)
    sheet = made.add_worksheet("Sheet1")
    header = header or [
        "企业名称",
        "序号",
        "项目名称",
        "项目内容",
        "投资额(万元)",
        "经济效益(万元)",
        "节电(万kWh)",
        "折标煤(t)",
        "CO2(t)",
    ]
    for number, row in enumerate([header, *rows]):
        sheet.write_row(number, 0, row)
    made.close()
    return target.getvalue()


def test_the_layout_has_the_21_columns_in_their_order():
    assert [column.title for column in LAYOUT.columns] == [
        "序号", "项目名称", "项目内容", "投资额", "经济效益", "节电", "折标煤", "CO2", "原辅料", "节水", "COD",
        "氨氮", "烟尘", "粉尘", "SO2", "NOx", "VOC", "固废", "废液", "重金属", "其他",
    ]  # fmt: skip
    assert layout_for("410000", on=LAYOUT.valid_from) is LAYOUT
    assert not LAYOUT.verified
    assert "自拟" in LAYOUT.cost_classes.source


numbers = st.decimals(
    min_value=Decimal(0), max_value=Decimal(10) ** 8, places=6, allow_nan=False, allow_infinity=False
).map(lambda value: value.normalize() + 0)
figure = st.one_of(st.none(), st.just(NA), st.just(Decimal(0)), numbers)
words = st.text(
    st.characters(categories=("L", "N", "P", "S", "Zs"), exclude_characters="\x00"), min_size=1, max_size=30
).map(lambda text: " ".join(text.split()))
titles = words.filter(
    lambda text: (
        text
        and not text.endswith(("计", "计:", "计："))
        and text.casefold() not in {"na", "n/a", "不适用"}
        and not text.startswith(("#", "'"))
    )
)


@st.composite
def sheets(draw):
    count = draw(st.integers(1, 6))
    rows = []
    taken = {}
    for _ in range(count):
        code, kind = draw(st.sampled_from(list(KNOWN))), draw(st.sampled_from(["low", "high"]))
        number = taken[code, kind] = taken.get((code, kind), 0) + 1
        figures = {name: draw(figure) for name in draw(st.sets(st.sampled_from(list(QUANTITIES))))}
        rows.append(
            SchemeRow(
                enterprise_code=code, kind=kind, number=number, title=draw(titles),
                figures={**dict.fromkeys(QUANTITIES), **figures},
            )
        )  # fmt: skip
    return rows


@settings(max_examples=40, deadline=None)
@given(sheets(), st.booleans())
def test_what_is_exported_reads_back_the_same(rows, as_csv):
    lines = export_rows(LAYOUT, [(KNOWN[row.enterprise_code], row) for row in rows])
    target = io.BytesIO()
    (write_csv if as_csv else write_table)(target, performance_table(LAYOUT), lines)
    found = read(target.getvalue())
    assert [str(one) for one in found.errors] == []
    assert [(row.enterprise_code, row.code, row.title) for row in found.rows] == [
        (row.enterprise_code, row.code, row.title) for row in rows
    ]
    for was, became in zip(rows, found.rows, strict=True):
        assert dict(became.figures) == dict(was.figures)


def test_an_export_never_holds_a_formula():
    row = SchemeRow(
        enterprise_code=FIRST, kind="low", number=1, title="=cmd|'/c calc'!A1", content="+1", figures={}
    )
    lines = export_rows(LAYOUT, [("@甲", row)])
    target = io.BytesIO()
    write_table(target, performance_table(LAYOUT), lines)
    import zipfile

    with zipfile.ZipFile(target) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    target = io.BytesIO()
    write_csv(target, performance_table(LAYOUT), lines)
    text = target.getvalue().decode("utf-8-sig")
    assert "'=cmd" in text
    assert "'+1" in text
    assert "'@甲" in text


def test_blank_na_and_zero_are_three_things():
    found = read(book(["演示甲有限公司", "WD1", "甲", "", 1, "", "na", 0, ""]))
    (row,) = found.rows
    assert row.figures["benefit_wan_cny"] is None
    assert row.figures["electricity_wan_kwh"] is NA
    assert row.figures["coal_tce"] == 0
    assert "water_t" not in row.figures  # the file has no such column


def test_everything_wrong_is_said_at_once_with_its_cell():
    found = read(
        book(
            ["演示丙", "WD1", "甲", "", 1],
            ["演示甲有限公司", "W1", "乙", "", 1],
            ["演示甲有限公司", "WD2", "", "", 1],
            ["演示甲有限公司", "WD3", "丁", "", -1],
            ["演示甲有限公司", "WD4", "戊", "", "约三万"],
            ["演示甲有限公司", "", "己", "", ""],
            ["演示甲有限公司", "WD5", "庚", "", 1],
            ["演示甲有限公司", "WD05", "辛", "", 1],
        )
    )
    assert not found.ok
    assert found.rows == ()
    assert [(one.row, one.letter) for one in found.errors] == [
        (2, "A"), (3, "B"), (4, "C"), (5, "E"), (6, "E"), (7, "B"), (9, "B"),
    ]  # fmt: skip
    assert found.problem_count == 7


def test_sums_are_checked_and_are_no_schemes():
    rows = [["演示甲有限公司", "WD1", "甲", "", 1.1, 2], ["演示甲有限公司", "WD2", "乙", "", 2.2, 3]]
    good = read(
        book(
            *rows,
            ["", "小计", "", "", 3.3, 5],
            ["演示甲有限公司", "ZG1", "丙", "", 90, ""],
            ["", "", "合　计", "", 93.3, 5],
        )
    )
    assert good.ok, [str(one) for one in good.errors]
    assert len(good.rows) == 3
    wrong = read(book(*rows, ["", "合计", "", "", 3.4, 6]))
    assert [(one.row, one.letter, one.expected) for one in wrong.errors] == [
        (4, "E", "以上各行之和 3.3"),
        (4, "F", "以上各行之和 5"),
    ]


def test_a_sum_rounded_as_it_is_shown_is_right():
    rows = [["演示甲有限公司", "WD1", "甲", "", 1.04], ["演示甲有限公司", "WD2", "乙", "", 2.03]]
    assert read(book(*rows, ["", "合计", "", "", 3.1])).ok
    assert not read(book(*rows, ["", "合计", "", "", 3.2])).ok


def test_noise_of_a_spreadsheet_is_not_kept():
    (row,) = read(book(["演示甲有限公司", "WD1", "甲", "", 0.1 + 0.2, 1 / 3])).rows
    assert row.figures["invest_wan_cny"] == Decimal("0.3")
    assert row.figures["benefit_wan_cny"] == Decimal("0.333333")


def test_a_sheet_of_one_enterprise_needs_no_column_for_it():
    header = ["序号", "项目名称", "投资额(万元)"]
    only = read(book(["1", "甲", 3], ["2", "乙", 300], header=header), only=FIRST)
    assert [(row.enterprise_code, row.kind, row.number) for row in only.rows] == [
        (FIRST, "low", None),
        (FIRST, "high", None),
    ]
    assert not read(book(["1", "甲", 3], header=header)).ok
    other = read(book(["演示乙(洛阳)有限公司", "WD1", "甲", "", 1]), only=FIRST)
    assert [one.letter for one in other.errors] == ["A"]


def test_names_match_whatever_the_brackets():
    (row,) = read(book(["演示乙(洛阳)有限公司", "WD1", "甲", "", 1])).rows
    assert row.enterprise_code == SECOND


@pytest.mark.parametrize(
    ("figures", "column", "word"),
    [
        ({"electricity_wan_kwh": 10, "coal_tce": "12.29"}, "", ""),
        ({"electricity_wan_kwh": 10, "coal_tce": "28.5"}, "", ""),
        ({"electricity_wan_kwh": 10, "coal_tce": "60"}, "", ""),  # steam is saved as well
        ({"electricity_wan_kwh": 10, "coal_tce": "3"}, "coal_tce", "不少于"),
        ({"electricity_wan_kwh": 10, "coal_tce": "12290"}, "coal_tce", "1000 倍"),
        ({"electricity_wan_kwh": 100000, "coal_tce": "12.29"}, "coal_tce", "10000 倍"),
        ({"electricity_wan_kwh": 10, "coal_tce": 0}, "coal_tce", "为 0"),
        ({"coal_tce": 10, "co2_t": 26}, "", ""),
        ({"coal_tce": 10, "co2_t": 26000}, "co2_t", "1000 倍"),
        ({"coal_tce": 10, "co2_t": 3}, "co2_t", "每吨标煤"),
        ({"invest_wan_cny": 100, "benefit_wan_cny": 25}, "", ""),
        ({"invest_wan_cny": 1_000_000, "benefit_wan_cny": 25}, "benefit_wan_cny", "以元填写"),
        ({"invest_wan_cny": 100, "benefit_wan_cny": 2}, "benefit_wan_cny", "50 年"),
        ({"invest_wan_cny": 100, "benefit_wan_cny": 250000}, "benefit_wan_cny", "以元填写"),
        ({"water_t": -5}, "water_t", "不为负"),
    ],
)
def test_implausible_figures_are_doubted(figures, column, word):
    values = {name: Decimal(str(value)) for name, value in figures.items()}
    found = doubts_of(values, LAYOUT)
    assert [one.column for one in found] == ([column] if column else [])
    assert all(word in one.message for one in found)


def test_a_code_against_its_cost_is_doubted_never_refused():
    found = read(book(["演示甲有限公司", "WD1", "甲", "", 80, 20]))
    assert found.ok
    assert [(one.row, one.letter, one.level) for one in found.doubts] == [(2, "E", "warning")]


def test_a_province_with_other_columns_and_units(tmp_path, monkeypatch):
    from qingyuan.catalogue.performance import loader

    text = (loader.SHIPPED / "seen-21.yaml").read_text("utf-8")
    text = text.replace("id: seen-21", "id: demo-41").replace('province: "00"', 'province: "41"')
    text = text.replace(
        "{means: invest_wan_cny, title: 投资额, unit: 万元,",
        '{means: invest_wan_cny, title: 总投入, unit: 元, factor: "0.0001",',
    )
    (tmp_path / "demo-41.yaml").write_text(text, "utf-8")
    monkeypatch.setenv(loader.VARIABLE, str(tmp_path))
    layout = layout_for("410300", on=LAYOUT.valid_from)
    assert layout.id == "demo-41"
    assert layout_for("110000", on=LAYOUT.valid_from).id == "seen-21"
    found = read(
        book(["1", "甲", 30000], header=["序号", "项目名称", "总投入(元)"]), only=FIRST, layout=layout
    )
    (row,) = found.rows
    assert row.figures["invest_wan_cny"] == 3
    (line, _sum) = export_rows(layout, [("甲", row)])
    assert line["invest_wan_cny"] == 30000
