"""Steady flow, complete mixing at the head of a reach, first-order decay along it.

    Q_i = sum of the inflows of reach i and of all reaches above it                       m3/s
    F_i = W_i + q_i c_i + sum over reaches j above i of F_j d_j                           g/s at the head
    d_i = exp(-K_i L_i / (86400 u_i)),  K = K_20 theta^(T - 20)                           K per day
    C_i(x) = F_i exp(-K_i x / (86400 u_i)) / Q_i                                          mg/L = g/m3

Complete mixing and plug flow: Thomann & Mueller 1987, ch. 2; HJ 2.3-2018 appendix E (河流均匀混合、纵向一维模型).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qingyuan.engine.river.network import Network, Numbers, Places, RiverError

DAY = 86_400.0
REFERENCE_C = 20.0
MOST_REACHES_WITH_RESPONSE = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """What all substances share. Arrays of n: length in m, velocity in m/s, inflow at the head in m3/s."""

    network: Network
    length_m: Numbers
    velocity_m_s: Numbers
    inflow_m3_s: Numbers

    def __post_init__(self) -> None:
        for name, least, strict in (
            ("length_m", 0, False),
            ("velocity_m_s", 0, True),
            ("inflow_m3_s", 0, False),
        ):
            values = getattr(self, name)
            if values.shape != (len(self.network),):
                raise RiverError(f"{name}: expected {len(self.network)} numbers, found shape {values.shape}")
            wrong = ~np.isfinite(values) | (values <= least if strict else values < least)
            if wrong.any():
                raise RiverError(
                    f"{name}: expected {'above' if strict else 'at least'} {least}",
                    np.flatnonzero(wrong).tolist(),
                )

    @property
    def travel_days(self) -> Numbers:
        """Time of travel through each reach, days."""
        return self.length_m / self.velocity_m_s / DAY

    def flow(self) -> Numbers:
        """Flow of each reach, m3/s: the sum of all inflows above, its own included."""
        return self.network.gather(np.ones(len(self.network)), self.inflow_m3_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One substance in every reach. Concentrations in mg/L, nan in a reach without water; flux in g/s at the head."""

    flow_m3_s: Numbers
    flux_head_g_s: Numbers
    conc_head_mg_l: Numbers
    conc_end_mg_l: Numbers


def at_temperature(k_per_day: Numbers, theta: Numbers, temperature_c: Numbers) -> Numbers:
    """K = K_20 theta^(T - 20), per day; nan in theta or temperature means: no correction."""
    known = np.isfinite(theta) & np.isfinite(temperature_c)
    factor = np.ones_like(k_per_day)
    factor[known] = theta[known] ** (temperature_c[known] - REFERENCE_C)
    return k_per_day * factor


def route(channel: Channel, *, k_per_day: Numbers, load_g_s: Numbers, inflow_conc_mg_l: Numbers) -> Profile:
    """Concentrations of one substance. Loads enter at the heads. Raises RiverError where a load meets no water."""
    flow = channel.flow()
    source = load_g_s + channel.inflow_m3_s * inflow_conc_mg_l
    dry = flow <= 0
    if (source[dry] > 0).any():
        raise RiverError("a load enters a reach without water", np.flatnonzero(dry & (source > 0)).tolist())
    delivery = np.exp(-k_per_day * channel.travel_days)
    flux = channel.network.gather(delivery, source)
    head = concentration(flux, flow)
    return Profile(flow_m3_s=flow, flux_head_g_s=flux, conc_head_mg_l=head, conc_end_mg_l=head * delivery)


def concentration(flux_g_s: Numbers, flow_m3_s: Numbers) -> Numbers:
    """g/s over m3/s, nan where there is no water."""
    return np.divide(flux_g_s, flow_m3_s, out=np.full(len(flow_m3_s), np.nan), where=flow_m3_s > 0)


def at_sections(
    channel: Channel, values_at_head: Numbers, k_per_day: Numbers, reach: Places, at_m: Numbers
) -> Numbers:
    """What decays at `k_per_day` from the heads, at `at_m` metres below the head of `reach`."""
    return np.asarray(
        values_at_head[reach] * np.exp(-k_per_day[reach] * at_m / channel.velocity_m_s[reach] / DAY)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """Sparse response in mg/L per g/s: `value[t]` at receptor `receptor[t]` from a load at the head of `reach[t]`."""

    receptor: Places
    reach: Places
    value: Numbers


def response(channel: Channel, *, k_per_day: Numbers, reach: Places, at_m: Numbers) -> Response:
    """The response of receptors `at_m` below the heads of their `reach` to a load at each reach at or above them.

    Each reach above is found by its place in an order in which all that flows into a reach stands behind it in one
    block; the decay on the way is a difference of sums to the outlet. Receptors without water have no response.
    """
    network = channel.network
    rate = k_per_day * channel.travel_days
    to_outlet = network.to_outlet(rate)
    flow = channel.flow()
    first, size, block = _blocks(network)
    wet = np.flatnonzero(flow[reach] > 0)
    own = reach[wet]
    counts = size[own]
    receptor = np.repeat(wet, counts)
    start = np.repeat(np.cumsum(counts) - counts, counts)
    above = block[np.arange(counts.sum()) - start + np.repeat(first[own], counts)]
    on_the_way = to_outlet[above] - np.repeat(to_outlet[own], counts)
    inside = np.repeat(k_per_day[own] * at_m[wet] / channel.velocity_m_s[own] / DAY, counts)
    value = np.exp(-np.maximum(on_the_way, 0.0) - inside) / np.repeat(flow[own], counts)
    told = value > 0  # what has decayed below the smallest number is no response
    return Response(receptor=receptor[told], reach=above[told], value=value[told])


def _blocks(network: Network) -> tuple[Places, Places, Places]:
    """`block[first[i] : first[i] + size[i]]` are reach i and all above it, i first."""
    count = len(network)
    size = np.rint(network.gather(np.ones(count), np.ones(count))).astype(np.intp)
    first = np.zeros(count, dtype=np.intp)
    taken = 0
    filled = [0] * count  # how much of each reach's block is given to the reaches above it
    sizes, below = size.tolist(), network.down.tolist()
    for reach in network.order[::-1].tolist():
        under = below[reach]
        if under < 0:
            first[reach] = taken
            taken += sizes[reach]
        else:
            first[reach] = first[under] + 1 + filled[under]
            filled[under] += sizes[reach]
    block = np.empty(count, dtype=np.intp)
    block[first] = np.arange(count)
    return first, size, block
