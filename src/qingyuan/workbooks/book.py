"""A workbook of several tables, a folder of CSV files, or tables as JSON: one table a sheet or file, found by its name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from qingyuan.workbooks.grid import TABLES_START, Grid, Unreadable, open_grid
from qingyuan.workbooks.guard import refusal
from qingyuan.workbooks.problems import Problem, letter, shown
from qingyuan.workbooks.read import HEADER_WITHIN, Reading, read_grid
from qingyuan.workbooks.schema import NA, Table, fold, headers, split_unit
from qingyuan.workbooks.tablesfile import read_tables

UNREAD = {fold("填写说明"), fold("选项")}
"""Sheets of our own templates that hold no data."""


class Book:
    """The sheets of one file, read table by table. `problems` collects everything wrong so far, in all of them.

    Sheets go by a table's title or name, in CSV folders the files' names without ending. Hidden sheets are not read.
    `guarded` says that `guard.refusal` has already passed this very workbook.
    """

    def __init__(self, source: Path, *, grids: Iterable[Grid] | None = None, guarded: bool = False) -> None:
        self.file = source.name
        self.problems: list[Problem] = []
        self.readings: dict[str, Reading] = {}
        self._grids: dict[str, tuple[str, Grid]] = {}
        self._claimed: set[str] = set()
        if grids is not None:
            self._grids = {fold(grid.sheet): (self.file, grid) for grid in grids}
            return
        try:
            if source.is_dir():
                self._grids = _folder(source)
            elif (tables := _tables(source)) is not None:
                self.file, found = tables
                self._grids = {fold(grid.sheet): (self.file, grid) for grid in found}
            else:
                self._grids = _sheets(source, guarded=guarded)
        except Unreadable as error:
            self.problems.append(Problem(file=self.file, expected=error.expected, mend=error.mend))

    @classmethod
    def of_grids(cls, name: str, grids: Iterable[Grid]) -> Book:
        """A book of sheets that stand in no file: each is found by its own name, `name` stands in messages."""
        return cls(Path(name), grids=grids)

    def heads(self, table: Table) -> int:
        """How many of the table's columns the first rows of its sheet name: to tell two forms of one table apart."""
        found = self._grid(table)
        if found is None:
            return 0
        known = headers(table)
        return max(
            (
                len({known[key].name for cell in row if (key := split_unit(str(cell)[:200])[0]) in known})
                for row in found[1].rows[:HEADER_WITHIN]
            ),
            default=0,
        )

    def _grid(self, table: Table) -> tuple[str, Grid] | None:
        names = (table.sheet, table.title, table.name)
        return next((self._grids[fold(name)] for name in names if fold(name) in self._grids), None)

    def read(self, table: Table) -> Reading | None:
        """The table, or None where the book has no sheet of its name (a problem, unless the table is optional)."""
        found = self._grid(table)
        if found is None:
            if not table.optional and not (self.problems and not self._grids):
                have = "、".join(grid.sheet or file for file, grid in self._grids.values()) or "（没有）"
                self.problems.append(
                    Problem(
                        file=self.file,
                        sheet=table.sheet,
                        expected=f"有工作表“{table.sheet}”",
                        mend=f"现有的工作表：{have}。请使用模板，不要改动工作表的名称。",
                    )
                )
            return None
        file, grid = found
        reading = read_grid(grid, table, name=file)
        self.readings[table.name] = reading
        self._claimed |= {fold(name) for name in (table.sheet, table.title, table.name)}
        self.problems += reading.problems
        return reading

    def unread(self) -> list[Problem]:
        """A warning for every sheet that no table read so far has claimed."""
        return [
            Problem(
                file=file,
                sheet=grid.sheet,
                expected="模板中的工作表",
                mend="这个工作表没有被读取。",
                level="warning",
            )
            for key, (file, grid) in self._grids.items()
            if key not in self._claimed | UNREAD
        ]

    def check_references(self) -> None:
        """Report every value of a column that `refers` to a table of this book and does not stand in it."""
        for reading in self.readings.values():
            for column in reading.table.columns:
                target = self.readings.get(column.refers)
                if target is not None and target.table.key:
                    known = set(target.columns.get(target.table.key[0], ()))
                    self.problems += unknown(reading, column.name, known, where=target.table.sheet)

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.level == "error"]


def unknown(reading: Reading, name: str, known: Iterable[object], *, where: str) -> list[Problem]:
    """A problem for each value of a column that is not among `known`."""
    known = set(known)
    column = reading.table.column(name)
    return [
        Problem(
            file=reading.file,
            sheet=reading.sheet,
            row=number,
            letter=letter(reading.places[name]),
            title=column.title_zh,
            value=shown(value),
            expected=f"“{where}”中有的{column.title_zh}",
            mend="请改成一致的写法，或在那里补上。",
        )
        for number, value in zip(reading.row_numbers, reading.columns[name], strict=True)
        if value is not None and value is not NA and value not in known
    ]


def _tables(path: Path) -> tuple[str, list[Grid]] | None:
    """The name and the sheets of a file of tables as JSON; None where it is something else."""
    with path.open("rb") as source:
        start = source.read(len(TABLES_START))
        return read_tables(start + source.read()) if start == TABLES_START else None


def _sheets(path: Path, *, guarded: bool) -> dict[str, tuple[str, Grid]]:
    """Every visible sheet under its folded name; a single CSV file under the file's."""
    with path.open("rb") as source:
        if source.read(2) != b"PK":
            source.seek(0)
            grid = open_grid(source, titles=(), fits=bool)
            return {fold(path.stem): (path.name, grid)}
        source.seek(0)
        if not guarded and (refused := refusal(source)):
            raise Unreadable(*refused)
        source.seek(0)
        return {name: (path.name, grid) for name, grid in _of_workbook(source).items()}


def _of_workbook(source: object) -> Mapping[str, Grid]:
    import python_calamine as calamine

    try:
        with calamine.load_workbook(source) as book:  # type: ignore[arg-type]
            found: dict[str, Grid] = {}
            for index, about in enumerate(book.sheets_metadata):
                if (
                    about.visible != calamine.SheetVisibleEnum.Visible
                    or about.typ != calamine.SheetTypeEnum.WorkSheet
                ):
                    continue
                sheet = book.get_sheet_by_index(index)
                merged = tuple((*first, *last) for first, last in sheet.merged_cell_ranges or ())
                found.setdefault(
                    fold(about.name),
                    Grid(sheet=about.name, rows=sheet.to_python(skip_empty_area=False), merged=merged),
                )
            return found
    except BaseException as error:
        # A panic inside the reader is no Exception; anything else of that rank (Ctrl-C) is not ours.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise Unreadable(
            "完整的 .xlsx 文件", "文件内部有损坏，请用 Excel 或 WPS 打开后另存为 .xlsx 再上传。"
        ) from error


def _folder(path: Path) -> dict[str, tuple[str, Grid]]:
    found: dict[str, tuple[str, Grid]] = {}
    for file in sorted(path.iterdir()):
        if file.suffix.lower() == ".csv":
            with file.open("rb") as source:
                found[fold(file.stem)] = (file.name, open_grid(source, titles=(), fits=bool))
    if not found:
        raise Unreadable("有 .csv 文件的文件夹，或一个 .xlsx 文件", "请核对路径。")
    return found
