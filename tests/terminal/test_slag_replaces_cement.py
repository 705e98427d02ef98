"""China Steel's published effect of a tonne of slag powder that replaces cement (source in the case), as a measure."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from qingyuan.cli import main

CASES = json.loads(
    (Path(__file__).parents[1] / "engine/cases/industry/portfolio_macc.json").read_text("utf-8")
)
SLAG = next(one for one in CASES if one["id"] == "csc_slag_vs_cement")
SAVED = {name: -amount for name, amount in SLAG["published"].items()}
"""What a tonne saves, by name with its unit; the case states changes."""


def select(folder, required):
    heads = ",".join(f"effect:{name}" for name in SAVED)
    amounts = ",".join(map(repr, SAVED.values()))
    measures, targets = folder / "m.csv", folder / "t.csv"
    measures.write_text(
        f"measure,enterprise,divisible,cost_per_year,{heads}\nslag,CSC,yes,1,{amounts}\n", "utf-8"
    )
    targets.write_text(f"target,min_reduction\nCO2_t,{required}\n", "utf-8")
    return CliRunner().invoke(
        main, ["select", "--measures", str(measures), "--targets", str(targets), "--json"]
    )


def test_the_published_effects_are_what_the_plan_counts(tmp_path):
    assert SLAG["recomputed"]["CO2_t"] == SLAG["published"]["CO2_t"]
    done = select(tmp_path, SAVED["CO2_t"])
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert said["chosen"][0]["fraction"] == pytest.approx(1)
    assert said["effects"] == pytest.approx(SAVED)


def test_no_tonne_saves_more_than_was_published(tmp_path):
    done = select(tmp_path, SAVED["CO2_t"] + 0.001)
    assert done.exit_code == 3
    (missed,) = json.loads(done.stdout)["certificate"]
    assert missed["max_reachable"] == pytest.approx(SAVED["CO2_t"])
