"""The performance sheet 绩效表 by its layout: the table of a province's columns, its rows, its sums row, its export."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any, Final

from qingyuan.catalogue.performance import QUANTITIES, Layout, SheetColumn
from qingyuan.workbooks.bounds import not_negative
from qingyuan.workbooks.performance_doubts import Doubt, doubts_of
from qingyuan.workbooks.problems import Problem, shown
from qingyuan.workbooks.read import Reading, letter_of
from qingyuan.workbooks.schema import Column, NotApplicable, Table

MOST_SCHEMES = 20_000
DECIMALS = 6
"""What the record keeps behind the point."""
WHOLE = 12
_FIFTEEN = Context(prec=15, rounding=ROUND_HALF_EVEN)
_LEAST = Decimal(1).scaleb(-DECIMALS)
_CODE = re.compile(r"(WD|ZG)[-_.]?0*([1-9]\d{0,4})")
_RUNNING = re.compile(r"\d{1,6}")
_SUM = re.compile(r"(合|总|小)\s*计\s*[:：]?")
KINDS: Final = {"WD": "low", "ZG": "high"}
PREFIXES: Final = {kind: prefix for prefix, kind in KINDS.items()}
LONGEST: Final = {"title": 120, "content": 2000, "other": 300}

Figure = Decimal | NotApplicable | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeRow:
    """A scheme as a sheet states it. `number` None: it has no code of its own yet; `kind` is then by its cost, or "".

    `figures` holds the columns that the sheet has: None blank, NA does not apply. `row` is the spreadsheet's.
    """

    enterprise_code: str
    kind: str
    number: int | None
    title: str
    content: str = ""
    other: str = ""
    figures: Mapping[str, Figure] = field(default_factory=dict)
    row: int = 0

    @property
    def code(self) -> str:
        return f"{PREFIXES[self.kind]}{self.number}" if self.kind and self.number else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What a file says: its reading (with all problems and doubts), and the rows if nothing is wrong."""

    reading: Reading
    rows: Sequence[SchemeRow] = ()
    problems: Sequence[Problem] = ()
    problem_count: int = 0

    @property
    def ok(self) -> bool:
        return self.problem_count == 0

    @property
    def errors(self) -> list[Problem]:
        return [one for one in self.problems if one.level == "error"]

    @property
    def doubts(self) -> list[Problem]:
        return [one for one in self.problems if one.level == "warning"]


ECONOMICS: Final = (
    SheetColumn(means="om_wan_cny", title="年运行费", unit="万元"),
    SheetColumn(means="life_years", title="年限", unit="年"),
)
"""Columns beside the layout's, taken where a file has them."""


def performance_table(layout: Layout, *, economics: bool = False) -> Table:
    """The layout's columns, behind the enterprise's two, which a sheet of a single enterprise leaves out.

    `economics`: with the columns that only the economics of a scheme need.
    """
    return Table(
        name="performance",
        title=layout.title,
        max_rows=MOST_SCHEMES,
        columns=(
            Column(
                name="enterprise_name", title_zh="企业名称", allow_na=False, longest=120,
                aliases=("单位名称", "企业"), note="多家企业合用一张表时填；只有一家企业的，可在导入时选定企业。",
            ),
            Column(
                name="enterprise_code", title_zh="统一社会信用代码", kind="code", allow_na=False, longest=18,
                aliases=("信用代码", "社会信用代码"), note="按此与试点范围内的企业对应；不填的按企业名称对应。",
            ),
            *(_column(one) for one in layout.columns),
            *(_column(one) for one in ECONOMICS if economics),
        ),
        notes=(
            "一行一个方案；序号填方案编号，WD 为无/低费、ZG 为中/高费，如 WD1、ZG2。没有编号的按项目名称对应，新方案自动编号。",
            "没有数据的留空，不适用的填 na，数值为零的填 0；三者含义不同。环境效益和经济效益都是一年的量。",
            f"小数保留 {DECIMALS} 位；可以有“合计”“小计”行，导入时核对，不作为方案。",
            f"表头来源：{layout.source}。",
        ),
    )  # fmt: skip


def _column(one: SheetColumn) -> Column:
    means = one.means
    if means == "code":
        return Column(
            name=means, title_zh=one.title, kind="code", allow_na=False, longest=20, aliases=one.aliases
        )
    if means in LONGEST:
        return Column(
            name=means,
            title_zh=one.title,
            allow_na=False,
            longest=LONGEST[means],
            required=False,
            aliases=one.aliases,
        )
    return Column(
        name=means,
        title_zh=one.title,
        kind="decimal",
        unit=one.unit,
        aliases=one.aliases,
        validate=_CHECKS.get(means, _fits),
    )


def _fits(text: str) -> list[str]:
    return [] if abs(Decimal(text)) < Decimal(10) ** WHOLE else [f"整数部分不超过 {WHOLE} 位"]


def _invested(text: str) -> list[str]:
    return [*not_negative(text), *_fits(text)]


def _lasting(text: str) -> list[str]:
    return [] if 0 < Decimal(text) < 10_000 else ["大于 0、小于 10000 的数"]


_CHECKS: Final = {"invest_wan_cny": _invested, "om_wan_cny": _invested, "life_years": _lasting}


def kept(value: Decimal) -> Decimal:
    """A number as the record keeps it: without the noise behind a spreadsheet's fifteenth digit, six decimals."""
    value = _FIFTEEN.plus(value)
    if -int(value.as_tuple().exponent) > DECIMALS:
        value = value.quantize(_LEAST, rounding=ROUND_HALF_EVEN)
    return value


def understand(
    reading: Reading,
    layout: Layout,
    *,
    known: Mapping[str, str],
    only: str = "",
) -> Sheet:
    """Rows, problems and doubts of what was read. `known` gives the pilot's enterprises: name by credit code.

    `only`: all rows are this enterprise's; a row that names another is wrong.
    """
    return _Understood(reading, layout, known=known, only=only).sheet()


class _Understood:
    def __init__(self, reading: Reading, layout: Layout, *, known: Mapping[str, str], only: str) -> None:
        self.reading, self.layout, self.known, self.only = reading, layout, known, only
        self.problems: list[Problem] = []
        self.count = sum(one.level == "error" for one in reading.problems)
        self.count = max(self.count, reading.problem_count if self.count else 0)
        self.names: dict[str, list[str]] = {}
        for code, name in known.items():
            self.names.setdefault(_bare(name), []).append(code)
        self.quantities = [
            column
            for column in (*layout.columns, *ECONOMICS)
            if (column.means in QUANTITIES or column in ECONOMICS) and column.means in reading.places
        ]

    def sheet(self) -> Sheet:
        rows: list[SchemeRow] = []
        self.sums: dict[str, Decimal] = {}
        self.part: dict[str, Decimal] = {}
        if self.reading.header_row and "title" not in self.reading.places:
            column = self.layout.column("title")
            assert column is not None
            self._report(
                self.reading.header_row, "", "", f"有“{column.title}”列", "缺少必填的列，请按模板补上。"
            )
        seen: dict[tuple[str, str], int] = {}
        for number, line in zip(self.reading.row_numbers, self.reading.rows(), strict=True):
            if word := _sum_word(line):
                self._check_sum(number, line, whole=word != "小")
                continue
            row = self._row(number, line, seen)
            if row is not None:
                rows.append(row)
        problems = sorted([*self.reading.problems, *self.problems], key=lambda one: one.row)
        return Sheet(
            reading=self.reading,
            rows=rows if not self.count else (),
            problems=problems,
            problem_count=self.count,
        )

    def _report(
        self,
        row: int,
        column: str,
        value: Any,
        expected: str,
        mend: str = "请核对后改正。",
        *,
        level: Any = "error",
    ) -> None:
        if level == "error":
            self.count += 1
        self.problems.append(
            Problem(
                file=self.reading.file,
                sheet=self.reading.sheet,
                row=row,
                letter=letter_of(self.reading, column) if column else "",
                title=self.reading.table.column(column).title_zh if column else "",
                name=column,
                value=shown(value),
                expected=expected,
                mend=mend,
                level=level,
            )
        )

    def _row(
        self, number: int, line: Mapping[str, Any], seen: dict[tuple[str, str], int]
    ) -> SchemeRow | None:
        before = self.count
        enterprise = self._enterprise(number, line)
        kind, own = self._code(number, line["code"])
        title = " ".join((line["title"] or "").split())
        if not title:
            self._report(number, "title", "", "方案的名称", "请填写名称；不是方案的行请删去。")
        figures: dict[str, Figure] = {}
        for column in self.quantities:
            value = line[column.means]
            if isinstance(value, Decimal):
                value = kept(value * column.factor)
                self.sums[column.means] = self.sums.get(column.means, Decimal(0)) + value
                self.part[column.means] = self.part.get(column.means, Decimal(0)) + value
            figures[column.means] = value
        invest = figures.get("invest_wan_cny")
        if not kind and isinstance(invest, Decimal):
            kind = self.layout.cost_classes.kind_of(invest)
        elif not kind:
            self._report(
                number,
                "code",
                line["code"] or "",
                "方案编号（WD 或 ZG 开头），或填写投资额",
                "没有编号的方案按投资额分无/低费和中/高费。",
            )
        key = (enterprise, f"{kind}{own}" if own else title)
        if enterprise and (first := seen.setdefault(key, number)) != number:
            self._report(
                number, "code" if own else "title", line["code"] if own else title, f"不与第 {first} 行重复"
            )
        for doubt in doubts_of(figures, self.layout, kind=kind if own else ""):
            self._doubt(number, doubt, line)
        if self.count != before:
            return None
        return SchemeRow(
            enterprise_code=enterprise,
            kind=kind,
            number=own,
            title=title,
            content=(line.get("content") or "").strip(),
            other=(line.get("other") or "").strip(),
            figures=figures,
            row=number,
        )

    def _enterprise(self, row: int, line: Mapping[str, Any]) -> str:
        """The credit code of the row's enterprise; empty where none can be meant (then it is reported)."""
        code, name = line["enterprise_code"] or "", (line["enterprise_name"] or "").strip()
        if self.only:
            named = code or (self.names.get(_bare(name), [""])[0] if name else self.only)
            if named != self.only:
                self._report(
                    row,
                    "enterprise_code" if code else "enterprise_name",
                    code or name,
                    f"选定的企业（{self.known.get(self.only, '')} {self.only}）",
                    "这张表按一家企业导入；多家企业的表不要选定企业。",
                )
            return self.only
        if code:
            if code not in self.known:
                self._report(row, "enterprise_code", code, "试点范围内企业的统一社会信用代码")
                return ""
            return code
        found = self.names.get(_bare(name), []) if name else []
        if len(found) == 1:
            return found[0]
        column = "enterprise_name" if name else "enterprise_code"
        if column not in self.reading.places:
            column = ""
        self._report(
            row,
            column,
            name,
            "试点范围内的企业" if not found else "同名企业不止一家，填统一社会信用代码",
            "请填写企业名称或统一社会信用代码，或在导入时选定企业。",
        )
        return ""

    def _code(self, row: int, text: str | None) -> tuple[str, int | None]:
        if not text or _RUNNING.fullmatch(text):
            return "", None
        found = _CODE.fullmatch(text)
        if found is None:
            self._report(row, "code", text, "WD1、ZG1 这样的方案编号，或顺序号")
            return "", None
        return KINDS[found[1]], int(found[2])

    def _check_sum(self, row: int, line: Mapping[str, Any], *, whole: bool) -> None:
        against = self.sums if whole else self.part
        for column in self.quantities:
            stated = line[column.means]
            if not isinstance(stated, Decimal):
                continue
            reached = against.get(column.means, Decimal(0)) / column.factor
            places = max(0, -int(stated.as_tuple().exponent))
            slack = max(Decimal(5).scaleb(-places - 1), _LEAST / column.factor)
            if abs(stated - reached) > slack:
                self._report(
                    row,
                    column.means,
                    stated,
                    f"{'以上各行' if whole else '本段各行'}之和 {_plain(reached)}",
                    "合计与明细不一致，请核对明细和合计。",
                )
        self.part = {}

    def _doubt(self, row: int, doubt: Doubt, line: Mapping[str, Any]) -> None:
        if doubt.column in self.reading.places:
            self._report(
                row,
                doubt.column,
                line[doubt.column] or "",
                doubt.message,
                "请核对；确实如此的可以导入。",
                level="warning",
            )


def _sum_word(line: Mapping[str, Any]) -> str:
    """合, 总 or 小 where the row is a sums row."""
    if line["code"] and _CODE.fullmatch(line["code"]):
        return ""
    for name in ("code", "title", "enterprise_name"):
        if found := _SUM.search(line[name] or ""):
            text = line[name]
            if found.end() == len(text.strip()) or name == "code":
                return found[1]
    return ""


def _bare(name: str) -> str:
    return "".join(name.split()).replace("（", "(").replace("）", ")")


def _plain(value: Decimal) -> str:
    return format(kept(value).normalize(), "f")


def export_rows(
    layout: Layout, rows: Iterable[tuple[str, SchemeRow]], *, sums: bool = True
) -> list[dict[str, Any]]:
    """Rows for `write_table` under `performance_table(layout)`: (enterprise's name, row) in order, and the sums row."""
    quantities = [column for column in layout.columns if column.means in QUANTITIES]
    totals: dict[str, Decimal] = {}
    found: list[dict[str, Any]] = []
    for name, row in rows:
        line: dict[str, Any] = {
            "enterprise_name": name,
            "enterprise_code": row.enterprise_code,
            "code": row.code,
            "title": row.title,
            "content": row.content,
            "other": row.other,
        }
        for column in quantities:
            value = row.figures.get(column.means)
            if isinstance(value, Decimal):
                value = kept(value / column.factor) if column.factor != 1 else value
                totals[column.means] = totals.get(column.means, Decimal(0)) + value
            line[column.means] = value
        found.append(line)
    if sums and found:
        found.append({"code": "合计", **totals})
    return found
