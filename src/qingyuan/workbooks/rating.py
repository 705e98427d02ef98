"""The table of an index system: an enterprise a row, a column per indicator or parameter."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

from qingyuan.catalogue.indices import CatalogueError, LoadedSystem, load_system, systems
from qingyuan.engine.indices.system import IndexSystem, Parameter
from qingyuan.workbooks.problems import Problem, shown
from qingyuan.workbooks.schema import Column, Table

GRADES = ("I", "II", "III", "none")


def rating_table(system: IndexSystem) -> Table:
    """Columns by id, the Chinese title accepted beside it. Rows of conditions have no cell of their own."""
    columns = [
        Column(
            name="enterprise",
            title_zh="企业名称",
            required=True,
            allow_na=False,
            aliases=("企业", "单位名称"),
        )
    ]
    columns += [
        Column(
            name=one.id,
            title_zh=one.title,
            kind="integer" if one.integer else "decimal",
            unit=one.unit,
            validate=_within(one),
        )
        for one in system.parameters
    ]
    for row in system.indicators:
        if row.kind == "qualitative":
            columns.append(
                Column(
                    name=row.id,
                    title_zh=row.title,
                    kind="choice",
                    choices=tuple(grade for grade in GRADES if grade == "none" or grade in row.stated)
                    if row.stated
                    else GRADES,
                    note=f"填达到的级别：{'、'.join(GRADES)}（均未达到填 none）",
                )
            )
        elif row.kind == "quantitative":
            columns.append(
                Column(
                    name=row.id,
                    title_zh=row.title,
                    kind="decimal",
                    unit=row.unit,
                    validate=None if row.signed else _not_negative,
                )
            )
    return Table(
        name="rate", title="评价指标数据表", columns=tuple(columns), key=("enterprise",), max_rows=1_000_000
    )


def find_system(name: str, *, where: str = "--system") -> tuple[LoadedSystem | None, list[Problem]]:
    """A system by its id in the catalogue or by its file, whatever doubts stand; or what is wrong with either."""
    try:
        if name.endswith((".yaml", ".yml")):
            return load_system(Path(name)), []
        found = systems()
    except CatalogueError as error:
        return None, of_catalogue(error)
    if name in found:
        return found[name], []
    mend = "请用 qingyuan systems 查看编号，或给出 .yaml 文件。"
    return None, [Problem(file=where, value=shown(name), expected="、".join(found), mend=mend)]


def of_catalogue(error: CatalogueError) -> list[Problem]:
    """What is wrong with a catalogue file, as the readers of tables say it."""
    return [
        Problem(
            file=one.file,
            row=one.line,
            title=one.path,
            value=shown(one.reason),
            expected=one.expected or "成立的指标体系文件",
            mend="请改正指标体系文件。",
        )
        for one in error.problems
    ]


def _not_negative(text: str) -> list[str]:
    return ["不得为负数"] if text.startswith("-") and text.strip("-0.") else []


def _within(one: Parameter) -> Callable[[str], list[str]]:
    def check(text: str) -> list[str]:
        value = Fraction(text)
        if one.minimum is not None and value < one.minimum:
            return [f"不得小于 {one.minimum}"]
        if one.maximum is not None and value > one.maximum:
            return [f"不得大于 {one.maximum}"]
        return [] if one.minimum is not None else _not_negative(text)

    return check
