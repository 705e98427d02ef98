"""Small CSV tables with their source: comment lines `# key: value` on top, then a header, then rows."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError

from qingyuan.catalogue.problems import CatalogueError, Problem
from qingyuan.catalogue.yamlfile import explain

Row = TypeVar("Row", bound=BaseModel)


@dataclass(frozen=True, kw_only=True)
class Table(Generic[Row]):
    """Rows in the order of the file, each with its line, and what the file says about itself."""

    rows: tuple[Row, ...]
    lines: tuple[int, ...]
    source: str
    verified: bool


def load_table(path: Path, model: type[Row]) -> Table[Row]:
    """Read UTF-8 (with or without BOM); raises CatalogueError naming every bad row and column.

    The comments `# source: …` and `# verified: true|false` are required: a table without them is hearsay.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise _refuse(path, 1, "", "文件读不到或不是 UTF-8 编码", "UTF-8 的 CSV 文件") from error
    comments = [line for line in lines if line.startswith("#")]
    about = {key.strip(): value.strip() for key, _, value in (line[1:].partition(":") for line in comments)}
    problems = [
        Problem(file=path.name, line=1, path=key, reason=f"缺少“# {key}:”", expected=expected)
        for key, expected in (("source", "# source: 数据来源"), ("verified", "# verified: true 或 false"))
        if not about.get(key) or (key == "verified" and about[key] not in {"true", "false"})
    ]
    table = [
        (number, line) for number, line in enumerate(lines, start=1) if line and not line.startswith("#")
    ]
    if not table:
        raise _refuse(path, 1, "", "没有表头", ",".join(model.model_fields))
    header = next(csv.reader([table[0][1]]))
    missing = [
        name for name, field in model.model_fields.items() if field.is_required() and name not in header
    ]
    unknown = [name for name in header if name not in model.model_fields]
    if missing or unknown:
        reason = "表头不对：" + "；".join(
            [f"缺少列 {name}" for name in missing] + [f"不认识的列 {name}" for name in unknown]
        )
        raise _refuse(path, table[0][0], "", reason, ",".join(model.model_fields))
    rows: list[Row] = []
    for number, line in table[1:]:
        cells = next(csv.reader([line]))
        if len(cells) != len(header):
            problems.append(
                Problem(
                    file=path.name,
                    line=number,
                    path="",
                    reason=f"这一行有 {len(cells)} 格",
                    expected=f"{len(header)} 格，与表头相同",
                )
            )
            continue
        # An empty cell states nothing, so the column's default holds.
        record = {name: cell.strip() for name, cell in zip(header, cells, strict=True) if cell.strip()}
        try:
            rows.append(model.model_validate(record))
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                finding = explain(detail, record)
                column = str(detail["loc"][0]) if detail["loc"] else ""
                problems.append(
                    Problem(
                        file=path.name,
                        line=number,
                        path=column,
                        reason=finding.reason,
                        expected=finding.expected,
                    )
                )
    if problems:
        raise CatalogueError(problems)
    return Table(
        rows=tuple(rows),
        lines=tuple(number for number, _ in table[1:]),
        source=about["source"],
        verified=about["verified"] == "true",
    )


def _refuse(path: Path, line: int, place: str, reason: str, expected: str) -> CatalogueError:
    return CatalogueError([Problem(file=path.name, line=line, path=place, reason=reason, expected=expected)])
