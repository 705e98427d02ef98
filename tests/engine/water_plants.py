"""Plants for the tests of water: published ones, and random ones of fixed load."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from hypothesis import strategies as st

from qingyuan.engine.water import Demand, Process, Source

CASES = {
    one["id"]: one for one in json.loads((Path(__file__).parent / "cases/park/water.json").read_text("utf-8"))
}
K = "COD"


def process(name, load, low, high):
    return Process(name=name, load={K: load}, inlet={K: low}, outlet={K: high})


def source(name, flow, ppm):
    return Source(name=name, flow=flow, ppm={K: ppm})


def demand(name, flow, ppm):
    return Demand(name=name, flow=flow, ppm={K: ppm})


def wang_smith():
    rows = CASES["wang_smith_1994_4proc"]["processes"]
    return [
        process(f"P{place}", row["m"], row["Cin"], row["Cout"]) for place, row in enumerate(rows, start=1)
    ]


def fixed_flow(case):
    return {
        "sources": [source(f"S{place}", one["F"], one["C"]) for place, one in enumerate(case["sources"])],
        "demands": [demand(f"D{place}", one["F"], one["Cmax"]) for place, one in enumerate(case["demands"])],
    }


@st.composite
def loads(draw):
    random = np.random.default_rng(draw(st.integers(0, 2**31)))
    levels = np.array([0, 25, 50, 100, 200, 400, 800.0])
    processes = []
    for place in range(draw(st.integers(1, 6))):
        low, high = sorted(random.choice(len(levels), 2, replace=False))
        processes.append(process(f"P{place}", float(random.integers(0, 40)), levels[low], levels[high]))
    return processes
