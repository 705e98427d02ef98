"""What is wrong with a catalogue file: every problem at once, each with its place and what was expected."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One defect of a file. `line` counts from 1; `path` is the place inside the data, empty for the whole file."""

    file: str
    line: int
    path: str
    reason: str
    expected: str = ""

    def __str__(self) -> str:
        place = f"{self.file} 第 {self.line} 行"
        if self.path:
            place += f"（{self.path}）"
        return f"{place}：{self.reason}" + (f"；应为：{self.expected}" if self.expected else "")


class CatalogueError(ValueError):
    """A catalogue file does not hold together. `problems` holds all of them, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(problems, key=lambda problem: (problem.file, problem.line))
        super().__init__("\n".join(str(problem) for problem in self.problems))
