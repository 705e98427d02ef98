"""A number of an emission account with what makes it credible: method, date, evidence, uncertainty.

Which of several numbers counts: the environmental protection tax law, art. 10, takes automatic monitoring before other
monitoring, and that before coefficients and material balance. For volatile organic compounds the balance goes before
the coefficient (VOC_ORDER): a coefficient of the trade says little about one firm's solvents.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

Method = Literal["automatic", "manual", "coefficient", "balance"]
Kind = Literal["production", "discharge"]

ORDER: Final[tuple[Method, ...]] = ("automatic", "manual", "coefficient", "balance")
VOC_ORDER: Final[tuple[Method, ...]] = ("automatic", "manual", "balance", "coefficient")


class AccountError(ValueError):
    """An argument for which an account has no answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """`tonnes` a year of a pollutant that a source produces (产生量) or discharges (排放量).

    `uncertainty` is the relative standard uncertainty, a fraction; None where nobody stated one, which is not zero.
    `evidence` says where the number can be looked up; `date` the last day that it covers.
    """

    source: str
    pollutant: str
    kind: Kind
    tonnes: float
    method: Method
    date: dt.date | None = None
    evidence: str = ""
    uncertainty: float | None = None

    def __post_init__(self) -> None:
        if not (math.isfinite(self.tonnes) and self.tonnes >= 0):
            raise AccountError(f"{self.source} {self.pollutant}: {self.tonnes} t, expected 0 or more")
        if self.method not in ORDER:
            raise AccountError(f"{self.source} {self.pollutant}: unknown method {self.method}")
        if self.uncertainty is not None and not (math.isfinite(self.uncertainty) and self.uncertainty >= 0):
            raise AccountError(
                f"{self.source} {self.pollutant}: uncertainty {self.uncertainty}, expected 0 or more"
            )

    @property
    def key(self) -> tuple[str, str, Kind]:
        """What the number is about."""
        return self.source, self.pollutant, self.kind


def preferred(figures: Iterable[Figure], *, order: Sequence[Method] = ORDER) -> Figure:
    """The one that counts among figures about the same: by method, then the latest, then the best attested.

    Raises AccountError for none, for figures about different things, and for a method that the order does not know.
    """
    known = list(figures)
    if len({one.key for one in known}) != 1:
        raise AccountError("expected figures about one source, pollutant and kind")
    if unknown := {one.method for one in known} - set(order):
        raise AccountError(f"the order of methods lacks {', '.join(sorted(unknown))}")
    return min(
        known,
        key=lambda one: (
            order.index(one.method),
            -(one.date or dt.date.min).toordinal(),
            not one.evidence,
            math.inf if one.uncertainty is None else one.uncertainty,
        ),
    )


def account(
    figures: Iterable[Figure],
    *,
    order: Sequence[Method] = ORDER,
    order_of: dict[str, Sequence[Method]] | None = None,
) -> list[Figure]:
    """The figure that counts for each source, pollutant and kind, in the order of their first mention.

    `order_of` gives another order of methods for some pollutants, such as {"VOC": VOC_ORDER}.
    """
    groups: dict[tuple[str, str, Kind], list[Figure]] = {}
    for one in figures:
        groups.setdefault(one.key, []).append(one)
    own = order_of or {}
    return [preferred(group, order=own.get(group[0].pollutant, order)) for group in groups.values()]


def combined(*relative: float | None) -> float | None:
    """Relative uncertainty of a product of independent factors; None if any is unknown."""
    if any(one is None for one in relative):
        return None
    return math.sqrt(sum(one**2 for one in relative if one is not None))


def total(figures: Iterable[Figure], *, shared: float = 0.0) -> tuple[float, float | None]:
    """Tonnes together, and their relative uncertainty; None if any is unknown, 0 for a total of 0.

    `shared` is the correlation between any two figures: 0 for independent ones, 1 where one factor (a coefficient, a
    meter) stands behind all; independence understates the uncertainty of a sum.
    """
    if not 0 <= shared <= 1:
        raise AccountError(f"shared {shared}: expected 0 to 1")
    known = list(figures)
    amount = math.fsum(one.tonnes for one in known)
    errors = [one.tonnes * one.uncertainty for one in known if one.uncertainty is not None]
    if len(errors) < len(known):
        return amount, None
    square = (1 - shared) * math.fsum(error**2 for error in errors) + shared * math.fsum(errors) ** 2
    return amount, (math.sqrt(square) / amount if amount else 0.0)
