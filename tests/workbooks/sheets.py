"""A small table, and workbooks and CSV files made to be read as it."""

import datetime as dt
import io

import xlsxwriter

from qingyuan.workbooks.read import read_table
from qingyuan.workbooks.schema import Column, Table

TABLE = Table(
    name="demo",
    title="演示表",
    key=("code",),
    max_rows=50,
    columns=(
        Column(
            name="name", title_zh="企业名称", required=True, allow_na=False, aliases=("单位名称",), longest=30
        ),
        Column(name="code", title_zh="统一社会信用代码", kind="code", required=True, allow_na=False),
        Column(name="water", title_zh="用水量", kind="decimal", unit="万t"),
        Column(name="count", title_zh="人数", kind="integer"),
        Column(name="on", title_zh="投产日期", kind="date"),
        Column(name="sector", title_zh="行业", kind="choice", choices=("钢铁", "焦化", "有色金属")),
    ),
)


def book(fill, **options):
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, **options}) as opened:
        fill(opened)
    return target


def sheet_of(*rows, name="演示表"):
    def fill(opened):
        sheet = opened.add_worksheet(name)
        date = opened.add_format({"num_format": "yyyy-mm-dd"})
        for number, row in enumerate(rows):
            for place, value in enumerate(row):
                if isinstance(value, dt.date):
                    sheet.write_datetime(number, place, value, date)
                elif isinstance(value, str):
                    sheet.write_string(number, place, value)
                elif value is not None:
                    sheet.write(number, place, value)

    return book(fill)


def csv_of(*lines, encoding="utf-8"):
    return "\n".join(lines).encode(encoding)


def one(column_title, value):
    """The value and the problems of one cell, read from a workbook."""
    reading = read_table(
        sheet_of(["企业名称", "统一社会信用代码", column_title], ["甲", "X1", value]), TABLE, name="f.xlsx"
    )
    name = next(column.name for column in TABLE.columns if column.title_zh == column_title)
    return reading.columns[name][0], [str(problem) for problem in reading.problems]
