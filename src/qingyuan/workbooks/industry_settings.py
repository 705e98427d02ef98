"""The sheet 参数 of a sector's data: what is assumed, each figure with where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from qingyuan.catalogue import diagnosis as catalogue
from qingyuan.catalogue.diagnosis import Setting
from qingyuan.workbooks.convert import convert
from qingyuan.workbooks.problems import Problem, letter, shown
from qingyuan.workbooks.read import Reading
from qingyuan.workbooks.schema import Column, fold

Value = Decimal | int | str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """A setting as it is used. `source`: the data sheet, our default (said to be one), or unknown."""

    setting: Setting
    value: Value
    source: Literal["数据表", "自拟默认值", "没有填写"]
    row: int = 0


class Settings:
    """All settings by id; `number` and `text` give them by kind."""

    def __init__(self, assumptions: dict[str, Assumption], reading: Reading | None) -> None:
        self.assumptions = assumptions
        self._reading = reading

    def number(self, name: str) -> float | None:
        value = self.assumptions[name].value
        return None if value is None else float(value)

    def needed(self, name: str) -> float:
        """A number that the catalogue always gives."""
        value = self.number(name)
        assert value is not None
        return value

    def text(self, name: str) -> str:
        value = self.assumptions[name].value
        return "" if value is None else str(value)

    def problem(self, name: str, *, expected: str, mend: str) -> Problem:
        """A problem with a setting that only the other sheets show."""
        found = self.assumptions[name]
        reading = self._reading
        return Problem(
            file=reading.file if reading else "",
            sheet=reading.sheet if reading else "",
            row=found.row,
            letter=letter(reading.places["value"])
            if reading and found.row and "value" in reading.places
            else "",
            title=found.setting.title,
            value=shown("" if found.value is None else found.value),
            expected=expected,
            mend=mend,
        )


def read_settings(reading: Reading | None) -> tuple[Settings, list[Problem]]:
    """The settings of the sheet over the defaults, and what is wrong with them."""
    known = catalogue.settings()
    found = {
        name: Assumption(
            setting=one, value=_default(one), source="没有填写" if one.default is None else "自拟默认值"
        )
        for name, one in known.items()
    }
    if reading is None:
        return Settings(found, None), []
    problems: list[Problem] = []
    by_name = {fold(text): one for one in known.values() for text in (one.id, one.title)}
    seen: dict[str, int] = {}
    for row, number in zip(reading.rows(), reading.row_numbers, strict=True):
        setting = by_name.get(fold(str(row["parameter"] or "")))
        if row["parameter"] is None:
            continue
        if setting is None:
            problems.append(
                _problem(
                    reading,
                    number,
                    "parameter",
                    row["parameter"],
                    "模板中的参数",
                    "请按模板的写法，或删去这一行。",
                )
            )
            continue
        if setting.id in seen:
            problems.append(
                _problem(
                    reading,
                    number,
                    "parameter",
                    row["parameter"],
                    "每个参数只写一次",
                    f"与第 {seen[setting.id]} 行重复。",
                )
            )
            continue
        seen[setting.id] = number
        if row["value"] is None:
            continue
        value, complaint = _value(setting, row["value"])
        if complaint is not None:
            problems.append(_problem(reading, number, "value", row["value"], *complaint))
        elif value is not None:
            source: Any = "数据表" if value != found[setting.id].value else found[setting.id].source
            found[setting.id] = Assumption(setting=setting, value=value, source=source, row=number)
    return Settings(found, reading), problems


def _default(setting: Setting) -> Value:
    return (
        int(setting.default) if setting.kind == "integer" and setting.default is not None else setting.default
    )


def _value(setting: Setting, cell: Any) -> tuple[Value, tuple[str, str] | None]:
    if setting.kind == "text":
        return str(cell), None
    column = Column(
        name=setting.id,
        title_zh=setting.title,
        kind={"number": "decimal", "integer": "integer", "choice": "choice"}[setting.kind],  # type: ignore[arg-type]
        unit=setting.unit,
        choices=setting.choices,
        allow_na=False,
    )
    (value,), complaints = convert(column, [cell])
    if complaints:
        return None, complaints[0]
    if setting.minimum is not None and value < setting.minimum:
        return None, (f"不小于 {setting.minimum} 的数", "请改正。")
    if setting.maximum is not None and value > setting.maximum:
        return None, (f"不大于 {setting.maximum} 的数", "请改正。")
    if setting.kind == "number" and setting.minimum is None and value < 0:
        return None, ("不小于 0 的数", "请改正。")
    return value, None


def _problem(  # noqa: PLR0917 (place, value, and the two sentences)
    reading: Reading, row: int, column: str, value: object, expected: str, mend: str
) -> Problem:
    return Problem(
        file=reading.file,
        sheet=reading.sheet,
        row=row,
        letter=letter(reading.places[column]) if column in reading.places else "",
        title=reading.table.column(column).title_zh,
        value=shown(value),
        expected=expected,
        mend=mend,
    )
