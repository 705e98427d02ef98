"""Heat targets by OpenPinch 0.1.13 (MIT), run by a Python of its own: it brings a web server and plotting along.

`python -m venv .openpinch && .openpinch/bin/pip install openpinch==0.1.13`, then OPENPINCH_PYTHON=.openpinch/bin/python
`python -m bench heat`. In: JSON {supply, end, duty, dt_min} on stdin. Out: {hot, cold, cpu_ms} of targeting alone.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any


def targets(supply: Any, end: Any, duty: Any, *, dt_min: float) -> dict[str, float] | None:
    """Hot and cold utility in kW and the CPU milliseconds; None where no Python with OpenPinch is named."""
    python = os.environ.get("OPENPINCH_PYTHON")
    if not python:
        return None
    asked = {"supply": list(supply), "end": list(end), "duty": list(duty), "dt_min": dt_min}
    done = subprocess.run(
        [python, Path(__file__)], input=json.dumps(asked), capture_output=True, text=True, check=True
    )
    said: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return said


def main() -> None:
    from OpenPinch import PinchProblem
    from OpenPinch.lib.schema import StreamSchema, TargetInput

    asked = json.load(sys.stdin)
    streams = [
        StreamSchema(
            zone="Site",
            name=f"S{number}",
            t_supply=first,
            t_target=last,
            heat_flow=q,
            dt_cont=asked["dt_min"] / 2,
            htc=1.0,
        )
        for number, (first, last, q) in enumerate(
            zip(asked["supply"], asked["end"], asked["duty"], strict=True)
        )
    ]
    problem = PinchProblem()
    problem.load(TargetInput(streams=streams, utilities=[]))
    start = time.process_time()
    problem.target()
    spent = (time.process_time() - start) * 1000
    found = next(one for one in problem.results.targets if one.name == "Site/Direct Integration")
    print(json.dumps({"hot": found.Qh, "cold": found.Qc, "cpu_ms": round(spent, 1)}))


if __name__ == "__main__":
    main()
