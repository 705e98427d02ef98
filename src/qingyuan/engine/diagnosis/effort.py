"""What the audit of a sector takes: enterprise by enterprise, and as one diagnosis with audits in depth of a sample.

One by one, for n enterprises and g teams:            days = n (a + e);  calendar = ceil(n / g) a + e
This way, for m in depth and n - m checked lightly:   days = c + s + m d + (n - m) l + r
                                                      calendar = c + s + ceil(m / g) d + ceil((n - m) / g) l + r
with a, e an audit and its evaluation, c the common work, s the collection of data (everywhere at once), d an audit in depth, l a
light check, r the joint evaluation. Person-days and money add up likewise, with the collection once an enterprise. All
figures are the caller's: nothing is assumed here.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from qingyuan.engine.diagnosis.sector import DiagnosisError


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """Days, person-days and CNY; per enterprise, except for `common` and `joint_review`, which are once a sector."""

    teams: int
    solo_days: float
    solo_person_days: float
    solo_money_cny: float
    solo_review_days: float
    solo_review_person_days: float
    solo_review_money_cny: float
    common_days: float
    common_person_days: float
    common_money_cny: float
    collect_days: float
    collect_person_days: float
    collect_money_cny: float
    deep_days: float
    deep_person_days: float
    deep_money_cny: float
    light_days: float
    light_person_days: float
    light_money_cny: float
    joint_review_days: float
    joint_review_person_days: float
    joint_review_money_cny: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """`days` one after the other, `calendar_days` with the teams at work side by side."""

    days: float
    person_days: float
    money_cny: float
    calendar_days: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """Both ways and their difference; `saved_pct` is None where one by one takes nothing. Negative: it takes more."""

    enterprises: int
    in_depth: int
    one_by_one: Account
    this_way: Account
    saved: Account
    saved_pct: dict[str, float | None]


def effort(enterprises: int, in_depth: int, assumptions: Assumptions) -> Effort:
    """The account; raises DiagnosisError for more in depth than there are, no team, or a negative assumption."""
    a = assumptions
    if not 0 <= in_depth <= enterprises or a.teams < 1:
        raise DiagnosisError(f"{in_depth} of {enterprises} enterprises in depth, {a.teams} teams")
    for one in fields(a):
        if getattr(a, one.name) < 0:
            raise DiagnosisError(f"{one.name} is negative")
    light = enterprises - in_depth
    alone = Account(
        days=enterprises * (a.solo_days + a.solo_review_days),
        person_days=enterprises * (a.solo_person_days + a.solo_review_person_days),
        money_cny=enterprises * (a.solo_money_cny + a.solo_review_money_cny),
        calendar_days=_rounds(enterprises, a.teams) * a.solo_days
        + (a.solo_review_days if enterprises else 0),
    )
    once_days = a.common_days + a.collect_days + a.joint_review_days
    together = Account(
        days=once_days + in_depth * a.deep_days + light * a.light_days,
        person_days=a.common_person_days
        + enterprises * a.collect_person_days
        + in_depth * a.deep_person_days
        + light * a.light_person_days
        + a.joint_review_person_days,
        money_cny=a.common_money_cny
        + enterprises * a.collect_money_cny
        + in_depth * a.deep_money_cny
        + light * a.light_money_cny
        + a.joint_review_money_cny,
        calendar_days=once_days
        + _rounds(in_depth, a.teams) * a.deep_days
        + _rounds(light, a.teams) * a.light_days,
    )
    saved = {one.name: getattr(alone, one.name) - getattr(together, one.name) for one in fields(Account)}
    return Effort(
        enterprises=enterprises,
        in_depth=in_depth,
        one_by_one=alone,
        this_way=together,
        saved=Account(**saved),
        saved_pct={
            name: 100 * amount / getattr(alone, name) if getattr(alone, name) > 0 else None
            for name, amount in saved.items()
        },
    )


def _rounds(count: int, teams: int) -> int:
    return -(-count // teams)
