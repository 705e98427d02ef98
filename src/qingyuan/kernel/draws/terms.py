"""What is fixed before a draw: who can be drawn, who was left out and why, how many, and which public value decides."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from qingyuan.papers.canonical import canonical_bytes, sha256_hex

DOMAIN = "qingyuan-draw/1"
ORGANISER, SECOND = "organiser", "second"
SECOND_BODY, EXTERNAL = "second_body", "external"
SECRET = re.compile(r"[0-9a-f]{64}")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
MOST_CANDIDATES = 100_000


def is_secret(text: object) -> bool:
    """256 random bits as 64 lower-case hexadecimal digits."""
    return isinstance(text, str) and SECRET.fullmatch(text) is not None


def commitment(*, draw: str, role: str, secret: str) -> str:
    """What is published of a secret before it is revealed.

    Draw and role stand in it, so that nobody can pass off another's commitment, or an old one, as an own new one.
    """
    return sha256_hex(
        canonical_bytes({"domain": f"{DOMAIN}/commitment", "draw": draw, "role": role, "secret": secret})
    )


@dataclass(frozen=True, order=True)
class Candidate:
    """One that can be drawn: `code` stands for it in public, `stratum` is what a stratified draw spreads over."""

    code: str
    stratum: str = ""


@dataclass(frozen=True, order=True)
class Exclusion:
    """One that cannot be drawn, with the reason that was recorded before."""

    code: str
    reason: str


@dataclass(frozen=True)
class PublicValue:
    """The value that nobody knows when the commitments are made, fixed in advance by its source and time.

    `kind` "second_body": the secret that a second body committed to; "external": a published number (a lottery's, say).
    """

    kind: str
    source: str
    not_before: str
    """UTC, like 2022-07-01T02:00:00Z: before this instant the value must not be known."""


@dataclass(frozen=True)
class Terms:
    """The announcement of a draw. Its hash goes into the ledger before anything is known of the result."""

    draw: str
    purpose: str
    candidates: tuple[Candidate, ...]
    take: int
    public_value: PublicValue
    salt: str
    """64 hexadecimal digits, so that nobody finds the terms out by trying which ones have the published hash."""
    exclusions: tuple[Exclusion, ...] = ()
    reserves: int = 0
    stratified: bool = False
    more: Mapping[str, Any] = field(default_factory=dict)
    """Further canonical facts (which round, which attempt): hashed, and without influence on the algorithm."""

    def as_json(self) -> dict[str, Any]:
        """Canonical data: candidates and exclusions by code, whatever the order in which they were given."""
        return {
            "draw": self.draw,
            "purpose": self.purpose,
            "candidates": [
                {"code": one.code, "stratum": one.stratum}
                for one in sorted(self.candidates, key=lambda one: one.code)
            ],
            "exclusions": [
                {"code": one.code, "reason": one.reason}
                for one in sorted(self.exclusions, key=lambda one: one.code)
            ],
            "take": self.take,
            "salt": self.salt,
            "reserves": self.reserves,
            "stratified": self.stratified,
            "public_value": {
                "kind": self.public_value.kind,
                "source": self.public_value.source,
                "not_before": self.public_value.not_before,
            },
            "more": dict(self.more),
        }

    @property
    def sha256(self) -> str:
        return sha256_hex(canonical_bytes(self.as_json()))

    def problems(self) -> list[str]:
        """Everything that makes these terms no draw; empty when they are one."""
        found = []
        codes = Counter(one.code for one in self.candidates)
        if not self.candidates:
            found.append("候选名单是空的")
        if len(self.candidates) > MOST_CANDIDATES:
            found.append(f"候选名单最多 {MOST_CANDIDATES} 个，实有 {len(self.candidates)} 个")
        found += [f"候选代号“{code}”重复" for code, times in sorted(codes.items()) if times > 1]
        if any(not code.strip() for code in codes):
            found.append("候选代号不能为空")
        found += [
            f"“{one.code}”既在候选名单又在排除名单" for one in sorted(self.exclusions) if one.code in codes
        ]
        found += [
            f"排除“{one.code}”没有写明理由" for one in sorted(self.exclusions) if not one.reason.strip()
        ]
        if self.take < 1:
            found.append(f"抽取数量应为正整数，实为 {self.take}")
        if self.reserves < 0:
            found.append(f"候补数量不能为负，实为 {self.reserves}")
        if self.take >= 1 and self.reserves >= 0 and self.take + self.reserves > len(self.candidates):
            found.append(f"抽取 {self.take} 个、候补 {self.reserves} 个，候选只有 {len(self.candidates)} 个")
        if self.public_value.kind not in {SECOND_BODY, EXTERNAL}:
            found.append(f"公开值的种类应为 second_body 或 external，实为“{self.public_value.kind}”")
        if not is_secret(self.salt):
            found.append("盐值应为 64 位小写十六进制数字")
        if not self.public_value.source.strip():
            found.append("没有写明公开值的来源")
        if not INSTANT.fullmatch(self.public_value.not_before):
            found.append("公开值的时间应为世界协调时，如 2022-07-01T02:00:00Z")
        return found


def supervisor_sha256(terms: Terms, *, body: str, role: str) -> str:
    """What the ledger says of the person who watched: body and office, salted with the terms' salt; never a name."""
    return sha256_hex(canonical_bytes({"body": body, "role": role, "salt": terms.salt}))
