"""An index table as people type it from a published text, into the file of an index system, with what to look into."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from qingyuan.engine.indices.expressions import ExpressionError, parse
from qingyuan.workbooks.read import Reading
from qingyuan.workbooks.schema import Column, Table

LEVELS = ("I", "II", "III")
_SIGN = re.compile(r"(<=|>=|≤|≥|<|>|＜|＞|不高于|不低于|小于|大于)")
_SIGNS = {"≤": "<=", "≥": ">=", "不高于": "<=", "不低于": ">=", "小于": "<", "大于": ">"}
_PRODUCT = re.compile(r"(?<=\d)\s*(?=[A-Za-z(])|(?<=\))\s*(?=[A-Za-z0-9(])")
_YES = {"是", "*", "★", "限定性", "yes", "y"}

INDEX_TABLE = Table(
    name="index-table",
    title="评价指标体系表",
    columns=(
        Column(name="group", title_zh="一级指标", allow_na=False),
        Column(name="group_weight", title_zh="一级指标权重", allow_na=False),
        Column(name="id", title_zh="编号", allow_na=False),
        Column(name="indicator", title_zh="二级指标", required=True, allow_na=False, aliases=("指标",)),
        Column(name="unit", title_zh="单位", allow_na=False),
        Column(name="weight", title_zh="二级指标权重", allow_na=False, aliases=("权重",)),
        Column(name="I", title_zh="I级基准值", allow_na=False, aliases=("Ⅰ级",)),
        Column(name="II", title_zh="II级基准值", allow_na=False, aliases=("Ⅱ级",)),
        Column(name="III", title_zh="III级基准值", allow_na=False, aliases=("Ⅲ级",)),
        Column(name="restrictive", title_zh="限定性", allow_na=False),
    ),
    notes=("同一个一级指标的行连续填写；下面几行的一级指标可以留空。限定性指标填 * 或 是。",),
)


@dataclass(frozen=True, kw_only=True)
class Imported:
    """`data` is the file's content; `remarks` are what the reader of the table guessed or could not use."""

    data: dict[str, Any]
    remarks: Sequence[str]


@dataclass(kw_only=True)
class _Row:
    number: int
    cells: dict[str, Any]
    remarks: list[str] = field(default_factory=list)

    def remark(self, text: str) -> None:
        self.remarks.append(f"第 {self.number} 行“{self.cells['indicator']}”：{text}")


def imported(reading: Reading, *, id: str, title: str, sector: str, source: str) -> Imported:  # noqa: A002
    """The table as a system's file: never verified, and partial until a person says that it is complete."""
    groups: list[dict[str, Any]] = []
    remarks: list[str] = []
    for number, cells in zip(reading.row_numbers, reading.rows(), strict=True):
        row = _Row(number=number, cells=cells)
        if cells["group"] is not None or not groups:
            name = cells["group"] or "未写明"
            if not groups or groups[-1]["title"] != name:
                groups.append({"id": f"g{len(groups) + 1}", "title": name, "indicators": []})
        group = groups[-1]
        weight = _expression(row, "group_weight")
        if weight is not None and group.setdefault("weight", weight) != weight:
            row.remark(f"一级指标权重 {weight} 与本组前面的 {group['weight']} 不同，没有采用")
        name = cells["id"] or f"{group['id']}_{len(group['indicators']) + 1}"
        group["indicators"].append(_indicator(row, name))
        remarks += row.remarks
    for group in groups:
        group["indicators"] = group.pop("indicators")
    return Imported(
        data={
            "id": id,
            "title": title,
            "sector": sector,
            "edition": "未写明",
            "completeness": "partial",
            "verified": False,
            "source": [source],
            "groups": groups,
        },
        remarks=remarks,
    )


def _indicator(row: _Row, name: str) -> dict[str, Any]:
    bounds = {level: _bound(row.cells[level]) for level in LEVELS if row.cells[level] is not None}
    made: dict[str, Any] = {"id": name, "title": row.cells["indicator"]}
    stated = {level: bound for level, bound in bounds.items() if bound != ("", "--")}
    if not stated or None in stated.values():
        made |= {"kind": "qualitative"}
        if any(bound is not None for bound in stated.values()):
            row.remark("有的级别是数，有的不是，按定性指标收录")
        texts = {level: row.cells[level] for level in bounds}
        made |= {"texts": texts} if texts else {}
    else:
        known = {level: bound for level, bound in stated.items() if bound is not None}
        made |= {"kind": "quantitative", "direction": _direction(row, known)}
        if strict := [level for level, (sign, _) in known.items() if sign in {"<", ">"}]:
            made["strict"] = strict
        made["benchmarks"] = {level: bound[1] for level, bound in bounds.items() if bound is not None}
    if row.cells["unit"]:
        made["unit"] = row.cells["unit"]
    weight = _expression(row, "weight")
    if weight is not None:
        made["weight"] = weight
    if str(row.cells["restrictive"] or "").casefold() in _YES or made["title"].endswith("*"):
        made["restrictive"] = True
        made["title"] = made["title"].rstrip("* ")
    return made


def _bound(text: str) -> tuple[str, str] | None:
    """Comparison and expression of a cell; None where it is words."""
    plain = unicodedata.normalize("NFKC", text).replace("−", "-").replace("×", "*").strip().rstrip("%")
    if plain in {"-", "--", "/", "—", "——"}:
        return "", "--"
    match = _SIGN.match(plain)
    sign = match[1] if match else ""
    written = _PRODUCT.sub("*", plain[match.end() if match else 0 :].strip())
    try:
        found = parse(written)
    except ExpressionError:
        return None
    return _SIGNS.get(sign, sign), found.text


def _direction(row: _Row, bounds: dict[str, tuple[str, str]]) -> str:
    signs = {sign[0] for sign, _ in bounds.values() if sign}
    if len(signs) > 1:
        row.remark("各级的比较符号方向不一致，可能错行或写反")
    if signs:
        return "higher" if ">" in signs else "lower"
    numbers = [parse(text).constant for _, text in bounds.values()]
    first, last = numbers[0], numbers[-1]
    higher = first is not None and last is not None and first > last
    row.remark(f"没有比较符号，由次序猜为越{'大' if higher else '小'}越好，请核对")
    return "higher" if higher else "lower"


def _expression(row: _Row, name: str) -> str | None:
    text = row.cells[name]
    if text is None:
        return None
    bound = _bound(text)
    if bound is None or bound[0] or bound[1] == "--":
        row.remark(f"权重“{text}”读不懂，没有采用")
        return None
    return bound[1]
