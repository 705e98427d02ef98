"""The account of the innovation (N1): what the audit of a pilot's enterprises took, beside enterprise by enterprise. Pure.

Everything is exact (Fractions); nothing is rounded before it is shown. For one measure, with n enterprises in scope, k of them with
data, and T what the traditional way takes an enterprise (low, mid, high: an assumption of the pilot's, with its source):

    actual    = what the log states, of all enterprises and of the common work
    confirmed = k T - (own effort of the k) - (common work) - sum over the others of max(0, what is known of them - T)
    most      = n T - actual
    percent   = 100 confirmed / (n T)

An enterprise has data if an entry about it states the measure and none leaves it blank; where the log was declared complete, an
enterprise without an entry took nothing. What is missing is never zero: an enterprise without data saves nothing in `confirmed`, and
`most` says what could be saved if what is missing were nothing. So `percent` never exceeds 100, and an untouched enterprise added to
the scope never raises it. Common work is charged to the enterprises with data, whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

MEASURES: Final = ("days", "person_days", "money", "visits", "documents")
EACH: Final = frozenset({"visits"})
"""Measures of which every covered enterprise takes the amount; of all others they share it."""


class AccountError(ValueError):
    """Input of which no account can be made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    low: Fraction
    mid: Fraction
    high: Fraction

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.mid <= self.high:
            raise AccountError(f"{self.low}, {self.mid}, {self.high} do not rise from 0 on")


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A result under the low, the mid and the high assumption; may be negative."""

    low: Fraction
    mid: Fraction
    high: Fraction

    def __add__(self, other: Span) -> Span:
        return Span(low=self.low + other.low, mid=self.mid + other.mid, high=self.high + other.high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the log. `covers` empty: common work. `amounts` by measure; None: asked for and not stated."""

    covers: frozenset[str]
    amounts: Mapping[str, Fraction | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One measure of one pilot, or of several added up. What cannot be said is None."""

    measure: str
    enterprises: int
    stated: int
    untouched: int
    """Enterprises with data only because the log was declared complete."""
    blanks: int
    """Entries that leave the measure blank."""
    is_complete: bool
    """The log was declared complete."""
    actual: Fraction | None
    """All that is known; None where nothing is stated."""
    per_enterprise: Fraction | None
    tradition: Range | None
    """Per enterprise; None where no assumption was made, and for several pilots."""
    traditional: Span | None
    """Of all enterprises in scope."""
    confirmed: Span | None
    most: Span | None

    @property
    def percent(self) -> Span | None:
        return _percent(self.confirmed, self.traditional)

    @property
    def unstated(self) -> int:
        return self.enterprises - self.stated


def account(
    enterprises: Iterable[str],
    entries: Sequence[Entry],
    traditions: Mapping[str, Range],
    *,
    complete: Iterable[str] = (),
) -> dict[str, Result]:
    """The account by measure. Entries about enterprises that left the scope stay in it, charged to those that remain."""
    scope, whole = frozenset(enterprises), frozenset(complete)
    for entry in entries:
        if any(amount is not None and amount < 0 for amount in entry.amounts.values()):
            raise AccountError("an amount is negative")
    return {
        measure: _measure(measure, scope, entries, traditions.get(measure), is_complete=measure in whole)
        for measure in MEASURES
    }


def _measure(
    measure: str,
    scope: frozenset[str],
    entries: Sequence[Entry],
    tradition: Range | None,
    *,
    is_complete: bool,
) -> Result:
    own: defaultdict[str, Fraction] = defaultdict(Fraction)
    common, blanks = Fraction(), 0
    blank: set[str] = set()
    seen: set[str] = set()
    for entry in entries:
        if measure not in entry.amounts:
            continue
        amount, about = entry.amounts[measure], entry.covers & scope
        if amount is None:
            blanks += 1
            blank |= about or scope
        elif not about:
            common += amount * (len(entry.covers) or 1) if measure in EACH else amount
        else:
            share = amount if measure in EACH else amount / len(about)
            seen |= about
            for one in about:
                own[one] += share
    stated = (scope if is_complete else frozenset(seen)) - blank
    known = sum(own.values(), Fraction()) + common
    says = bool(seen or common or (is_complete and scope))
    charged = sum((own[one] for one in stated), Fraction()) + common
    others = [own[one] for one in scope - stated]
    count = len(scope)
    return Result(
        measure=measure,
        enterprises=count,
        stated=len(stated),
        untouched=len(stated - seen),
        blanks=blanks,
        is_complete=is_complete,
        actual=known if says else None,
        per_enterprise=charged / len(stated) if stated else None,
        tradition=tradition,
        traditional=_span(tradition, lambda each: count * each),
        confirmed=_span(
            tradition,
            lambda each: (
                len(stated) * each
                - charged
                - sum((max(Fraction(), one - each) for one in others), Fraction())
            ),
        )
        if stated
        else None,
        most=_span(tradition, lambda each: count * each - known) if says else None,
    )


def _span(tradition: Range | None, of: Callable[[Fraction], Fraction]) -> Span | None:
    if tradition is None:
        return None
    return Span(low=of(tradition.low), mid=of(tradition.mid), high=of(tradition.high))


def _percent(part: Span | None, whole: Span | None) -> Span | None:
    """None where the traditional way is said to take nothing."""
    if part is None or whole is None or whole.low <= 0:
        return None
    return Span(
        low=100 * part.low / whole.low, mid=100 * part.mid / whole.mid, high=100 * part.high / whole.high
    )


def together(accounts: Iterable[Mapping[str, Result]]) -> dict[str, tuple[Result, int]]:
    """Several pilots added up, measure by measure, and how many of them state it; the others save nothing and add nothing."""
    found: dict[str, tuple[Result, int]] = {}
    many = list(accounts)
    for measure in MEASURES:
        stating = [one[measure] for one in many if measure in one and one[measure].confirmed is not None]
        if stating:
            found[measure] = (_added(measure, stating), len(stating))
    return found


def _added(measure: str, results: Sequence[Result]) -> Result:
    spans = {
        name: _total([span for one in results if (span := getattr(one, name)) is not None])
        for name in ("traditional", "confirmed", "most")
    }
    stated = sum(one.stated for one in results)
    return Result(
        measure=measure,
        enterprises=sum(one.enterprises for one in results),
        stated=stated,
        untouched=sum(one.untouched for one in results),
        blanks=sum(one.blanks for one in results),
        is_complete=all(one.is_complete for one in results),
        actual=sum((one.actual or Fraction() for one in results), Fraction()),
        per_enterprise=sum(((one.per_enterprise or Fraction()) * one.stated for one in results), Fraction())
        / stated,
        tradition=None,
        **spans,
    )


def _total(spans: Sequence[Span]) -> Span:
    total = spans[0]
    for span in spans[1:]:
        total += span
    return total


# --- coverage


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How much of an output or a load of the area the enterprises in scope make up; None: not stated."""

    quantity: str
    unit: str
    covered: Fraction | None
    total: Fraction | None

    @property
    def percent(self) -> Fraction | None:
        """None where one of the two is not stated, the total is nothing, or the part exceeds it."""
        if self.covered is None or self.total is None or self.total <= 0 or self.covered > self.total:
            return None
        return 100 * self.covered / self.total


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    enterprises: int
    sectors: int
    without_sector: int
    before: Range | None
    """How many enterprises the traditional way would have audited in the same time."""
    shares: tuple[Share, ...]


def coverage(
    sectors: Mapping[str, str], *, before: Range | None = None, shares: Iterable[Share] = ()
) -> Coverage:
    """`sectors` by enterprise: the two digits of GB/T 4754, blank where not stated."""
    known = {one for one in sectors.values() if one}
    return Coverage(
        enterprises=len(sectors),
        sectors=len(known),
        without_sector=sum(not one for one in sectors.values()),
        before=before,
        shares=tuple(shares),
    )


# --- as data, for what is stated once and read later


def as_data(result: Result) -> dict[str, Any]:
    """Canonical JSON data: fractions as text, spans as three of them."""
    return {
        **{name: getattr(result, name) for name in _PLAIN},
        **{name: _text(getattr(result, name)) for name in _AMOUNTS},
        **{name: _three(getattr(result, name)) for name in _SPANS},
    }


def from_data(data: Mapping[str, Any]) -> Result:
    """The result that `as_data` gave."""
    parts: dict[str, Any] = {name: data[name] for name in _PLAIN}
    for name in _AMOUNTS:
        parts[name] = None if data[name] is None else Fraction(data[name])
    for name in _SPANS:
        kind: Any = Range if name == "tradition" else Span
        ends = data[name]
        parts[name] = None if ends is None else kind(**dict(zip(_ENDS, map(Fraction, ends), strict=True)))
    return Result(**parts)


_ENDS: Final = ("low", "mid", "high")
_PLAIN: Final = ("measure", "enterprises", "stated", "untouched", "blanks", "is_complete")
_AMOUNTS: Final = ("actual", "per_enterprise")
_SPANS: Final = ("tradition", "traditional", "confirmed", "most")


def _text(value: Fraction | None) -> str | None:
    return None if value is None else str(value)


def _three(span: Range | Span | None) -> list[str] | None:
    return None if span is None else [str(getattr(span, name)) for name in _ENDS]
