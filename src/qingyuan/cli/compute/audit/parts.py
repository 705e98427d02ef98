"""Run the commands of an audit on the sheets of one book.

A part is the single command itself on the same file, so that its JSON is the command's own, to the letter.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from qingyuan.cli.compute import frame
from qingyuan.workbooks.book import Book, unknown
from qingyuan.workbooks.problems import Problem
from qingyuan.workbooks.read import Reading
from qingyuan.workbooks.schema import Table


@dataclass(frozen=True, slots=True)
class Part:
    """`key` in result.json, the command's address and its arguments."""

    key: str
    command: click.Command
    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the command said, and its exit code."""

    code: int
    said: dict[str, Any]


def run(part: Part) -> Answer:
    """The command's own JSON; nothing of it reaches our stdout."""
    spoken = io.StringIO()
    code = 0
    with redirect_stdout(spoken):
        try:
            part.command.main(
                args=[*part.arguments, "--json"], prog_name=f"qingyuan {part.key}", standalone_mode=False
            )
        except SystemExit as ended:
            code = int(ended.code or 0)
    return Answer(code, json.loads(spoken.getvalue()))


def run_all(parts: Iterable[Part]) -> dict[str, Answer]:
    """All parts, each as soon as it is known: a later one may use what an earlier one wrote."""
    answers = {}
    for part in parts:
        click.echo(f"计算：{part.key} …", err=True)
        answers[part.key] = run(part)
    return answers


def refuse(answers: Mapping[str, Answer], more: Sequence[Problem]) -> None:
    """BadInput with `more` and the problems of all parts, each once, where any input is bad."""
    bad = [*more]
    for answer in answers.values():
        if answer.code == frame.BAD_INPUT:
            bad += [_problem(one) for one in answer.said["problems"]]
    once = {(one.sheet, one.row, one.column, one.value, one.expected): one for one in reversed(bad)}
    if once:
        raise frame.BadInput(sorted(once.values(), key=lambda one: (one.sheet, one.row, one.column)))


def _problem(said: dict[str, Any]) -> Problem:
    """A problem as the command printed it: its column is the letter with the title."""
    letter, bracket, title = (said["column"] or "").partition("（")
    return Problem(
        file=said["file"],
        sheet=said["sheet"],
        row=said["row"] or 0,
        letter=letter if bracket else "",
        title=title.removesuffix("）") if bracket else letter,
        value=said["value"],
        expected=said["expected"],
        mend="",
    )


class Sheets:
    """The book and which of its sheets hold something; problems of the sheets that no command reads are found here."""

    def __init__(self, path: Path, tables: Sequence[Table]) -> None:
        if not path.is_file():
            raise frame.BadInput(
                [Problem(file=str(path), expected="存在的工作簿（.xlsx）", mend="请核对路径。")]
            )
        self.path = path
        self.book = Book(path)
        self.readings: dict[str, Reading] = {}
        """By the sheet's title; only those that hold something."""
        found = [(table, self.book.read(table)) for table in tables]
        self.readings = {
            table.title: reading
            for table, reading in found
            if reading is not None and (len(reading) or reading.problems)
        }
        self.problems = [*self.book.problems, *self.book.unread(), *self._strangers()]

    def _strangers(self) -> list[Problem]:
        """Names in a column that `refers` to another sheet and do not stand there."""
        named = {reading.table.name: reading for reading in self.readings.values()}
        problems = []
        for reading in self.readings.values():
            for column in reading.table.columns:
                target = named.get(column.refers)
                if target is not None and column.name in reading.places:
                    known = set(target.columns.get(target.table.key[0], ()))
                    problems += unknown(reading, column.name, known, where=target.table.sheet)
        return problems

    def has(self, *titles: str) -> bool:
        return set(titles) <= set(self.readings)

    def option(self, name: str, title: str) -> tuple[str, ...]:
        """The option with this book as its file, where the sheet holds something."""
        return (name, str(self.path)) if self.has(title) else ()

    def errors(self) -> list[Problem]:
        """Everything wrong in the sheets themselves; warnings go to stderr."""
        for problem in self.problems:
            if problem.level == "warning":
                click.echo(str(problem), err=True)
        return [problem for problem in self.problems if problem.level == "error"]


def worst(answers: dict[str, Answer]) -> int:
    """The exit code of the whole: infeasible before stopped before done."""
    codes = {answer.code for answer in answers.values()}
    return next((code for code in (frame.INFEASIBLE, frame.STOPPED) if code in codes), 0)
