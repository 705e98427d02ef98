"""Expressions of parameters, such as 0.8/n or 10+5*n: a small grammar of our own, evaluated exactly or on arrays.

    sum     = product { ("+" | "-") product }
    product = signed { ("*" | "/") signed }
    signed  = { "-" | "+" } atom
    atom    = number | name | "(" sum ")"

Nothing else can be said: no calls, no powers, no attributes. Length and depth are limited.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Operator = Literal["+", "-", "*", "/"]
MOST_CHARACTERS, MOST_DEPTH = 500, 50
UNIT: Final = 2.0**-53 * 1.000001  # the rounding of one operation, and of the bounds themselves
_TOKEN = re.compile(
    r"\s*(?:(\d+(?:\.\d*)?(?:[eE][+-]?\d{1,2})?|\.\d+)|([A-Za-z_]\w*(?::\w+)?)|([-+*/()]))", re.ASCII
)


class ExpressionError(ValueError):
    """A text outside the grammar; the sentence says where."""


@dataclass(frozen=True, slots=True)
class Constant:
    value: Fraction


@dataclass(frozen=True, slots=True)
class Name:
    name: str


@dataclass(frozen=True, slots=True)
class Operation:
    operator: Operator
    left: Node
    right: Node


Node = Constant | Name | Operation


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression. `text` is what was written, `names` the parameters that it needs."""

    text: str
    root: Node
    names: frozenset[str]

    @property
    def constant(self) -> Fraction | None:
        """Its value where it needs no parameter."""
        return None if self.names else self.exact({})

    def exact(self, values: Mapping[str, Fraction]) -> Fraction:
        """The exact value; raises ZeroDivisionError, and KeyError for a name without value."""
        return _exact(self.root, values)

    def bounded(self, columns: Mapping[str, Numbers]) -> tuple[Numbers, Numbers]:
        """Values on arrays, and a bound of their distance from the exact ones (infinite where a divisor may be 0).

        Each number of `columns` is within half a unit in the last place of the one that is meant.
        """
        with np.errstate(all="ignore"):
            value, error = _bounded(self.root, columns)
        sound = np.isfinite(value) & np.isfinite(error)
        return value, np.where(sound, error, np.inf)


def parse(text: str) -> Expression:
    """The expression that a text states; raises ExpressionError."""
    if len(text) > MOST_CHARACTERS:
        raise ExpressionError(f"算式超过 {MOST_CHARACTERS} 个字符")
    parser = _Parser(text)
    root = parser.sum(0)
    parser.expect_end()
    return Expression(text=text.strip(), root=root, names=frozenset(parser.names))


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[tuple[str, str]] = []
        self.names: set[str] = set()
        self.at = 0
        place = 0
        end = len(text.rstrip())
        while place < end:
            match = _TOKEN.match(text, place)
            if match is None:
                raise ExpressionError(
                    f"算式“{text}”第 {place + 1} 个字符起读不懂；只可用数字、参数名、+ - * / 和括号"
                )
            number, name, sign = match.groups()
            self.tokens.append(("number", number) if number else ("name", name) if name else ("sign", sign))
            place = match.end()

    def peek(self) -> str:
        kind, text = self.tokens[self.at] if self.at < len(self.tokens) else ("", "")
        return text if kind == "sign" else ""

    def sum(self, depth: int) -> Node:
        node = self.product(depth)
        while (sign := self.peek()) in {"+", "-"}:
            self.at += 1
            node = Operation("+" if sign == "+" else "-", node, self.product(depth))
        return node

    def product(self, depth: int) -> Node:
        node = self.signed(depth)
        while (sign := self.peek()) in {"*", "/"}:
            self.at += 1
            node = Operation("*" if sign == "*" else "/", node, self.signed(depth))
        return node

    def signed(self, depth: int) -> Node:
        negative = False
        while (sign := self.peek()) in {"+", "-"}:
            self.at += 1
            negative ^= sign == "-"
        node = self.atom(depth + 1)
        return Operation("-", Constant(Fraction(0)), node) if negative else node

    def atom(self, depth: int) -> Node:
        if depth > MOST_DEPTH:
            raise ExpressionError(f"算式“{self.text}”的括号超过 {MOST_DEPTH} 层")
        if self.at == len(self.tokens):
            raise ExpressionError(f"算式“{self.text}”没有写完")
        kind, text = self.tokens[self.at]
        self.at += 1
        if kind == "number":
            return Constant(Fraction(text))
        if kind == "name":
            self.names.add(text)
            return Name(text)
        if text != "(":
            raise ExpressionError(f"算式“{self.text}”中“{text}”的位置不对")
        node = self.sum(depth)
        if self.peek() != ")":
            raise ExpressionError(f"算式“{self.text}”缺少右括号")
        self.at += 1
        return node

    def expect_end(self) -> None:
        if self.at < len(self.tokens):
            raise ExpressionError(f"算式“{self.text}”中“{self.tokens[self.at][1]}”的位置不对")


def _exact(node: Node, values: Mapping[str, Fraction]) -> Fraction:
    if isinstance(node, Constant):
        return node.value
    if isinstance(node, Name):
        return values[node.name]
    left, right = _exact(node.left, values), _exact(node.right, values)
    if node.operator == "+":
        return left + right
    if node.operator == "-":
        return left - right
    return left * right if node.operator == "*" else left / right


def _bounded(node: Node, columns: Mapping[str, Numbers]) -> tuple[Numbers, Numbers]:
    if isinstance(node, Constant):
        value = np.asarray(float(node.value))
        return value, np.abs(value) * UNIT
    if isinstance(node, Name):
        value = columns[node.name]
        return value, np.abs(value) * UNIT
    (left, left_error), (right, right_error) = _bounded(node.left, columns), _bounded(node.right, columns)
    if node.operator in {"+", "-"}:
        value = left + right if node.operator == "+" else left - right
        error = left_error + right_error
    elif node.operator == "*":
        value = left * right
        error = np.abs(left) * right_error + np.abs(right) * left_error + left_error * right_error
    else:
        value = left / right
        rest = np.abs(right) - right_error
        error = np.where(rest > 0, (left_error + np.abs(value) * right_error) / rest, np.inf)
    return value, (error + np.abs(value) * UNIT) * (1 + 8 * UNIT)
