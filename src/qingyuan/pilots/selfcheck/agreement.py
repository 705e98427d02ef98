"""Figures of the text against what the application states elsewhere: scope, targets, money, and the text itself.

A number counts as a statement about something only where the words for it stand near, in the same clause; ranges,
bounds (不少于…) and rates (…/吨) are left alone. All of it warns, and quotes both sides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from qingyuan.catalogue.notices.selfcheck import Funding, Indicator, Repeated, ScopeCount, TargetFigures
from qingyuan.pilots.selfcheck.figures import Figure, has_any, nearest, power_of_ten, unit_of
from qingyuan.pilots.selfcheck.hits import Hit, excerpt
from qingyuan.pilots.selfcheck.material import Material, Mention, Target, number
from qingyuan.pilots.selfcheck.named import named


@named
def figures_match_scope(material: Material, told: ScopeCount) -> Iterator[Hit]:
    count = Decimal(len(material.snapshot["scope"]))
    if not count:
        return
    for mention in material.mentions:
        figure, text = mention.figure, mention.clause.text
        if not (figure.is_exact and figure.written_unit in told.units):
            continue
        after = text[figure.end : figure.end + 8]
        if not has_any(after, told.noun) or not has_any(text, told.words) or has_any(text, told.without):
            continue
        if not figure.equals(count):
            yield _contradiction(
                mention,
                _("“%(chapter)s”写“%(found)s”，范围内企业名单是 %(count)s 家")
                % {
                    "chapter": mention.chapter.label,
                    "found": figure.written + after[:2],
                    "count": plain(count),
                },
                [count],
            )


@named
def figures_match_targets(material: Material, told: TargetFigures) -> Iterator[Hit]:
    rows = {row.measure: row for row in material.targets if row.measure}
    named_rows = {
        word: rows[item.measure] for item in told.measures if item.measure in rows for word in item.words
    }
    named_rows |= {
        row.indicator: row for row in material.targets if not row.measure and len(row.indicator) > 1
    }
    words = tuple(named_rows)
    for mention in material.mentions:
        if not mention.figure.is_exact or has_any(mention.clause.text, told.without):
            continue
        word = nearest(mention.clause.text, mention.figure, words)
        row = named_rows.get(word)
        if row is None or row.baseline is None or row.target is None:
            continue
        allowed = _allowed(mention, row, told)
        if allowed and not any(mention.figure.equals(value) for value in allowed):
            yield _contradiction(
                mention,
                _(
                    "“%(chapter)s”写%(word)s“%(found)s”，目标表为基准 %(baseline)s、目标 %(target)s（%(unit)s）"
                )
                % {
                    "chapter": mention.chapter.label,
                    "word": word,
                    "found": mention.figure.written,
                    "baseline": plain(row.baseline),
                    "target": plain(row.target),
                    "unit": row.unit,
                },
                allowed,
            )


def _allowed(mention: Mention, row: Target, told: TargetFigures) -> list[Decimal]:
    """What a text may say of a target: baseline, goal, their difference, or the change in per cent."""
    assert row.baseline is not None
    assert row.target is not None
    figure, stated = mention.figure, unit_of(row.unit)
    difference = abs(row.target - row.baseline)
    if stated is not None and figure.unit == stated[0]:
        values = [row.baseline * stated[1], row.target * stated[1], difference * stated[1]]
        if figure.unit == "%" and row.baseline and has_any(mention.clause.text, told.change_words):
            values.append(difference / abs(row.baseline) * 100)
        return values
    if stated is not None and stated[0] == "%" and figure.unit == "百分点":
        return [difference]
    if figure.unit == "%" and row.baseline and has_any(mention.clause.text, told.change_words):
        return [difference / abs(row.baseline) * 100]
    return []


@named
def figures_match_funding(material: Material, told: Funding) -> Iterator[Hit]:
    given = {
        question: value
        for answers in material.snapshot["answers"].values()
        for question, value in answers.items()
    }
    amounts = [
        amount * unit[1]
        for condition in material.notice.conditions_for(material.category.id)
        for question in condition.questions
        if question.id in told.questions
        and (amount := number(given.get(question.id))) is not None
        and (unit := unit_of(question.unit)) is not None
        and unit[0] == "元"
    ]
    if len(amounts) != len(told.questions):
        return
    allowed = [*amounts, sum(amounts, Decimal(0))]
    for mention in material.mentions:
        figure, text = mention.figure, mention.clause.text
        if figure.unit != "元" or not figure.is_exact or has_any(text, told.without):
            continue
        if nearest(text, figure, told.words) and not any(figure.equals(value) for value in allowed):
            yield _contradiction(
                mention,
                _("“%(chapter)s”写资金“%(found)s”，申报条件中填写的是 %(amounts)s，合计 %(total)s 万元")
                % {
                    "chapter": mention.chapter.label,
                    "found": figure.written,
                    "amounts": "、".join(plain(amount / 10000) for amount in amounts),
                    "total": plain(allowed[-1] / 10000),
                },
                allowed,
            )


@named
def figures_repeat(material: Material, told: Repeated) -> Iterator[Hit]:
    """The same total with two values in two places; differences of powers of ten are `unit_slips`."""
    for indicator, mentions in _by_indicator(material, told):
        totals = [mention for mention in mentions if has_any(mention.clause.text, told.totals)]
        for first, other in _different(totals):
            if not power_of_ten(first.figure.value, other.figure.value):
                yield _pair(
                    first,
                    other,
                    _("%s前后不一致") % indicator.title,
                    _("核实后统一为一个数；口径不同的，写明口径"),
                )


@named
def unit_slips(material: Material, told: Repeated) -> Iterator[Hit]:
    """The same digits with units a power of ten apart: 3万吨 here, 3吨 there. Below a thousand only for totals."""
    for indicator, mentions in _by_indicator(material, told):
        for first, other in _different(mentions):
            both_total = all(has_any(mention.clause.text, told.totals) for mention in (first, other))
            if power := power_of_ten(first.figure.value, other.figure.value, least=1 if both_total else 3):
                yield _pair(
                    first,
                    other,
                    _("%(title)s正好相差 %(times)s 倍，可能写错了单位")
                    % {"title": indicator.title, "times": f"{10**power:,}"},
                    _("核对单位（吨与万吨、元与万元、千瓦时与万千瓦时）后改正"),
                )


def _by_indicator(material: Material, told: Repeated) -> Iterator[tuple[Indicator, list[Mention]]]:
    by_word = {word: indicator for indicator in told.indicators for word in indicator.words}
    words, units = tuple(by_word), {unit for indicator in told.indicators for unit in indicator.units}
    found: dict[str, list[Mention]] = {}
    for mention in material.mentions:
        if mention.figure.unit not in units:
            continue
        if (
            not mention.figure.is_exact
            or not mention.figure.value
            or has_any(mention.clause.text, told.without)
        ):
            continue
        indicator = by_word.get(nearest(mention.clause.text, mention.figure, words, within=8))
        if indicator is not None and mention.figure.unit in indicator.units:
            found.setdefault(indicator.title, []).append(mention)
    for indicator in told.indicators:
        if indicator.title in found:
            yield indicator, found[indicator.title]


def _different(mentions: list[Mention]) -> Iterator[tuple[Mention, Mention]]:
    """The first mention with each that says something else in the same unit; a value is reported once."""
    seen: list[Figure] = []
    for mention in mentions:
        first = next((one for one in mentions if one.figure.unit == mention.figure.unit), mention)
        one, other = first.figure, mention.figure
        if (
            one.equals(other.value)
            or other.equals(one.value)
            or any(figure.value == other.value for figure in seen)
        ):
            continue
        seen.append(other)
        yield first, mention


def _pair(first: Mention, other: Mention, what: str, mend: str) -> Hit:
    return Hit(
        message=_("%(what)s：“%(one)s”写“%(first)s”，“%(two)s”写“%(other)s”")
        % {
            "what": what,
            "one": first.chapter.label,
            "first": first.figure.written,
            "two": other.chapter.label,
            "other": other.figure.written,
        },
        place=other.place,
        excerpt=excerpt(other.clause.sentence, around=other.figure.written),
        mend=mend,
    )


def _contradiction(mention: Mention, message: str, allowed: Iterable[Decimal]) -> Hit:
    slip = max((power_of_ten(mention.figure.value, value) for value in allowed), default=0)
    return Hit(
        message=message,
        place=mention.place,
        excerpt=excerpt(mention.clause.sentence, around=mention.figure.written),
        mend=_("两处正好相差 %s 倍，请核对单位") % f"{10**slip:,}"
        if slip
        else _("核实后统一；口径不同的，在句中写明口径"),
    )


def plain(value: Decimal) -> str:
    """As people write it: no exponent, no trailing zeros, thousands apart."""
    text = f"{value:,.6f}"
    return text.rstrip("0").rstrip(".")
