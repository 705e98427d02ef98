"""Whether the questions and rules of the eligibility conditions can work at all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from qingyuan.catalogue.notices.conditions import AllOf, AnyOf, Condition, NoneOf, Question, Rule, Test
from qingyuan.catalogue.notices.model import Notice
from qingyuan.catalogue.notices.parts import ObjectKind
from qingyuan.catalogue.yamlfile import Finding, Place

# Which operators make sense for which kind of answer.
_FITTING = {
    "yes_no": {"equals"},
    "text": {"not_empty"},
    "date": {"not_empty"},
    "number": {"at_least", "at_most", "not_empty"},
    "choice": {"equals", "any_of", "not_empty"},
    "multi_choice": {"any_of", "contains_any", "subset_of", "not_empty"},
}


def check_conditions(notice: Notice) -> Iterator[Finding]:
    """Every finding in the eligibility part of a notice."""
    facts = {
        "object_form": set(get_args(ObjectKind)),
        "category": {category.id for category in notice.categories},
    }
    for index, condition in enumerate(notice.eligibility):
        here: Place = ("eligibility", index)
        for number, question in enumerate(condition.questions):
            yield from _check_question(question, (*here, "questions", number))
        for place, test in _tests(condition, here):
            yield from _check_test(test, place, condition, facts)


def _check_question(question: Question, here: Place) -> Iterator[Finding]:
    chosen = question.kind in {"choice", "multi_choice"}
    values = [option.value for option in question.options]
    if chosen and len(values) < 2:
        yield Finding((*here, "options"), "选择题要有选项", "至少两个选项")
    if not chosen and values:
        yield Finding((*here, "options"), f"{question.kind} 题不用选项", "删去 options")
    for index, value in enumerate(values):
        if value in values[:index]:
            yield Finding((*here, "options", index, "value"), f"选项“{value}”重复", "唯一的选项")


def _tests(condition: Condition, here: Place) -> Iterator[tuple[Place, Test]]:
    for index, question in enumerate(condition.questions):
        if question.when is not None:
            yield from _inside(question.when, (*here, "questions", index, "when"))
    yield from _inside(condition.verdict.met, (*here, "verdict", "met"))
    for name in ("not_met", "ask"):
        for index, outcome in enumerate(getattr(condition.verdict, name)):
            yield from _inside(outcome.when, (*here, "verdict", name, index, "when"))


def _inside(rule: Rule, place: Place) -> Iterator[tuple[Place, Test]]:
    match rule:
        case Test():
            yield place, rule
        case AllOf():
            for index, part in enumerate(rule.all):
                yield from _inside(part, (*place, "all", index))
        case AnyOf():
            for index, part in enumerate(rule.any):
                yield from _inside(part, (*place, "any", index))
        case NoneOf():
            for index, part in enumerate(rule.none):
                yield from _inside(part, (*place, "none", index))


def _check_test(
    test: Test, place: Place, condition: Condition, facts: dict[str, set[str]]
) -> Iterator[Finding]:
    questions = {question.id: question for question in condition.questions}
    operator = test.operators()[0]
    if test.fact is not None:
        unknown = _values(test) - facts[test.fact]
        if unknown:
            reason = f"{test.fact} 没有取值“{'、'.join(sorted(map(str, unknown)))}”"
            yield Finding(place, reason, "、".join(sorted(facts[test.fact])))
        return
    name = test.answer or test.evidence or ""
    question = questions.get(name)
    if question is None:
        yield Finding(place, f"本条件没有问题“{name}”", "、".join(questions))
        return
    if test.evidence is not None:
        if question.evidence is None:
            yield Finding(place, f"问题“{name}”没有要求材料", "在该问题下写 evidence")
        if operator not in {"at_least", "at_most"}:
            yield Finding(place, f"材料件数不能用 {operator} 判断", "at_least 或 at_most")
        return
    if operator not in _FITTING[question.kind]:
        expected = "、".join(sorted(_FITTING[question.kind]))
        yield Finding(place, f"{question.kind} 题不能用 {operator} 判断", expected)
        return
    if question.kind == "yes_no" and not isinstance(test.equals, bool):
        yield Finding(place, f"是非题不能与“{test.equals}”比较", "true 或 false")
    if question.options and (unknown := _values(test) - {option.value for option in question.options}):
        reason = f"问题“{name}”没有选项“{'、'.join(sorted(map(str, unknown)))}”"
        yield Finding(place, reason, "、".join(option.value for option in question.options))


def _values(test: Test) -> set[object]:
    several = (*(test.any_of or ()), *(test.contains_any or ()), *(test.subset_of or ()))
    return {*several, *(() if test.equals is None else (test.equals,))}
