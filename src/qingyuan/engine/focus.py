"""权重总和计分排序法: candidates for the focus of an audit, ranked by the sum of weights times scores. Pure, exact.

R_j = sum_i W_i * r_ij, with the weight W_i of factor i and the score r_ij of candidate j; the highest sum ranks first.
Candidates of one sum share the rank, and the next rank counts them all (1, 2, 2, 4): a tie is stated, never broken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal


class FocusError(ValueError):
    """What keeps the candidates from being ranked; `faults` are (candidate, factor, reason), all at once."""

    def __init__(self, faults: Sequence[tuple[str, str, str]]) -> None:
        super().__init__("；".join(f"{name} {factor}：{reason}".strip() for name, factor, reason in faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """One candidate: weighted scores in the order of the factors, their sum, its rank, and whether others share it."""

    candidate: str
    weighted: tuple[Decimal, ...]
    total: Decimal
    rank: int
    tied: bool


def rank(
    weights: Mapping[str, Decimal], scores: Mapping[str, Mapping[str, Decimal]], *, score_most: Decimal
) -> list[Ranked]:
    """Rank candidates by name, best first, ties in the order given. Raises FocusError with every fault.

    `weights` by factor (> 0); `scores` by candidate and factor, from 0 to `score_most`, every factor stated.
    """
    faults = [("", factor, "权重须大于 0") for factor, weight in weights.items() if not weight > 0]
    if not weights:
        faults.append(("", "", "没有因素"))
    if not scores:
        faults.append(("", "", "没有备选的审核重点"))
    for name, stated in scores.items():
        faults += [(name, factor, "没有打分") for factor in weights if factor not in stated]
        faults += [(name, factor, "没有这个因素") for factor in stated if factor not in weights]
        faults += [
            (name, factor, f"分数须在 0 到 {score_most} 之间")
            for factor, score in stated.items()
            if factor in weights and not (score.is_finite() and 0 <= score <= score_most)
        ]
    if faults:
        raise FocusError(faults)
    found = [
        (name, tuple(weight * stated[factor] for factor, weight in weights.items()))
        for name, stated in scores.items()
    ]
    totals = [sum(weighted, Decimal(0)) for _name, weighted in found]
    ranked = [
        Ranked(
            candidate=name,
            weighted=weighted,
            total=total,
            rank=1 + sum(1 for other in totals if other > total),
            tied=totals.count(total) > 1,
        )
        for (name, weighted), total in zip(found, totals, strict=True)
    ]
    return sorted(ranked, key=lambda one: one.rank)
