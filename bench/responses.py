"""Rows about responses: a river of 100,000 reaches with 100 sections beside one bare sparse solve, and a region's air."""

from __future__ import annotations

from bench.measure import Row, cpu_ms, peak_mb

REACHES, SECTIONS = 100_000, 100
SOURCES, RECEPTORS, POLLUTANTS = 10_000, 100, 5


def river():
    """A forest in random order: each reach flows into one of the next fifty."""
    import numpy as np

    from qingyuan.engine.river import OUTLET, Channel, network

    random = np.random.default_rng(8)
    below = np.arange(REACHES) + random.integers(1, 50, REACHES)
    below[below >= REACHES] = REACHES - 1
    below[-1] = OUTLET
    shuffle = random.permutation(REACHES)
    down = np.empty(REACHES, dtype=np.intp)
    down[shuffle] = np.where(below == OUTLET, OUTLET, shuffle[below])
    return down, lambda: Channel(
        network=network(down),
        length_m=np.full(REACHES, 800.0),
        velocity_m_s=np.full(REACHES, 0.4),
        inflow_m3_s=np.linspace(0.001, 0.1, REACHES),
    )


def routed() -> Row:
    import numpy as np
    from scipy.sparse import csr_array, eye_array
    from scipy.sparse.linalg import spsolve

    from qingyuan.engine.river import OUTLET, response, route

    down, make = river()
    k, load, conc = np.full(REACHES, 0.2), np.linspace(0, 3, REACHES), np.full(REACHES, 0.4)
    reach = np.linspace(0, REACHES - 1, SECTIONS).astype(int)

    def work():
        channel = make()
        route(channel, k_per_day=k, load_g_s=load, inflow_conc_mg_l=conc)
        return response(channel, k_per_day=k, reach=reach, at_m=np.full(SECTIONS, 400.0))

    upper = np.flatnonzero(down != OUTLET)
    matrix = eye_array(REACHES) - csr_array(
        (np.full(len(upper), 0.9), (down[upper], upper)), shape=(REACHES, REACHES)
    )
    bare = cpu_ms(lambda: spsolve(matrix.tocsc(), load), runs=3)
    time = cpu_ms(work, runs=3)
    return Row(
        f"river of {REACHES:,} reaches: network, route, response of {SECTIONS} sections",
        cpu_ms=time,
        ratio=round(time / bare, 2),
        ratio_to="one general sparse solve of the same network",
        memory_mb=peak_mb(work),
        notes={"general sparse solve ms": bare, "triplets": len(work().value)},
    )


def breathed() -> Row:
    import numpy as np

    from qingyuan.engine.air import ALWAYS, Transfer, particles

    random = np.random.default_rng(9)
    emissions = SOURCES * POLLUTANTS
    receptor, emission = (
        axis.reshape(-1) for axis in np.meshgrid(np.arange(RECEPTORS), np.arange(emissions), indexing="ij")
    )
    made = Transfer(
        receptor=receptor,
        emission=emission,
        ug_m3_per_t=random.random(len(receptor)),
        regime=np.full(len(receptor), ALWAYS),
    )
    tonnes, group = random.random(emissions), np.arange(emissions) % POLLUTANTS
    time = cpu_ms(
        lambda: particles(made, tonnes, receptors=RECEPTORS, group=group, groups=POLLUTANTS), runs=3
    )
    return Row(
        f"air: {SOURCES:,} sources x {POLLUTANTS} pollutants at {RECEPTORS} receptors",
        cpu_ms=time,
        notes={"coefficients": len(receptor)},
    )


def rows() -> list[Row]:
    return [routed(), breathed()]
