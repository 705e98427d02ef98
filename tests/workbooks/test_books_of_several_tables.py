"""A book of several tables: found by name, read whole, with every fault of all sheets, and references between them."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from qingyuan.workbooks.book import Book
from qingyuan.workbooks.schema import Column, Table
from qingyuan.workbooks.write import write_book

PLACES = Table(
    name="places",
    title="地点",
    key=("place",),
    columns=(
        Column(name="place", title_zh="地点名称", required=True, allow_na=False),
        Column(name="kind", title_zh="类别", kind="choice", choices=tuple(f"类别{k}" for k in range(80))),
        Column(name="sort", title_zh="种类", kind="choice", choices=tuple(f"种类{k}" for k in range(80))),
    ),
)
ROADS = Table(
    name="roads",
    title="道路",
    optional=True,
    columns=(
        Column(name="start", title_zh="起点", required=True, allow_na=False, refers="places"),
        Column(name="length", title_zh="长度", kind="decimal", unit="km"),
    ),
)


def book_of(tmp_path: Path, **sheets: list[list[object]]) -> Book:
    path = tmp_path / "b.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return Book(path)


def test_sheets_go_by_title_or_name_and_references_are_checked(tmp_path):
    book = book_of(
        tmp_path,
        places=[["地点名称"], ["甲"], ["乙"]],
        道路=[["起点", "长度（km）"], ["甲", 1], ["丙", "x"], ["", 2]],
        草稿=[["随便"]],
    )
    assert list(book.read(PLACES).columns["place"]) == ["甲", "乙"]
    assert book.read(ROADS) is not None
    book.check_references()
    assert sorted((one.sheet, one.row, one.letter) for one in book.errors) == [
        ("道路", 3, "A"),
        ("道路", 3, "B"),
        ("道路", 4, "A"),
    ]
    assert [one.sheet for one in book.unread()] == ["草稿"]


def test_an_optional_sheet_may_lack_or_be_empty_and_another_may_not(tmp_path):
    book = book_of(tmp_path, 道路=[["起点"]])
    assert len(book.read(ROADS)) == 0
    assert book.read(PLACES) is None
    (problem,) = book.errors
    assert "地点" in problem.expected
    assert "道路" in problem.mend
    assert book_of(tmp_path, 地点=[["地点名称"]]).read(ROADS) is None


def test_a_folder_of_csv_files_is_the_same_book(tmp_path):
    (tmp_path / "places.csv").write_bytes("地点名称\n甲\n".encode("gb18030"))
    (tmp_path / "道路.csv").write_bytes("起点,长度\n甲,1\n乙,2\n".encode("utf-8-sig"))
    book = Book(tmp_path)
    book.read(PLACES)
    book.read(ROADS)
    book.check_references()
    (problem,) = book.errors
    assert (problem.file, problem.row, problem.value) == ("道路.csv", 3, "乙")


@pytest.mark.parametrize("data", [b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0 old", b""])
def test_what_is_no_book_is_one_problem(tmp_path, data):
    path = tmp_path / "b.xlsx"
    path.write_bytes(data)
    book = Book(path)
    assert book.read(PLACES) is None
    assert len(book.errors) == 1


def test_a_template_of_several_tables_reads_back_and_offers_names_and_long_lists(tmp_path):
    made = io.BytesIO()
    write_book(made, [(PLACES, [{"place": "甲", "kind": "类别79"}]), (ROADS, [])], free_rows=10)
    path = tmp_path / "t.xlsx"
    path.write_bytes(made.getvalue())
    book = Book(path)
    assert list(book.read(PLACES).rows()) == [{"place": "甲", "kind": "类别79", "sort": None}]
    assert len(book.read(ROADS)) == 0
    assert not book.errors
    assert not book.unread()
    with zipfile.ZipFile(path) as archive:
        sheets = [archive.read(name).decode() for name in archive.namelist() if "worksheets/sheet" in name]
    text = "".join(sheets).replace("'", "")
    assert "选项!$A$1:$A$81" in text
    assert "选项!$B$1:$B$81" in text
    assert "地点!$A$2:$A$11" in text
