"""Reads a draw record that comes from anywhere: every problem of its shape, with its place, at once."""

from __future__ import annotations

import json
from typing import Any

from qingyuan.kernel.draws.terms import SECOND_BODY, Candidate, Exclusion, PublicValue, Terms, is_secret
from qingyuan.papers.canonical import NotCanonical, canonical_bytes


class Reader:
    """Gives sound values, or a blank of the same type and a line in `problems`."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def problem(self, path: str, expected: str) -> None:
        self.problems.append(f"{path}：{expected}")

    def mapping(self, value: object, path: str) -> dict[str, Any] | None:
        if isinstance(value, dict) and all(isinstance(key, str) for key in value):
            return value
        self.problem(path, "应为对象")
        return None

    def text(self, value: object, path: str) -> str:
        if isinstance(value, str) and value.strip():
            return value
        self.problem(path, "应为非空的字符串")
        return ""

    def hex(self, value: object, path: str) -> str:
        if isinstance(value, str) and is_secret(value):
            return value
        self.problem(path, "应为 64 位小写十六进制数字")
        return ""

    def integer(self, value: object, path: str) -> int:
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        self.problem(path, "应为整数")
        return 0

    def rows(self, value: object, path: str) -> list[dict[str, Any]]:
        if not isinstance(value, list):
            self.problem(path, "应为数组")
            return []
        found = [self.mapping(one, f"{path}[{place}]") for place, one in enumerate(value)]
        return [one for one in found if one is not None]

    def string(self, value: object, path: str) -> str:
        if isinstance(value, str):
            return value
        self.problem(path, "应为字符串")
        return ""

    def entry(self, value: object, path: str) -> dict[str, Any]:
        """A ledger receipt with a readable body."""
        found = self.mapping(value, path)
        if found is None:
            return {}
        self.integer(found.get("seq"), f"{path}.seq")
        try:
            body = json.loads(self.string(found.get("body"), f"{path}.body") or "{}")
        except (ValueError, RecursionError):
            body = None
        if not isinstance(body, dict) or not all(
            isinstance(body.get(key, {}), dict) for key in ("payload", "subject")
        ):
            self.problem(f"{path}.body", "应为台账条目的 JSON 文本")
        return found

    def has_second(self, terms: object) -> bool:
        """Does a second body commit? Asked of the raw terms, so that its part is read even if they are unsound."""
        public = terms.get("public_value") if isinstance(terms, dict) else None
        return isinstance(public, dict) and public.get("kind") == SECOND_BODY

    def terms(self, value: object) -> Terms | None:
        found = self.mapping(value, "$.terms")
        if found is None:
            return None
        before = len(self.problems)
        public = self.mapping(found.get("public_value"), "$.terms.public_value") or {}
        terms = Terms(
            draw=self.text(found.get("draw"), "$.terms.draw"),
            purpose=self.text(found.get("purpose"), "$.terms.purpose"),
            candidates=tuple(
                Candidate(
                    self.text(one.get("code"), f"$.terms.candidates[{place}].code"),
                    self.string(one.get("stratum"), f"$.terms.candidates[{place}].stratum"),
                )
                for place, one in enumerate(self.rows(found.get("candidates"), "$.terms.candidates"))
            ),
            exclusions=tuple(
                Exclusion(
                    self.text(one.get("code"), f"$.terms.exclusions[{place}].code"),
                    self.string(one.get("reason"), f"$.terms.exclusions[{place}].reason"),
                )
                for place, one in enumerate(self.rows(found.get("exclusions"), "$.terms.exclusions"))
            ),
            take=self.integer(found.get("take"), "$.terms.take"),
            reserves=self.integer(found.get("reserves"), "$.terms.reserves"),
            stratified=found.get("stratified") is True,
            salt=self.string(found.get("salt"), "$.terms.salt"),
            public_value=PublicValue(
                kind=self.string(public.get("kind"), "$.terms.public_value.kind"),
                source=self.string(public.get("source"), "$.terms.public_value.source"),
                not_before=self.string(public.get("not_before"), "$.terms.public_value.not_before"),
            ),
            more=self.mapping(found.get("more"), "$.terms.more") or {},
        )
        if not isinstance(found.get("stratified"), bool):
            self.problem("$.terms.stratified", "应为 true 或 false")
        try:
            canonical_bytes(found)
        except NotCanonical as error:
            self.problem("$.terms", f"有不能规范化的内容（{error.path}）")
        if len(self.problems) == before:
            self.problems += [f"$.terms：{problem}" for problem in terms.problems()]
        if len(self.problems) == before and terms.as_json() != found:
            self.problem("$.terms", "候选和排除应按代号排列，且不含其他内容")
        return terms if len(self.problems) == before else None
