"""Whether the rules of a notice's self-check name checks that exist, with parameters that they take."""

from __future__ import annotations

from collections.abc import Iterator
from string import Formatter

from pydantic import ValidationError

from qingyuan.catalogue.model import Part
from qingyuan.catalogue.notices.model import Notice
from qingyuan.catalogue.notices.selfcheck import (
    CHECKS,
    MESSAGE_FIELDS,
    AnswerOf,
    CheckRule,
    ChosenPollutants,
    Funding,
    TargetFigures,
    Years,
)
from qingyuan.catalogue.yamlfile import Finding, Place, explain


def check_self_check(notice: Notice) -> Iterator[Finding]:
    """Every finding in the rule set."""
    categories = {category.id for category in notice.categories}
    for index, rule in enumerate(notice.self_check.rules):
        here: Place = ("self_check", "rules", index)
        for position, category in enumerate(rule.categories):
            if category not in categories:
                yield Finding(
                    (*here, "categories", position), f"类别“{category}”不存在", "categories 中的编号"
                )
        yield from _check_message(rule, here)
        model = CHECKS.get(rule.check)
        if model is None:
            yield Finding((*here, "check"), f"没有名为“{rule.check}”的自查", "、".join(sorted(CHECKS)))
            continue
        try:
            told = model.model_validate(rule.parameters)
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                found = explain(detail, rule.parameters)
                yield found._replace(place=(*here, "parameters", *found.place))
            continue
        yield from _check_parameters(notice, told, (*here, "parameters"))


def _check_message(rule: CheckRule, here: Place) -> Iterator[Finding]:
    expected = "字段 " + "、".join(f"{{{name}}}" for name in sorted(MESSAGE_FIELDS))
    try:
        fields = [name for _, name, _, _ in Formatter().parse(rule.message) if name is not None]
    except ValueError:
        yield Finding((*here, "message"), "提示文字的花括号不成对", expected)
        return
    for name in sorted(set(fields) - MESSAGE_FIELDS):
        yield Finding((*here, "message"), f"不认识的字段“{{{name}}}”", expected)


def _check_parameters(notice: Notice, told: Part, here: Place) -> Iterator[Finding]:
    leaves = {leaf.id for leaf in notice.leaves()}
    for position, chapter in enumerate(getattr(told, "chapters", ())):
        if chapter not in leaves:
            place = (
                *here,
                "chapters",
                chapter if isinstance(getattr(told, "chapters", None), dict) else position,
            )
            yield Finding(place, f"大纲中没有章节“{chapter}”", "、".join(leaf.id for leaf in notice.leaves()))
    if isinstance(told, TargetFigures):
        measures = {measure.id for aim in notice.aims for measure in aim.measures}
        for position, item in enumerate(told.measures):
            if item.measure not in measures:
                place = (*here, "measures", position, "measure")
                yield Finding(place, f"通知的目标中没有“{item.measure}”", "、".join(sorted(measures)))
    if isinstance(told, Funding):
        numbers = {
            q.id for condition in notice.eligibility for q in condition.questions if q.kind == "number"
        }
        for position, question in enumerate(told.questions):
            if question not in numbers:
                place = (*here, "questions", position)
                yield Finding(place, f"申报条件中没有数字题“{question}”", "、".join(sorted(numbers)))
    if isinstance(told, AnswerOf | ChosenPollutants):
        yield from _check_questions(notice, told, here)
    if isinstance(told, Years) and told.last < told.first:
        yield Finding((*here, "last"), f"{told.last} 早于 first 的 {told.first}", "不早于 first")


def _check_questions(notice: Notice, told: AnswerOf | ChosenPollutants, here: Place) -> Iterator[Finding]:
    condition = next((one for one in notice.eligibility if one.id == told.condition), None)
    if condition is None:
        known = "、".join(one.id for one in notice.eligibility)
        yield Finding((*here, "condition"), f"没有申报条件“{told.condition}”", known)
        return
    asked = {question.id for question in condition.questions}
    wanted = [told.question] if isinstance(told, AnswerOf) else [*told.listed, told.own]
    for question in wanted:
        if question not in asked:
            yield Finding(here, f"申报条件 {condition.id} 中没有问题“{question}”", "、".join(sorted(asked)))
