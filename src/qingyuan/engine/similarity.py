"""Which texts of a collection say the same: exact overlap of w-shingles, and the passages that two texts share.

A text is reduced to its letters and digits (NFKC, lower case; punctuation, spaces and line ends say nothing about
who copied from whom). Its shingles are all runs of `width` characters; each is a 64-bit polynomial hash modulo 2^64,
so two different runs count as one about once in 10^12 pairs of the largest collections meant here. Two measures
follow Broder, A. Z., "On the resemblance and containment of documents" (1997):

    resemblance  |A ∩ B| / |A ∪ B|            (Jaccard)
    containment  |A ∩ B| / min(|A|, |B|)      (how much of the shorter text stands in the longer one)

Nothing is sampled: the counts are exact, and the same texts give the same numbers everywhere. Words that everybody
must repeat (an outline's headings, the notice's own sentences) are given as `common` and do not count. Memory is one
64-bit number per character of all texts; time is a sort of these plus a product over the shingles that two texts share.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

WIDTH: Final = 12
"""Characters of a shingle: longer than set phrases of administrative Chinese, shorter than a sentence."""
SHORTEST_PASSAGE: Final = 24
_BASE: Final = np.uint64(0x9E3779B97F4A7C15 | 1)
_BLOCK: Final = 1 << 14

Hashes = NDArray[np.uint64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two texts by their places in the collection, `first` < `second`."""

    first: int
    second: int
    shared: int
    """Shingles that both hold."""
    resemblance: float
    containment: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """The same words in two texts: start and end in the original strings."""

    first: tuple[int, int]
    second: tuple[int, int]

    @property
    def length(self) -> int:
        return self.first[1] - self.first[0]


class _Folds(dict[int, str]):
    """What every character comes to, found once."""

    def __missing__(self, code: int) -> str:
        folded = unicodedata.normalize("NFKC", chr(code)).casefold()
        self[code] = "".join(character for character in folded if character.isalnum())
        return self[code]


_folds: Final = _Folds()


def fold(text: str) -> str:
    """Letters and digits only, each folded by itself (NFKC, lower case)."""
    return text.translate(_folds)


def plain(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters the place in `text`."""
    folded = [_folds[ord(character)] for character in text]
    places = [place for place, piece in enumerate(folded) for _character in piece]
    return "".join(folded), places


def shingles(folded: str, *, width: int = WIDTH) -> Hashes:
    """The hash of every run of `width` characters, in order; shape (len(folded) - width + 1,) or (0,)."""
    if len(folded) < width:
        return np.empty(0, np.uint64)
    codes = np.frombuffer(folded.encode("utf-32-le"), np.uint32).astype(np.uint64)
    number = len(codes) - width + 1
    hashes = np.zeros(number, np.uint64)
    for offset in range(width):
        hashes = hashes * _BASE + codes[offset : offset + number]
    hashes ^= hashes >> np.uint64(29)
    return hashes


class Collection:
    """Texts made ready for comparison once."""

    def __init__(self, texts: Sequence[str], *, common: Iterable[str] = (), width: int = WIDTH) -> None:
        """Raises ValueError for a width below 2."""
        if width < 2:
            raise ValueError("width must be at least 2 characters")
        self.width = width
        known = [shingles(fold(text), width=width) for text in common]
        self._common: Hashes = np.unique(np.concatenate(known)) if known else np.empty(0, np.uint64)
        self._texts = list(texts)
        self._sets = [self._set_of(text) for text in self._texts]

    def _set_of(self, text: str) -> Hashes:
        found: Hashes = np.unique(shingles(fold(text), width=self.width))
        return found[~np.isin(found, self._common, assume_unique=True)]

    def __len__(self) -> int:
        return len(self._texts)

    def pairs(self, *, least_containment: float = 0.05, least_shared: int = 1) -> list[Pair]:
        """All pairs that reach both bounds, the most contained first (ties by place)."""
        sizes = np.array([len(one) for one in self._sets], np.int64)
        shared = self._shared()
        found = []
        for first, second in np.argwhere(np.triu(shared, 1) >= max(1, least_shared)).tolist():
            both, smaller = int(shared[first, second]), int(min(sizes[first], sizes[second]))
            contained = both / smaller
            if contained >= least_containment:
                union = int(sizes[first] + sizes[second]) - both
                found.append(
                    Pair(
                        first=first,
                        second=second,
                        shared=both,
                        resemblance=both / union,
                        containment=contained,
                    )
                )
        return sorted(found, key=lambda pair: (-pair.containment, pair.first, pair.second))

    def _shared(self) -> NDArray[np.int64]:
        """How many shingles every two texts share; shape (n, n)."""
        number = len(self._sets)
        total = np.zeros((number, number), np.int64)
        if number < 2:
            return total
        hashes = np.concatenate(self._sets)
        owners = np.repeat(np.arange(number, dtype=np.int32), [len(one) for one in self._sets])
        order = np.argsort(hashes, kind="stable")
        hashes, owners = hashes[order], owners[order]
        starts = np.flatnonzero(np.concatenate(([True], hashes[1:] != hashes[:-1])))
        counts = np.diff(np.append(starts, len(hashes)))
        # A shingle of one text only says nothing about pairs: most of them go here.
        many = counts > 1
        rows = np.repeat(np.cumsum(many) - 1, counts)
        keep = np.repeat(many, counts)
        rows, owners = rows[keep], owners[keep]
        edges = np.searchsorted(rows, np.arange(0, int(many.sum()) + _BLOCK, _BLOCK))
        for start, end in pairwise(edges.tolist()):
            if start == end:
                continue
            block = np.zeros((_BLOCK, number), np.float32)
            block[rows[start:end] % _BLOCK, owners[start:end]] = 1.0
            # Counts of one block stay far below 2^24, so float32 holds them exactly.
            total += (block.T @ block).astype(np.int64)
        return total

    def passages(self, first: int, second: int, *, shortest: int = SHORTEST_PASSAGE) -> list[Passage]:
        """The longest runs that stand in both texts, in the order of the first one; without the common words.

        Where a run stands several times in the second text, its first place there is told.
        """
        left, left_places = plain(self._texts[first])
        right, right_places = plain(self._texts[second])
        ours, theirs = shingles(left, width=self.width), shingles(right, width=self.width)
        if not len(ours) or not len(theirs):
            return []
        unique, where = np.unique(theirs, return_index=True)
        spots = np.searchsorted(unique, ours).clip(max=len(unique) - 1)
        hit = (unique[spots] == ours) & ~np.isin(ours, self._common)
        found: list[Passage] = []
        at = 0
        while at < len(ours):
            if not hit[at]:
                at += 1
                continue
            start, other = at, int(where[spots[at]])
            end = start + self.width
            while (
                end < len(left)
                and other + end - start < len(right)
                and left[end] == right[other + end - start]
            ):
                end += 1
            if end - start >= shortest:
                found.append(
                    Passage(
                        first=(left_places[start], left_places[end - 1] + 1),
                        second=(right_places[other], right_places[other + end - start - 1] + 1),
                    )
                )
            # The run is told as a whole; what begins inside it would tell it again.
            at = end - self.width + 1
        return found
