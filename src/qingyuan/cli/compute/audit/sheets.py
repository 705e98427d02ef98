"""results.xlsx: a sheet for each list of each part, and one with the figures of all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO

from qingyuan.workbooks.audit_tables import tables_of
from qingyuan.workbooks.audit_wording import PARTS, STATUS, WORDS, Fact, List
from qingyuan.workbooks.schema import Column, Table
from qingyuan.workbooks.write import write_sheets

Sheet = tuple[Table, Sequence[Mapping[str, Any]], str]


def write_results(target: BinaryIO, result: Mapping[str, Any], *, source: str) -> None:
    """`result` as in result.json."""
    write_sheets(target, [_facts(result, source), *_lists(result), _flags(result)])


def _facts(result: Mapping[str, Any], source: str) -> Sheet:
    table = _table("summary", "主要结果", ("部分", "项目", "结果", "单位"), ("text", "text", "text", "text"))
    rows = []
    for key, said in _parts(result):
        words = PARTS[key]
        rows.append((words.title, "状态", STATUS.get(said["status"], said["status"]), ""))
        rows += [
            (words.title, fact.title, _shown(said, fact), fact.unit)
            for fact in words.facts
            if fact.key in said
        ]
    return table, _rows(rows), f"数据：{source}"


def _shown(said: Mapping[str, Any], fact: Fact) -> str:
    from qingyuan.workbooks.audit_wording import worded

    return worded(said[fact.key])


def _lists(result: Mapping[str, Any]) -> Iterator[Sheet]:
    for key, said in _parts(result):
        for one, found in tables_of(key, said):
            yield _list(key, one, found)


def _list(key: str, one: List, found: Sequence[Mapping[str, Any]]) -> Sheet:
    columns = [name for name, _heading in one.columns]
    numeric = [
        any(isinstance(row.get(name), int | float) and not isinstance(row.get(name), bool) for row in found)
        for name in columns
    ]
    table = _table(
        f"{key}_{one.key}",
        one.title,
        tuple(heading for _name, heading in one.columns),
        tuple("decimal" if number else "text" for number in numeric),
    )
    rows = [
        tuple(
            row.get(name) if number else _text(row.get(name))
            for name, number in zip(columns, numeric, strict=True)
        )
        for row in found
    ]
    return table, _rows(rows), PARTS[key].title


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(map(str, value))
    return "" if value is None else WORDS.get(str(value), str(value))


def _flags(result: Mapping[str, Any]) -> Sheet:
    table = _table("flags", "核查疑点", ("部分", "位置", "疑点"), ("text", "text", "text"))
    rows = [(PARTS[one["part"]].title, one["where"], one["message"]) for one in result["flags"]]
    return table, _rows(rows), "请逐项核对；疑点不等于错误。"


def _parts(result: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for key in PARTS:
        if key in result:
            yield key, result[key]


def _table(name: str, title: str, heads: Sequence[str], kinds: Sequence[str]) -> Table:
    return Table(
        name=name,
        title=title,
        columns=tuple(
            Column(name=f"c{place}", title_zh=head, kind=kind)  # type: ignore[arg-type]
            for place, (head, kind) in enumerate(zip(heads, kinds, strict=True))
        ),
    )


def _rows(lines: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
    return [{f"c{place}": value for place, value in enumerate(line)} for line in lines]
