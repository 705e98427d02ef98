"""提交前自查 as data: which named checks a notice runs, how severely, and with which parameters.

The checks themselves are code of the rooms above; this file holds their names and what each of them can be told, so
that a notice is checked whole when it is loaded, and the catalogue needs nothing from above.
"""

from __future__ import annotations

import re
from decimal import Decimal
from string import Formatter
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from qingyuan.catalogue.model import Part, Slug, Text

Severity = Literal["error", "warning", "info"]
MESSAGE_FIELDS = frozenset({"message"})
Words = Annotated[tuple[Text, ...], Field(min_length=1)]


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"“{pattern}”不是合格的正则表达式：{error}") from error
    return pattern


Pattern = Annotated[Text, AfterValidator(_compiles)]


class Nothing(Part):
    """A check that needs to be told nothing."""


class AtLeast(Part):
    minimum: int = Field(default=1, gt=0)


class Depth(Part):
    """Fewest words (字数 as Word counts) of a chapter; `chapters` says it for single ones, by outline id.

    Chapters with fewer than `begun` words are left to another rule.
    """

    default: int = Field(ge=0)
    begun: int = Field(default=1, gt=0)
    chapters: dict[Slug, Annotated[int, Field(ge=0)]] = {}


class Topic(Part):
    """Something a chapter is expected to treat: any of the words shows that it does."""

    title: Text
    words: Words


class Topics(Part):
    chapters: tuple[Slug, ...] = Field(min_length=1)
    topics: tuple[Topic, ...] = Field(min_length=1)


class Near(Part):
    """Which figures of a text are meant: in a clause with one of `words` and none of `without`."""

    words: Words
    without: tuple[Text, ...] = ()


class ScopeCount(Near):
    """`units` after the number, then `noun`: 30家企业."""

    units: Words
    noun: Words


class MeasureWords(Part):
    """How texts call a measure of the notice (by id)."""

    measure: Slug
    words: Words


class TargetFigures(Part):
    measures: tuple[MeasureWords, ...] = Field(min_length=1)
    without: tuple[Text, ...] = ()
    change_words: Words
    """Before a percentage: the change from baseline to target is meant."""


class Funding(Near):
    """`questions`: ids of the questions whose answers are the amounts."""

    questions: tuple[Slug, ...] = Field(min_length=1)


class Indicator(Part):
    """A quantity by its words in a text, and the units in which it is stated."""

    title: Text
    words: Words
    units: Words


class Repeated(Part):
    """Quantities that a plan states more than once; `totals` mark a figure for the whole."""

    indicators: tuple[Indicator, ...] = Field(min_length=1)
    totals: Words
    without: tuple[Text, ...] = ()


class Price(Indicator):
    """The least that a saved unit is worth, in yuan."""

    yuan: Decimal = Field(gt=0)


class Savings(Part):
    """Savings in kind against the money that they are said to save."""

    prices: tuple[Price, ...] = Field(min_length=1)
    money_words: Words
    without: tuple[Text, ...] = ()


class Balance(Part):
    """`tolerance` in percentage points."""

    input_words: Words
    output_words: Words
    difference_words: Words
    tolerance: Decimal = Field(default=Decimal("0.05"), ge=0)


class Shares(Part):
    """Percentages that cannot pass 100: after `words` of a share, or `falling` words of a decrease."""

    words: Words
    falling: Words
    without: tuple[Text, ...] = ()


class Years(Part):
    """Years that a chapter may speak of, but for clauses with one of `without`."""

    chapters: tuple[Slug, ...] = Field(min_length=1)
    first: int = Field(ge=1900, le=2200)
    last: int = Field(ge=1900, le=2200)
    without: tuple[Text, ...] = ()


class DoneBy(Part):
    """What is told as done (`words`) cannot lie after the year `last`."""

    chapters: tuple[Slug, ...] = Field(min_length=1)
    last: int = Field(ge=1900, le=2200)
    words: Words
    without: tuple[Text, ...] = ()


class Leftover(Part):
    title: Text
    pattern: Pattern


class Leftovers(Part):
    patterns: tuple[Leftover, ...] = Field(min_length=1)


class Similar(Part):
    """Two chapters of at least `least` characters of which `percent` stand in both."""

    least: int = Field(default=80, gt=0)
    percent: int = Field(default=70, gt=0, le=100)
    paragraph: int = Field(default=60, gt=0)


class Naming(Part):
    forbidden: Text = '\\/:*?"<>|'
    most_characters: int = Field(default=60, gt=0)


class Within(Part):
    """`tolerance` in percent."""

    tolerance: Decimal = Field(default=Decimal(5), ge=0)


class AnswerOf(Part):
    """A yes-or-no question of an eligibility condition."""

    condition: Slug
    question: Slug


class Areas(Near):
    """Figures of the area in a text, which may differ from the drawn one by `tolerance` percent."""

    tolerance: Decimal = Field(default=Decimal(5), ge=0)


class ChosenPollutants(Part):
    """`listed`: the questions in which the notice's own pollutants are ticked; `own`: whether others were chosen."""

    condition: Slug
    listed: tuple[Slug, ...] = Field(min_length=1)
    own: Slug


CHECKS: dict[str, type[Part]] = {
    "object_filled": Nothing,
    "object_single_sector": Nothing,
    "object_sectors_listed": Nothing,
    "boundary_drawn": Within,
    "within_one_prefecture": AnswerOf,
    "figures_match_area": Areas,
    "region_places": Nothing,
    "basin_places": Nothing,
    "pollutants_preferred": Nothing,
    "own_pollutants_proved": Nothing,
    "pollutants_agree": ChosenPollutants,
    "eligibility_met": Nothing,
    "eligibility_asks": Nothing,
    "scope_filled": AtLeast,
    "chapters_written": Nothing,
    "aims_stated": Nothing,
    "targets_better": Nothing,
    "targets_possible": Nothing,
    "files_clean": Nothing,
    "package_size": Nothing,
    "package_name": Naming,
    "chapter_depth": Depth,
    "chapter_topics": Topics,
    "figures_match_scope": ScopeCount,
    "figures_match_targets": TargetFigures,
    "figures_match_funding": Funding,
    "figures_repeat": Repeated,
    "unit_slips": Repeated,
    "malformed_units": Nothing,
    "savings_plausible": Savings,
    "balance_holds": Balance,
    "table_sums": Nothing,
    "percentages": Shares,
    "plan_years": Years,
    "done_years": DoneBy,
    "dates_exist": Nothing,
    "leftovers": Leftovers,
    "guidance_left": Nothing,
    "chapters_copied": Similar,
}
"""Every named check, with the model of its parameters."""


class CheckRule(Part):
    """One rule: a named check with its parameters, for some categories only where `categories` says so.

    `message` may replace the check's own sentence, which stands in it as {message}. `wording` are the notice's words.
    """

    id: Slug
    check: Text
    severity: Severity
    clause: Slug
    parameters: dict[str, Any] = {}
    message: str = ""
    wording: Text | None = None
    categories: tuple[Slug, ...] = ()

    def holds_for(self, category_id: str) -> bool:
        return not self.categories or category_id in self.categories

    def told(self) -> Part:
        """The parameters as the check's model. Raises KeyError and ValidationError, which loading has ruled out."""
        return CHECKS[self.check].model_validate(self.parameters)

    def say(self, message: str) -> str:
        return self.message.format(message=message) if self.message else message

    def fields(self) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(self.message) if name is not None}


class SelfCheck(Part):
    """The rule set of a notice; `version` grows whenever a rule changes, and stands in the ledger beside its id."""

    id: Slug
    version: int = Field(gt=0)
    rules: tuple[CheckRule, ...] = Field(min_length=1)

    @property
    def label(self) -> str:
        return f"{self.id}/{self.version}"

    def rules_for(self, category_id: str) -> tuple[CheckRule, ...]:
        return tuple(rule for rule in self.rules if rule.holds_for(category_id))


def basic() -> SelfCheck:
    """What a notice runs that says nothing about the self-check: completeness, package and name."""
    asked: tuple[tuple[str, Severity, str], ...] = (
        ("object_filled", "error", "N6"),
        ("object_single_sector", "error", "N3a"),
        ("object_sectors_listed", "warning", "N2"),
        ("eligibility_met", "error", "N5.2"),
        ("eligibility_asks", "warning", "N5.2"),
        ("scope_filled", "error", "N6"),
        ("chapters_written", "error", "N6"),
        ("aims_stated", "error", "N1"),
        ("targets_better", "warning", "N1"),
        ("files_clean", "error", "H1"),
        ("package_size", "error", "H1"),
    )
    rules = [
        CheckRule(id=check.replace("_", "-"), check=check, severity=severity, clause=clause)
        for check, severity, clause in asked
    ]
    return SelfCheck(id="basic", version=1, rules=tuple(rules))
