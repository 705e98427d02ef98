"""Eligibility: what a condition asks, and the verdict that the answers give. Structured rules, no eval."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Literal, Self

from pydantic import Discriminator, Field, StrictBool, StrictInt, StrictStr, Tag, model_validator

from qingyuan.catalogue.model import Part, Slug, Text

Value = StrictBool | StrictInt | StrictStr
Answer = bool | str | Decimal | date | frozenset[str]
MOST_DIGITS, MOST_DECIMALS = 18, 12  # of an answer that is a number: money, tonnes, people
State = Literal["met", "not_met", "ask", "open"]
Fact = Literal["object_form", "category"]


class Test(Part):
    """One test of an answer (by question id), a fact about the pilot, or the number of evidence files.

    Exactly one subject and one operator. A test of something not answered is false.
    """

    __test__ = False  # not a pytest class
    answer: Slug | None = None
    fact: Fact | None = None
    evidence: Slug | None = None
    equals: Value | None = None
    any_of: tuple[Value, ...] | None = None
    contains_any: tuple[Value, ...] | None = None
    subset_of: tuple[Value, ...] | None = None
    not_empty: Literal[True] | None = None
    at_least: StrictInt | None = None
    at_most: StrictInt | None = None

    @model_validator(mode="after")
    def _one_of_each(self) -> Self:
        if len(self.subjects()) != 1:
            raise ValueError("一条判断要恰好写一个对象：answer、fact 或 evidence")
        if len(self.operators()) != 1:
            raise ValueError(f"一条判断要恰好写一个算符：{'、'.join(_OPERATORS)}")
        return self

    def operators(self) -> list[str]:
        return [name for name in _OPERATORS if getattr(self, name) is not None]

    def subjects(self) -> list[str]:
        return [name for name in ("answer", "fact", "evidence") if getattr(self, name) is not None]


class AllOf(Part):
    """Holds when every rule holds."""

    all: tuple[Rule, ...] = Field(min_length=1)


class AnyOf(Part):
    """Holds when at least one rule holds."""

    any: tuple[Rule, ...] = Field(min_length=1)


class NoneOf(Part):
    """Holds when no rule holds."""

    none: tuple[Rule, ...] = Field(min_length=1)


def _kind_of_rule(value: object) -> str:
    """Which rule a mapping means, by its key, so that a slip inside it is reported once and not four times."""
    for key in ("all", "any", "none"):
        if (isinstance(value, Mapping) and key in value) or hasattr(value, key):
            return f"rule-{key}"
    return "rule-test"


Rule = Annotated[
    Annotated[AllOf, Tag("rule-all")]
    | Annotated[AnyOf, Tag("rule-any")]
    | Annotated[NoneOf, Tag("rule-none")]
    | Annotated[Test, Tag("rule-test")],
    Discriminator(_kind_of_rule),
]


class Option(Part):
    """One choice of a question."""

    value: Slug
    label: Text


class Evidence(Part):
    """The files asked with a question."""

    need: Literal["required", "optional"]
    what: Text


class Question(Part):
    """What the applicant is asked. `when`: the question is put only where this rule holds."""

    id: Slug
    kind: Literal["yes_no", "text", "choice", "multi_choice", "number", "date"]
    label: Text
    help: str = ""
    about: Literal["object", "applicant", "area"] = "object"
    options: tuple[Option, ...] = ()
    unit: str = ""
    required: bool = True
    evidence: Evidence | None = None
    when: Rule | None = None


class Outcome(Part):
    """A reason to say no, or to leave it to an officer: where `when` holds, with the words shown."""

    when: Rule
    reason: Text


class Verdict(Part):
    """How answers become a verdict: any `not_met` outcome decides; then `ask`; then `met` must hold."""

    met: Rule
    met_reason: Text
    not_met: tuple[Outcome, ...] = ()
    ask: tuple[Outcome, ...] = ()


class Condition(Part):
    """One eligibility condition of a notice, in its own words, with its questions and its rule."""

    id: Slug
    clause: Slug
    title: Text
    wording: Text | None = None
    note: str = ""
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]
    verdict: Verdict

    def asked(self, *, answers: Mapping[str, object], facts: Mapping[str, str]) -> tuple[Question, ...]:
        """The questions put to this pilot, given what is answered so far."""
        seen = _Seen(answers=_read_answers(self, answers)[0], facts=facts, evidence={})
        return tuple(
            question for question in self.questions if question.when is None or seen.holds(question.when)
        )


@dataclass(frozen=True, kw_only=True)
class ConditionVerdict:
    """`met`, `not_met`, `ask` (an officer must look), or `open` (not fully answered); reasons in Chinese."""

    state: State
    reasons: tuple[str, ...]
    clause: str


class AnswerError(ValueError):
    """An answer that does not fit its question; the message says what was expected."""


def read_answer(question: Question, raw: object) -> Answer | None:
    """A raw answer (form text or JSON) as a typed value; None where nothing is answered. Raises AnswerError."""
    if raw is None or raw in ("", []):
        return None
    match question.kind:
        case "yes_no":
            return _read_yes_no(raw)
        case "text":
            return str(raw).strip() or None
        case "choice" | "multi_choice":
            return _read_choice(question, raw)
        case "number":
            return _read_number(raw)
        case "date":
            try:
                return raw if isinstance(raw, date) else date.fromisoformat(str(raw))
            except ValueError:
                raise AnswerError(f"“{raw}”不是日期，应如 2022-05-31") from None


def judge_condition(
    condition: Condition,
    *,
    answers: Mapping[str, object],
    evidence_count: Mapping[str, int],
    facts: Mapping[str, str],
) -> ConditionVerdict:
    """The verdict of the answers so far.

    `answers`: question id -> raw answer; `evidence_count`: question id -> files attached; `facts`: what the
    pilot is (`object_form`, `category`). Pure: same input, same verdict.
    """
    typed, bad = _read_answers(condition, answers)
    seen = _Seen(answers=typed, facts=facts, evidence=evidence_count)
    put = [question for question in condition.questions if question.when is None or seen.holds(question.when)]
    # An answer left from another branch (park, then changed to cluster) must not decide anything.
    asked = {question.id for question in put}
    seen = _Seen(
        answers={name: value for name, value in typed.items() if name in asked},
        facts=facts,
        evidence={name: count for name, count in evidence_count.items() if name in asked},
    )
    refused = [outcome.reason for outcome in condition.verdict.not_met if seen.holds(outcome.when)]
    if refused:
        return ConditionVerdict(state="not_met", reasons=tuple(refused), clause=condition.clause)
    missing = [f"“{question.label}”：{bad[question.id]}" for question in put if question.id in bad]
    for question in put:
        if question.required and question.id not in typed and question.id not in bad:
            missing.append(f"尚未回答“{question.label}”")
        need = question.evidence
        if need and need.need == "required" and not evidence_count.get(question.id):
            missing.append(f"“{question.label}”尚缺证明材料：{need.what}")
    if not put:
        missing.append("请先选择类别和试点对象的形态")
    if missing:
        return ConditionVerdict(state="open", reasons=tuple(missing), clause=condition.clause)
    doubts = [outcome.reason for outcome in condition.verdict.ask if seen.holds(outcome.when)]
    if doubts:
        return ConditionVerdict(state="ask", reasons=tuple(doubts), clause=condition.clause)
    if seen.holds(condition.verdict.met):
        return ConditionVerdict(state="met", reasons=(condition.verdict.met_reason,), clause=condition.clause)
    reason = "回答不能自动判定，由受理部门核定"
    return ConditionVerdict(state="ask", reasons=(reason,), clause=condition.clause)


@dataclass(frozen=True, kw_only=True)
class _Seen:
    """What is known of a pilot while a rule is looked at."""

    answers: Mapping[str, Answer]
    facts: Mapping[str, str]
    evidence: Mapping[str, int]

    def holds(self, rule: Rule) -> bool:
        match rule:
            case AllOf():
                return all(self.holds(part) for part in rule.all)
            case AnyOf():
                return any(self.holds(part) for part in rule.any)
            case NoneOf():
                return not any(self.holds(part) for part in rule.none)
            case Test():
                return self._test(rule)

    def _test(self, test: Test) -> bool:
        value: Answer | None
        if test.evidence is not None:
            value = Decimal(self.evidence.get(test.evidence, 0))
        elif test.fact is not None:
            value = self.facts.get(test.fact)
        else:
            value = self.answers.get(test.answer or "")
        if value is None:
            return False
        return _OPERATORS[test.operators()[0]](value, test)


def _many(value: Answer) -> frozenset[object]:
    return value if isinstance(value, frozenset) else frozenset({value})


def _compared(value: Answer, bound: int | None, sign: int) -> bool:
    return isinstance(value, Decimal) and bound is not None and (value - bound) * sign >= 0


_OPERATORS: dict[str, Callable[[Answer, Test], bool]] = {
    "equals": lambda value, test: _many(value) == {test.equals},
    "any_of": lambda value, test: bool(_many(value)) and _many(value) <= set(test.any_of or ()),
    "contains_any": lambda value, test: bool(_many(value) & set(test.contains_any or ())),
    "subset_of": lambda value, test: _many(value) <= set(test.subset_of or ()),
    "not_empty": lambda value, _test: value != frozenset(),
    "at_least": lambda value, test: _compared(value, test.at_least, 1),
    "at_most": lambda value, test: _compared(value, test.at_most, -1),
}


def _read_answers(
    condition: Condition, answers: Mapping[str, object]
) -> tuple[dict[str, Answer], dict[str, str]]:
    typed: dict[str, Answer] = {}
    bad: dict[str, str] = {}
    for question in condition.questions:
        try:
            value = read_answer(question, answers.get(question.id))
        except AnswerError as error:
            bad[question.id] = str(error)
            continue
        if value is not None:
            typed[question.id] = value
    return typed, bad


def _read_yes_no(raw: object) -> bool:
    if isinstance(raw, bool):
        return raw
    known = {"yes": True, "true": True, "是": True, "no": False, "false": False, "否": False}
    try:
        return known[str(raw).strip().lower()]
    except KeyError:
        raise AnswerError(f"“{raw}”不是“是”或“否”") from None


def _read_choice(question: Question, raw: object) -> str | frozenset[str] | None:
    chosen = raw if isinstance(raw, (list, tuple, set, frozenset)) else [raw]
    values = frozenset(str(value) for value in chosen)
    unknown = values - {option.value for option in question.options}
    if unknown:
        labels = "、".join(option.label for option in question.options)
        raise AnswerError(f"“{'、'.join(sorted(unknown))}”不在选项之中，可选：{labels}")
    if question.kind == "multi_choice":
        return values or None
    if len(values) != 1:
        raise AnswerError("只能选一项")
    return next(iter(values))


def _read_number(raw: object) -> Decimal:
    try:
        number = Decimal(str(raw).strip().replace(",", ""))
    except InvalidOperation:
        raise AnswerError(f"“{raw}”不是数字") from None
    if not number.is_finite():
        raise AnswerError(f"“{raw}”不是有限的数字")
    if number and not -MOST_DECIMALS <= number.adjusted() < MOST_DIGITS:
        raise AnswerError(
            f"“{str(raw)[:30]}”超出范围：整数部分不超过 {MOST_DIGITS} 位，小数不超过 {MOST_DECIMALS} 位"
        )
    return number
