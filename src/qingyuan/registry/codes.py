"""Codes of certificates: unguessable, and a slip of the pen is found before anybody is asked.

Fifteen characters by chance (74 bits) and one that checks them, written in four groups of four. Alphabet and
weights are those of GB 32100: powers of 3 modulo 31 find every single wrong character and every exchange of two.
"""

from __future__ import annotations

import secrets

from qingyuan.catalogue.credit_code import ALPHABET, normalise

LENGTH = 16
_WEIGHTS = tuple(pow(3, place, 31) for place in range(LENGTH))


def _sum(text: str) -> int:
    return sum(ALPHABET.index(character) * weight for character, weight in zip(text, _WEIGHTS, strict=True))


def closed(body: str) -> str:
    """The code that begins with these fifteen characters."""
    if len(body) != LENGTH - 1:
        raise ValueError(f"a code begins with {LENGTH - 1} characters, not {len(body)}")
    # The last weight is no multiple of 31, so exactly one character closes the sum.
    return next(body + last for last in ALPHABET if _sum(body + last) % 31 == 0)


def new_code() -> str:
    return closed("".join(secrets.choice(ALPHABET) for _place in range(LENGTH - 1)))


def read(text: str) -> str:
    """The plain code out of what somebody typed; empty when it cannot be one."""
    plain = normalise(text)
    holds = len(plain) == LENGTH and set(plain) <= set(ALPHABET) and _sum(plain) % 31 == 0
    return plain if holds else ""


def shown(code: str) -> str:
    """ABCD-EFGH-JKLM-NPQR."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))
