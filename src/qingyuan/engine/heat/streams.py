"""Process streams: what gives heat and what takes it, as arrays.

A stream gives (hot) or takes (cold) `duty_kw` between its supply and its target temperature, evenly over the
temperature; one whose temperatures are equal gives or takes all of it at that temperature (condensing, boiling).
Its contribution `dt_cont_k` is its part of the least temperature difference: hot streams are shifted down by it, cold
ones up, and at equal shifted temperatures heat may just pass (Linnhoff and Flower 1978; Kemp, Pinch Analysis and Process
Integration, 2nd ed. 2007, ch. 2 and 3.4).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

ABSOLUTE_ZERO_C = -273.15
NO_SPREAD_K = 1e-6
"""Below this a stream is isothermal: a heat capacity flow of 10^6 times its duty would drown the others' digits."""
AGREE = 1e-3
"""How far duty and heat capacity flow of one stream may be apart, relative: figures are rounded by hand."""


class HeatError(ValueError):
    """What is wrong with the streams, utilities or links; `problems` has every (index, field, sentence)."""

    def __init__(self, problems: Sequence[tuple[int, str, str]]) -> None:
        super().__init__("; ".join(f"{field} [{index}]: {said}" for index, field, said in problems[:20]))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class Streams:
    """n streams; every array has shape (n,). `cp_kw_per_k` is never negative and 0 where a stream is isothermal.

    `shift_k` is what is added to a stream's temperatures: its contribution, negative for hot streams. Make them with
    `Streams.of`, which checks.
    """

    t_supply_c: Numbers
    t_target_c: Numbers
    duty_kw: Numbers
    cp_kw_per_k: Numbers
    shift_k: Numbers
    hot: Bools
    isothermal: bool

    def __len__(self) -> int:
        return len(self.duty_kw)

    @classmethod
    def of(
        cls,
        t_supply_c: npt.ArrayLike,
        t_target_c: npt.ArrayLike,
        *,
        duty_kw: npt.ArrayLike | None = None,
        cp_kw_per_k: npt.ArrayLike | None = None,
        hot: npt.ArrayLike | None = None,
        dt_cont_k: npt.ArrayLike | None = None,
        dt_min: float = 10.0,
    ) -> Streams:
        """Streams from temperatures (degC) and either duties (kW) or heat capacity flows (kW/K).

        `hot` decides only where the temperatures are equal, and must not contradict them elsewhere. `dt_cont_k` (K)
        may be one number; without it each stream contributes dt_min/2. Raises HeatError.
        """
        supply = _vector(t_supply_c)
        n = len(supply)
        target, given = _vector(t_target_c, n), duty_kw is not None
        contribution = _vector(dt_min / 2 if dt_cont_k is None else dt_cont_k, n)
        difference = supply - target
        spread = np.abs(difference)
        level = spread < NO_SPREAD_K
        if given:
            duty = _vector(duty_kw, n)
            cp = np.divide(duty, spread, out=np.zeros(n), where=~level)
        elif cp_kw_per_k is not None:
            cp = _vector(cp_kw_per_k, n)
            duty = cp * spread
        else:
            raise HeatError([(0, "duty_kw", "duty_kw or cp_kw_per_k is needed")])
        gives = difference > 0
        if hot is not None:
            stated = np.broadcast_to(np.asarray(hot, dtype=np.bool_), (n,))
            gives = np.where(level, stated, gives)
        problems = _check(supply, target, duty, contribution)
        if level.any() and (hot is None or not given):
            said = "a stream of one temperature needs its duty_kw and whether it is hot"
            problems += [(int(row), "t_target_c", said) for row in np.flatnonzero(level)]
        if given and cp_kw_per_k is not None:
            apart = np.abs(_vector(cp_kw_per_k, n) * spread - duty) > AGREE * np.abs(duty)
            problems += [(int(row), "cp_kw_per_k", "disagrees with duty_kw") for row in np.flatnonzero(apart)]
        if hot is not None:
            wrong = ~level & (stated != gives)
            problems += [(int(row), "hot", "contradicts the temperatures") for row in np.flatnonzero(wrong)]
        if problems:
            raise HeatError(problems)
        return cls(
            t_supply_c=supply,
            t_target_c=target,
            duty_kw=duty,
            cp_kw_per_k=cp,
            shift_k=np.where(gives, -contribution, contribution),
            hot=gives,
            isothermal=bool(level.any()),
        )

    def part(self, chosen: npt.ArrayLike) -> Streams:
        """Only the chosen streams (indices or a mask)."""
        picked = np.asarray(chosen)
        duty, cp = self.duty_kw[picked], self.cp_kw_per_k[picked]
        return Streams(
            t_supply_c=self.t_supply_c[picked],
            t_target_c=self.t_target_c[picked],
            duty_kw=duty,
            cp_kw_per_k=cp,
            shift_k=self.shift_k[picked],
            hot=self.hot[picked],
            isothermal=bool(((cp == 0) & (duty != 0)).any()),
        )

    def joined(self, *others: Streams) -> Streams:
        """These streams and the others."""
        every = (self, *others)
        return Streams(
            t_supply_c=np.concatenate([one.t_supply_c for one in every]),
            t_target_c=np.concatenate([one.t_target_c for one in every]),
            duty_kw=np.concatenate([one.duty_kw for one in every]),
            cp_kw_per_k=np.concatenate([one.cp_kw_per_k for one in every]),
            shift_k=np.concatenate([one.shift_k for one in every]),
            hot=np.concatenate([one.hot for one in every]),
            isothermal=any(one.isothermal for one in every),
        )

    @property
    def shifted(self) -> tuple[Numbers, Numbers]:
        """Shifted supply and target temperatures, degC: hot less its contribution, cold plus it."""
        return self.t_supply_c + self.shift_k, self.t_target_c + self.shift_k

    @property
    def hot_kw(self) -> float:
        """All heat that the hot streams give, kW."""
        return float(self.duty_kw[self.hot].sum())

    @property
    def cold_kw(self) -> float:
        """All heat that the cold streams take, kW."""
        return float(self.duty_kw[~self.hot].sum())

    @property
    def tolerance_kw(self) -> float:
        """What counts as zero: 1e-9 of the largest duty."""
        return 1e-9 * float(self.duty_kw.max(initial=0.0))

    @property
    def contribution(self) -> float | None:
        """The contribution that all streams share, K; None where contributions differ."""
        if not len(self):
            return None
        first = abs(float(self.shift_k[0]))
        return first if bool((np.abs(self.shift_k) == first).all()) else None


def _vector(values: npt.ArrayLike | None, n: int | None = None) -> Numbers:
    array = np.asarray(values, dtype=np.float64)
    if n is None:
        return np.atleast_1d(array)
    if array.ndim == 0:
        return np.full(n, float(array))
    if array.shape != (n,):
        raise HeatError([(0, "shape", f"expected {n} values, got shape {array.shape}")])
    return array


def _check(
    supply: Numbers, target: Numbers, duty: Numbers, contribution: Numbers
) -> list[tuple[int, str, str]]:
    problems: list[tuple[int, str, str]] = []
    for field, values, least in (
        ("t_supply_c", supply, ABSOLUTE_ZERO_C),
        ("t_target_c", target, ABSOLUTE_ZERO_C),
        ("duty_kw", duty, 0.0),
        ("dt_cont_k", contribution, 0.0),
    ):
        good = np.isfinite(values) & (values >= least)
        if not good.all():
            said = f"must be finite and not below {least}"
            problems += [(int(row), field, said) for row in np.flatnonzero(~good)]
    return problems
