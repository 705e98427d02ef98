"""The account as tables: for pages, and as the sheets of a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.catalogue import innovation
from qingyuan.delivery import account as pure
from qingyuan.delivery import account_words as words
from qingyuan.delivery.account import Result
from qingyuan.delivery.models import AccountStatement, EffortEntry
from qingyuan.delivery.queries.account import Book, results_of
from qingyuan.workbooks.schema import Column, Table

SheetPart = tuple[Table, Sequence[Mapping[str, Any]], str]


@dataclass(frozen=True, kw_only=True)
class Line:
    """One measure in words; `tone` of the saving."""

    id: str
    title: str
    aim: str
    actual: str
    each: str
    usual: str
    confirmed: str
    percent: str
    stated: str
    tone: str


def lines(results: Mapping[str, Result]) -> list[Line]:
    return [_line(results[name]) for name in innovation.measures() if name in results]


def _line(result: Result) -> Line:
    measure = innovation.measures()[result.measure]
    mid = None if result.confirmed is None else result.confirmed.mid
    return Line(
        id=result.measure,
        title=measure.title,
        aim=measure.clause_wording,
        actual=words.amount(result.actual, measure.unit),
        each=words.amount(result.per_enterprise, measure.unit),
        usual=words.span(result.tradition, measure.unit),
        confirmed=words.span(result.confirmed, measure.unit),
        percent=words.percents(result.percent),
        stated=f"{result.stated} / {result.enterprises}",
        tone="neutral" if mid is None else "good" if mid >= 0 else "bad",
    )


def stats(book: Book) -> list[tuple[str, Any]]:
    return [
        (_("范围内企业"), book.coverage.enterprises),
        (_("行业大类"), book.coverage.sectors or "—"),
        (_("工作量记录"), book.entries),
        (_("最近一笔"), f"{book.last_day:%Y-%m-%d}" if book.last_day else "—"),
    ]


def coverage(book: Book) -> list[tuple[Any, str]]:
    """Figures of the coverage with their percent."""
    return [
        (figure, words.percent(share.percent))
        for figure, share in zip(book.figures, book.coverage.shares, strict=True)
    ]


def assumed(book: Book) -> list[tuple[Any, str]]:
    return [(one, words.span(one.usual, one.measure.unit)) for one in book.assumed.values()]


def brief(book: Book) -> list[Line]:
    """The lines of the measures, in the order of the columns of a list of pilots."""
    return lines(book.results)


def totals(together: Mapping[str, tuple[Result, int]]) -> list[tuple[Line, int]]:
    """Totals of several pilots with how many of them they are of."""
    return [
        (_line(together[name][0]), together[name][1]) for name in innovation.measures() if name in together
    ]


def public_totals(statements: Sequence[AccountStatement]) -> dict[str, Any]:
    """What everybody may know: sums over pilots."""
    many = [results_of(one.content) for one in statements]
    return {
        "pilots": len(statements),
        "enterprises": sum(one.content["coverage"]["enterprises"] for one in statements),
        "totals": totals(pure.together(many)),
        "until": max((one.made_at for one in statements), default=None),
        "assumed": sum(
            any(part["is_default"] and part["usual"] for part in one.content["assumptions"].values())
            for one in statements
        ),
    }


# --- sheets


def sheets(book: Book, efforts: Iterable[EffortEntry], *, subtitle: str) -> list[SheetPart]:
    """The account, its assumptions, the coverage and the log, as a report."""
    return [
        (_RESULTS, [_result_row(book.results[name]) for name in innovation.measures()], subtitle),
        (_ASSUMED, [_assumed_row(one) for one in book.assumed.values()], subtitle),
        (_SENTENCES, [{"text": one.text} for one in book.sentences], subtitle),
        (_DOUBTS, [{"text": one.text} for one in book.doubts], subtitle),
        (_COVERAGE, [_coverage_row(one, percent) for one, percent in coverage(book)], subtitle),
        (_LOG, [_effort_row(one) for one in efforts], subtitle),
    ]


def _result_row(result: Result) -> dict[str, Any]:
    measure = innovation.measures()[result.measure]
    percent = result.percent
    row: dict[str, Any] = {
        "measure": measure.title,
        "unit": measure.unit,
        "enterprises": result.enterprises,
        "stated": result.stated,
        "actual": None if result.actual is None else float(result.actual),
        "each": None if result.per_enterprise is None else float(result.per_enterprise),
    }
    for name, span in (("confirmed", result.confirmed), ("percent", percent)):
        for end in ("low", "mid", "high"):
            row[f"{name}_{end}"] = None if span is None else float(getattr(span, end))
    return row


def _assumed_row(one: Any) -> dict[str, Any]:
    three = {
        end: None if one.usual is None else float(getattr(one.usual, end)) for end in ("low", "mid", "high")
    }
    return {
        "measure": one.measure.title,
        "unit": one.measure.unit,
        **three,
        "source": one.source,
        "default": "默认" if one.is_default and one.usual else "",
    }


def _coverage_row(one: Any, percent: str) -> dict[str, Any]:
    return {
        "quantity": one.quantity,
        "unit": one.unit,
        "year": one.year,
        "covered": one.covered,
        "total": one.total,
        "percent": percent,
        "source": one.source,
    }


def _effort_row(one: EffortEntry) -> dict[str, Any]:
    names = ("number", "day", "days", "person_days", "money", "documents", "done_by", "note")
    about = "、".join(each.name for each in one.enterprises.all())
    return {
        **{name: getattr(one, name) for name in names},
        "kind": one.kind_title,
        "about": about or "公共工作",
        "stage": str(one.get_stage_display()),
    }


def _number(name: str, title: str) -> Column:
    return Column(name=name, title_zh=title, kind="decimal")


_ENDS = (("low", "低"), ("mid", "中"), ("high", "高"))
_RESULTS = Table(
    name="account",
    title="与传统逐家审核相比",
    columns=(
        Column(name="measure", title_zh="项目"),
        Column(name="unit", title_zh="单位"),
        Column(name="enterprises", title_zh="范围内企业", kind="integer"),
        Column(name="stated", title_zh="有数据的企业", kind="integer"),
        _number("actual", "实际合计"),
        _number("each", "实际每家"),
        *(_number(f"confirmed_{end}", f"可确认的节省（{word}）") for end, word in _ENDS),
        *(_number(f"percent_{end}", f"节省百分比（{word}）") for end, word in _ENDS),
    ),
)
_ASSUMED = Table(
    name="assumed",
    title="传统方式的假设",
    columns=(
        Column(name="measure", title_zh="项目"),
        Column(name="unit", title_zh="单位"),
        *(_number(end, f"每家（{word}）") for end, word in _ENDS),
        Column(name="source", title_zh="出处"),
        Column(name="default", title_zh="自拟默认值"),
    ),
)
_SENTENCES = Table(name="sentences", title="供引用的句子", columns=(Column(name="text", title_zh="句子"),))
_DOUBTS = Table(
    name="doubts", title="需要核对", columns=(Column(name="text", title_zh="事项"),), may_be_empty=True
)
_COVERAGE = Table(
    name="coverage",
    title="覆盖范围",
    may_be_empty=True,
    columns=(
        Column(name="quantity", title_zh="指标"),
        Column(name="unit", title_zh="单位"),
        Column(name="year", title_zh="年份", kind="integer"),
        _number("covered", "范围内企业合计"),
        _number("total", "所在区域总量"),
        Column(name="percent", title_zh="占比"),
        Column(name="source", title_zh="出处"),
    ),
)
_LOG = Table(
    name="log",
    title="工作量记录",
    may_be_empty=True,
    columns=(
        Column(name="number", title_zh="序号", kind="integer"),
        Column(name="day", title_zh="日期", kind="date"),
        Column(name="kind", title_zh="类型"),
        Column(name="about", title_zh="所涉企业"),
        _number("days", "历时"),
        _number("person_days", "人日"),
        _number("money", "金额"),
        _number("documents", "份数"),
        Column(name="done_by", title_zh="承担单位"),
        Column(name="note", title_zh="说明"),
        Column(name="stage", title_zh="状态"),
    ),
)
