"""The tables of `qingyuan balance`: flows 物质流表, correlations 相关系数表, and constraints with a column per flow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from qingyuan.workbooks.convert import convert
from qingyuan.workbooks.grid import Unreadable, open_grid
from qingyuan.workbooks.measures import not_negative
from qingyuan.workbooks.problems import Problem, letter, shown
from qingyuan.workbooks.schema import NA, Column, Table, fold

KINDS = ("flow", "composition")


def flow_table(*, directed: bool = True) -> Table:
    """A flow a row. `directed` tables conserve at nodes: ends are required, and a value below 0 is a wrong direction."""
    end = {"required": directed, "allow_na": not directed}
    return Table(
        name="flows",
        title="物质流表",
        columns=(
            Column(name="flow", title_zh="流", required=True, allow_na=False, aliases=("流名称", "物流")),
            Column(name="from", title_zh="起点", aliases=("来源", "从"), note="外界填 environment（环境）", **end),  # type: ignore[arg-type]
            Column(name="to", title_zh="终点", aliases=("去向", "到"), note="外界填 environment（环境）", **end),  # type: ignore[arg-type]
            Column(
                name="value",
                title_zh="测量值",
                kind="decimal",
                allow_na=False,
                aliases=("数值", "流量"),
                validate=not_negative if directed else None,
                note="流向相反的，请对调起点和终点；没有测量的留空" if directed else "没有测量的留空",
            ),
            Column(name="sd", title_zh="标准差", kind="decimal", validate=not_negative),
            Column(name="rel_sd", title_zh="相对标准差", kind="decimal", validate=not_negative, note="填小数，如 0.02"),
            Column(
                name="half_width_95",
                title_zh="95%半宽",
                kind="decimal",
                validate=not_negative,
                aliases=("95%置信半宽", "扩展不确定度"),
            ),
            Column(name="material", title_zh="物质"),
            Column(name="coefficient", title_zh="系数", kind="decimal", allow_na=False, validate=not_negative),
            Column(
                name="kind",
                title_zh="类型",
                kind="choice",
                choices=KINDS,
                allow_na=False,
                note="composition：同名流中该物质的含量",
            ),
        ),
        max_rows=1_000_000,
    )  # fmt: skip


def correlation_table() -> Table:
    """Two measured flows and the correlation of their errors."""
    return Table(
        name="correlations",
        title="相关系数表",
        columns=(
            Column(name="flow_a", title_zh="流甲", required=True, allow_na=False),
            Column(name="flow_b", title_zh="流乙", required=True, allow_na=False),
            Column(
                name="rho",
                title_zh="相关系数",
                kind="decimal",
                required=True,
                allow_na=False,
                validate=lambda text: [] if abs(Decimal(text)) <= 1 else ["须在 -1 和 1 之间"],
            ),
        ),
        max_rows=1_000_000,
        optional=True,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenConstraint:
    """A row: its name, the coefficients that are not blank or 0, and the right-hand side."""

    name: str
    coefficients: Mapping[str, float]
    bound: float


def read_constraints(path: Path, flows: Sequence[str]) -> tuple[list[GivenConstraint], list[Problem]]:
    """The file of constraints, one column per flow by its exact name; blank coefficients are 0, a blank rhs too."""
    if not path.is_file():
        return [], [Problem(file=str(path), expected="存在的文件", mend="请核对路径。")]
    heads = {fold("constraint"), fold("约束")}
    try:
        with path.open("rb") as source:
            grid = open_grid(
                source,
                titles=("约束表", "constraints"),
                fits=lambda rows: any(fold(str(cell)) in heads for row in rows[:5] for cell in row),
            )
    except Unreadable as error:
        return [], [Problem(file=path.name, expected=error.expected, mend=error.mend)]
    return _Constraints(path.name, grid.sheet, grid.rows, flows).read()


class _Constraints:
    def __init__(self, file: str, sheet: str, rows: Sequence[Sequence[object]], flows: Sequence[str]) -> None:
        self.file, self.sheet, self.rows = file, sheet, rows
        self.flows = {_plain(name): name for name in flows}
        self.problems: list[Problem] = []

    def report(
        self, expected: str, mend: str, *, row: int = 0, place: int | None = None, cell: object = ""
    ) -> None:
        self.problems.append(
            Problem(
                file=self.file,
                sheet=self.sheet,
                row=row,
                letter="" if place is None else letter(place),
                title="" if place is None else shown(self.rows[self.head][place]),
                value=shown(cell),
                expected=expected,
                mend=mend,
            )
        )

    def read(self) -> tuple[list[GivenConstraint], list[Problem]]:
        self.head = next(
            (place for place, row in enumerate(self.rows) if any(str(cell).strip() for cell in row)), 0
        )
        columns = self._columns()
        data = [
            (number, row)
            for number, row in enumerate(self.rows[self.head + 1 :], start=self.head + 2)
            if any(str(cell).strip() for cell in row)
        ]
        if not data:
            self.report("至少一行约束", "表头下面没有数据。")
        values: dict[str, list[float | None]] = {}
        for name, place in columns.items():
            if name == "\0name":
                continue
            column = Column(name="cell", title_zh="系数", kind="decimal", allow_na=name != "\0rhs")
            found, complaints = convert(column, [row[place] for _, row in data])
            for index, (expected, mend) in complaints.items():
                number, row = data[index]
                self.report(expected, mend, row=number, place=place, cell=row[place])
            values[name] = [None if one is None or one is NA else float(one) for one in found]
        constraints = []
        names: dict[str, int] = {}
        for index, (number, row) in enumerate(data):
            at = columns.get("\0name")
            name = shown(row[at]) if at is not None else ""
            if at is not None and not name:
                self.report("必填，不能空白", "请填写约束的名称。", row=number, place=at)
            elif at is not None and name in names:
                self.report("约束不重复", f"与第 {names[name]} 行重复。", row=number, place=at, cell=name)
            names.setdefault(name, number)
            terms = {
                flow: value for flow, column in values.items() if flow != "\0rhs" and (value := column[index])
            }
            bound = values["\0rhs"][index] if "\0rhs" in values else None
            constraints.append(GivenConstraint(name=name, coefficients=terms, bound=bound or 0.0))
        return constraints, sorted(self.problems, key=lambda problem: problem.row)

    def _columns(self) -> dict[str, int]:
        """By flow; the constraint's name and right-hand side under names that no flow can have."""
        special = {
            fold("constraint"): "\0name", fold("约束"): "\0name", fold("约束名称"): "\0name",
            fold("rhs"): "\0rhs", fold("右端"): "\0rhs", fold("右端项"): "\0rhs",
        }  # fmt: skip
        found: dict[str, int] = {}
        for place, cell in enumerate(self.rows[self.head] if self.rows else ()):
            text = _plain(cell)
            if not text:
                continue
            name = self.flows.get(text) or special.get(fold(text))
            if name is None:
                self.report(
                    "流的名称",
                    "这一列不是流表中的流，请改成一致的写法。",
                    row=self.head + 1,
                    place=place,
                    cell=cell,
                )
            elif name in found:
                self.report(
                    "每列只出现一次",
                    f"与 {letter(found[name])} 列重复。",
                    row=self.head + 1,
                    place=place,
                    cell=cell,
                )
            else:
                found[name] = place
        if "\0name" not in found:
            self.report("有“constraint”（约束）列", "请加上这一列，每行写约束的名称。", row=self.head + 1)
        return found


def _plain(cell: object) -> str:
    text = repr(cell).removesuffix(".0") if isinstance(cell, float) else str(cell)
    return " ".join(text.split())
