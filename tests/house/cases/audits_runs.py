"""Computations for the matrices: asked for by who is named and writes, ended by workers alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.house.cases.audits_datasets import NAMED, another_version
from tests.run_maker import figures, kept, run_in

OBJECTS: dict[str, Callable[[Any, str], Any]] = {"audits.run": run_in}
ARGUMENTS: dict[str, Callable[[Any, Any], dict[str, Any]]] = {
    "run.start": lambda m, o: {"version": o.versions.first() or another_version(m)},
    "run.cancel": lambda m, o: {},
    "run.repeat": lambda m, o: {},
    "run.take": lambda m, o: {},
    "run.finish": lambda m, o: {
        "files": kept({}), "exit_code": 0, "cpu_ms": 1, "repeatable": True, "figures": figures(),
    },
    "run.fail": lambda m, o: {"exit_code": 2, "problems": []},
}  # fmt: skip
MAY: dict[str, set[str]] = {
    "run.start": NAMED,
    "run.cancel": NAMED,
    "run.repeat": NAMED,
    "run.take": set(),
    "run.finish": set(),
    "run.fail": set(),
}
# A dataset that was never fixed has nothing to compute.
CONTENT_MAY_REFUSE = {"run.start"}
ROUTE_OBJECTS: dict[str, Callable[[Any], Any]] = {"audits.run": lambda maker: run_in(maker, "done")}
