"""The account in words: figures as people read them, sentences for reports, and what people must look at. Chinese, pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from qingyuan.catalogue import innovation
from qingyuan.catalogue.innovation import Measure
from qingyuan.delivery.account import Coverage, Range, Result, Span

TEN_THOUSAND = 10_000
FIELDS = {
    "actual": "实际合计",
    "per_enterprise": "实际每家",
    "tradition": "传统方式每家（中值）",
    "traditional": "传统方式合计（中值）",
    "confirmed": "可确认的节省（中值）",
    "confirmed_low": "可确认的节省（低值）",
    "confirmed_high": "可确认的节省（高值）",
    "percent": "节省比例（中值）",
    "percent_low": "节省比例（低值）",
    "percent_high": "节省比例（高值）",
    "stated": "有数据的企业数",
    "enterprises": "范围内企业数",
}
"""What of a measure can be quoted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence for a report, and the places of the account that it quotes, as (measure, field)."""

    text: str
    quotes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Something that people must look at before the figures are used; `measure` blank: the whole account."""

    measure: str
    text: str


def rounded(value: Fraction, digits: int = 2) -> str:
    """To that many decimals, halves away from zero, no trailing zeros."""
    scaled = abs(value) * 10**digits
    whole = int(scaled + Fraction(1, 2))
    sign = "-" if value < 0 and whole else ""
    head, tail = divmod(whole, 10**digits)
    text = f"{head:,}"
    decimals = f"{tail:0{digits}d}".rstrip("0") if digits else ""
    return f"{sign}{text}.{decimals}" if decimals else f"{sign}{text}"


def amount(value: Fraction | None, unit: str) -> str:
    """With its unit; money from ten thousand on in 万元. `—` for what is not stated."""
    if value is None:
        return "—"
    if unit == "元" and abs(value) >= TEN_THOUSAND:
        return f"{rounded(value / TEN_THOUSAND)} 万元"
    return f"{rounded(value)} {unit}"


def percent(value: Fraction | None) -> str:
    return "—" if value is None else f"{rounded(value, 1)}%"


def span(found: Span | Range | None, unit: str) -> str:
    """`mid（low–high）`; only one figure where the three are the same."""
    if found is None:
        return "—"
    mid = amount(found.mid, unit)
    if found.low == found.high:
        return mid
    return f"{mid}（{amount(found.low, unit)}至{amount(found.high, unit)}）"


def percents(found: Span | None) -> str:
    if found is None:
        return "—"
    low, high = sorted((found.low, found.high))
    if low == high:
        return percent(found.mid)
    return f"{percent(found.mid)}（{percent(low)}至{percent(high)}）"


def figures(result: Result) -> dict[str, str]:
    """Every quotable figure of a measure as text, with its unit; what cannot be said is left out."""
    unit = innovation.measures()[result.measure].unit
    shown: dict[str, str] = {
        "enterprises": f"{result.enterprises} 家",
        "stated": f"{result.stated} 家",
    }
    values: tuple[tuple[str, Fraction | None], ...] = (
        ("actual", result.actual),
        ("per_enterprise", result.per_enterprise),
        ("tradition", None if result.tradition is None else result.tradition.mid),
        ("traditional", None if result.traditional is None else result.traditional.mid),
    )
    for name, value in values:
        if value is not None:
            shown[name] = amount(value, unit)
    if result.confirmed is not None:
        for suffix in ("", "_low", "_high"):
            shown[f"confirmed{suffix}"] = amount(getattr(result.confirmed, suffix.strip("_") or "mid"), unit)
    if (share := result.percent) is not None:
        for suffix in ("", "_low", "_high"):
            shown[f"percent{suffix}"] = percent(getattr(share, suffix.strip("_") or "mid"))
    return shown


def sentences(results: Mapping[str, Result], cover: Coverage) -> Iterator[Sentence]:
    """What a report can say of the four aims; nothing that the account does not state."""
    yield _covered(cover)
    for measure in innovation.measures().values():
        if measure.id in results:
            yield _compared(measure, results[measure.id])


def _covered(cover: Coverage) -> Sentence:
    text = f"试点范围内企业 {cover.enterprises} 家"
    if cover.sectors:
        text += f"，涉及行业大类 {cover.sectors} 个"
    if cover.without_sector:
        text += f"（{'另有' if cover.sectors else ''} {cover.without_sector} 家未填行业）".replace(
            "（ ", "（"
        )
    if cover.before is not None:
        low, high = rounded(cover.before.low), rounded(cover.before.high)
        usual = f"{low} 家" if low == high else f"{low}至{high} 家"
        text += f"；传统方式同期审核 {usual}"
    for share in cover.shares:
        text += f"；占区域{share.quantity}的 {percent(share.percent)}" if share.percent is not None else ""
    return Sentence(text=f"{text}。", quotes=(("coverage", "enterprises"), ("coverage", "sectors")))


def _compared(measure: Measure, result: Result) -> Sentence:
    title, unit = measure.title, measure.unit
    if not result.stated or result.per_enterprise is None:
        return Sentence(text=f"{title}：没有可用的记录，不作比较。", quotes=())
    kept = f"{result.stated} 家" if not result.unstated else f"有记录的 {result.stated} 家"
    text = f"{title}：{kept}平均每家 {amount(result.per_enterprise, unit)}"
    if result.tradition is None or result.confirmed is None:
        return Sentence(
            text=f"{text}；没有填写传统方式的假设，不作比较。",
            quotes=((measure.id, "per_enterprise"), (measure.id, "stated")),
        )
    text += f"，传统逐家审核按每家 {span(result.tradition, unit)}计"
    mid, share = result.confirmed.mid, result.percent
    low, high = sorted((result.confirmed.low, result.confirmed.high))
    whole = f"，为传统方式的 {percents(share)}" if share is not None and mid >= 0 else ""
    if mid < 0:
        text += f"，比传统方式多用 {amount(-mid, unit)}"
    elif low < 0:
        text += f"，按中值可确认节省 {amount(mid, unit)}{whole}，按低值则不节省"
    else:
        text += f"，可确认节省 {amount(mid, unit)}（{amount(low, unit)}至{amount(high, unit)}）{whole}"
    if result.unstated:
        text += f"；其余 {result.unstated} 家没有数据，按没有节省计"
    quotes = (
        "per_enterprise",
        "stated",
        "tradition",
        "confirmed",
        "confirmed_low",
        "confirmed_high",
        "percent",
    )
    return Sentence(text=f"{text}。", quotes=tuple((measure.id, name) for name in quotes))


def doubts(results: Mapping[str, Result], defaults: Mapping[str, bool]) -> Iterator[Doubt]:
    """What to look at; `defaults` says of which measures nobody replaced our own assumption."""
    limit = Fraction(innovation.innovation().flags.percent_above)
    known = [(one, results[one.id]) for one in innovation.measures().values() if one.id in results]
    for measure, result in known:
        yield from _doubts_of(measure, result, limit)
    stated = [(measure, result) for measure, result in known if result.stated]
    if still_open := [measure.title for measure, result in stated if not result.is_complete]:
        text = f"{'、'.join(still_open)}：还没有声明记录齐全，节省会随补记的工作量而减少"
        yield Doubt(measure="", text=text)
    if ours := [measure.title for measure, _result in stated if defaults.get(measure.id)]:
        text = f"{'、'.join(ours)}：传统方式仍是自拟的默认值，引用前请换成本地的数并写明出处"
        yield Doubt(measure="", text=text)


def _doubts_of(measure: Measure, result: Result, limit: Fraction) -> Iterator[Doubt]:
    share, name = result.percent, measure.title
    if share is not None and share.mid > limit:
        yield Doubt(measure=measure.id, text=f"{name}：节省超过 {rounded(limit)}%，请核对是否漏记")
    if result.confirmed is not None and result.confirmed.mid < 0:
        yield Doubt(measure=measure.id, text=f"{name}：比传统方式用得多，请核对记录和假设")
    if result.blanks:
        yield Doubt(measure=measure.id, text=f"{name}：{result.blanks} 笔记录该填未填，所涉企业按没有数据计")
    if result.untouched:
        yield Doubt(
            measure=measure.id,
            text=f"{name}：{result.untouched} 家企业没有一笔记录，因已声明记录齐全而按没有投入计",
        )
