"""What all commands of the engine share: reading with every problem at once, one JSON value on stdout, exit codes.

0 done; 2 bad input; 3 infeasible; 4 stopped at a limit.
"""

from __future__ import annotations

import dataclasses
import json
import math
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from qingyuan.workbooks.problems import Problem
from qingyuan.workbooks.read import Reading, read_table
from qingyuan.workbooks.schema import Table

BAD_INPUT, INFEASIBLE, STOPPED = 2, 3, 4
F = TypeVar("F", bound=Callable[..., Any])

json_option = click.option(
    "--json", "as_json", is_flag=True, help="标准输出只有一个 JSON 值 One JSON value on stdout."
)
file_argument = click.Path(dir_okay=False, path_type=Path)


class Finite(click.FloatRange):
    """A range of numbers without nan, which compares with no bound, and without infinities."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        found = float(super().convert(value, param, ctx))
        if not math.isfinite(found):
            self.fail(f"{value} is not a finite number.", param, ctx)
        return found


class BadInput(Exception):  # noqa: N818 (an answer to the person, not a malfunction)
    """Everything that is wrong with the input; nothing was computed."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


def read(path: Path, table: Table) -> Reading:
    """The file as the table, or BadInput with every problem. Warnings (columns that are not read) go to stderr."""
    reading = look(path, table)
    refuse([reading])
    return reading


def look(path: Path, table: Table) -> Reading:
    """The file as the table with its problems inside, so that several files are judged together by `refuse`."""
    if not path.is_file():
        missing = Problem(file=str(path), expected="存在的文件", mend="请核对路径。")
        return Reading(table=table, file=str(path), problems=[missing], problem_count=1)
    reading = read_table(path, table)
    for problem in reading.problems:
        if problem.level == "warning":
            click.echo(str(problem), err=True)
    return reading


def refuse(readings: Sequence[Reading], more: Iterable[Problem] = ()) -> None:
    """BadInput with the errors of all files and those found across them, file by file; nothing where there are none."""
    errors = [problem for reading in readings for problem in reading.problems if problem.level == "error"]
    errors += more
    if errors:
        files = {reading.file: place for place, reading in enumerate(readings)}
        raise BadInput(sorted(errors, key=lambda one: (files.get(one.file, len(files)), one.row, one.letter)))


def writable(path: Path) -> None:
    """BadInput where a file cannot be written: said before the work, not after it."""
    if not path.parent.is_dir() or path.is_dir():
        raise BadInput(
            [Problem(file=str(path), expected="已有文件夹中的一个文件", mend="请核对输出的路径。")]
        )


def problem_at(
    reading: Reading, index: int, column: str, *, value: object, expected: str, mend: str = ""
) -> Problem:
    """A problem of one data row that only a look at the whole table shows; `index` counts data rows from 0."""
    from qingyuan.workbooks.problems import shown
    from qingyuan.workbooks.read import letter_of

    found = reading.table.column(column)
    return Problem(
        file=reading.file,
        sheet=reading.sheet,
        row=reading.row_numbers[index],
        letter=letter_of(reading, column),
        title=found.title_zh,
        name=found.name,
        value=shown(value),
        expected=expected,
        mend=mend,
    )


def plain(value: Any) -> Any:
    """JSON data: records as objects, numpy as Python, nothing that JSON does not know."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, Decimal):
        return float(value)
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("a result that is not finite must be None, with its reason")
    return value


def emit(value: Any) -> None:
    """The one JSON value. What JSON does not know goes through `plain`; lists of plain numbers cost nothing extra."""
    click.echo(json.dumps(value, ensure_ascii=False, allow_nan=False, default=plain))


def fail_with(error: BadInput, *, as_json: bool) -> NoReturn:
    """Say all problems, compute nothing, exit 2."""
    if as_json:
        problems = [
            {
                "file": problem.file,
                "sheet": problem.sheet,
                "row": problem.row or None,
                "column": problem.full_column,
                "value": problem.value,
                "expected": problem.expected,
            }
            for problem in error.problems
        ]
        emit({"status": "bad_input", "problems": problems})
    else:
        click.echo("\n".join(str(problem) for problem in error.problems), err=True)
        click.echo(f"共 {len(error.problems)} 处问题，没有计算。", err=True)
    raise SystemExit(BAD_INPUT)


@contextmanager
def progress(label: str, *, length: int) -> Iterator[Callable[[int], object]]:
    """A bar on stderr for work that may last, only where a person looks; gives the function to call with each step's size."""
    if length < 200 or not sys.stderr.isatty():
        yield lambda _steps: None
        return
    with click.progressbar(length=length, label=label, file=sys.stderr) as bar:
        yield bar.update


def number(value: float | None, digits: int = 2) -> str:
    """A figure for the eye; “—” where there is none."""
    return "—" if value is None else f"{value:,.{digits}f}"


def print_table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, title: str = "") -> None:
    """A table for the eye: columns aligned by display width, the first left, the others right."""
    from unicodedata import east_asian_width

    def width(text: str) -> int:
        return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)

    lines = [list(heads), *(list(row) for row in rows)]
    widths = [max(width(line[place]) for line in lines) for place in range(len(heads))]
    if title:
        click.echo(title)
    for count, line in enumerate(lines):
        cells = [
            text + " " * (widths[place] - width(text))
            if place == 0
            else " " * (widths[place] - width(text)) + text
            for place, text in enumerate(line)
        ]
        click.echo("  ".join(cells).rstrip())
        if count == 0:
            click.echo("  ".join("-" * one for one in widths))
