"""A figure of a result: what it is called, how much, in which unit."""

from __future__ import annotations

import hashlib
from base64 import b32encode
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from uuid import UUID

CODE_LENGTH = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """`key` says for ever what is meant, so that results of other days are compared; `value` is as it was computed.

    `places` is how many decimals a text needs; a text never says more than that.
    """

    key: str
    group: str
    title: str
    value: Decimal
    unit: str = ""
    places: int = 0

    @property
    def shown(self) -> str:
        """The value as a text quotes it, without unit: rounded half to even, thousands kept apart."""
        rounded = self.value.quantize(Decimal(1).scaleb(-self.places), rounding=ROUND_HALF_EVEN)
        return f"{rounded + 0:,f}"  # + 0: no minus before a zero


def code_of(dataset: UUID, key: str) -> str:
    """The short code of a figure in texts: the same in every run of the dataset."""
    digest = hashlib.sha256(f"{dataset}\x1f{key}".encode()).digest()
    return b32encode(digest).decode()[:CODE_LENGTH].lower()
