"""The file format of an index system. Its JSON schema is published as docs/index-system.schema.json."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    model_validator,
)

from qingyuan.catalogue.model import Part, Slug, Text
from qingyuan.engine.indices.expressions import parse
from qingyuan.engine.indices.system import compared

Level = Literal["I", "II", "III"]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(:[a-z0-9_]+)?$")]


def _as_text(value: object) -> object:
    """A number of the file as the text that stood there: 0.1 is one tenth."""
    return repr(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _parsed(text: str) -> str:
    parse(text)
    return text


def _compared(text: str) -> str:
    compared(text)
    return text


def _day(value: object) -> object:
    return date.fromisoformat(value) if isinstance(value, str) else value


# A number, or an expression of parameters over + - * / and parentheses.
Amount = Annotated[
    str, BeforeValidator(_as_text, json_schema_input_type=float | str), AfterValidator(_parsed)
]
# The same, or “--”: no requirement.
Bound = Annotated[
    str,
    BeforeValidator(_as_text, json_schema_input_type=float | str),
    AfterValidator(lambda text: text if text == "--" else _parsed(text)),
]
Comparison = Annotated[str, AfterValidator(_compared)]
Day = Annotated[date, BeforeValidator(_day, json_schema_input_type=str)]


class Parameter(Part):
    """A figure that expressions need, such as the number of layers; a column of the data."""

    id: Name
    title: Text
    unit: str = ""
    kind: Literal["integer", "number"] = "number"
    minimum: Amount | None = None
    maximum: Amount | None = None


class Switch(Part):
    """A benchmark that follows the sign of another value (a parameter, another indicator, an expression)."""

    sign_of: Amount
    negative: Amount
    zero: Amount | None = None
    positive: Amount


class Condition(Part):
    """Exactly one of: a comparison, any of several (OR), all of several (AND), at least k of several."""

    holds: Comparison | None = None
    any: tuple[Condition, ...] = ()
    all: tuple[Condition, ...] = ()
    of: tuple[Condition, ...] = ()
    at_least: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _one_form(self) -> Condition:
        forms = [self.holds is not None, bool(self.any), bool(self.all), bool(self.of)]
        if sum(forms) != 1 or bool(self.of) != (self.at_least is not None):
            raise ValueError("条件须恰好写一种：holds、any、all，或 at_least 加 of")
        if self.at_least is not None and self.at_least > len(self.of):
            raise ValueError(f"at_least 为 {self.at_least}，但只有 {len(self.of)} 个条件")
        return self


def _form(value: object) -> str:
    if isinstance(value, Switch) or (isinstance(value, dict) and "sign_of" in value):
        return "switch"
    return "condition" if isinstance(value, Condition | dict) else "bound"


Benchmark = Annotated[
    Annotated[Condition, Tag("condition")]
    | Annotated[Switch, Tag("switch")]
    | Annotated[Bound, Tag("bound")],
    Discriminator(_form),
]


class Benchmarks(Part):
    """What each level asks. `--`: no requirement at this level. A blank level takes the next better's benchmark."""

    I: Benchmark | None = None  # noqa: E741 (the level's name)
    II: Benchmark | None = None
    III: Benchmark | None = None


class Texts(Part):
    """The wording of each level of a qualitative row; an assessor states the level that is met."""

    I: Text | None = None  # noqa: E741
    II: Text | None = None
    III: Text | None = None


class Indicator(Part):
    """A row. Quantitative rows have `direction` and `benchmarks`; rows of conditions `conditions`; the others `texts`.

    `strict`: levels at which the value must be better than the benchmark, not equal to it. `signed`: may be negative.
    """

    id: Name
    no: str | None = None
    title: Text
    kind: Literal["quantitative", "qualitative", "conditions"]
    unit: str = ""
    direction: Literal["lower", "higher"] | None = None
    strict: tuple[Level, ...] = ()
    signed: bool = False
    weight: Amount | None = None
    restrictive: bool = False
    benchmarks: Benchmarks = Benchmarks()
    texts: Texts = Texts()
    note: Text | None = None


class Share(Part):
    """A weight that several rows share by the output of the product types that are made."""

    weight: Amount
    outputs: dict[Name, Name] = Field(min_length=1)


class Group(Part):
    """A first-level indicator. `bonus`: on top of the sum of 1, lifting the indices of `bonus_lifts`.

    `at_least`: meets a level when so many of its rows do; its rows then bear no weights.
    """

    id: Name
    title: Text
    weight: Amount | None = None
    bonus: bool = False
    bonus_lifts: tuple[Level, ...] = ("I", "II")
    at_least: int | None = Field(default=None, ge=1)
    shares: tuple[Share, ...] = ()
    indicators: tuple[Indicator, ...] = Field(min_length=1)


class Rule(Part):
    """What a level asks: its index, and the level that restrictive rows and the others must reach."""

    index: Amount
    restrictive: Level | None = None
    others: Level | None = None


class Decision(Part):
    """The rule of the levels; the general rules' own where the file states none."""

    I: Rule = Rule(index="85", restrictive="I", others="II")  # noqa: E741
    II: Rule = Rule(index="85", restrictive="II", others="III")
    III: Rule = Rule(index="100")


class Confirmed(Part):
    """A doubt that somebody looked into, and why it does not hold."""

    doubt: Text
    why: Text


class SystemFile(Part):
    """One index system."""

    id: Slug
    title: Text
    sector: Text
    edition: Text
    valid_from: Day | None = None
    valid_to: Day | None = None
    completeness: Literal["complete", "partial"]
    verified: bool = False
    source: tuple[Text, ...] = Field(min_length=1)
    note: Text | None = None
    levels: Texts = Texts()
    decision: Decision = Decision()
    parameters: tuple[Parameter, ...] = ()
    groups: tuple[Group, ...] = Field(min_length=1)
    missing: tuple[Text, ...] = ()
    confirmed: tuple[Confirmed, ...] = ()
