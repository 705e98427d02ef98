"""From secrets to a result: deterministic, unbiased, and the same on every machine. See docs/draws.md."""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from dataclasses import dataclass
from typing import Any, TypeVar

from qingyuan.kernel.draws.terms import DOMAIN, Candidate, Terms
from qingyuan.papers.canonical import canonical_bytes, sha256_hex

T = TypeVar("T")
WORD = 8
RANGE = 1 << (8 * WORD)


def seed_of(*, terms_sha256: str, secret: str, public_value: str) -> bytes:
    """32 bytes that nobody can know before both the secret and the public value are known."""
    return hashlib.sha256(
        canonical_bytes(
            {
                "domain": f"{DOMAIN}/seed",
                "terms": terms_sha256,
                "secret": secret,
                "public_value": public_value,
            }
        )
    ).digest()


class Stream:
    """HMAC-SHA-256 in counter mode, read as big-endian words of 8 bytes."""

    def __init__(self, seed: bytes) -> None:
        self._seed = seed
        self._block = 0
        self._bytes = b""

    def _word(self) -> int:
        if not self._bytes:
            self._bytes = hmac.digest(self._seed, self._block.to_bytes(8, "big"), "sha256")
            self._block += 1
        word, self._bytes = self._bytes[:WORD], self._bytes[WORD:]
        return int.from_bytes(word, "big")

    def below(self, bound: int) -> int:
        """An integer from 0 to `bound` - 1, each exactly as likely: words past the last full multiple are thrown away."""
        if not 1 <= bound <= RANGE:
            raise ValueError(f"bound must be 1..2^64, not {bound}")
        limit = RANGE - RANGE % bound
        while (word := self._word()) >= limit:
            pass
        return word % bound

    def shuffle(self, items: list[T], *, first: int | None = None) -> list[T]:
        """Fisher-Yates from the front; with `first`, only so many places are drawn and returned."""
        rest = list(items)
        wanted = len(rest) if first is None else first
        for place in range(wanted):
            other = place + self.below(len(rest) - place)
            rest[place], rest[other] = rest[other], rest[place]
        return rest[:wanted]


def outcome_sha256(outcome: Outcome, *, seed: bytes) -> str:
    """What the ledger says of a result that is not yet public: blinded by the seed, so that nobody can try out results."""
    return sha256_hex(
        canonical_bytes({"domain": f"{DOMAIN}/outcome", "seed": seed.hex(), "outcome": outcome.as_json()})
    )


@dataclass(frozen=True)
class Outcome:
    """Who was drawn, in the order of the draw, and who steps in, in that order."""

    selected: tuple[str, ...]
    reserves: tuple[str, ...]
    strata: tuple[tuple[str, int, int], ...]
    """(stratum, candidates, drawn), by stratum."""

    def as_json(self) -> dict[str, Any]:
        return {
            "selected": list(self.selected),
            "reserves": list(self.reserves),
            "strata": [
                {"stratum": name, "candidates": of, "drawn": drawn} for name, of, drawn in self.strata
            ],
        }


def draw(terms: Terms, *, seed: bytes) -> Outcome:
    """The result of sound terms (`terms.problems()` is empty) under a seed."""
    stream = Stream(seed)
    ordered = sorted(terms.candidates, key=lambda one: one.code)
    if terms.stratified:
        chosen = _spread(stream, ordered, terms.take)
        taken = set(chosen)
        others = stream.shuffle([one for one in ordered if one not in taken], first=terms.reserves)
    else:
        order = stream.shuffle(ordered, first=terms.take + terms.reserves)
        chosen, others = order[: terms.take], order[terms.take :]
    return Outcome(
        selected=tuple(one.code for one in chosen),
        reserves=tuple(one.code for one in others),
        strata=_strata(ordered, chosen),
    )


def _spread(stream: Stream, ordered: list[Candidate], take: int) -> list[Candidate]:
    """Strata in random order, each shuffled, in one line; then every (N / take)-th of the line from a random start.

    Everybody's chance is exactly take / N, and every stratum gets its share rounded down or up. Giving left-over seats
    to the largest remainders instead would let a small stratum never be drawn at all.
    """
    strata: dict[str, list[Candidate]] = {}
    for one in ordered:
        strata.setdefault(one.stratum, []).append(one)
    line = [one for stratum in stream.shuffle(sorted(strata)) for one in stream.shuffle(strata[stratum])]
    start = stream.below(len(line))
    return [
        one
        for place, one in enumerate(line)
        if (place * take + start) // len(line) != ((place + 1) * take + start) // len(line)
    ]


def _strata(ordered: list[Candidate], chosen: list[Candidate]) -> tuple[tuple[str, int, int], ...]:
    all_of, drawn = Counter(one.stratum for one in ordered), Counter(one.stratum for one in chosen)
    return tuple((name, all_of[name], drawn[name]) for name in sorted(all_of))
