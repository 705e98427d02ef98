"""A table of flows, reconciled: material metabolism of a plant, a park, a city, with proofs of what the data allow.

Flows lead from node to node; ENVIRONMENT is the outside. At every inner node each material is conserved: the sum of
coefficient * value over what enters equals that over what leaves. A composition (the amount of a material in one unit
of a flow) multiplies the value of its flow: bilinear, solved by successive linearisation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from qingyuan.engine.balance.parts import BalanceError, Correlations, Mask, Numbers

OUTSIDE = "environment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """A row. `value` is None if unmeasured; `sd` its standard deviation (0: exactly known), in the value's unit.

    With `composition` the value is the content of `material` in one unit of the flow of the same name.
    """

    flow: str
    tail: str | None
    head: str | None
    value: float | None
    sd: float | None = None
    material: str = ""
    coefficient: float = 1.0
    composition: bool = False

    @property
    def key(self) -> tuple[str, str, bool]:
        return self.flow, self.material, self.composition


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """sum of coefficients[flow] * value = bound; a flow is named as `name_of` does."""

    name: str
    coefficients: Mapping[str, float]
    bound: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The rows as arrays. `measured`, `value` (nan unmeasured), `variance`, `coefficient` have one entry a row."""

    flows: tuple[Flow, ...]
    names: tuple[str, ...]
    value: Numbers
    measured: Mask
    variance: Numbers
    coefficient: Numbers
    correlations: Correlations
    places: Mapping[str, int] = field(default_factory=dict)


def names_of(flows: Sequence[Flow]) -> tuple[str, ...]:
    """A name for each row: the flow's, with its material where the flow has several rows."""
    seen: dict[str, int] = {}
    for one in flows:
        seen[one.flow] = seen.get(one.flow, 0) + 1
    return tuple(
        one.flow if seen[one.flow] == 1 or not one.material else f"{one.flow}:{one.material}" for one in flows
    )


def tabulate(flows: Sequence[Flow], correlations: Sequence[tuple[str, str, float]] = ()) -> Table:
    """The arrays. Raises BalanceError for the first row that cannot be (see the workbook reader for all at once)."""
    rows = tuple(flows)
    names = names_of(rows)
    if len(set(names)) != len(names):
        twice = sorted({name for name in names if names.count(name) > 1}) if len(names) < 10_000 else []
        raise BalanceError(f"flows must occur once: {', '.join(twice)}")
    measured = np.array([one.value is not None for one in rows], bool)
    value = np.array([np.nan if one.value is None else one.value for one in rows], np.float64)
    deviation = np.array(
        [0.0 if one.value is None else np.nan if one.sd is None else one.sd for one in rows], np.float64
    )
    for name, deviates, given in zip(names, deviation, value, strict=True):
        if not (np.isfinite(deviates) and deviates >= 0):
            raise BalanceError(f"{name}: a measured value needs a standard deviation, 0 or above")
        if np.isinf(given):
            raise BalanceError(f"{name}: expected a finite value")
    places = {name: place for place, name in enumerate(names)}
    return Table(
        flows=rows,
        names=names,
        value=value,
        measured=measured,
        variance=deviation**2,
        coefficient=np.array([one.coefficient for one in rows], np.float64),
        correlations=_pairs(places, measured, correlations),
        places=places,
    )


def _pairs(
    places: Mapping[str, int], measured: Mask, correlations: Sequence[tuple[str, str, float]]
) -> Correlations:
    from qingyuan.engine.balance.parts import smallest_correlation_eigenvalue

    for first, second, rho in correlations:
        if first not in places or second not in places:
            raise BalanceError(f"correlation of unknown flows: {first}, {second}")
        if first == second or not -1 <= rho <= 1:
            raise BalanceError(f"correlation of {first} and {second}: expected two flows, rho from -1 to 1")
        if not (measured[places[first]] and measured[places[second]]):
            raise BalanceError(f"correlation of {first} and {second}: both must be measured")
    pairs = Correlations(
        first=np.array([places[first] for first, _, _ in correlations], np.int64),
        second=np.array([places[second] for _, second, _ in correlations], np.int64),
        rho=np.array([rho for _, _, rho in correlations], np.float64),
    )
    if smallest_correlation_eigenvalue(pairs) < -1e-9:
        raise BalanceError(
            "correlations: no errors can be correlated so (the matrix has a negative eigenvalue)"
        )
    return pairs
