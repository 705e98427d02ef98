"""Files that are broken, or made to break the reader: one clear problem, never a crash."""

import io
import zipfile

import pytest

from qingyuan.workbooks import read as read_module
from qingyuan.workbooks.guard import refusal
from qingyuan.workbooks.read import read_table
from tests.workbooks.sheets import TABLE, book, csv_of, sheet_of


def zipped(**parts):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "文件是空的"),
        (b"PK\x03\x04broken", "已损坏"),
        (zipped(**{"a.txt": "x"}), "另存为"),
        (b"\xd0\xcf\x11\xe0 old", "旧版 .xls"),
        (b"MZ\x00\x00\x00\x01", "选错了文件"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "选错了文件"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"%PDF-1.7 hello", "表头"),
        (
            zipped(
                **{
                    "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
                    "xl/workbook.xml": "",
                    "[Content_Types].xml": "",
                }
            ),
            "另存为",
        ),
    ],
)
def test_what_is_no_table_is_one_clear_problem(data, says):
    reading = read_table(data, TABLE, name="坏.xlsx")
    assert not reading.ok
    assert len(reading.problems) == 1
    assert says in str(reading.problems[0])
    assert str(reading.problems[0]).startswith("坏.xlsx")


def test_a_torn_workbook_is_one_clear_problem():
    data = sheet_of(["企业名称", "统一社会信用代码"], ["甲", "1"]).getvalue()
    for cut in (len(data) // 2, len(data) - 10):
        assert "损坏" in str(read_table(data[:cut], TABLE).problems[0])


@pytest.mark.parametrize("start", range(40, 4000, 300))
def test_flipped_bytes_never_raise(start):
    data = bytearray(sheet_of(["企业名称", "统一社会信用代码"], ["甲", "1"]).getvalue())
    data[start % len(data)] ^= 0xFF
    read_table(bytes(data), TABLE)


def with_sheet(xml):
    """A workbook whose first sheet is `xml`, however odd."""
    source = zipfile.ZipFile(sheet_of(["企业名称", "统一社会信用代码"], ["甲", "1"]))
    return zipped(
        **{
            name: xml if name == "xl/worksheets/sheet1.xml" else source.read(name)
            for name in source.namelist()
        }
    )


NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c></row>',
        "<row r='1'><c r='A1'><v>1</v></c><c r='XFD1048576'><v>1</v></c></row>",
        '<row r="1"><c\n r="A1"><v>1</v></c><c t="n" r="XFD1048576"><v>1</v></c></row>',
        '<row spans="1:9" r="1048576"><c><v>1</v></c></row><row r="1"><c r="XFD1"/></row>',
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="XFD&#49;048576"><v>1</v></c></row>',
    ],
)
def test_a_sheet_that_would_take_all_memory_is_refused_before_it_is_read(rows):
    reading = read_table(
        with_sheet(f'<worksheet xmlns="{NAMESPACE}"><sheetData>{rows}</sheetData></worksheet>'), TABLE
    )
    assert "单元格的工作表" in str(reading.problems[0])


@pytest.mark.parametrize("space", ["\t", "\n", "\r\n", "  "])
@pytest.mark.parametrize("reference", ["XFD99999", "AAA99999"])
def test_white_space_hides_no_reference_from_the_guard(space, reference):
    """Asked of the guard alone: the reader would ask for all the memory there is."""
    rows = (
        f'<row r="1"><c{space}r="A1"><v>1</v></c></row>'
        f'<row r="99999"><c{space}r="{reference}"><v>1</v></c></row>'
    )
    xml = f'<worksheet xmlns="{NAMESPACE}"><sheetData>{rows}</sheetData></worksheet>'
    assert refusal(io.BytesIO(with_sheet(xml))) is not None


def test_prefixed_and_recoded_sheets_cannot_slip_past_the_guard():
    rows = '<x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row><x:row r="1048576"><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>'
    prefixed = f'<x:worksheet xmlns:x="{NAMESPACE}"><x:sheetData>{rows}</x:sheetData></x:worksheet>'
    assert "单元格的工作表" in str(read_table(with_sheet(prefixed), TABLE).problems[0])
    recoded = f'<?xml version="1.0" encoding="UTF-16"?>{prefixed}'.encode("utf-16")
    assert "单元格的工作表" in str(read_table(with_sheet(recoded), TABLE).problems[0])


def test_wide_and_long_but_honest_sheets_pass_the_guard():
    def fill(opened):
        sheet = opened.add_worksheet("演示表")
        sheet.write_row(0, 0, ["企业名称", "统一社会信用代码", *(f"列{number}" for number in range(298))])
        sheet.write_row(1, 0, ["甲", "1", *range(298)])

    reading = read_table(book(fill), TABLE)
    assert reading.ok
    assert reading.columns["name"] == ["甲"]
    assert len(reading.problems) == 298


def test_a_file_of_problems_lists_the_first_thousand_and_counts_the_rest(monkeypatch):
    monkeypatch.setattr(read_module, "MOST_PROBLEMS", 10)
    reading = read_table(
        csv_of("企业名称,统一社会信用代码,用水量", *(f"甲,{number},x" for number in range(30))), TABLE
    )
    assert len(reading.problems) == 10
    assert reading.problem_count == 30
    assert "共有 30 处问题" in reading.notes[-1]
