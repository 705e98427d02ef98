"""Rows about heat targets: one set of many streams beside the bare sort, and many enterprises at once."""

from __future__ import annotations

from bench.measure import Row, cpu_ms

SIZES = (10_000, 100_000, 1_000_000)
ENTERPRISES, EACH = 10_000, 20
FEW = 300
RATIO, BATCH_MS = 1.5, 60.0
NO_OPENPINCH = "OpenPinch: name its Python in OPENPINCH_PYTHON (bench/peers/heat_openpinch.py)"


def rows() -> list[Row]:
    return [beside_a_peer(), *(targeting(n) for n in SIZES), batch()]


def beside_a_peer() -> Row:
    """Few streams, as a peer can still do them: its time, and whether the answer is the same."""
    import numpy as np

    from bench.peers import heat_openpinch
    from bench.peers.heat_pina import targets
    from qingyuan.engine.heat import Streams, target

    random = np.random.default_rng(2022)
    supply, end = random.uniform(20, 400, FEW), random.uniform(20, 400, FEW)
    duty = random.uniform(10, 1000, FEW)
    time = cpu_ms(lambda: [target(Streams.of(supply, end, duty_kw=duty)) for _ in range(20)]) / 20
    row = Row(f"heat targets of {FEW:,} streams", cpu_ms=round(time, 3))
    try:
        theirs = targets(supply, end, duty, dt_min=10.0)
    except ModuleNotFoundError:
        row.peers = "pina not installed (extra: bench)"
        return row
    found = target(Streams.of(supply, end, duty_kw=duty))
    slow = cpu_ms(lambda: targets(supply, end, duty, dt_min=10.0), runs=1)
    row.peers = f"pina 0.1.1: {slow:,.0f} ms, {slow / time:,.0f} times as long; {NO_OPENPINCH}"
    row.notes["same answer as pina, relative"] = _apart(found, *theirs)
    if said := heat_openpinch.targets(supply, end, duty, dt_min=10.0):
        longer = f"OpenPinch 0.1.13: {said['cpu_ms']:,.0f} ms, {said['cpu_ms'] / time:,.0f} times as long"
        row.peers = row.peers.replace(NO_OPENPINCH, longer)
        row.notes["same answer as OpenPinch, relative"] = _apart(found, said["hot"], said["cold"])
        # Its own figures agree with the energy balance of the streams to about one millionth.
        assert row.notes["same answer as OpenPinch, relative"] < 1e-5
    return row


def _apart(found, hot: float, cold: float) -> float:
    return max(abs(found.hot_utility_kw / hot - 1), abs(found.cold_utility_kw / cold - 1))


def side_by_side(one, other, *, repeat: int) -> tuple[float, float]:
    """Least CPU milliseconds of both, run in turns: other people's work on the machine hits both alike."""
    from time import process_time

    least = [float("inf"), float("inf")]
    for _turn in range(repeat + 3):
        for place, work in enumerate((one, other)):
            start = process_time()
            work()
            least[place] = min(least[place], process_time() - start)
    return least[0] * 1000, least[1] * 1000


def targeting(n: int) -> Row:
    import numpy as np

    from qingyuan.engine.heat import Streams, target, verify

    random = np.random.default_rng(2022)
    supply, end = random.uniform(20, 400, n), random.uniform(20, 400, n)
    duty = random.uniform(10, 1000, n)
    streams = Streams.of(supply, end, duty_kw=duty)

    def bare() -> None:
        """The limit: sort the same 2n temperatures, gather them, add them up."""
        t = np.concatenate((supply, end))
        np.cumsum(t[np.argsort(t)])

    time, limit = side_by_side(lambda: target(streams), bare, repeat=max(3, 1_000_000 // n))
    found = target(streams)
    return Row(
        f"heat targets of {n:,} streams",
        cpu_ms=round(time, 2),
        ratio=round(time / limit, 2),
        ratio_to="argsort + gather + cumulative sum of the same temperatures",
        budget=f"<= {RATIO} x",
        within=time <= RATIO * limit,
        notes={
            "verified": verify(streams, found),
            "with checking the input, ms": round(
                cpu_ms(lambda: target(Streams.of(supply, end, duty_kw=duty)), runs=2), 1
            ),
            "pinches": len(found.pinches),
        },
    )


def batch() -> Row:
    import numpy as np

    from qingyuan.engine.heat import Streams, target, target_batch

    random = np.random.default_rng(2022)
    shape = (ENTERPRISES, EACH)
    supply, end = random.uniform(20, 400, shape), random.uniform(20, 400, shape)
    duty = random.uniform(10, 1000, shape)
    level = random.random(shape) < 0.1
    time = cpu_ms(lambda: target_batch(supply, end, duty))
    steps = cpu_ms(lambda: target_batch(supply, np.where(level, supply, end), duty, hot=supply > end), runs=2)
    many = target_batch(supply, end, duty)
    alone = np.array(
        [target(Streams.of(supply[k], end[k], duty_kw=duty[k])).hot_utility_kw for k in range(200)]
    )
    return Row(
        f"heat targets of {ENTERPRISES:,} enterprises x {EACH} streams",
        cpu_ms=time,
        budget=f"<= {BATCH_MS:.0f} ms",
        within=time <= BATCH_MS,
        notes={
            "a tenth isothermal, ms": steps,
            "largest difference from one by one, of 200": float(
                np.abs(many.hot_utility_kw[:200] - alone).max()
            ),
        },
    )
