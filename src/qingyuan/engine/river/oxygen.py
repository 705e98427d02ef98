"""Dissolved oxygen along a river: Streeter-Phelps with carbonaceous (CBOD) and nitrogenous (NBOD) demand.

Along a reach, with the deficit D = DO_sat - DO and the time of travel t in days:

    D(t) = D_0 e^(-ka t) + kc L_0 E(ka, kc, t) + kn N_0 E(ka, kn, t)
    E(a, k, t) = (e^(-k t) - e^(-a t)) / (a - k), and t e^(-a t) where a = k

Streeter & Phelps 1925; with NBOD: Thomann & Mueller 1987, ch. 6. At a head the waters mix completely: oxygen, like
everything else, by flux. The formula knows no floor: a negative value says that the river is without oxygen there,
and that it no longer holds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qingyuan.engine.river.network import Numbers, Places, RiverError
from qingyuan.engine.river.routing import DAY, Channel, concentration

NITRIFICATION_G_PER_G = 4.57
"""Oxygen that a gram of ammonia nitrogen takes up: 2 x 32 / 14."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """Arrays of n: ka, kc, kn per day (at the river's temperature), saturation, and CBOD and NBOD at the heads, mg/L."""

    ka: Numbers
    kc: Numbers
    kn: Numbers
    do_sat_mg_l: Numbers
    cbod_head_mg_l: Numbers
    nbod_head_mg_l: Numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Sag:
    """Oxygen in mg/L at the head and end of each reach, and at its least with the place, m below the head.

    nan in reaches without water.
    """

    do_head_mg_l: Numbers
    do_end_mg_l: Numbers
    do_min_mg_l: Numbers
    min_at_m: Numbers


def sag(channel: Channel, demand: Demand, *, inflow_do_mg_l: Numbers, load_do_g_s: Numbers) -> Sag:
    """Oxygen through the network; `load_do_g_s` is what effluents bring. Raises RiverError for negative rates."""
    for name in ("ka", "kc", "kn", "do_sat_mg_l"):
        wrong = ~(getattr(demand, name) >= 0)
        if wrong.any():
            raise RiverError(f"{name}: expected at least 0", np.flatnonzero(wrong).tolist())
    flow = channel.flow()
    time = channel.travel_days
    # What a reach hands down besides the oxygen that entered it: reaeration less demand, mg/L.
    made = demand.do_sat_mg_l - deficit(demand, deficit_head=demand.do_sat_mg_l, days=time)
    handed = np.where(flow > 0, np.nan_to_num(made) * flow, 0.0)
    source = load_do_g_s + channel.inflow_m3_s * inflow_do_mg_l
    above = np.flatnonzero(channel.network.down >= 0)
    np.add.at(source, channel.network.down[above], handed[above])
    head = concentration(channel.network.gather(np.exp(-demand.ka * time), source), flow)
    start = demand.do_sat_mg_l - head
    worst = _worst(demand, start, time)
    return Sag(
        do_head_mg_l=head,
        do_end_mg_l=demand.do_sat_mg_l - deficit(demand, deficit_head=start, days=time),
        do_min_mg_l=demand.do_sat_mg_l - deficit(demand, deficit_head=start, days=worst),
        min_at_m=np.where(np.isnan(head), np.nan, worst * channel.velocity_m_s * DAY),
    )


def deficit(demand: Demand, *, deficit_head: Numbers, days: Numbers) -> Numbers:
    """D after `days` in each reach, mg/L."""
    return np.asarray(
        deficit_head * np.exp(-demand.ka * days)
        + demand.kc * demand.cbod_head_mg_l * _lagged(demand.ka, demand.kc, days)
        + demand.kn * demand.nbod_head_mg_l * _lagged(demand.ka, demand.kn, days)
    )


def oxygen_at(channel: Channel, demand: Demand, found: Sag, *, reach: Places, at_m: Numbers) -> Numbers:
    """DO in mg/L at `at_m` metres below the head of `reach`."""
    there = Demand(
        ka=demand.ka[reach],
        kc=demand.kc[reach],
        kn=demand.kn[reach],
        do_sat_mg_l=demand.do_sat_mg_l[reach],
        cbod_head_mg_l=demand.cbod_head_mg_l[reach],
        nbod_head_mg_l=demand.nbod_head_mg_l[reach],
    )
    start = there.do_sat_mg_l - found.do_head_mg_l[reach]
    days = at_m / channel.velocity_m_s[reach] / DAY
    return np.asarray(there.do_sat_mg_l - deficit(there, deficit_head=start, days=days))


def _lagged(first: Numbers, second: Numbers, days: Numbers) -> Numbers:
    """E(a, k, t), exact where the rates are near each other too; symmetric in the rates."""
    slow = np.minimum(first, second)
    apart = np.abs(first - second) * days
    with np.errstate(invalid="ignore", divide="ignore"):
        shape = np.where(apart > 0, -np.expm1(-apart) / apart, 1.0)
    return np.asarray(days * np.exp(-slow * days) * shape)


def _worst(demand: Demand, start: Numbers, time: Numbers) -> Numbers:
    """Days to the greatest deficit within each reach.

    e^(ka t) D'(t) falls throughout (its derivative is -kc^2 L_0 e^((ka-kc)t) - kn^2 N_0 e^((ka-kn)t)), so that D has one
    greatest value: at the head if D' starts at or below 0, at the end if it ends above 0, else where D' is 0.
    """

    def rising(days: Numbers) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
        taken = demand.kc * demand.cbod_head_mg_l * np.exp(-demand.kc * days)
        taken = taken + demand.kn * demand.nbod_head_mg_l * np.exp(-demand.kn * days)
        return np.asarray(taken > demand.ka * deficit(demand, deficit_head=start, days=days))

    low, high = np.zeros_like(time), time.copy()
    inner = rising(low) & ~rising(high)
    low = np.where(~inner & rising(high), high, low)
    high = np.where(inner, high, low)
    for _halving in range(60):
        middle = 0.5 * (low + high)
        up = rising(middle)
        low, high = np.where(up, middle, low), np.where(up, high, middle)
    return np.asarray(0.5 * (low + high))
