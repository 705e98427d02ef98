"""One enterprise's rating as JSON, as an explanation in words, and all of them as a workbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, BinaryIO

from qingyuan.catalogue.indices import LoadedSystem
from qingyuan.engine.indices import Rating
from qingyuan.engine.indices.exact import (
    CODES,
    DOUBTFUL,
    MISSING,
    NAMES,
    NOT_APPLICABLE,
    Explanation,
    unit_reached,
)
from qingyuan.engine.indices.system import LEVELS, Indicator
from qingyuan.workbooks.schema import Column, Table
from qingyuan.workbooks.write import write_table

GRADES = {code: grade for grade, code in CODES.items()}


def enterprise(
    rating: Rating, row: int, name: str, loaded: LoadedSystem, *, indicators_only: bool
) -> dict[str, Any]:
    """The object of the contract."""
    index: dict[str, Fraction | None] = dict.fromkeys(LEVELS)
    level = None
    if not indicators_only:
        seen = rating.explain(row)
        index, level = dict(seen.index), seen.level
    missing = rating.missing(row)
    return {
        "enterprise": name,
        "level": level,
        "index": {key: None if value is None else str(value) for key, value in index.items()},
        "index_decimal": {key: None if value is None else float(value) for key, value in index.items()},
        "indicators": [
            _indicator(rating, row, place, one, loaded) for place, one in enumerate(loaded.system.indicators)
        ],
        "missing": missing,
        "failing": rating.failing(row),
    }


def _indicator(rating: Rating, row: int, place: int, one: Indicator, loaded: LoadedSystem) -> dict[str, Any]:
    code = int(rating.reached[place, row])
    return {
        "id": one.id,
        "value": _value(rating, row, one),
        "meets": NAMES.get(code),
        "applies": code != NOT_APPLICABLE,
        "reason": _reason(rating, row, one, code, loaded),
    }


def _value(rating: Rating, row: int, one: Indicator) -> Any:
    found = rating.data.fractions(frozenset({one.id}), row).get(one.id)
    if found is None:
        return None
    if one.kind == "qualitative":
        return GRADES[int(found)]
    return int(found) if found.denominator == 1 else float(found)


def _reason(rating: Rating, row: int, one: Indicator, code: int, loaded: LoadedSystem) -> str | None:
    if code == DOUBTFUL:
        return "；".join(doubt.message for doubt, _ in loaded.doubts if doubt.id == one.id)
    if code == MISSING:
        needed = [name for name in sorted(one.names | one.weight_names) if _lacks(rating, name, row)]
        if one.kind != "conditions" and _lacks(rating, one.id, row):
            return "缺少数据"
        return "缺少参数：" + "、".join(needed) if needed else "缺少同组其他产品的产量或组的参数"
    return _why_out(rating, row, one) if code == NOT_APPLICABLE else None


def _why_out(rating: Rating, row: int, one: Indicator) -> str:
    if one.dropped:
        return "没有任何基准值，不参加评级"
    if one.share is not None and rating.data.fractions(frozenset({one.id}), row):
        return f"没有产量（{one.share.output}），不参加评级"
    return "填为不适用，不参加评级"


def _lacks(rating: Rating, name: str, row: int) -> bool:
    return not rating.data.fractions(frozenset({name}), row)


def explained(rating: Rating, row: int, name: str, loaded: LoadedSystem) -> Iterator[str]:
    """How an enterprise came to its level, line by line."""
    seen = rating.explain(row)
    yield f"{name}：{ {'below': '低于 III 级', None: '不定级'}.get(seen.level, f'{seen.level} 级') }"
    for place, one in enumerate(loaded.system.indicators):
        code = int(rating.reached[place, row])
        met = NAMES.get(code, "—").replace("below", "低于 III")
        reason = _reason(rating, row, one, code, loaded)
        value = _value(rating, row, one)
        star = "*" if one.restrictive else ""
        yield f"  {one.title}{star}：{'—' if value is None else value} {one.unit} → {met}" + (
            f"（{reason}）" if reason else ""
        )
    if seen.weights is None:
        yield "缺少：" + "、".join(rating.missing(row))
        return
    yield from _sums(seen, loaded)
    for level, lacks in seen.lacking.items():
        yield f"{level} 级：" + ("达到" if not lacks else "未达到，差在 " + "、".join(lacks))


def _sums(seen: Explanation, loaded: LoadedSystem) -> Iterator[str]:
    assert seen.weights is not None
    weighed = seen.weights
    yield "归一后的权重（组内权重 × 组权重）与达到的级别："
    for unit, numerator in zip(weighed.units, weighed.numerators, strict=True):
        group = loaded.system.groups[unit.group]
        whole = group.at_least is not None
        title = group.title if whole else loaded.system.indicators[unit.places[0]].title
        met = NAMES[unit_reached(unit, seen.reached)].replace("below", "低于 III")
        yield f"  {title}{'（加分）' if unit.bonus else ''}：{Fraction(numerator, weighed.denominator)}，{met}"
    for level, value in seen.index.items():
        assert value is not None
        yield f"Y_{level} = {value} = {float(value):.4f}"


def workbook(target: BinaryIO, rating: Rating, names: Sequence[str], loaded: LoadedSystem) -> None:
    """A sheet with level, indices, what is missing or failing, and the level of every indicator."""
    table = Table(
        name="rated",
        title="评级结果",
        columns=(
            Column(name="_enterprise", title_zh="企业名称"),
            Column(name="_level", title_zh="级别"),
            *(Column(name=f"_index {level}", title_zh=f"指数 Y {level}", kind="decimal") for level in LEVELS),
            Column(name="_missing", title_zh="缺少的数据"),
            Column(name="_failing", title_zh="低于 III 级的指标"),
            *(Column(name=one.id, title_zh=one.title) for one in loaded.system.indicators),
        ),
    )
    marks = {**NAMES, 0: "低于 III", MISSING: "缺", NOT_APPLICABLE: "不适用", DOUBTFUL: "存疑"}
    titles = {one.id: one.title for one in loaded.system.indicators}
    titles |= {one.id: one.title for one in loaded.system.parameters}

    def line(row: int, name: str) -> dict[str, Any]:
        seen = rating.explain(row) if int(rating.levels[row]) >= 0 else None
        said: dict[str, Any] = {"_enterprise": name, "_level": "—" if seen is None else seen.level}
        for level in LEVELS:
            value = None if seen is None else seen.index[level]
            said[f"_index {level}"] = None if value is None else round(float(value), 4)
        said["_missing"] = "、".join(titles.get(one, one) for one in rating.missing(row))
        said["_failing"] = "、".join(titles.get(one, one) for one in rating.failing(row))
        for place, one in enumerate(loaded.system.indicators):
            said[one.id] = marks[int(rating.reached[place, row])]
        return said

    write_table(
        target,
        table,
        (line(row, name) for row, name in enumerate(names)),
        title=f"{loaded.file.title} 评级结果",
        subtitle=f"{'已核对' if loaded.file.verified else '指标体系未经核对'}；来源：{'；'.join(loaded.file.source)}",
    )
